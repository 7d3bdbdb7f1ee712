/* trust.c - how to read the tables: what the figures mean and what they do not, in sentences
 * that stand only where they apply.
 * SPDX-License-Identifier: MIT */
#include "report/verdicts.h"
#include "report/view.h"

#include "render/figure.h"

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
        page_item(
            page,
            "Requests per second, times and percentiles come from whole trials: the "
            "load's own command against a server that was started for it. They "
            "are medians; low–high is the range, minima and maxima those of all "
            "trials.");
    if (any_cell(summary, has_rounds))
        page_item(
            page,
            "CPU per request comes from slices: all servers stay up side by side, "
            "and the load tool goes around them in short turns, in random order. It "
            "is what the server and its children used, in the program and in the "
            "kernel, for each connection that was accepted, or where connections "
            "are kept for each request. low–high is the exact 95 %% signed-rank "
            "interval of the Hodges–Lehmann estimate over the rounds.");
    page_item(page,
              "ms per request is the concurrency divided by the requests per second: "
              "the same figure again, seen by one connection.");
    if (has_other_page(summary))
        page_item(page,
                  "MB/s: what the load tool received, heads of replies included, in "
                  "millions of bytes a second.");
    page_item(page,
              "What one core could serve is computed: 10^6 divided by the CPU µs per "
              "request. The machine's µs per request contain the load tool's.");
}

static void explain_indicative(struct page *page, const struct summary *summary)
{
    if (any_cell(summary, indicative))
        page_item(
            page,
            "Some figures rest on fewer than %d rounds, from which no 95 %% interval "
            "can be had: they are only indicative.",
            ROUNDS_FOR_INTERVAL);
}

static void explain_bounds(struct page *page, const struct summary *summary)
{
    if (any_cell(summary, client_bound))
        page_item(
            page,
            "Bound: client. The load tool was busy for %.0f %% of its core or more, "
            "and the server was not: the requests per second are then those that the "
            "tool can send, and a server that needs less would come out no faster. "
            "Compare the CPU per request.",
            CLIENT_BOUND * 100);
    if (any_cell(summary, server_bound))
        page_item(
            page,
            "Bound: server. It used %.0f %% or more of the CPU time that it was given: "
            "the requests per second are its own.",
            SERVER_BOUND * 100);
    if (any_cell(summary, waiting))
        page_item(page,
                  "Bound: waiting. Neither the server nor the load tool was out of CPU "
                  "time: both waited, for each other or for the kernel, and the "
                  "requests per second are those of the pair.");
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
        page_item(page,
                  "The percentiles come from ab -e, which has microseconds. The "
                  "connection times are those that ab prints: whole ms, so that 0 means "
                  "less than half of one; a median over trials can lie between two.");
    if (has_tool(summary, "wrk") || has_tool(summary, "h2load"))
        page_item(
            page,
            "A request of wrk or h2load begins once its connection is there, one of ab "
            "with the connection: where each request has a connection of its own, their "
            "times are not comparable.");
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
    page_item(
        page,
        "tie: servers that share a letter do not differ significantly or, where the "
        "load tool was the limit of both, are not compared; their order may be "
        "chance. Two differ significantly if p < %.2f in the exact signed-rank test "
        "over the rounds, after Holm's correction over all pairs of the table, and "
        "the 95 %% interval of their ratio lies beyond how far the server that was "
        "measured twice came out from itself, at least %.1f %%.",
        SIGNIFICANCE, 100 * DIFFERENCE_OF_INTEREST);
    page_item(
        page,
        "Ratios are taken within each block, so that what slows the machine does not "
        "count. They need not be the ratio of the two figures in the table.");
}

static void explain_failures(struct page *page, const struct run *run,
                             const struct summary *summary)
{
    if (any_cell(summary, has_failures))
        page_item(
            page,
            "* Some trials or slices failed, and have no figures. Nothing is "
            "repeated, and nothing is left out for its result. A server that ended, "
            "or of whose slices more than %.0f %% failed, has the reason instead of "
            "figures.",
            WRONG_ALLOWED * 100);
    if (any_cell(summary, any_flag))
        page_item(page, "† A check saw something that a reader should know. The figures "
                        "count all the same.");
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
            page_item(page,
                      "%s gets %ld requests before each slice that are not counted: it "
                      "has several processes, and while the other servers had their "
                      "turns the caches have lost what each of them needs.",
                      run->servers[i].name, share.lead_in);
    }
}

static void explain_cost(struct page *page, const struct summary *summary)
{
    if (isfinite(summary->slice_share))
        page_item(page,
                  "Slices ran for %.0f %% of the rounds' time; the rest is starting, "
                  "priming and checking servers, and waiting until they are idle.",
                  summary->slice_share * 100);
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
    page_item(page,
              "Where a row comes from: build/abacus explain DIR TABLE SERVER, with the "
              "folder of this run.");
    page_item(
        page,
        "What each load tool printed is in raw/, every trial and slice in record.jsonl, "
        "and all figures, as data, in cells.csv.");
}
