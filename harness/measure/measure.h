/* measure.h - a run: every server, every load, every round, and the record of it.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_MEASURE_H
#define ABACUS_MEASURE_H

#include "analyse/judge.h"
#include "base/err.h"
#include "model/run.h"

#include <stdbool.h>

struct measure_options {
    const char *suite; /* a name under harness/suites, or a file */
    const char *tools; /* in place of the suite's own, "wrk" or "ab,wrk"; NULL: those */
    const char *out;   /* the run's folder; NULL: a new one under results/ */
    /* The folder of a run to go on with, whose record then says what else is here but the
     * rounds, which can become more. NULL: a new run. */
    const char *resume;
    int rounds;              /* of slices; -1: as the suite, or the record, says */
    int trials;              /* whole ones of each server and load; -1: likewise */
    double minutes;          /* that the whole run is to take; 0: as it comes */
    int slo;                 /* of loads that have one, ms; 0: as the suite has it */
    unsigned long long seed; /* of the order; 0: a fresh one */
    const char *limits[16];  /* RULE=NUMBER, of the rules by which trials are judged */
    size_t limit_count;
    /* The hosts that the load tools run on, and where the servers listen for those (NULL: where
     * the first reaches this host). None: this one. */
    const char *clients[CLIENTS_MAX];
    size_t client_count;
    const char *address;
    bool debug_build; /* measure servers that were built for debugging, too */
    /* Called when the trials are made and when a round is done, but for the last: there is
     * something to see early. */
    void (*after_round)(const char *folder);
    char *const *servers; /* names or paths; none: all */
    size_t server_count;
};

/* Checks that the run can be made, and makes its folder: what is wrong with the options is
 * found before anything is measured. Fills `run` (run_free) and *folder (owned by the
 * caller). Returns 0, or the exit status: 1 or 2 with the reason. */
int measure_prepare(struct run *run, char **folder, const struct measure_options *options,
                    struct err *err);

/* The limits that the run asks for, in place of the usual ones. 0, or -1 with the reason. */
int measure_limits(struct limits *limits, const struct run *run, struct err *err);

/* Looks at the machine, then measures. Every trial and slice goes into `run` and, as it ends, into
 * the folder's record.jsonl. 0, also when the user stopped it (run->finished is then false); -1 if
 * the record cannot be written. */
int measure_run(struct run *run, const char *folder,
                const struct measure_options *options, struct err *err);

#endif
