/* report.c - from a run to the files that people read: tables, CSV, plots.
 * SPDX-License-Identifier: MIT */
#include "report/report.h"

#include "base/outfile.h"
#include "report/csv.h"
#include "report/plots.h"
#include "report/tables.h"
#include "summary/summary.h"

#include <stdio.h>

static void write_text(FILE *out, const struct run *run, const struct summary *summary)
{
    tables_write(out, FORMAT_TEXT, run, summary);
}

static void write_markdown(FILE *out, const struct run *run,
                           const struct summary *summary)
{
    tables_write(out, FORMAT_MARKDOWN, run, summary);
}

static void write_csv(FILE *out, const struct run *run, const struct summary *summary)
{
    (void)run;
    csv_write(out, summary);
}

/* A file of the report, and what writes it. */
struct part {
    const char *name;
    void (*write)(FILE *out, const struct run *run, const struct summary *summary);
};

static const struct part parts[] = {
    {.name = "tables.txt", .write = write_text},
    {.name = "tables.md", .write = write_markdown},
    {.name = "cells.csv", .write = write_csv},
};

static int part_write(const struct part *part, const struct run *run,
                      const struct summary *summary, const char *directory,
                      struct err *err)
{
    struct outfile file;
    if (outfile_open(&file, directory, part->name, err) < 0)
        return -1;
    part->write(file.stream, run, summary);
    return outfile_close(&file, err);
}

static int draw_plots(const struct run *run, const struct summary *summary,
                      const struct run_server *reference, const char *directory,
                      const char *scripts, struct err *err)
{
    const struct plot_source source = {
        .run = run,
        .summary = summary,
        .reference = reference,
    };
    return plots_render(directory, scripts, &source, err);
}

/* The control is no reference: it does not compete. */
static int find_reference(const struct run_server **reference, const struct run *run,
                          const char *name, struct err *err)
{
    *reference = name ? run_server(run, name) : NULL;
    if (name && (!*reference || (*reference)->control_of))
        return err_set(err, "no server '%s' to hold others against in this run", name);
    return 0;
}

int report_write(const struct run *run, const char *directory, const char *scripts,
                 const char *reference, struct err *err)
{
    const struct run_server *against;
    struct summary summary;
    struct err later;
    int failed = find_reference(&against, run, reference, err);

    summary_make(&summary, run);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (part_write(&parts[i], run, &summary, directory, failed ? &later : err) < 0)
            failed = -1;
    if (draw_plots(run, &summary, against, directory, scripts, failed ? &later : err) < 0)
        failed = -1;
    summary_free(&summary);
    return failed;
}
