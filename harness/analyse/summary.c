/* summary.c - from trials to tables' figures: one table per load, one cell per server.
 * SPDX-License-Identifier: MIT */
#include "analyse/summary.h"

#include "base/alloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- the noise floor ---- */

static const struct run_server *find_control(const struct run *run)
{
    for (size_t i = 0; i < run->server_count; i++)
        if (run->servers[i].control_of)
            return &run->servers[i];
    return NULL;
}

/* Appends the pairs of one load to `logs`, and returns how many they are. */
static size_t load_pairs(const struct slot_table *slots, const struct run_server *control,
                         const struct load *load, size_t offset, double *logs)
{
    const struct run_server *original = run_server(slots->run, control->control_of);
    if (!original)
        return 0; /* a record may name any */
    return slots_log_ratios(slots_of(slots, control, load),
                            slots_of(slots, original, load), offset, logs);
}

/* fmax leaves the NAN of a ratio that there is not. */
static void judge(struct noise_floor *noise_floor)
{
    const struct interval *ratio = &noise_floor->ratio;
    double far_end = fmax(ratio->high, 1 / ratio->low) - 1;
    bool few = noise_floor->pairs > 0 && noise_floor->pairs < ROUNDS_FOR_INTERVAL;
    noise_floor->trustworthy = !noise_floor->control || few ||
                               (ratio->low <= 1 + DIFFERENCE_OF_INTEREST &&
                                1 / ratio->high <= 1 + DIFFERENCE_OF_INTEREST);
    noise_floor->delta =
        fmax(DIFFERENCE_OF_INTEREST,
             noise_floor->trustworthy ? (ratio->high - ratio->low) / 2 : far_end);
}

static void floor_make(struct noise_floor *noise_floor, const struct slot_table *slots,
                       enum quantity quantity)
{
    const struct run *run = slots->run;
    *noise_floor = (struct noise_floor){
        .control = find_control(run),
    };
    double *logs = alloc_zeroed(run->trial_count, sizeof *logs);
    for (size_t i = 0; noise_floor->control && i < run->suite.load_count; i++)
        noise_floor->pairs +=
            load_pairs(slots, noise_floor->control, &run->suite.loads[i],
                       quantity_offset(quantity), logs + noise_floor->pairs);
    struct interval log_ratio = stats_hodges_lehmann(logs, noise_floor->pairs);
    free(logs);
    noise_floor->ratio = interval_exp(log_ratio);
    judge(noise_floor);
}

/* ---- what a change of load did ---- */

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

static void shift_make(struct shift *shift, const struct slot_table *slots,
                       const struct run_server *server)
{
    const struct suite *suite = &slots->run->suite;
    const struct slots *from =
        slots_of(slots, server, suite_load(suite, suite->compare_from));
    const struct slots *to =
        slots_of(slots, server, suite_load(suite, suite->compare_to));
    double *logs = alloc_zeroed(to->count, sizeof *logs);
    size_t rounds = slots_log_ratios(to, from, quantity_offset(QUANTITY_RATE), logs);
    *shift = (struct shift){
        .server = server,
        .rounds = rounds,
        .ratio = interval_exp(stats_hodges_lehmann(logs, rounds)),
    };
    shift->change = shift_change(shift);
    free(logs);
}

/* How many rounds have a trial of every server under every load. */
static int rounds_done(const struct slot_table *slots)
{
    const struct run *run = slots->run;
    size_t rounds = (size_t)run->rounds;
    size_t done = rounds < run->trial_count ? rounds : run->trial_count;
    for (size_t s = 0; s < run->server_count; s++)
        for (size_t l = 0; l < run->suite.load_count; l++) {
            size_t count = slots_of(slots, &run->servers[s], &run->suite.loads[l])->count;
            if (!run->servers[s].missing && count < done)
                done = count;
        }
    return (int)done;
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
    };
    slot_table_make(&summary->slots, run);
    summary->rounds_done = rounds_done(&summary->slots);
    for (enum quantity quantity = 0; quantity < QUANTITIES; quantity++)
        floor_make(&summary->floors[quantity], &summary->slots, quantity);
    for (size_t i = 0; i < summary->table_count; i++)
        table_make(&summary->tables[i], &summary->slots, &suite->loads[i],
                   summary->floors);
    table_make_overall(&summary->overall, &summary->slots, summary->floors);
    for (size_t i = 0; suite->compare_from && i < run->server_count; i++)
        if (!run->servers[i].control_of)
            shift_make(&summary->shifts[summary->shift_count++], &summary->slots,
                       &run->servers[i]);
    sum_times(summary, run);
}

void summary_free(struct summary *summary)
{
    for (size_t i = 0; i < summary->table_count; i++)
        table_free(&summary->tables[i]);
    table_free(&summary->overall);
    slot_table_free(&summary->slots);
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
