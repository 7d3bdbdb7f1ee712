/* sections.c - all of a run, as one list of sections: for the terminal, for Markdown, and on
 * one page.
 * SPDX-License-Identifier: MIT */
#include "base/alloc.h"
#include "render/document.h"
#include "render/picture.h"
#include "report/plots.h"
#include "report/view.h"

#include <stdlib.h>

static void write_plots(struct page *page, const struct report *report)
{
    if (report->plots_problem)
        page_item(page, "Something is wrong with the plots: %s.", report->plots_problem);
    for (size_t i = 0; i < PLOT_COUNT; i++) {
        if (plots[i].applies && !plots[i].applies(report))
            continue;
        char *data = alloc_format("%s.dat", plots[i].name);
        picture_show(page, report->directory, plots[i].name, plots[i].caption, data);
        free(data);
    }
}

static void write_costs(struct page *page, const struct report *report)
{
    page->deeper = 1;
    report->costs->write(page, report->costs->subject, report->directory);
    page->deeper = 0;
}

static bool has_costs(const struct report *report)
{
    return report->costs;
}

enum { TEXT = 1 << FORMAT_TEXT | 1 << FORMAT_MARKDOWN, PAGE = 1 << FORMAT_HTML };

static const struct view {
    const char *id;
    const char *title;
    unsigned formats; /* a bit for each that has it */
    void (*write)(struct page *page, const struct report *report);
    bool (*applies)(const struct report *report); /* NULL: always */
} views[] = {
    {"answer", "The answer", TEXT | PAGE, answer_write, NULL},
    {"ranking", "By requests per second, and by CPU per request", TEXT | PAGE,
     ranking_write, NULL},
    {"articles", "The articles' systems, then and today", TEXT | PAGE, articles_write,
     articles_apply},
    {"plots", "Plots", PAGE, write_plots, NULL},
    {"latency", "Connection times and percentiles", TEXT | PAGE, latency_write, NULL},
    {"shifts", "From one concurrency to the other", TEXT | PAGE, shifts_write,
     shifts_apply},
    {"agreement", "Do the tools agree?", TEXT | PAGE, agreement_write, agreement_applies},
    {"costs", "What one request costs", PAGE, write_costs, has_costs},
    {"trust", "How far the figures can be trusted", TEXT | PAGE, trust_write, NULL},
    {"checks", "The checks, and what was thrown out", PAGE, checks_write, NULL},
    {"setting", "The loads, the machine, the servers", TEXT | PAGE, setting_write, NULL},
    {"evidence", "Every trial, and what the load tool printed", PAGE, evidence_write,
     NULL},
};

enum { VIEWS = sizeof views / sizeof *views };

static bool is_shown(const struct view *view, enum format format,
                     const struct report *report)
{
    return (view->formats & 1U << format) && (!view->applies || view->applies(report));
}

static void write_contents(struct page *page, const struct report *report)
{
    struct section sections[VIEWS];
    size_t count = 0;
    for (size_t i = 0; i < VIEWS; i++)
        if (is_shown(&views[i], page->format, report))
            sections[count++] =
                (struct section){.id = views[i].id, .title = views[i].title};
    document_contents(page, sections, count);
}

static void write_views(struct page *page, const struct report *report)
{
    for (size_t i = 0; i < VIEWS; i++) {
        if (!is_shown(&views[i], page->format, report))
            continue;
        document_section_open(page, views[i].id, views[i].title);
        views[i].write(page, report);
        document_section_close(page);
    }
}

void report_sections(FILE *out, enum format format, const struct report *report)
{
    struct page page = {.out = out, .format = format};
    char *title =
        alloc_format("abacus: %s, %s", report->run->suite.name, report->run->started);
    if (format == FORMAT_HTML)
        document_open(&page, out, title);
    setting_introduce(&page, report);
    if (format == FORMAT_HTML)
        write_contents(&page, report);
    write_views(&page, report);
    if (format == FORMAT_HTML)
        document_close(&page);
    free(title);
}
