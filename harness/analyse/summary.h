/* summary.h - from trials to tables' figures: one table per load, one cell per server.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_SUMMARY_H
#define ABACUS_SUMMARY_H

#include "analyse/compare.h"
#include "analyse/knee.h"
#include "analyse/samples.h"
#include "analyse/slots.h"
#include "model/run.h"
#include "stats/stats.h"

/* What a reader should know about a figure that counts all the same. */
struct flag {
    const char *rule; /* of the check that raised it: "retries"; borrowed */
    enum quantity
        quantity;  /* whose rounds of slices it is about; QUANTITIES: the whole trials */
    size_t trials; /* in which it was raised; 0: it is about all rounds together */
    double value;  /* the last time; NAN: not known */
    double limit;
};

/* Starts zeroed; one flag a rule. */
struct flags {
    struct flag *items;
    size_t count;
};

/* Adds what a check said of one trial. */
void flags_add(struct flags *flags, const char *rule, double value, double limit);

/* Adds a flag for each: a large spread, an outlier, a first round more expensive than any other,
 * two speeds. `values` are the figure's in each round, in their order. The figures count all the
 * same: to leave one out because it does not please would make the others look better than
 * they are. */
void spread_flag(struct flags *flags, const double *values, size_t count,
                 enum quantity quantity);

/* Such a flag in words, owned by the caller. */
char *spread_words(const struct flag *flag);

void flags_free(struct flags *flags);

/* One figure's A/A control under one load, or several together: a server takes part twice in
 * every block, under two names. */
struct noise_floor {
    const struct run_server *control; /* borrowed; NULL: the run has none */
    size_t rounds;                    /* in which both have the figure */
    struct interval ratio; /* the control's figure / the original's: Hodges-Lehmann on
                              the logarithms, exact signed-rank interval */
    double delta; /* half the interval's width, at least DIFFERENCE_OF_INTEREST: servers
                           that are less apart are alike */
    double
        margin; /* the ratio's distance from 1, at least DIFFERENCE_OF_INTEREST: what is
                           less is no difference */
    bool
        trustworthy; /* false: the interval excludes 1 by more than TRUST_LIMIT; `delta` and
                           `margin` are then its farther end */
};

#define TRUST_LIMIT 0.01

struct facts;

/* What came of a load with a rate, from the slices. */
struct paced {
    size_t slices; /* that count; 0: the load has no rate, and the rest is NAN */
    size_t
        late; /* of those: pace was late by more than LATENESS_MS, so they have no times */
    double achieved; /* of the requests that were due: a share, the median */
    struct interval
        time_ms[TIMES_KEPT]; /* Hodges-Lehmann over the rounds, on logarithms */
};

/* What is sent so late, at the 99th percentile, says nothing of the server's time. */
#define LATENESS_MS 0.1

/* A server that answers a smaller share in the time is saturated. */
#define SATURATED_BELOW 0.99

/* Of the server and load of a cell; and of one without figures. */
struct paced paced_make(const struct facts *facts, size_t load, size_t server);
struct paced paced_none(void);

/* What one of a load's idle connections takes in memory, kB: what the server takes more while it
 * holds them, for each. Hodges-Lehmann over the rounds; NAN: not known. */
struct idle_memory {
    struct interval own_kb;    /* of the server's processes */
    struct interval kernel_kb; /* sockets, objects, stacks, page tables */
    bool
        of_machine; /* the latter for the whole machine, so with both ends of a connection */
};

/* Of the server and load of a cell; and of one without figures. */
struct idle_memory idle_memory_make(const struct facts *facts, size_t load,
                                    size_t server);
struct idle_memory idle_memory_none(void);

/* One server under one load. CPU time is from the slices, all else from the whole trials: the
 * median over those that count unless it says otherwise; NAN where there is none. */
struct cell {
    const struct run_server *server; /* borrowed from the run, as its load is */
    const struct load *load;         /* NULL: all loads together */
    size_t trials;                   /* whole ones that count */
    size_t trials_invalid;
    size_t rounds;          /* of slices, that have a figure */
    struct standing slices; /* how they went */
    /* Why it has no figures, or where it has some what was wrong last: the server is missing, was
     * lost, no whole trial counts, too many slices were wrong. Borrowed; NULL: nothing. */
    const char *reason;
    bool failed; /* it has no figures because of that */
    bool unable; /* or because it cannot hold the load's idle connections */
    struct flags flags;
    /* The valid trial nearest the median requests per second; NULL if none. */
    const struct trial *example;
    struct interval requests_per_second; /* lowest, median, highest of the whole trials */
    struct interval
        cpu_us_per_request;    /* Hodges-Lehmann over the rounds, on logarithms */
    struct interval cpu_ratio; /* to the server with the least in the table */
    /* Requests per second that one core could serve: 10^6 / cpu_us_per_request, computed. */
    struct interval capacity;
    double machine_us_per_request; /* CPU time of the whole machine, load tool included */
    /* Of the servers that do not differ significantly; "": no figure. Borrowed from the
     * table's comparisons. */
    const char *letters[QUANTITIES];
    double time_per_request_ms;
    double megabytes_per_second; /* received by the load tool, heads too; 10^6 bytes */
    /* [0] is the minimum of all trials, [100] the maximum. */
    double percentile_ms[PERCENTILES];
    /* Likewise: min of min, max of max. */
    struct connection_time connect, processing, waiting, total;
    double server_busy, client_busy;
    enum bound bound;   /* of most of the trials; the client where two are as frequent */
    struct paced paced; /* of a load with a rate */
    struct knee knee;   /* of one whose rate is to be found */
    struct idle_memory memory; /* of a load with idle connections */
};

/* The A/A control has no cell: it does not compete. */
struct table {
    const struct load *load; /* borrowed; NULL: all loads together */
    struct cell *cells; /* by the estimate: most requests per second first, then those
                           without; which differ is in the comparisons */
    size_t cell_count;
    struct noise_floor floors[QUANTITIES];
    struct comparison comparisons[QUANTITIES]; /* of the cells, by their places */
};

/* What tables are made of. */
struct facts {
    const struct run *run;
    struct slot_table trials;
    struct samples slices;
};

/* Makes the table of one load. */
void table_make(struct table *table, const struct facts *facts, size_t load);

/* Of all loads together: in each round the mean of the loads' logarithms, so that each load has the
 * same say. A mean of L loads has 1/sqrt(L) of the noise. Only CPU per request is compared, and
 * the cells have no other figure. A run of one load has no such table: no cells. */
void table_make_overall(struct table *table, const struct facts *facts);

/* The A/A control's. */
void floor_make(struct noise_floor *noise_floor, const struct facts *facts,
                enum quantity quantity, struct loads loads);

void table_free(struct table *table);

enum change { CHANGE_RAISED, CHANGE_LOWERED, CHANGE_NEGLIGIBLE, CHANGE_UNCLEAR };

/* What going from one load to another did to a server's figure: the ratio to / from, paired by
 * round (Hodges and Lehmann on the logarithms). */
struct shift {
    const struct run_server *server;
    size_t rounds; /* that have both */
    struct interval ratio[QUANTITIES];
    enum change change[QUANTITIES];
};

/* What else happened on the machine while load tools ran: it widens the intervals, and takes
 * nothing away. */
struct disturbance {
    double seconds;   /* that load tools ran */
    double foreign_s; /* CPU time of others than server, load tool and abacus */
    double steal_s;   /* that the hypervisor gave to others */
};

struct summary {
    struct facts facts;   /* that the rest is made of */
    struct table *tables; /* in the suite's order */
    size_t table_count;
    struct table overall; /* all loads together, by CPU per request; without cells
                             if there is one load only */
    struct noise_floor floors[QUANTITIES]; /* of all loads together */
    struct shift *shifts; /* in the servers' order; empty where the suite does not ask */
    size_t shift_count;
    int rounds_done; /* rounds of slices that are whole, under every load */
    struct disturbance disturbance;
    double slice_share;   /* of the rounds' time, in which slices ran; NAN: not known */
    double harness_share; /* abacus' own CPU time while a slice ran, of a core */
};

/* A change is negligible if its interval lies within this share of
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

/* Why a cell has no figures, in a word or two: "failed", "left out", "not measured". NULL: it has
 * them. */
const char *cell_absence(const struct cell *cell);

#endif
