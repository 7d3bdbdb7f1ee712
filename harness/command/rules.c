/* rules.c - abacus rules: by what a trial is judged.
 * SPDX-License-Identifier: MIT */
#include "analyse/judge.h"
#include "command/command.h"

#include <stdio.h>

int command_rules(int argc, char **argv)
{
    (void)argv;
    if (argc != 1)
        return command_fail_usage("rules takes no arguments");
    judge_list(stdout);
    return 0;
}
