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

static bool has_figures(const struct cell *cell)
{
    return cell->rounds > 0;
}

static bool server_bound(const struct cell *cell)
{
    return cell->rounds > 0 && cell->bound == BOUND_SERVER;
}

static bool client_bound(const struct cell *cell)
{
    return cell->rounds > 0 && cell->bound == BOUND_CLIENT;
}

static bool waiting(const struct cell *cell)
{
    return cell->rounds > 0 && cell->bound == BOUND_WAITING;
}

static bool has_interval(const struct cell *cell)
{
    return cell->rounds >= ROUNDS_FOR_INTERVAL;
}

static bool has_range(const struct cell *cell)
{
    return cell->rounds > 1 && cell->rounds < ROUNDS_FOR_INTERVAL;
}

static bool indicative(const struct cell *cell)
{
    return cell->rounds > 0 && cell->rounds < ROUNDS_FOR_INTERVAL;
}

static bool has_thrown_out(const struct cell *cell)
{
    return cell->invalid + cell->disturbed > 0;
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
    if (!any_cell(summary, has_figures))
        return;
    page_item(page,
              "Every figure is the median over the rounds of what each trial gave (for "
              "requests per second, of the load tool's mean); "
              "minima, maxima and the longest request (100%%) are those of all "
              "rounds.");
    if (any_cell(summary, has_interval))
        page_item(
            page,
            "low–high is the interval that covers the true median in at least 95 %% of "
            "cases (from the order statistics), where %d rounds or more count.",
            ROUNDS_FOR_INTERVAL);
    if (any_cell(summary, has_range))
        page_item(page,
                  "low–high is the smallest and the largest value seen, where fewer "
                  "than %d rounds count.",
                  ROUNDS_FOR_INTERVAL);
    page_item(page,
              "ms per request is the concurrency divided by the requests per second: "
              "the same figure again, seen by one connection.");
    if (has_other_page(summary))
        page_item(page,
                  "MB/s: what the load tool received, heads of replies included, in "
                  "millions of bytes a second.");
    page_item(page,
              "CPU per request is what the server and its children used, in the "
              "program and in the kernel, divided by the requests. It stays "
              "comparable where the load tool is the limit, among servers under the "
              "same load.");
}

static void explain_indicative(struct page *page, const struct summary *summary)
{
    if (any_cell(summary, indicative))
        page_item(
            page,
            "INDICATIVE ONLY: some figures rest on fewer than %d rounds, from which no "
            "95 %% interval can be had. Let it run for more before you rely on a "
            "difference.",
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
    if (has_tool(summary, "ab") && any_cell(summary, has_figures))
        page_item(page,
                  "The percentiles come from ab -e, which has microseconds. The "
                  "connection times are those that ab prints: whole ms, so that 0 means "
                  "less than half of one; a median over rounds can lie between two.");
    if (has_tool(summary, "wrk") || has_tool(summary, "h2load"))
        page_item(
            page,
            "A request of wrk or h2load begins once its connection is there, one of ab "
            "with the connection: where each request has a connection of its own, their "
            "times are not comparable.");
}

static bool any_flag(const struct cell *cell)
{
    return cell->rounds > 0 && cell->flags.count > 0;
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
        "tie: servers that share a letter are not told apart, or, where the load tool "
        "was the limit of both, not compared; their order may be chance. Two are told "
        "apart if the interval of their ratio lies "
        "wholly on one side of 1, the estimate is farther from 1 than the noise "
        "floor, and p < %.2f after Holm's correction over all pairs of the table.",
        SIGNIFICANCE);
    page_item(
        page,
        "Ratios are taken within each round, so that what slows a whole round down "
        "does not count: the Hodges–Lehmann estimate over the rounds, with its exact "
        "signed-rank interval. So they need not be the ratio of the two medians; where "
        "the rounds differ much, they can even disagree.");
}

static size_t count_trials(const struct run *run, enum verdict verdict)
{
    size_t count = 0;
    for (size_t i = 0; i < run->trial_count; i++)
        count += run->trials[i].verdict == verdict;
    return count;
}

static void explain_thrown_out(struct page *page, const struct run *run,
                               const struct summary *summary)
{
    if (any_cell(summary, has_thrown_out))
        page_item(page,
                  "* Of %zu trials %zu were thrown out as invalid (they have no figures) "
                  "and %zu as disturbed (something else was at work on the machine), on "
                  "such signs only, never for their figures, and were run again in the "
                  "same round, up to three times in all. record.jsonl has each one.",
                  run->trial_count, count_trials(run, VERDICT_INVALID),
                  count_trials(run, VERDICT_DISTURBED));
    if (any_cell(summary, any_flag))
        page_item(page, "† A check saw something that a reader should know. The figures "
                        "count all the same.");
    if (!run->finished)
        page_item(page,
                  "The run did not finish: some servers may have met more rounds than "
                  "others.");
}

static void explain_cost(struct page *page, const struct run *run,
                         const struct summary *summary)
{
    if (isfinite(summary->harness_share))
        page_item(page, "While the load tools ran, abacus itself used %.2f %% of a core.",
                  summary->harness_share * 100);
    if (isfinite(run->wall_s) && summary->tool_wall_s > 0)
        page_item(
            page,
            "The load tools ran for %s of the run's %s; the rest is starting, priming, "
            "checking and stopping servers.",
            figure_duration(summary->tool_wall_s).text,
            figure_duration(run->wall_s).text);
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
    explain_thrown_out(page, run, summary);
    explain_cost(page, run, summary);
    page_item(page,
              "Where a row comes from: build/abacus explain DIR TABLE SERVER, with the "
              "folder of this run.");
    page_item(page,
              "What each load tool printed is in raw/, every trial in record.jsonl, "
              "and all figures, as data, in cells.csv.");
}
