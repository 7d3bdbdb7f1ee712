/* sections.c - all of a run, as one list of sections: for the terminal, for Markdown, and on
 * one page.
 * SPDX-License-Identifier: MIT */
#include "base/alloc.h"
#include "render/document.h"
#include "render/picture.h"
#include "report/plots.h"
#include "report/view.h"

#include <stdlib.h>

static void write_plot(struct page *page, const struct report *report,
                       const struct plot *plot)
{
    if (plot->applies && !plot->applies(report))
        return;
    char *data = alloc_format("%s.dat", plot->name);
    picture_show(page, report->directory, plot->name, plot->caption, data);
    free(data);
}

/* Of which a run mostly has one. */
enum { PLOTS_OF_ANSWERS = 2 };

/* They stand beside the sentences that it shows. */
static void write_answer(struct page *page, const struct report *report)
{
    answer_write(page, report);
    for (size_t i = 0; page->format == FORMAT_HTML && i < PLOTS_OF_ANSWERS; i++)
        write_plot(page, report, &plots[i]);
}

static void write_plots(struct page *page, const struct report *report)
{
    if (report->plots_problem)
        page_item(page, "Something is wrong with the plots: %s.", report->plots_problem);
    write_plot(page, report, &plots[PLOTS_OF_ANSWERS]);
    document_fold(page, NULL, "More plots");
    for (size_t i = PLOTS_OF_ANSWERS + 1; i < PLOT_COUNT; i++)
        write_plot(page, report, &plots[i]);
    document_unfold(page);
}

static void write_part(struct page *page, const struct report *report,
                       const struct report_part *part)
{
    page->deeper = 1;
    part->write(page, part->subject, report->directory);
    page->deeper = 0;
}

static void write_costs(struct page *page, const struct report *report)
{
    write_part(page, report, report->costs);
}

static bool has_costs(const struct report *report)
{
    return report->costs;
}

static void write_breakages(struct page *page, const struct report *report)
{
    write_part(page, report, report->breakages);
}

static bool has_breakages(const struct report *report)
{
    return report->breakages;
}

enum { TEXT = 1 << FORMAT_TEXT | 1 << FORMAT_MARKDOWN, PAGE = 1 << FORMAT_HTML };

static const struct view {
    const char *id;
    const char *title;
    unsigned formats; /* a bit for each that has it */
    void (*write)(struct page *page, const struct report *report);
    bool (*applies)(const struct report *report); /* NULL: always */
    const char *fold; /* on the page it is folded away under this; NULL: it is not */
} views[] = {
    {"answer", "The answer", TEXT | PAGE, write_answer, NULL, NULL},
    {"ladders", "At equal rates, and beside idle connections", TEXT | PAGE, ladders_write,
     ladders_apply, NULL},
    {"knees", "The highest rate in time", TEXT | PAGE, knees_write, knees_apply, NULL},
    {"ranking", "The tables", TEXT | PAGE, ranking_write, costs_asked, NULL},
    {"articles", "The articles' systems, then and today", TEXT | PAGE, articles_write,
     articles_apply, NULL},
    {"plots", "Plots", PAGE, write_plots, costs_asked, NULL},
    {"latency", "Connection times and percentiles", TEXT | PAGE, latency_write,
     latency_applies, "Two tables for each load"},
    {"shifts", "From one concurrency to the other", TEXT | PAGE, shifts_write,
     shifts_apply, NULL},
    {"agreement", "Do the tools agree?", TEXT | PAGE, agreement_write, agreement_applies,
     NULL},
    {"costs", "What one request costs", PAGE, write_costs, has_costs, NULL},
    {"limits", "Where each server breaks", PAGE, write_breakages, has_breakages, NULL},
    {"trust", "How far the figures can be trusted", TEXT | PAGE, trust_write, NULL,
     "The noise floor, and what each figure is"},
    {"checks", "The checks, and what failed", PAGE, checks_write, NULL, "Each of them"},
    {"setting", "The loads, the machine, the servers", TEXT | PAGE, setting_write, NULL,
     "All that is known of them"},
    {"evidence", "Every trial, and what the load tool printed", PAGE, evidence_write,
     NULL, "All trials, by server"},
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
    for (size_t i = 1; i < VIEWS; i++)
        if (is_shown(&views[i], page->format, report))
            sections[count++] =
                (struct section){.id = views[i].id, .title = views[i].title};
    document_contents(page, sections, count);
}

static void write_view(struct page *page, const struct view *view,
                       const struct report *report)
{
    if (!is_shown(view, page->format, report))
        return;
    document_section_open(page, view->id, view->title);
    page->section = view->id;
    bool folded = page->format == FORMAT_HTML && view->fold;
    if (folded)
        document_fold(page, NULL, view->fold);
    view->write(page, report);
    if (folded)
        document_unfold(page);
    page->section = NULL;
    document_section_close(page);
}

void report_sections(FILE *out, enum format format, const struct report *report)
{
    struct page page = {.out = out, .format = format};
    char *title =
        alloc_format("abacus: %s, %s", report->run->suite.name, report->run->started);
    if (format == FORMAT_HTML)
        document_open(&page, out, title);
    page_heading(&page, 1, "HTTP servers measured by abacus: %s",
                 report->run->suite.name);
    write_view(&page, &views[0], report);
    setting_introduce(&page, report);
    if (format == FORMAT_HTML)
        write_contents(&page, report);
    for (size_t i = 1; i < VIEWS; i++)
        write_view(&page, &views[i], report);
    if (format == FORMAT_HTML)
        document_close(&page);
    free(title);
}
