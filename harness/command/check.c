/* check.c - abacus check: the contract, tried on each server.
 * SPDX-License-Identifier: MIT */
#include "subject/check.h"
#include "base/paths.h"
#include "command/command.h"
#include "subject/server.h"

int command_check(int argc, char **argv)
{
    struct err err;
    struct run_server *servers;
    size_t count;
    if (server_find(&servers, &count, paths_servers(), argv + 1, (size_t)argc - 1, &err) <
        0)
        return command_fail(EXIT_USAGE, &err);
    int failed = check_servers(servers, count);
    command_free_servers(servers, count);
    return failed ? 1 : 0;
}
