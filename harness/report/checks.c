/* checks.c - what the checks saw in a run's trials and slices, and what failed.
 * SPDX-License-Identifier: MIT */
#include "report/view.h"

#include "analyse/judge.h"
#include "base/alloc.h"
#include "render/grid.h"
#include "render/names.h"

#include <stdlib.h>
#include <string.h>

/* ---- what failed ---- */

/* Of more than this only the first are shown; record.jsonl has all. */
enum { FAILURES_SHOWN = 200 };

static void add_trial(struct grid *grid, const struct run *run, const struct trial *trial)
{
    grid_add(grid, "%s", name_label(trial_server(run, trial)->name).text);
    grid_add(grid, "%s", trial_load(run, trial)->name);
    grid_add(grid, "trial %d", trial->round);
    grid_link(grid, alloc_copy(trial->raw));
    grid_add(grid, "%s", trial->reason ? trial->reason : "");
}

static void add_slice(struct grid *grid, const struct run *run, const struct slice *slice)
{
    grid_add(grid, "%s", name_label(run->servers[slice->server].name).text);
    grid_add(grid, "%s", run->suite.loads[slice->load].name);
    grid_add(grid, "round %d, block %d", slice->round, slice->block);
    grid_add(grid, "%s", slice->reason);
}

static void write_failures(struct page *page, const struct run *run)
{
    static const struct column columns[] = {
        {.head = "Server"},
        {.head = "Load"},
        {.head = "When"},
        {.head = "Reason"},
    };
    struct grid grid;
    size_t count = 0;
    grid_init(&grid, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < run->trial_count; i++)
        if (run->trials[i].verdict != VERDICT_VALID && ++count <= FAILURES_SHOWN)
            add_trial(&grid, run, &run->trials[i]);
    for (size_t i = 0; i < run->slice_count; i++)
        if (run->slices[i].reason && ++count <= FAILURES_SHOWN)
            add_slice(&grid, run, &run->slices[i]);
    grid_caption(&grid, "What failed: %zu of %zu trials and %zu slices", count,
                 run->trial_count, run->slice_count);
    if (count > 0)
        grid_write(&grid, page);
    else
        page_text(page, "Of %zu trials and %zu slices none failed.", run->trial_count,
                  run->slice_count);
    grid_free(&grid);
}

/* ---- what the checks saw ---- */

enum { VERDICTS = VERDICT_INVALID + 1 };

struct tally {
    const char *rule;          /* borrowed from the run */
    const struct remark *last; /* that it made; likewise */
    size_t counts[VERDICTS];   /* trials, by what the rule made of them */
};

struct tallies {
    struct tally *items;
    size_t count;
};

/* That of a rule, added if it is new. */
static struct tally *tally_of(struct tallies *tallies, const char *rule)
{
    for (size_t i = 0; i < tallies->count; i++)
        if (strcmp(tallies->items[i].rule, rule) == 0)
            return &tallies->items[i];
    tallies->items =
        alloc_resize(tallies->items, tallies->count + 1, sizeof *tallies->items);
    tallies->items[tallies->count] = (struct tally){.rule = rule};
    return &tallies->items[tallies->count++];
}

static void tallies_collect(struct tallies *tallies, const struct run *run)
{
    for (size_t i = 0; i < run->trial_count; i++)
        for (size_t r = 0; r < run->trials[i].remark_count; r++) {
            const struct remark *remark = &run->trials[i].remarks[r];
            struct tally *tally = tally_of(tallies, remark->rule);
            tally->counts[remark->consequence]++;
            tally->last = remark;
        }
}

static void write_tallies(struct page *page, const struct tallies *tallies)
{
    static const char trials[] = "Trials";
    static const struct column columns[] = {
        {.head = "Check"},
        {.group = trials, .head = "flagged", .align = ALIGN_RIGHT},
        {.group = trials, .head = "invalid", .align = ALIGN_RIGHT},
        {.head = "What it said last"},
    };
    struct grid grid;
    grid_init(&grid, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < tallies->count; i++) {
        const struct tally *tally = &tallies->items[i];
        grid_add(&grid, "%s", tally->rule);
        grid_add(&grid, "%zu", tally->counts[VERDICT_VALID]);
        grid_add(&grid, "%zu", tally->counts[VERDICT_INVALID]);
        char *words = judge_words(tally->rule, tally->last->value, tally->last->limit);
        grid_add(&grid, "%s", words);
        free(words);
    }
    grid_caption(
        &grid,
        "What the checks saw in the whole trials; one that is only flagged counts");
    grid_write(&grid, page);
    grid_free(&grid);
}

void checks_write(struct page *page, const struct report *report)
{
    const struct run *run = report->run;
    struct tallies tallies = {0};
    tallies_collect(&tallies, run);
    write_failures(page, run);
    if (tallies.count > 0)
        write_tallies(page, &tallies);
    free(tallies.items);
}
