/* plan.c - the steps of a run, their order, and how long they take.
 * SPDX-License-Identifier: MIT */
#include "measure/plan.h"

#include "base/alloc.h"
#include "base/random.h"
#include "measure/slices.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

/* ---- the order ---- */

/* Fisher & Yates. The modulo's bias, under 2^-50 here, is of no account. */
static void shuffle(size_t *items, size_t n, uint64_t *state)
{
    for (size_t i = n; i > 1; i--) {
        size_t j = random_next(state) % i;
        size_t item = items[i - 1];
        items[i - 1] = items[j];
        items[j] = item;
    }
}

void plan_shuffle(size_t *items, size_t n, unsigned long long seed, int a, int b, int c)
{
    uint64_t state = seed;
    const int numbers[] = {a, b, c};
    for (size_t i = 0; i < 3; i++)
        state = random_next(&state) ^ (uint64_t)numbers[i];
    shuffle(items, n, &state);
}

/* The steps as they are made. */
struct maker {
    const struct run *run;
    struct step *steps;
    size_t count;
    size_t *loads;
    size_t *servers; /* that whole trials are made of */
    size_t server_count;
    uint64_t state;
};

static void add_trials(struct maker *maker, int round)
{
    size_t loads = maker->run->suite.load_count;
    shuffle(maker->loads, loads, &maker->state);
    for (size_t l = 0; l < loads; l++) {
        shuffle(maker->servers, maker->server_count, &maker->state);
        for (size_t s = 0; s < maker->server_count; s++)
            maker->steps[maker->count++] = (struct step){.trial = true,
                                                         .round = round,
                                                         .load = maker->loads[l],
                                                         .server = maker->servers[s]};
    }
}

static void add_round(struct maker *maker, int round)
{
    size_t loads = maker->run->suite.load_count;
    shuffle(maker->loads, loads, &maker->state);
    for (size_t l = 0; l < loads; l++)
        maker->steps[maker->count++] =
            (struct step){.round = round, .load = maker->loads[l]};
}

struct step *plan_make(const struct run *run, size_t *count)
{
    size_t loads = run->suite.load_count;
    struct maker maker = {
        .run = run,
        .loads = alloc_zeroed(loads, sizeof *maker.loads),
        .servers = alloc_zeroed(run->server_count, sizeof *maker.servers),
        .state = run->seed,
    };
    for (size_t i = 0; i < run->server_count; i++)
        if (!run->servers[i].missing && !run->servers[i].control_of)
            maker.servers[maker.server_count++] = i;
    for (size_t i = 0; i < loads; i++)
        maker.loads[i] = i;
    size_t trials = (size_t)run->trials_each * loads * maker.server_count;
    maker.steps = alloc_zeroed(trials + (size_t)run->rounds * loads, sizeof *maker.steps);
    for (int round = 1; round <= run->trials_each; round++)
        add_trials(&maker, round);
    for (int round = 1; round <= run->rounds; round++)
        add_round(&maker, round);
    free(maker.loads);
    free(maker.servers);
    *count = maker.count;
    return maker.steps;
}

bool plan_done(const struct run *run, const struct step *step)
{
    if (!step->trial) {
        const struct slicing *slicing = &run->slicings[step->load];
        return slicing->blocks > 0 &&
               slices_blocks_done(run, step->round, step->load) >= slicing->blocks;
    }
    for (size_t i = 0; i < run->trial_count; i++)
        if (run->trials[i].round == step->round && run->trials[i].load == step->load &&
            run->trials[i].server == step->server)
            return true;
    return false;
}

/* ---- how long it takes ---- */

/* For the first guess: what a load tool does per second on loopback, to within a factor of two,
 * and what a trial takes beside its requests, s. */
static const double guessed_rate = 16000;
static const double guessed_overhead_s = 0.3;

/* However little time is left, a whole trial may take so long. */
static const double TRIAL_S_LEAST = 1;

/* A round takes so many times as long as its slices: starting, priming, probing, resting. */
static const double ROUND_OVERHEAD = 1.25;

static double guess(const struct load *load)
{
    double requests = (double)load->requests + (double)load->priming;
    return load->seconds + requests / guessed_rate + guessed_overhead_s;
}

/* The mean over the trials of a load, of one server or, if `server` is NULL, of all; NAN: none. */
static double mean_trial_s(const struct run *run, size_t load, const size_t *server)
{
    double sum = 0;
    size_t count = 0;
    for (size_t i = 0; i < run->trial_count; i++) {
        const struct trial *trial = &run->trials[i];
        if (trial->load != load || (server && trial->server != *server))
            continue;
        sum += trial->ended_s - trial->started_s;
        count++;
    }
    return count ? sum / (double)count : NAN;
}

/* In what proportion the guesses were wrong so far. */
static double guess_error(const struct run *run)
{
    double took = 0, guessed = 0;
    for (size_t i = 0; i < run->trial_count; i++) {
        took += run->trials[i].ended_s - run->trials[i].started_s;
        guessed += guess(trial_load(run, &run->trials[i]));
    }
    return guessed > 0 ? took / guessed : 1;
}

static double trial_estimate(const struct run *run, const struct step *step)
{
    double same = mean_trial_s(run, step->load, &step->server);
    double alike = isnan(same) ? mean_trial_s(run, step->load, NULL) : same;
    return isnan(alike) ? guess(&run->suite.loads[step->load]) * guess_error(run) : alike;
}

/* What lies between the slices of a round, beside them. */
static const double BETWEEN = 1.1;

/* How long a block of this load will take: as it was planned, or as those before took. */
static double block_s(const struct run *run, size_t load)
{
    double made_s = 0, planned_s = 0, block_s = 0;
    for (size_t i = 0; i < run->server_count; i++) {
        struct share share = slicing_share(&run->slicings[load], i);
        block_s += share.takes_s / share.every;
    }
    for (size_t i = 0; i < run->slice_count; i++) {
        const struct slice *slice = &run->slices[i];
        if (slice->load != load || !(slice->wall_s > 0))
            continue;
        made_s += BETWEEN * slice->wall_s;
        planned_s += slicing_share(&run->slicings[load], slice->server).takes_s;
    }
    return planned_s > 0 ? block_s * made_s / planned_s : block_s;
}

static double round_estimate(const struct run *run, const struct step *step)
{
    const struct slicing *slicing = &run->slicings[step->load];
    if (slicing->blocks == 0)
        return ROUND_OVERHEAD * run->round_s;
    int left = slicing->blocks - slices_blocks_done(run, step->round, step->load);
    return slicing->start_s + left * block_s(run, step->load);
}

double *plan_estimate(const struct run *run, const struct step *steps, size_t count)
{
    double *each = alloc_zeroed(count, sizeof *each);
    for (size_t i = 0; i < count; i++)
        if (!plan_done(run, &steps[i]))
            each[i] = steps[i].trial ? trial_estimate(run, &steps[i])
                                     : round_estimate(run, &steps[i]);
    return each;
}

double plan_left(const struct run *run, const struct step *steps, size_t count,
                 size_t from)
{
    double *each = plan_estimate(run, steps, count);
    double sum = 0;
    for (size_t i = from; i < count; i++)
        sum += each[i];
    free(each);
    return sum;
}

/* Of a run's minutes, that the whole trials may take. */
static const double TRIALS_SHARE = 0.5;

static size_t trials_planned(const struct run *run)
{
    size_t count, trials = 0;
    struct step *steps = plan_make(run, &count);
    for (size_t i = 0; i < count; i++)
        trials += steps[i].trial;
    free(steps);
    return trials;
}

double plan_trial_s(const struct run *run)
{
    double left_s = TRIALS_SHARE * 60 * run->suite.minutes;
    size_t planned = trials_planned(run);
    if (run->suite.minutes <= 0 || planned <= run->trial_count)
        return run->suite.trial_s;
    if (run->trial_count > 0)
        left_s -= run->trials[run->trial_count - 1].ended_s;
    double each_s = left_s / (double)(planned - run->trial_count);
    return fmin(run->suite.trial_s, fmax(TRIAL_S_LEAST, 2 * each_s));
}

void plan_fit(struct run *run, double seconds)
{
    double trials_s = 0;
    size_t count;
    struct step *steps = plan_make(run, &count);
    for (size_t i = 0; i < count; i++)
        trials_s += steps[i].trial && !plan_done(run, &steps[i])
                        ? trial_estimate(run, &steps[i])
                        : 0;
    free(steps);
    double rounds = (double)run->rounds * (double)run->suite.load_count;
    if (rounds > 0)
        run->round_s = fmax(1, (seconds - trials_s) / rounds / ROUND_OVERHEAD);
}
