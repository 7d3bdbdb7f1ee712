/* sections.c - report.html: all of a run on one page, as a list of sections.
 * SPDX-License-Identifier: MIT */
#include "report/sections.h"

#include "base/alloc.h"
#include "render/document.h"
#include "render/picture.h"
#include "report/agreement.h"
#include "report/answer.h"
#include "report/articles.h"
#include "report/checks.h"
#include "report/evidence.h"
#include "report/latency.h"
#include "report/plots.h"
#include "report/ranking.h"
#include "report/reading.h"
#include "report/setting.h"
#include "report/shifts.h"
#include "report/verdicts.h"

#include <stdlib.h>

static void write_answer(struct page *page, const void *subject)
{
    const struct report *report = subject;
    answer_write(page, report->source->run, report->source->summary);
}

static void write_ranking(struct page *page, const void *subject)
{
    const struct report *report = subject;
    page_text(page,
              "A server's name leads to the trials behind its row, and they to what "
              "the load tool printed.");
    ranking_write(page, report->source->summary);
}

static void write_articles(struct page *page, const void *subject)
{
    const struct report *report = subject;
    articles_write(page, report->source->run, report->source->summary);
}

static bool has_articles(const void *subject)
{
    const struct report *report = subject;
    return articles_apply(report->source->run);
}

static void write_plot(struct page *page, const struct plot *plot, const char *directory)
{
    char *data = alloc_format("%s.dat", plot->name);
    picture_show(page, directory, plot->name, plot->caption, data);
    free(data);
}

static void write_plots(struct page *page, const void *subject)
{
    const struct report *report = subject;
    if (report->plots_problem)
        page_item(page, "Something is wrong with the plots: %s.", report->plots_problem);
    for (size_t i = 0; i < PLOT_COUNT; i++)
        if (!plots[i].applies || plots[i].applies(report->source))
            write_plot(page, &plots[i], report->directory);
}

static void write_latency(struct page *page, const void *subject)
{
    const struct report *report = subject;
    latency_write(page, report->source->summary);
}

static void write_shifts(struct page *page, const void *subject)
{
    const struct report *report = subject;
    shifts_write(page, report->source->run, report->source->summary);
}

static bool has_shifts(const void *subject)
{
    const struct report *report = subject;
    return report->source->summary->shift_count > 0;
}

static void write_agreement(struct page *page, const void *subject)
{
    const struct report *report = subject;
    agreement_write(page, report->source->summary);
}

static bool has_tools(const void *subject)
{
    const struct report *report = subject;
    return agreement_applies(report->source->summary);
}

static void write_costs(struct page *page, const void *subject)
{
    const struct report *report = subject;
    page->deeper = 1;
    report->costs->write(page, report->costs->subject, report->directory);
    page->deeper = 0;
}

static bool has_costs(const void *subject)
{
    const struct report *report = subject;
    return report->costs;
}

static void write_trust(struct page *page, const void *subject)
{
    const struct report *report = subject;
    verdict_floors(page, report->source->summary);
    page_heading(page, 3, "How to read the tables");
    reading_write(page, report->source->run, report->source->summary);
}

static void write_checks(struct page *page, const void *subject)
{
    const struct report *report = subject;
    checks_write(page, report->source->run);
}

static void write_setting(struct page *page, const void *subject)
{
    const struct report *report = subject;
    setting_write(page, report->source->run, 3);
}

static void write_evidence(struct page *page, const void *subject)
{
    const struct report *report = subject;
    evidence_write(page, report->source->run, report->directory);
}

static const struct section sections[] = {
    {.id = "answer", .title = "The answer", .write = write_answer},
    {.id = "ranking",
     .title = "By requests per second, and by CPU per request",
     .write = write_ranking},
    {.id = "articles",
     .title = "The articles' systems, then and today",
     .write = write_articles,
     .applies = has_articles},
    {.id = "plots", .title = "Plots", .write = write_plots},
    {.id = "latency",
     .title = "Connection times and percentiles",
     .write = write_latency},
    {.id = "shifts",
     .title = "From one concurrency to the other",
     .write = write_shifts,
     .applies = has_shifts},
    {.id = "agreement",
     .title = "Do the tools agree?",
     .write = write_agreement,
     .applies = has_tools},
    {.id = "costs",
     .title = "What one request costs",
     .write = write_costs,
     .applies = has_costs},
    {.id = "trust", .title = "How far the figures can be trusted", .write = write_trust},
    {.id = "checks",
     .title = "The checks, and what was thrown out",
     .write = write_checks},
    {.id = "setting",
     .title = "The loads, the machine, the servers",
     .write = write_setting},
    {.id = "evidence",
     .title = "Every trial, and what the load tool printed",
     .write = write_evidence},
};

void sections_write(FILE *out, const struct report *report)
{
    struct page page;
    char *title = alloc_format("abacus: %s, %s", report->source->run->suite.name,
                               report->source->run->started);
    document_open(&page, out, title);
    setting_introduce(&page, report->source->run, report->source->summary);
    document_sections(&page, sections, sizeof sections / sizeof *sections, report);
    document_close(&page);
    free(title);
}
