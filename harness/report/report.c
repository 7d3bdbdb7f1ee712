/* report.c - from a run to the files that people read: tables, CSV, plots, page.
 * SPDX-License-Identifier: MIT */
#include "report/report.h"

#include "analyse/summary.h"
#include "base/outfile.h"
#include "report/figures.h"
#include "report/plots.h"
#include "report/sections.h"
#include "report/tables.h"

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
    figures_write_csv(out, summary);
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

static int page_write(const struct report *report, struct err *err)
{
    struct outfile file;
    if (outfile_open(&file, report->directory, "report.html", err) < 0)
        return -1;
    sections_write(file.stream, report);
    return outfile_close(&file, err);
}

/* The page comes last: it shows the plots. */
static int plots_and_page_write(const struct plot_source *source,
                                const struct report_costs *costs, const char *directory,
                                const char *scripts, struct err *err)
{
    struct err later;
    struct report report = {.source = source, .costs = costs, .directory = directory};
    int failed = plots_render(directory, scripts, source, err);
    if (failed)
        report.plots_problem = err->text;
    if (page_write(&report, failed ? &later : err) < 0)
        failed = -1;
    return failed;
}

int report_write(const struct run *run, const struct report_costs *costs,
                 const char *directory, const char *scripts,
                 const struct run_server *reference, struct err *err)
{
    struct summary summary;
    const struct plot_source source = {
        .run = run,
        .summary = &summary,
        .reference = reference,
    };
    struct err later;
    int failed = 0;

    summary_make(&summary, run);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (part_write(&parts[i], run, &summary, directory, failed ? &later : err) < 0)
            failed = -1;
    if (plots_and_page_write(&source, costs, directory, scripts, failed ? &later : err) <
        0)
        failed = -1;
    summary_free(&summary);
    return failed;
}
