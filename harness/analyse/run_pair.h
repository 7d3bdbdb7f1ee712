/* run_pair.h - two runs, A and B, as values side by side: what both have, compared.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_RUN_PAIR_H
#define ABACUS_RUN_PAIR_H

#include "analyse/contrast.h"
#include "analyse/summary.h"
#include "base/err.h"
#include "model/run.h"

/* One server under one load by one quantity. */
struct match {
    const char *server;          /* borrowed */
    const struct cell *cells[2]; /* of A and B */
    struct contrast contrast;
};

/* What both runs have of one load, by one quantity: in the order of A's servers, without
 * the controls. A server that has no figures in either run is left out. */
struct contrast_table {
    const struct load *load; /* A's */
    enum quantity quantity;
    struct match *matches;
    size_t count;
    double shared; /* contrasts_shared */
};

/* What follows from all of them. */
enum conclusion {
    CONCLUSION_SAME,  /* all are the same, or better */
    CONCLUSION_WORSE, /* one is worse */
    CONCLUSION_OPEN,  /* neither */
};

struct run_pair {
    const struct run *runs[2]; /* borrowed */
    struct summary summaries[2];
    struct contrast_table *tables; /* in the order of A's loads, by CPU first */
    size_t table_count;
    struct contrast_criteria criteria[QUANTITIES];
    size_t judged; /* matches whose figures are the servers' own */
    size_t made;   /* of those, with rounds enough to be tested: Holm's correction is over
                      these */
    enum conclusion conclusion;
};

/* Compares them. `threshold`: NAN for the larger one of the runs' noise floors. 0, the pair
 * then to be freed before the runs; or -1, with nothing to free: there is nothing to
 * compare (a run without a valid trial, the same run twice, no server or no load in
 * common). */
int run_pair_make(struct run_pair *pair, const struct run *a, const struct run *b,
                  double threshold, struct err *err);
void run_pair_free(struct run_pair *pair);

/* How many matches came out so. */
size_t run_pair_count(const struct run_pair *pair, enum outcome outcome);

/* In what two runs differ besides their figures; all owned by the differences. */
struct difference {
    char *what;      /* "kernel", "c50: requests", "epoll: executable" */
    char *values[2]; /* in A and B; NULL: that run does not have it at all */
};

/* First what surrounds the servers that are compared (the machine, the loads that both runs
 * have), then what only one run has, and the servers themselves: their change is mostly the
 * reason to compare. */
struct differences {
    struct difference *items;
    size_t count;
    size_t surrounding;   /* the first so many: what surrounds the servers */
    bool servers_changed; /* a common server has another executable or library */
    bool servers_known; /* every common server has its executable's digest in both runs */
};

/* What changes by itself (the time, the load average) is no difference, nor is a load tool
 * that neither run uses, nor the name of a suite. */
void differences_find(struct differences *differences, const struct run *a,
                      const struct run *b);
void differences_free(struct differences *differences);

#endif
