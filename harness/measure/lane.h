/* lane.h - a server in a round of slices: it stays up, and has a slice whenever its turn comes.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_LANE_H
#define ABACUS_LANE_H

#include "measure/entrant.h"
#include "measure/holder.h"
#include "model/run.h"

#include <stdbool.h>
#include <stdio.h>

struct lane {
    size_t server; /* its place in run.servers */
    bool open;     /* to be closed */
    bool up;       /* it takes part */
    char *error_path;
    struct entrant entrant;
    struct holder holder; /* of the load's idle connections */
    struct share share;   /* of the round, as it is planned; before it is, its lead-in */
    bool rested; /* it was idle after its last slice, and nobody has asked it since */
    double longest_s; /* that a slice of it took so far, or should take; 0: not known */
};

/* A round under one load. */
struct pass {
    struct run *run; /* borrowed, as are the next two */
    FILE *record;
    const struct conditions *conditions;
    int round;
    size_t load;        /* its place in run.suite.loads */
    struct lane *lanes; /* from here on: made when it is opened */
    size_t lane_count;
};

static inline const struct load *pass_load(const struct pass *pass)
{
    return &pass->run->suite.loads[pass->load];
}

/* Starts every server afresh, each with its own network and cgroup, probes and primes it; not one
 * that was lost under this load before. One that cannot be started has a slice with the reason, in
 * `block`. As all of this file: 1: go on; 0: the user wants to stop; -1: the run's files cannot
 * be written. To be closed, whatever comes back; the rest of the pass is then freed. */
int pass_open(struct pass *pass, int block, struct err *err);

/* Asks each server once more, and stops it: what is wrong then is wrong with the whole round.
 * `going` is what came before, and comes back unless there is worse. */
int pass_close(struct pass *pass, int block, int going, struct err *err);

/* A turn of the load tool of so many requests: fills in `slice`, with figures or a reason. */
int lane_slice(const struct pass *pass, struct lane *lane, struct slice *slice, int block,
               long requests, struct err *err);

/* Adds a slice to the run and its record; one that was the last of its server's takes it out of
 * the round. */
int lane_record(const struct pass *pass, struct lane *lane, struct slice *slice,
                struct err *err);

#endif
