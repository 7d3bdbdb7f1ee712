/* samples.h - the slices of a run by load, server, round and block: what servers are compared by.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_SAMPLES_H
#define ABACUS_SAMPLES_H

#include "model/run.h"

#include <stdbool.h>
#include <stddef.h>

/* The figures by which servers are compared. */
enum quantity { QUANTITY_RATE, QUANTITY_CPU, QUANTITIES };

const char *quantity_name(enum quantity quantity); /* "requests per second" */

/* How one server did under one load. */
struct standing {
    size_t slices;      /* made */
    size_t wrong;       /* of those: they have no figures */
    const char *reason; /* of the last wrong one; borrowed; NULL: none was wrong */
    int round, block;   /* where that was */
    bool
        failed; /* the server was lost, or more than WRONG_ALLOWED of its slices are wrong */
    bool
        unable; /* it cannot hold the load's idle connections: not loaded, and no failure */
    size_t
        limited; /* slices in which the load tool, or the core they share, was the limit */
};

#define WRONG_ALLOWED 0.01

/* In every slice that counts the logarithm of each figure; NAN where there is none. */
struct samples {
    size_t loads, servers, rounds, blocks;
    double *logs
        [QUANTITIES]; /* [((load * servers + server) * rounds + round) * blocks + block] */
    struct standing *standings; /* [load * servers + server] */
};

/* Made of a run, which must outlive it, in one pass over its slices; to be freed. */
void samples_make(struct samples *samples, const struct run *run);
void samples_free(struct samples *samples);

const struct standing *samples_standing(const struct samples *samples, size_t load,
                                        size_t server);

/* Takes away the figures of a server that failed under a load in another way. */
void samples_fail(struct samples *samples, size_t load, size_t server);

/* One load of a run, or several together. */
struct loads {
    size_t first; /* its place in run.suite.loads */
    size_t count;
};

/* ln(a / b) of a round (from 0): under each load the 20 % trimmed mean of the differences within
 * the blocks that have both, and of the loads the mean, so that each has the same say. NAN where a
 * load has none. */
double samples_contrast(const struct samples *samples, enum quantity quantity,
                        struct loads loads, size_t a, size_t b, size_t round);

/* The same of a server alone: the logarithm of its figure in a round. */
double samples_level(const struct samples *samples, enum quantity quantity,
                     struct loads loads, size_t server, size_t round);

/* The contrasts of every round that has one, copied to `logs` (room for all rounds), and their
 * numbers (from 1) to `rounds`, unless that is NULL. Returns how many there are. */
size_t samples_contrasts(const struct samples *samples, enum quantity quantity,
                         struct loads loads, size_t a, size_t b, double *logs,
                         int *rounds);

/* Likewise the levels. */
size_t samples_levels(const struct samples *samples, enum quantity quantity,
                      struct loads loads, size_t server, double *logs);

#endif
