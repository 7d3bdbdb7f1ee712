/* render.h - everything that is written of a run, for tests that ask no more than that it can
 * be, whatever the run.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_TEST_RENDER_H
#define ABACUS_TEST_RENDER_H

#include "report/explain.h"
#include "report/figures.h"
#include "report/plots.h"

#include <stdlib.h>

static inline void render_explanations(FILE *out, const struct run *run,
                                       const struct summary *summary)
{
    struct err err;
    for (size_t t = 0; t < summary->table_count; t++)
        for (size_t s = 0; s < run->server_count; s++)
            explain_write(out, "nowhere", run, summary, summary->tables[t].load->name,
                          run->servers[s].name, &err);
}

/* All that a report has but what gnuplot draws, as one text, owned by the caller; *size is its
 * length. */
static inline char *render_run(const struct run *run, size_t *size)
{
    char *text = NULL;
    struct summary summary;
    FILE *out = open_memstream(&text, size);
    if (!out)
        abort();
    summary_make(&summary, run);
    const struct report report = {
        .run = run, .summary = &summary, .directory = "nowhere"};
    report_sections(out, FORMAT_TEXT, &report);
    report_sections(out, FORMAT_MARKDOWN, &report);
    report_sections(out, FORMAT_HTML, &report);
    figures_write_csv(out, &summary);
    for (size_t i = 0; i < PLOT_COUNT; i++)
        if (!plots[i].applies || plots[i].applies(&report))
            plots[i].write(out, &report);
    render_explanations(out, run, &summary);
    summary_free(&summary);
    if (fclose(out) == EOF)
        abort();
    return text;
}

#endif
