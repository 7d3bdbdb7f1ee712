/* list.c - abacus list: the servers, each in a line.
 * SPDX-License-Identifier: MIT */
#include "base/alloc.h"
#include "base/paths.h"
#include "base/utf8.h"
#include "command/command.h"
#include "subject/server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int command_list(int argc, char **argv)
{
    struct err err;
    struct run_server *servers;
    size_t count;
    if (server_find(&servers, &count, paths_servers(), argv + 1, (size_t)argc - 1, &err) <
        0)
        return command_fail(EXIT_USAGE, &err);
    int width = 0;
    for (size_t i = 0; i < count; i++)
        width =
            (int)strlen(servers[i].name) > width ? (int)strlen(servers[i].name) : width;
    for (size_t i = 0; i < count; i++) {
        const char *missing = servers[i].missing;
        char *line = alloc_format("%-*s  %s%s", width, servers[i].name,
                                  missing ? "left out: " : "",
                                  missing ? missing : servers[i].about);
        utf8_print(stdout, line);
        putchar('\n');
        free(line);
    }
    command_free_servers(servers, count);
    return 0;
}
