/* command.c - what several commands need: their errors, the servers named.
 * SPDX-License-Identifier: MIT */
#include "command/command.h"
#include "base/alloc.h"
#include "base/quote.h"
#include "base/textfile.h"
#include "base/utf8.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int command_fail(int status, const struct err *err)
{
    fputs("abacus: ", stderr);
    utf8_print(stderr, err->text);
    fputs("\n", stderr);
    return status;
}

int command_fail_usage(const char *what)
{
    struct err err;
    err_set(&err, "%s; 'abacus --help' shows the commands", what);
    return command_fail(EXIT_USAGE, &err);
}

void command_say_where(const char *folder)
{
    char *quoted = quote_shell(folder);
    printf("\nAll of it: %s\n", quoted);
    fflush(stdout);
    free(quoted);
}

int command_end(int status, int unwritten)
{
    struct err err;
    bool earlier = ferror(stdout) != 0; /* its reason is lost */
    bool now = fclose(stdout) == EOF;
    if (!earlier && !now)
        return status;
    err_set(&err, "cannot write to standard output%s%s", now ? ": " : "",
            now ? strerror(errno) : "");
    return command_fail(unwritten, &err);
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
    struct err err;
    char *text = textfile_read(path, SIZE_MAX, &err);
    fputs(text ? text : "", stdout);
    free(text);
    free(path);
}
