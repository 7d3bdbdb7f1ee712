/* command.c - what several commands need: their errors, the servers named.
 * SPDX-License-Identifier: MIT */
#include "command/command.h"
#include "base/alloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

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

bool command_has_file(const char *folder, const char *name)
{
    char *path = alloc_format("%s/%s", folder, name);
    bool has = access(path, F_OK) == 0;
    free(path);
    return has;
}

void command_print_file(const char *folder, const char *name)
{
    char *path = alloc_format("%s/%s", folder, name);
    FILE *file = fopen(path, "re");
    char bytes[4096];
    size_t n;
    while (file && (n = fread(bytes, 1, sizeof bytes, file)) > 0)
        fwrite(bytes, 1, n, stdout);
    if (file)
        fclose(file);
    free(path);
}
