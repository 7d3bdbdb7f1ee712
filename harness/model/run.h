/* run.h - a run as a value: the machine, the servers, the loads, and every trial. Measuring
 * makes one, record.jsonl keeps it, and every table and plot is computed from it alone.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_RUN_H
#define ABACUS_RUN_H

#include "host/counters.h"
#include "host/footprint.h"
#include "host/machine.h"
#include "model/suite.h"

#include <stdbool.h>
#include <stddef.h>

struct run_server {
    char *name; /* how the tables call it; unique in a run */
    char *path; /* the executable */
    char *
        about; /* what -i printed: its I/O model, its library and version; "" if nothing */
    char *environment; /* "NAME=VALUE …" that it is run with; NULL: nothing of its own */
    char *sha256;      /* of the executable, in hex; "" if it could not be had */
    /* The name of the server that this is once more, to show how far apart the same server
     * comes out: the A/A control. NULL: a server. */
    char *control_of;
    /* Why it was left out ("library … is not installed", "… Operation not permitted"); NULL: it
     * takes part. */
    char *missing;
    /* What it says that it can do (servers/README.md); NULL: nothing, as the records of old. */
    char *cores;  /* "all": it has a loop on each core that it is given */
    char *blocks; /* "request", "reply" or both: at which a client holds up the others */
    char *only;   /* "GET /": it has no other page */
};

enum verdict {
    VERDICT_VALID,   /* its figures count */
    VERDICT_INVALID, /* it has no figures, only a reason */
};

/* What a broken rule does to its trial: each leads to the verdict of the same number. */
enum consequence {
    CONSEQUENCE_FLAG = VERDICT_VALID, /* it counts, with a mark for the reader */
    CONSEQUENCE_INVALID = VERDICT_INVALID,
};

/* What a check saw in a trial: a reader's mark, or what makes the verdict. */
struct remark {
    char *rule; /* the check's name, "foreign CPU" */
    enum consequence consequence;
    double value; /* that it measured, in the rule's unit; NAN: not recorded */
    double limit; /* that it was held against */
};

/* What a load tool said about one trial. A number that the tool does not give is NAN
 * (or -1 where it is a count): never zero. */
struct connection_time { /* one row of ab's "Connection Times (ms)"; whole ms but sd */
    double min, mean, sd, median, max;
};

enum { PERCENTILES = 101 }; /* 0 % (the shortest) to 100 % (the longest request) */

struct tool_result {
    double seconds;              /* "Time taken for tests", s */
    double requests_per_second;  /* mean, complete requests / seconds */
    double time_per_request_ms;  /* concurrency * seconds / complete, ms */
    double kilobytes_per_second; /* "Transfer rate", 1024 bytes/s, received */
    long complete;               /* requests, failed ones and errors of HTTP included */
    long failed;
    char failures[96]; /* the tool's own account of the failed ones, "Connect: 0, Receive:
                          0, Length: 10, Exceptions: 0"; "" if none failed */
    long non_2xx;      /* wrk calls 3xx fine, ab does not */
    long write_errors;
    long keepalive;       /* requests on a connection that was kept */
    long document_length; /* bytes of the first reply's body */
    long total_bytes;     /* "Total transferred" */
    long body_bytes;      /* "HTML transferred" */
    struct connection_time connect, processing, waiting, total;
    double percentile_ms[PERCENTILES]; /* time of a request, ms, resolution 1 µs */
    double p999_ms;                    /* 99.9 % of the requests took no longer */
    /* At its 99th percentile: how late the tool sent what was due and could have been sent. */
    double lateness_ms;
};

/* Every field NAN, -1 or "". */
void tool_result_clear(struct tool_result *result);

/* Which side had no CPU time left: what the requests per second measure. */
enum bound {
    BOUND_SERVER,  /* the server was the limit */
    BOUND_CLIENT,  /* the load tool was the limit: req/s says little about the server */
    BOUND_WAITING, /* neither: both waited at times */
};

/* Above these shares of its CPU time the server, or the load tool, was the limit. */
#define SERVER_BOUND 0.90
#define CLIENT_BOUND 0.95

/* The load's own command, whole, against a server that was started for it. */
struct trial {
    size_t server; /* its place in run.servers */
    size_t load;   /* its place in run.suite.loads */
    int round;     /* from 1: which one of its server and load */
    enum verdict verdict;
    char *reason;  /* one line, if not valid; else NULL */
    char *command; /* the load tool's exact command line; NULL if it never ran */
    char *raw;     /* the load tool's printout, relative to the run's folder; or NULL */
    double started_s; /* since the run began, s, monotonic clock */
    double ended_s;
    struct tool_result result; /* cleared unless valid */
    double tool_wall_s;        /* from the start of the load tool to its end, s */
    double server_cpu_s;       /* user + system of the server and its children, s */
    double client_cpu_s;       /* of the load tool, s */
    double harness_cpu_s;      /* of abacus itself, s */
    bool shared_core;          /* server and load tool had one core between them */
    double server_cores;       /* how many the server was given */
    double cpu_us_per_request; /* as slice_cpu_us */
    double server_busy;        /* share of its cores, 0 to 1 */
    double client_busy;        /* share of the load tool's core */
    enum bound bound;
    double client_delay_s;    /* the load tool was ready to run, but without a CPU, s */
    struct counters counters; /* what the kernel counted from its start to its end */
    double *accepts; /* connections accepted in each 100 ms of it, the last cut off
                                 by its end; TCP segments received, if connections are kept */
    size_t accept_count;
    struct remark *remarks;
    size_t remark_count;
};

/* The times of a slice's requests that are kept: of 50, 99 and 99.9 % of them, and the longest. */
enum slice_time { TIME_P50, TIME_P99, TIME_P999, TIME_MAX, TIMES_KEPT };

/* A short turn of the load tool against a server that stays up, side by side with the others
 * (measure/slices.h): the way in which servers are compared. */
struct slice {
    size_t server, load; /* as in a trial */
    int rate; /* at which requests were due, per second, where it is to be found; 0: the load's */
    int round,
        block; /* from 1; every server has at most one in each block. Block 0: it was lost
                             before the first round */
    char *reason;         /* why it does not count; NULL: it does */
    bool last;            /* the server was gone, and had no more in this round */
    double seconds;       /* as the load tool measured it */
    double wall_s;        /* from the tool's start to its end */
    double server_cpu_s;  /* of the server and its children, until it was idle again */
    double client_cpu_s;  /* of the load tool */
    double machine_cpu_s; /* of all that ran on the machine: in steps of a clock tick */
    double steal_s;       /* that the hypervisor gave to others */
    double harness_cpu_s; /* of abacus itself, from the tool's start to its end */
    double complete;      /* requests */
    double accepted;      /* connections, by the kernel's count */
    /* Of a load with a rate: from the moment when a request was due, ms; NAN else, as the next. */
    double time_ms[TIMES_KEPT];
    double lateness_ms; /* as in struct tool_result */
    bool
        unable; /* the server cannot hold the load's idle connections: it was not loaded, and
                    that is no failure */
};

/* What memory a server takes before a load's idle connections are there, and while it holds all of
 * them and nothing else happens. */
struct holding {
    size_t server, load; /* as in a trial */
    int round;           /* of slices; the connections are held until its end */
    struct footprint before, held;
};

/* How a load is sliced: found by a first slice of each server, and then the same for all. */
enum { BLOCKS_MAX = 10000 };

/* What one server does of it. */
struct share {
    long requests;  /* in each of its slices */
    long lead_in;   /* requests before each of them that are not counted */
    int every;      /* it takes part in one of so many blocks */
    double takes_s; /* how long its slice should take; 0: not known */
    /* Requests per second that it answered to one client that never waits, where the rate is to be
     * found: what is tried lies around it; else 0. */
    double rate;
};

struct slicing {
    long requests;  /* in each slice, but for servers too slow for it; 0: not known yet */
    int blocks;     /* in each round */
    double start_s; /* how long the servers take to be started and stopped */
    struct share *shares; /* one for each server; NULL: all alike */
};

struct run {
    struct suite suite;
    unsigned long long seed; /* of the order of trials, loads and slices */
    int rounds;              /* of slices: asked for */
    int trials_each;         /* whole trials of each server and load: asked for */
    double round_s; /* how long the slices of a load are to take in a round: a mean */
    char *
        *limits; /* RULE=NUMBER: what trials were judged by, where it was not the usual */
    size_t limit_count;
    char *started; /* UTC, ISO 8601 */
    char *
        *clients; /* the hosts that the load tools ran on, "USER@HOST"; none: this one */
    size_t client_count;
    char *address; /* where the servers listened for those; NULL if there are none */
    struct fact *machine;
    size_t machine_count;
    struct run_server *servers; /* in the order asked for */
    size_t server_count;
    struct trial *trials; /* as they ended */
    size_t trial_count;
    struct slice *slices; /* as they ended */
    size_t slice_count;
    struct holding *holdings; /* of loads with idle connections, as they began */
    size_t holding_count;
    struct slicing *slicings; /* one for each load */
    bool finished;            /* every trial and every round was done */
    double wall_s;            /* from start to end; NAN if the run did not finish */
    double throttled_s; /* for which a CPU quota stopped it; 0 if it did not finish */
    char **notes;       /* what a reader must know: a weaker isolation, a line of the
                               record that cannot be used */
    size_t note_count;
};

const char *verdict_name(enum verdict verdict); /* "valid", … as the record has it */
const char *bound_name(enum bound bound);       /* "server", "client", "waiting" */

const struct run_server *run_server(const struct run *run, const char *name);

/* The server and the load of a trial of the run. */
const struct run_server *trial_server(const struct run *run, const struct trial *trial);
const struct load *trial_load(const struct run *run, const struct trial *trial);

/* What the run's machine has of that name, or NULL. */
const char *run_fact(const struct run *run, const char *name);

void trial_add_remark(struct trial *trial, const char *rule, enum consequence consequence,
                      double value, double limit);

/* What a server does of a load's slicing. */
struct share slicing_share(const struct slicing *slicing, size_t server);

/* The CPU time of the server, µs, for each connection that it accepted; where connections are
 * kept, for each request. ab opens some more than it needs, and they are work, too. */
double slice_cpu_us(const struct run *run, const struct slice *slice);

/* Take ownership of what is added; memory that cannot be had ends the program. */
void run_add_trial(struct run *run, const struct trial *trial);
void run_add_slice(struct run *run, const struct slice *slice);
void run_add_holding(struct run *run, const struct holding *holding);
void run_add_limit(struct run *run, const char *limit);
void run_add_client(struct run *run, const char *host);
/* A note that is there already is not added again. */
void run_add_note(struct run *run, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

void run_server_free(struct run_server *server); /* what it owns; it is cleared */
void trial_free(struct trial *trial);
void run_free(struct run *run);

#endif
