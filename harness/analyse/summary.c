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

/* fmax leaves the NAN of a ratio that there is not. */
static void judge(struct noise_floor *noise_floor)
{
    const struct interval *ratio = &noise_floor->ratio;
    double far_end = fmax(ratio->high, 1 / ratio->low) - 1;
    bool few = noise_floor->rounds < ROUNDS_FOR_INTERVAL;
    noise_floor->trustworthy =
        few || (ratio->low <= 1 + TRUST_LIMIT && 1 / ratio->high <= 1 + TRUST_LIMIT);
    noise_floor->delta = fmax(DIFFERENCE_OF_INTEREST, (ratio->high - ratio->low) / 2);
    noise_floor->margin =
        fmax(DIFFERENCE_OF_INTEREST, fmax(ratio->mid, 1 / ratio->mid) - 1);
    if (!noise_floor->trustworthy)
        noise_floor->delta = noise_floor->margin = fmax(DIFFERENCE_OF_INTEREST, far_end);
}

void floor_make(struct noise_floor *noise_floor, const struct facts *facts,
                enum quantity quantity, struct loads loads)
{
    const struct run *run = facts->run;
    const struct run_server *control = find_control(run);
    const struct run_server *original =
        control ? run_server(run, control->control_of) : NULL; /* a record may name any */
    *noise_floor = (struct noise_floor){.control = original ? control : NULL};
    double *logs = alloc_zeroed(facts->slices.rounds, sizeof *logs);
    if (original)
        noise_floor->rounds = samples_contrasts(
            &facts->slices, quantity, loads, (size_t)(control - run->servers),
            (size_t)(original - run->servers), logs, NULL);
    noise_floor->ratio = interval_exp(stats_hodges_lehmann(logs, noise_floor->rounds));
    free(logs);
    judge(noise_floor);
}

/* ---- what a change of load did ---- */

const int percentiles_shown[PERCENTILES_SHOWN] = {50, 66, 75, 80, 90, 95, 98, 99, 100};

static enum change change_of(const struct interval *ratio, size_t rounds)
{
    if (rounds < 2)
        return CHANGE_UNCLEAR;
    if (ratio->low > 1 + SHIFT_NEGLIGIBLE)
        return CHANGE_RAISED;
    if (ratio->high < 1 - SHIFT_NEGLIGIBLE)
        return CHANGE_LOWERED;
    if (ratio->low >= 1 - SHIFT_NEGLIGIBLE && ratio->high <= 1 + SHIFT_NEGLIGIBLE)
        return CHANGE_NEGLIGIBLE;
    return CHANGE_UNCLEAR;
}

static struct loads loads_of(const struct suite *suite, const char *name)
{
    return (struct loads){(size_t)(suite_load(suite, name) - suite->loads), 1};
}

static void shift_make(struct shift *shift, const struct facts *facts, size_t server,
                       enum quantity quantity)
{
    const struct suite *suite = &facts->run->suite;
    const struct samples *slices = &facts->slices;
    double *logs = alloc_zeroed(slices->rounds, sizeof *logs);
    size_t rounds = 0;
    for (size_t round = 0; round < slices->rounds; round++) {
        logs[rounds] = samples_level(slices, quantity, loads_of(suite, suite->compare_to),
                                     server, round) -
                       samples_level(slices, quantity,
                                     loads_of(suite, suite->compare_from), server, round);
        rounds += isfinite(logs[rounds]) != 0;
    }
    shift->server = &facts->run->servers[server];
    shift->rounds = quantity == 0 || rounds < shift->rounds ? rounds : shift->rounds;
    shift->ratio[quantity] = interval_exp(stats_hodges_lehmann(logs, rounds));
    shift->change[quantity] = change_of(&shift->ratio[quantity], rounds);
    free(logs);
}

static void make_shifts(struct summary *summary)
{
    const struct run *run = summary->facts.run;
    for (size_t i = 0; run->suite.compare_from && i < run->server_count; i++) {
        if (run->servers[i].control_of)
            continue;
        struct shift *shift = &summary->shifts[summary->shift_count++];
        for (size_t q = 0; q < QUANTITIES; q++)
            shift_make(shift, &summary->facts, i, (enum quantity)q);
    }
}

/* ---- the run ---- */

/* Rounds whose last block is there under every load. */
static int rounds_done(const struct run *run)
{
    size_t loads = run->suite.load_count;
    size_t size = loads * (size_t)run->rounds;
    bool *whole = alloc_zeroed(size, sizeof *whole);
    for (size_t i = 0; i < run->slice_count; i++) {
        const struct slice *slice = &run->slices[i];
        if (slice->block > 0 && slice->round <= run->rounds &&
            slice->block >= run->slicings[slice->load].blocks)
            whole[(size_t)(slice->round - 1) * loads + slice->load] = true;
    }
    int done = 0;
    for (int round = 0; round < run->rounds; round++) {
        bool all = true;
        for (size_t load = 0; load < loads; load++)
            all = all && whole[(size_t)round * loads + load];
        done += all;
    }
    free(whole);
    return done;
}

/* 0 for what is not known. */
static double known(double value)
{
    return isfinite(value) ? value : 0;
}

/* Of what a load tool used, s, that which was used on this machine. */
static double used_here(const struct run *run, double client_cpu_s)
{
    return run->client_count > 0 ? 0 : known(client_cpu_s);
}

static void sum_trials(struct disturbance *sum, const struct run *run)
{
    for (size_t i = 0; i < run->trial_count; i++) {
        const struct trial *trial = &run->trials[i];
        if (!isfinite(trial->counters.busy_s) || !isfinite(trial->server_cpu_s))
            continue;
        sum->seconds += known(trial->tool_wall_s);
        sum->foreign_s += trial->counters.busy_s - trial->server_cpu_s -
                          used_here(run, trial->client_cpu_s) -
                          known(trial->harness_cpu_s);
        sum->steal_s += known(trial->counters.steal_s);
    }
}

/* The ticks in which the machine's time is counted are too many for a slice and too few for
 * another: their sum is right. */
static void sum_slices(struct disturbance *sum, const struct run *run)
{
    for (size_t i = 0; i < run->slice_count; i++) {
        const struct slice *slice = &run->slices[i];
        if (!isfinite(slice->machine_cpu_s) || !isfinite(slice->server_cpu_s))
            continue;
        sum->seconds += slice->wall_s;
        sum->foreign_s += slice->machine_cpu_s - slice->server_cpu_s -
                          used_here(run, slice->client_cpu_s) -
                          known(slice->harness_cpu_s);
        sum->steal_s += known(slice->steal_s);
    }
    sum->foreign_s = fmax(sum->foreign_s, 0);
}

static void sum_times(struct summary *summary, const struct run *run)
{
    double slices_s = 0, harness_s = 0, trials_s = 0;
    for (size_t i = 0; i < run->slice_count; i++) {
        slices_s += known(run->slices[i].wall_s);
        harness_s += known(run->slices[i].harness_cpu_s);
    }
    for (size_t i = 0; i < run->trial_count; i++)
        trials_s += run->trials[i].ended_s - run->trials[i].started_s;
    summary->slice_share = slices_s / (run->wall_s - trials_s);
    summary->harness_share = harness_s / slices_s;
    sum_trials(&summary->disturbance, run);
    sum_slices(&summary->disturbance, run);
}

/* A server of which no whole trial counts is not compared by its slices either. */
static void fail_without_trials(struct facts *facts)
{
    const struct run *run = facts->run;
    for (size_t load = 0; load < run->suite.load_count; load++)
        for (size_t server = 0; server < run->server_count; server++) {
            const struct slots *slots =
                slots_of(&facts->trials, &run->servers[server], &run->suite.loads[load]);
            if (slots->count > 0 && slots->valid == 0)
                samples_fail(&facts->slices, load, server);
        }
}

void summary_make(struct summary *summary, const struct run *run)
{
    const struct suite *suite = &run->suite;

    *summary = (struct summary){
        .facts = {.run = run},
        .tables = alloc_zeroed(suite->load_count, sizeof *summary->tables),
        .table_count = suite->load_count,
        .shifts = alloc_zeroed(run->server_count, sizeof *summary->shifts),
        .rounds_done = rounds_done(run),
    };
    slot_table_make(&summary->facts.trials, run);
    samples_make(&summary->facts.slices, run);
    fail_without_trials(&summary->facts);
    for (enum quantity quantity = 0; quantity < QUANTITIES; quantity++)
        floor_make(&summary->floors[quantity], &summary->facts, quantity,
                   (struct loads){0, suite->load_count});
    for (size_t i = 0; i < summary->table_count; i++)
        table_make(&summary->tables[i], &summary->facts, i);
    table_make_overall(&summary->overall, &summary->facts);
    make_shifts(summary);
    sum_times(summary, run);
}

void summary_free(struct summary *summary)
{
    for (size_t i = 0; i < summary->table_count; i++)
        table_free(&summary->tables[i]);
    table_free(&summary->overall);
    slot_table_free(&summary->facts.trials);
    samples_free(&summary->facts.slices);
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
