/* trust.c - how to read the tables: what the figures mean and what they do not, in sentences
 * that stand only where they apply.
 * SPDX-License-Identifier: MIT */
#include "report/verdicts.h"
#include "report/view.h"

#include "render/figure.h"
#include "render/glossary.h"

#include <math.h>
#include <string.h>

static bool any_cell(const struct summary *summary, bool (*holds)(const struct cell *))
{
    for (size_t t = 0; t < summary->table_count; t++)
        for (size_t c = 0; c < summary->tables[t].cell_count; c++)
            if (holds(&summary->tables[t].cells[c]))
                return true;
    return false;
}

static bool has_trials(const struct cell *cell)
{
    return cell->trials > 0;
}

static bool server_bound(const struct cell *cell)
{
    return cell->trials > 0 && cell->bound == BOUND_SERVER;
}

static bool client_bound(const struct cell *cell)
{
    return cell->trials > 0 && cell->bound == BOUND_CLIENT;
}

static bool waiting(const struct cell *cell)
{
    return cell->trials > 0 && cell->bound == BOUND_WAITING;
}

static bool has_rounds(const struct cell *cell)
{
    return cell->rounds > 0;
}

static bool indicative(const struct cell *cell)
{
    return cell->rounds > 0 && cell->rounds < ROUNDS_FOR_INTERVAL;
}

static bool has_failures(const struct cell *cell)
{
    return cell->trials_invalid + cell->slices.wrong > 0;
}

static bool has_other_page(const struct summary *summary)
{
    for (size_t t = 0; t < summary->table_count; t++)
        if (strcmp(summary->tables[t].load->path, "/") != 0)
            return true;
    return false;
}

static void explain_figures(struct page *page, const struct summary *summary)
{
    if (any_cell(summary, has_trials))
        glossary_item(page, "rates", NULL);
    if (any_cell(summary, has_rounds))
        glossary_item(page, "cpu", NULL);
    glossary_item(page, "ms-per-request", NULL);
    if (has_other_page(summary))
        glossary_item(page, "megabytes", NULL);
    glossary_item(page, "capacity", NULL);
}

static void explain_indicative(struct page *page, const struct summary *summary)
{
    if (any_cell(summary, indicative))
        glossary_item(page, "few-rounds", figure_count(ROUNDS_FOR_INTERVAL).text, NULL);
}

static void explain_bounds(struct page *page, const struct summary *summary)
{
    if (any_cell(summary, client_bound))
        glossary_item(page, "bound-client", figure_count(100 * CLIENT_BOUND).text, NULL);
    if (any_cell(summary, server_bound))
        glossary_item(page, "bound-server", figure_count(100 * SERVER_BOUND).text, NULL);
    if (any_cell(summary, waiting))
        glossary_item(page, "bound-waiting", NULL);
}

static bool has_tool(const struct summary *summary, const char *tool)
{
    for (size_t t = 0; t < summary->table_count; t++)
        if (strcmp(summary->tables[t].load->tool, tool) == 0)
            return true;
    return false;
}

static void explain_times(struct page *page, const struct summary *summary)
{
    if (has_tool(summary, "ab") && any_cell(summary, has_trials))
        glossary_item(page, "ab-times", NULL);
    if (has_tool(summary, "wrk") || has_tool(summary, "h2load"))
        glossary_item(page, "other-times", NULL);
}

static bool any_flag(const struct cell *cell)
{
    return !cell_absence(cell) && cell->flags.count > 0;
}

static bool any_comparison(const struct summary *summary)
{
    for (size_t t = 0; t < summary->table_count; t++)
        for (size_t q = 0; q < QUANTITIES; q++)
            if (summary->tables[t].comparisons[q].made > 0)
                return true;
    return false;
}

static void explain_verdicts(struct page *page, const struct summary *summary)
{
    if (!any_comparison(summary))
        return;
    glossary_item(page, "tie", figure_decimals(SIGNIFICANCE, 2).text,
                  figure_tenths(100 * DIFFERENCE_OF_INTEREST).text, NULL);
    glossary_item(page, "ratios", NULL);
}

static void explain_failures(struct page *page, const struct run *run,
                             const struct summary *summary)
{
    if (any_cell(summary, has_failures))
        glossary_item(page, "failed", figure_count(100 * WRONG_ALLOWED).text, NULL);
    if (any_cell(summary, any_flag))
        glossary_item(page, "check", NULL);
    if (!run->finished)
        page_item(page, "The run did not finish: it has fewer rounds than planned.");
}

/* Servers of several processes, each with its lead-in; of the first load, for it is the same for
 * all. */
static void explain_lead_in(struct page *page, const struct run *run)
{
    for (size_t i = 0; run->suite.load_count > 0 && i < run->server_count; i++) {
        const struct share share = slicing_share(&run->slicings[0], i);
        if (share.lead_in > 0)
            glossary_item(page, "lead-in", run->servers[i].name,
                          figure_count((double)share.lead_in).text, NULL);
    }
}

static void explain_cost(struct page *page, const struct summary *summary)
{
    if (isfinite(summary->slice_share))
        glossary_item(page, "slice-share", figure_count(100 * summary->slice_share).text,
                      NULL);
    if (isfinite(summary->harness_share))
        page_item(page, "While a slice ran, abacus itself used %.2f %% of a core.",
                  summary->harness_share * 100);
}

void trust_write(struct page *page, const struct report *report)
{
    const struct run *run = report->run;
    const struct summary *summary = report->summary;
    verdict_floors(page, summary);
    page_heading(page, 3, "How to read the tables");
    explain_indicative(page, summary);
    explain_bounds(page, summary);
    explain_figures(page, summary);
    explain_times(page, summary);
    explain_verdicts(page, summary);
    explain_failures(page, run, summary);
    explain_lead_in(page, run);
    explain_cost(page, summary);
    glossary_item(page, "row", NULL);
    glossary_item(page, "files", NULL);
}
