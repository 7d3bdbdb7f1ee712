/* explain.c - abacus explain: where a row of a table comes from.
 * SPDX-License-Identifier: MIT */
#include "report/explain.h"
#include "analyse/summary.h"
#include "command/command.h"
#include "model/record.h"

#include <stdio.h>

int command_explain(int argc, char **argv)
{
    struct err err;
    struct run run;
    struct summary summary;
    if (argc != 4)
        return command_fail_usage("explain takes a folder, a table and a server");
    if (record_read(&run, argv[1], &err) < 0)
        return command_fail(1, &err);
    summary_make(&summary, &run);
    int failed = explain_write(stdout, argv[1], &run, &summary, argv[2], argv[3], &err);
    summary_free(&summary);
    run_free(&run);
    return failed ? command_fail(EXIT_USAGE, &err) : 0;
}
