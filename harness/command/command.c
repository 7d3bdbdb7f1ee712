/* command.c - what several commands need: their errors, the servers named.
 * SPDX-License-Identifier: MIT */
#include "command/command.h"
#include "base/alloc.h"
#include "base/textfile.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int command_fail(int status, const struct err *err)
{
    fprintf(stderr, "abacus: %s\n", err->text);
    return status;
}

int command_fail_usage(const char *what)
{
    fprintf(stderr, "abacus: %s; 'abacus --help' shows the commands\n", what);
    return EXIT_USAGE;
}

void command_free_servers(struct run_server *servers, size_t count)
{
    struct run run = {.servers = servers, .server_count = count};
    run_free(&run);
}

void command_print_file(const char *folder, const char *name)
{
    char *path = alloc_format("%s/%s", folder, name);
    struct err err;
    char *text = textfile_read(path, SIZE_MAX, &err);
    fputs(text ? text : "", stdout);
    free(text);
    free(path);
}
