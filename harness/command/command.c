/* command.c - what several commands need: their errors, the servers named.
 * SPDX-License-Identifier: MIT */
#include "command/command.h"

#include <stdio.h>

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
