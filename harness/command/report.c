/* report.c - abacus report: tables, plots and page again, from the record.
 * SPDX-License-Identifier: MIT */
#include "report/report.h"
#include "base/alloc.h"
#include "base/paths.h"
#include "command/command.h"
#include "profile/store.h"
#include "record/record.h"

#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

/* The tables come from the record, read back: what is shown can be made again. */
int command_show_report(const char *folder, struct err *err)
{
    struct run run;
    if (record_read(&run, folder, err) < 0)
        return -1;
    int failed = report_write(&run, folder, paths_plots(), err);
    run_free(&run);
    command_print_file(folder, "tables.txt");
    return failed;
}

static bool folder_has(const char *folder, const char *name)
{
    char *path = alloc_format("%s/%s", folder, name);
    bool has = access(path, F_OK) == 0;
    free(path);
    return has;
}

/* A folder may hold a run, a profile, or both. */
int command_report(int argc, char **argv)
{
    struct err err;
    if (argc != 2)
        return command_fail_usage("report takes one folder");
    bool profiled = folder_has(argv[1], STORE_NAME);
    if (profiled && command_show_profile(argv[1], &err) < 0)
        return command_fail(1, &err);
    if (profiled && !folder_has(argv[1], "record.jsonl"))
        return 0;
    return command_show_report(argv[1], &err) < 0 ? command_fail(1, &err) : 0;
}
