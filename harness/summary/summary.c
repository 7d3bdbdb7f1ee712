/* summary.c - from trials to tables' figures: one table per load, one cell per server.
 * SPDX-License-Identifier: MIT */
#include "summary/summary.h"

#include "base/alloc.h"
#include "summary/cell.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const int percentiles_shown[PERCENTILES_SHOWN] = {50, 66, 75, 80, 90, 95, 98, 99, 100};

/* Most requests per second first; then those that failed, those never met, those left
 * out; among equals the order in which they were asked for, which is their order in
 * memory. */
static int compare_cells(const void *left, const void *right)
{
    const struct cell *a = left, *b = right;
    double rate_a = a->requests_per_second.mid, rate_b = b->requests_per_second.mid;

    if (a->rounds && b->rounds && rate_a != rate_b)
        return rate_a > rate_b ? -1 : 1;
    if (!a->rounds != !b->rounds)
        return a->rounds ? -1 : 1;
    if (!a->server->missing != !b->server->missing)
        return b->server->missing ? -1 : 1;
    if (!a->failed != !b->failed)
        return a->failed ? -1 : 1;
    return (a->server > b->server) - (a->server < b->server);
}

static void table_make(struct table *table, const struct run *run,
                       const struct load *load)
{
    *table = (struct table){
        .load = load,
        .cells = alloc_zeroed(run->server_count, sizeof *table->cells),
        .cell_count = run->server_count,
    };
    for (size_t i = 0; i < run->server_count; i++) {
        struct slots slots;
        slots_collect(&slots, run, run->servers[i].name, load->name);
        cell_make(&table->cells[i], &run->servers[i], &slots);
        slots_free(&slots);
    }
    qsort(table->cells, table->cell_count, sizeof *table->cells, compare_cells);
}

static enum change shift_change(const struct shift *shift)
{
    if (shift->rounds < 2)
        return CHANGE_UNCLEAR;
    if (shift->ratio.low > 1 + SHIFT_NEGLIGIBLE)
        return CHANGE_RAISED;
    if (shift->ratio.high < 1 - SHIFT_NEGLIGIBLE)
        return CHANGE_LOWERED;
    if (shift->ratio.low >= 1 - SHIFT_NEGLIGIBLE &&
        shift->ratio.high <= 1 + SHIFT_NEGLIGIBLE)
        return CHANGE_NEGLIGIBLE;
    return CHANGE_UNCLEAR;
}

/* ln(to / from) of every round in which both trials are valid. */
static size_t log_ratios(const struct slots *from, const struct slots *to, double *logs)
{
    size_t count = 0;
    for (size_t i = 0; i < from->count; i++) {
        int round = from->trials[i]->round;
        const struct trial *before = slots_valid_trial(from, round);
        const struct trial *after = slots_valid_trial(to, round);
        if (!before || !after)
            continue;
        logs[count] =
            log(after->result.requests_per_second / before->result.requests_per_second);
        count += isfinite(logs[count]) != 0;
    }
    return count;
}

static void shift_make(struct shift *shift, const struct run *run,
                       const struct run_server *server)
{
    struct slots from, to;
    slots_collect(&from, run, server->name, run->suite.compare_from);
    slots_collect(&to, run, server->name, run->suite.compare_to);

    double *logs = alloc_zeroed(from.count, sizeof *logs);
    size_t rounds = log_ratios(&from, &to, logs);
    struct interval log_ratio = stats_hodges_lehmann(logs, rounds);
    *shift = (struct shift){
        .server = server,
        .rounds = rounds,
        .ratio = {exp(log_ratio.low), exp(log_ratio.mid), exp(log_ratio.high)},
    };
    shift->change = shift_change(shift);

    free(logs);
    slots_free(&from);
    slots_free(&to);
}

static bool trial_exists(const struct run *run, const char *server, const char *load,
                         int round)
{
    for (size_t i = 0; i < run->trial_count; i++) {
        const struct trial *trial = &run->trials[i];
        if (trial->round == round && strcmp(trial->server, server) == 0 &&
            strcmp(trial->load, load) == 0)
            return true;
    }
    return false;
}

static bool round_complete(const struct run *run, int round)
{
    for (size_t s = 0; s < run->server_count; s++)
        for (size_t l = 0; l < run->suite.load_count; l++)
            if (!run->servers[s].missing &&
                !trial_exists(run, run->servers[s].name, run->suite.loads[l].name, round))
                return false;
    return true;
}

static int rounds_done(const struct run *run)
{
    int done = 0;
    for (int round = 1; round <= run->rounds && (size_t)round <= run->trial_count;
         round++)
        done += round_complete(run, round);
    return done;
}

static void sum_times(struct summary *summary, const struct run *run)
{
    double harness_cpu_s = 0;
    for (size_t i = 0; i < run->trial_count; i++) {
        if (!isfinite(run->trials[i].tool_wall_s) ||
            !isfinite(run->trials[i].harness_cpu_s))
            continue;
        summary->tool_wall_s += run->trials[i].tool_wall_s;
        harness_cpu_s += run->trials[i].harness_cpu_s;
    }
    summary->harness_share = harness_cpu_s / summary->tool_wall_s;
}

void summary_make(struct summary *summary, const struct run *run)
{
    const struct suite *suite = &run->suite;
    size_t shift_count = suite->compare_from ? run->server_count : 0;

    *summary = (struct summary){
        .tables = alloc_zeroed(suite->load_count, sizeof *summary->tables),
        .table_count = suite->load_count,
        .shifts = alloc_zeroed(shift_count, sizeof *summary->shifts),
        .shift_count = shift_count,
        .rounds_done = rounds_done(run),
    };
    for (size_t i = 0; i < summary->table_count; i++)
        table_make(&summary->tables[i], run, &suite->loads[i]);
    for (size_t i = 0; i < shift_count; i++)
        shift_make(&summary->shifts[i], run, &run->servers[i]);
    sum_times(summary, run);
}

void summary_free(struct summary *summary)
{
    for (size_t i = 0; i < summary->table_count; i++)
        free(summary->tables[i].cells);
    free(summary->tables);
    free(summary->shifts);
    *summary = (struct summary){0};
}

const struct table *summary_table(const struct summary *summary, const char *load)
{
    for (size_t i = 0; i < summary->table_count; i++)
        if (strcmp(summary->tables[i].load->name, load) == 0)
            return &summary->tables[i];
    return NULL;
}

const struct cell *table_cell(const struct table *table, const struct run_server *server)
{
    for (size_t i = 0; i < table->cell_count; i++)
        if (table->cells[i].server == server)
            return &table->cells[i];
    return NULL;
}
