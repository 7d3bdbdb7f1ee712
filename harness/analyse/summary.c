/* summary.c - from trials to tables' figures: one table per load, one cell per server.
 * SPDX-License-Identifier: MIT */
#include "analyse/summary.h"

#include "analyse/slots.h"
#include "analyse/table.h"
#include "base/alloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const int percentiles_shown[PERCENTILES_SHOWN] = {50, 66, 75, 80, 90, 95, 98, 99, 100};

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

static void shift_make(struct shift *shift, const struct run *run,
                       const struct run_server *server)
{
    struct slots from, to;
    slots_collect(&from, run, server->name, run->suite.compare_from);
    slots_collect(&to, run, server->name, run->suite.compare_to);

    double *logs = alloc_zeroed(to.count, sizeof *logs);
    size_t rounds = slots_log_ratios(&to, &from, quantity_offset(QUANTITY_RATE), logs);
    *shift = (struct shift){
        .server = server,
        .rounds = rounds,
        .ratio = interval_exp(stats_hodges_lehmann(logs, rounds)),
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

    *summary = (struct summary){
        .tables = alloc_zeroed(suite->load_count, sizeof *summary->tables),
        .table_count = suite->load_count,
        .shifts = alloc_zeroed(run->server_count, sizeof *summary->shifts),
        .rounds_done = rounds_done(run),
    };
    for (enum quantity quantity = 0; quantity < QUANTITIES; quantity++)
        floor_make(&summary->floors[quantity], run, quantity);
    for (size_t i = 0; i < summary->table_count; i++)
        table_make(&summary->tables[i], run, &suite->loads[i], summary->floors);
    table_make_overall(&summary->overall, run, summary->floors);
    for (size_t i = 0; suite->compare_from && i < run->server_count; i++)
        if (!run->servers[i].control_of)
            shift_make(&summary->shifts[summary->shift_count++], run, &run->servers[i]);
    sum_times(summary, run);
}

void summary_free(struct summary *summary)
{
    for (size_t i = 0; i < summary->table_count; i++)
        table_free(&summary->tables[i]);
    table_free(&summary->overall);
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
