/* list.c - abacus list: the servers, each in a line.
 * SPDX-License-Identifier: MIT */
#include "base/paths.h"
#include "command/command.h"
#include "server/server.h"

#include <stdio.h>
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
    for (size_t i = 0; i < count; i++)
        printf("%-*s  %s%s\n", width, servers[i].name,
               servers[i].missing ? "left out: " : "",
               servers[i].missing ? servers[i].missing : servers[i].about);
    command_free_servers(servers, count);
    return 0;
}
