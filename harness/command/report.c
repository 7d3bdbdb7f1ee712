/* report.c - abacus report: tables, plots and page again, from the record.
 * SPDX-License-Identifier: MIT */
#include "report/report.h"
#include "base/alloc.h"
#include "base/paths.h"
#include "command/command.h"
#include "record/record.h"

#include <stdio.h>
#include <stdlib.h>

static void print_file(const char *folder, const char *name)
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

/* Tables without a figure are no success. */
static int check_figures(const struct run *run, const char *folder, struct err *err)
{
    for (size_t i = 0; i < run->trial_count; i++)
        if (run->trials[i].verdict == VERDICT_VALID)
            return 0;
    return err_set(err, "%s: no trial has figures that count: %s", folder,
                   run->trial_count ? "the tables say why" : "nothing was measured");
}

/* The tables come from the record, read back: what is shown can be made again. */
int command_show_report(const char *folder, struct err *err)
{
    struct run run;
    if (record_read(&run, folder, err) < 0)
        return -1;
    int failed = report_write(&run, folder, paths_plots(), err);
    if (!failed)
        failed = check_figures(&run, folder, err);
    run_free(&run);
    print_file(folder, "tables.txt");
    return failed;
}

int command_report(int argc, char **argv)
{
    struct err err;
    if (argc != 2)
        return command_fail_usage("report takes one folder");
    return command_show_report(argv[1], &err) < 0 ? command_fail(1, &err) : 0;
}
