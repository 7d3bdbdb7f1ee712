/* report.c - from a run to the files that people read: tables, CSV, plots, page.
 * SPDX-License-Identifier: MIT */
#include "report/report.h"

#include "analyse/summary.h"
#include "base/outfile.h"
#include "report/figures.h"
#include "report/plots.h"
#include "report/screen.h"
#include "report/summary_json.h"

#include <stdint.h>
#include <stdio.h>

static void write_text(FILE *out, const struct report *report)
{
    report_sections(out, FORMAT_TEXT, report);
}

static void write_markdown(FILE *out, const struct report *report)
{
    report_sections(out, FORMAT_MARKDOWN, report);
}

/* What a run prints at its end. */
static void write_summary(FILE *out, const struct report *report)
{
    screen_write(out, report, SIZE_MAX, false);
}

static void write_csv(FILE *out, const struct report *report)
{
    figures_write_csv(out, report->summary);
}

static void write_page(FILE *out, const struct report *report)
{
    report_sections(out, FORMAT_HTML, report);
}

/* 0, also where an earlier file failed: what can be written is. */
static int file_write(const char *name, void (*write)(FILE *, const struct report *),
                      const struct report *report, struct err *err)
{
    struct outfile file;
    if (outfile_open(&file, report->directory, name, err) < 0)
        return -1;
    write(file.stream, report);
    return outfile_close(&file, err);
}

/* Keeps the first reason, and tells whether there is one. */
static void note(int failed, const struct err *err, struct err *first, int *any)
{
    if (failed < 0 && *any == 0)
        *first = *err;
    *any |= failed;
}

int report_tables(const struct report *report, struct err *err)
{
    struct err why;
    int failed = 0;
    note(file_write("tables.txt", write_text, report, &why), &why, err, &failed);
    note(file_write("summary.txt", write_summary, report, &why), &why, err, &failed);
    note(file_write("tables.md", write_markdown, report, &why), &why, err, &failed);
    note(file_write("summary.json", summary_json_write, report, &why), &why, err,
         &failed);
    note(file_write("cells.csv", write_csv, report, &why), &why, err, &failed);
    return failed;
}

/* The page comes last: it shows the plots. */
int report_write(const struct report *report, const char *scripts, struct err *err)
{
    struct err why;
    struct report shown = *report;
    int failed = report_tables(report, err);
    int plots_failed = plots_render(report, scripts, &why);
    if (plots_failed)
        shown.plots_problem = why.text;
    note(plots_failed, &why, err, &failed);
    struct err page_why;
    note(file_write("report.html", write_page, &shown, &page_why), &page_why, err,
         &failed);
    return failed;
}
