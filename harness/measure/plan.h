/* plan.h - the steps of a run, their order, and how long they take.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_PLAN_H
#define ABACUS_PLAN_H

#include "model/run.h"

#include <stdbool.h>
#include <stddef.h>

/* A whole trial, or a round of slices of all servers. */
struct step {
    bool trial;
    int round;     /* from 1: of the trials, or of the slices */
    size_t load;   /* its place in run.suite.loads */
    size_t server; /* of a trial: its place in run.servers */
};

/* The whole trials first, so that the articles' tables are there early; then the rounds. Each
 * time every load comes once, in shuffled order, and in each load of the trials every server
 * but the control once, in shuffled order: whatever changes slowly on the machine meets all
 * alike (randomised multiple interleaved trials, Abedi & Brecht 2017). The same seed gives
 * the same order. Returns *count steps, owned by the caller. */
struct step *plan_make(const struct run *run, size_t *count);

/* Whether the run has what the step is for; a round of slices up to its last block. */
bool plan_done(const struct run *run, const struct step *step);

/* Shuffles places in an order that depends on the seed and the three numbers alone. */
void plan_shuffle(size_t *items, size_t n, unsigned long long seed, int a, int b, int c);

/* How long each step will still take, s: a trial as long as its like before, else a guess; the
 * rest of a round as long as its blocks before, else as long as it is to take. Owned by the
 * caller. */
double *plan_estimate(const struct run *run, const struct step *steps, size_t count);

/* The sum of these from step `from` on. */
double plan_left(const struct run *run, const struct step *steps, size_t count,
                 size_t from);

/* How long the next whole trial may take, s: as the suite has it; of a run that is to take so many
 * minutes at most twice its part of what is left of half of them, so that the trials of a slow or
 * busy machine leave time for the rounds. At least 1. */
double plan_trial_s(const struct run *run);

/* Sets how long the rounds' slices take, so that a run of which none is made yet lasts about so
 * many seconds from now on. */
void plan_fit(struct run *run, double seconds);

#endif
