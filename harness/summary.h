/* summary.h - from trials to tables' figures: one table per load, one cell per server.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_SUMMARY_H
#define ABACUS_SUMMARY_H

#include "run.h"
#include "stats.h"

/* One server under one load, over all rounds. Every figure is the median over the rounds of
 * the trials' figures unless it says otherwise; NAN where no trial was valid. */
struct cell {
    const struct run_server *server; /* borrowed from the run */
    size_t rounds; /* trials that count */
    size_t failed; /* trials that do not */
    const char *reason; /* why: the last failed trial's, or why the server is missing; or NULL */
    const struct trial *example; /* the valid trial nearest the median req/s; NULL if none */
    struct interval requests_per_second;
    struct interval cpu_us_per_request;
    double time_per_request_ms;
    double kilobytes_per_second;
    double percentile_ms[PERCENTILES]; /* [100] is the maximum over the rounds */
    struct connection_time connect, processing, waiting, total; /* min of min, max of max */
    double server_busy, client_busy;
    enum bound bound; /* of most of the trials */
};

struct table {
    const struct load *load; /* borrowed */
    struct cell *cells;      /* ranked: most requests per second first, then those without */
    size_t cell_count;
};

enum change { CHANGE_RAISED, CHANGE_LOWERED, CHANGE_NEGLIGIBLE, CHANGE_UNCLEAR };

/* What going from one load to another did to a server's requests per second: the ratio
 * to / from, paired by round. */
struct shift {
    const struct run_server *server;
    struct interval ratio;
    enum change change;
};

struct summary {
    struct table *tables; /* in the suite's order */
    size_t table_count;
    struct shift *shifts; /* empty where the suite has no such question */
    size_t shift_count;
    int rounds_done;     /* rounds in which every server met every load */
    double tool_wall_s;  /* sum over all trials */
    double harness_share; /* abacus' own CPU / the load tool's wall time, over all trials */
};

/* The share of requests per second below which a shift is called negligible. */
#define SHIFT_NEGLIGIBLE 0.05

/* Computes the summary of a run; the caller frees it, and keeps the run for as long. */
void summary_make(struct summary *summary, const struct run *run);
void summary_free(struct summary *summary);

#endif
