/* summary.h - from trials to tables' figures: one table per load, one cell per server.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_SUMMARY_H
#define ABACUS_SUMMARY_H

#include "analyse/compare.h"
#include "analyse/slots.h"
#include "model/run.h"
#include "stats/stats.h"

/* What a reader should know about a figure that counts all the same. */
struct flag {
    const char *rule; /* of the check that raised it: "retries"; borrowed */
    enum quantity
        quantity;  /* whose rounds it is about; QUANTITIES: the trials themselves */
    size_t rounds; /* in which it was raised; 0: it is about all rounds together */
    double value;  /* the last time; NAN: not known */
    double limit;
};

/* Starts zeroed; one flag a rule. */
struct flags {
    struct flag *items;
    size_t count;
};

/* Adds what a check said of one round. */
void flags_add(struct flags *flags, const char *rule, double value, double limit);

/* Adds a flag for each: a large spread, an outlier, a first round slower than any other,
 * two speeds. The figures count all the same: to leave one out because it does not please
 * would make the others look better than they are. */
void spread_flag(struct flags *flags, const struct slots *slots, enum quantity quantity);

/* Such a flag in words, owned by the caller. */
char *spread_words(const struct flag *flag);

void flags_free(struct flags *flags);

/* One figure's A/A control, over all rounds and all loads of a run: the pairs of trials
 * of a round under a load, in which nothing differs but the name. */
struct noise_floor {
    const struct run_server *control; /* borrowed; NULL: the run has none */
    size_t pairs;
    struct interval ratio; /* the control's figure / the original's: Hodges-Lehmann on
                              the logarithms, exact signed-rank interval */
    double delta;          /* the share that an estimate must exceed: half the interval's
                              width, at least DIFFERENCE_OF_INTEREST */
    bool trustworthy;      /* false: the interval lies off 1 by more than
                              DIFFERENCE_OF_INTEREST; `delta` is then its farther end */
};

/* One server under one load, over all rounds. A round counts once, however many attempts
 * it took. Every figure is the median over the rounds that count unless it says
 * otherwise; NAN where there is none. */
struct cell {
    const struct run_server *server; /* borrowed from the run, as its load is */
    const struct load *load;         /* NULL: all loads together */
    size_t rounds;                   /* with a valid trial: they count */
    size_t uncounted;                /* without one, whatever was tried */
    size_t retried;            /* of those that count: valid only after another attempt */
    size_t invalid, disturbed; /* attempts thrown out, of all rounds, by verdict */
    /* Of the last attempt thrown out, or why the server is missing; or NULL. */
    const char *reason;
    struct flags flags;
    /* The valid trial nearest the median requests per second; NULL if none. */
    const struct trial *example;
    struct interval requests_per_second; /* one round alone has no low and high */
    struct interval cpu_us_per_request;
    struct interval cpu_ratio; /* to the server with the least in the table */
    /* Of the servers that do not differ significantly; "": no figure. Borrowed from the
     * table's comparisons. */
    const char *letters[QUANTITIES];
    double time_per_request_ms;
    double megabytes_per_second; /* received by the load tool, heads too; 10^6 bytes */
    /* [0] is the minimum of all rounds, [100] the maximum. */
    double percentile_ms[PERCENTILES];
    /* Likewise: min of min, max of max. */
    struct connection_time connect, processing, waiting, total;
    double server_busy, client_busy;
    enum bound bound; /* of most of the trials; the client where two are as frequent */
};

/* The A/A control has no cell: it does not compete. */
struct table {
    const struct load *load; /* borrowed; NULL: all loads together */
    struct cell *cells; /* by the estimate: most requests per second first, then those
                           without; what can be told apart is in the comparisons */
    size_t cell_count;
    struct comparison comparisons[QUANTITIES]; /* of the cells, by their places */
};

/* Makes the table of one load; `floors` are the run's, one a quantity. */
void table_make(struct table *table, const struct slot_table *slots,
                const struct load *load, const struct noise_floor *floors);

/* Of all loads together: a server's figure in a round is the geometric mean of its CPU time
 * per request under each load, so that each load has the same say and what is a tenth
 * more expensive under all comes out as that. A mean of L loads has 1/sqrt(L) of the
 * noise, so this table tells apart what a single load's cannot. Only CPU per request is
 * compared, and the cells have no other figure. A run of one load has no such table: no
 * cells. */
void table_make_overall(struct table *table, const struct slot_table *slots,
                        const struct noise_floor *floors);

void table_free(struct table *table);

enum change { CHANGE_RAISED, CHANGE_LOWERED, CHANGE_NEGLIGIBLE, CHANGE_UNCLEAR };

/* What going from one load to another did to a server's requests per second: the ratio
 * to / from, paired by round (Hodges and Lehmann on the logarithms). */
struct shift {
    const struct run_server *server;
    size_t rounds; /* in which both trials count */
    struct interval ratio;
    enum change change;
};

struct summary {
    struct slot_table slots; /* the trials that the rest is made of */
    struct table *tables;    /* in the suite's order */
    size_t table_count;
    struct table overall; /* all loads together, by CPU per request; without cells
                             if there is one load only */
    struct noise_floor floors[QUANTITIES];
    struct shift *shifts; /* in the servers' order; empty where the suite does not ask */
    size_t shift_count;
    int rounds_done;      /* rounds in which every server met every load */
    double tool_wall_s;   /* sum over all trials */
    double harness_share; /* abacus' own CPU time / tool_wall_s */
};

/* A change of requests per second is negligible if its interval lies within this share of
 * none, and raised or lowered if the interval lies beyond. Any other is unclear, and so
 * is one that a single round shows. */
#define SHIFT_NEGLIGIBLE 0.05

/* The percentiles that ab prints, and so do the tables: 50, 66, …, 100. */
enum { PERCENTILES_SHOWN = 9 };
extern const int percentiles_shown[PERCENTILES_SHOWN];

/* Computes the summary of a run; the caller frees it, and keeps the run for as long. */
void summary_make(struct summary *summary, const struct run *run);
void summary_free(struct summary *summary);

/* The table of the load of that name, and a server's cell in a table. NULL: there is
 * none. */
const struct table *summary_table(const struct summary *summary, const char *load);
const struct cell *table_cell(const struct table *table, const struct run_server *server);

/* Why a cell has no figures, in a word or two: "failed", "disturbed", "left out",
 * "not measured". NULL: it has them. */
const char *cell_absence(const struct cell *cell);

#endif
