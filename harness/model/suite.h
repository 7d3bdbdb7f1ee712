/* suite.h - what to measure, as data: the loads of a run, and the servers of its own.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_SUITE_H
#define ABACUS_SUITE_H

#include <stdbool.h>
#include <stddef.h>

/* One load: how a load tool is driven against each server. One load makes one table. */
struct load {
    char *name;    /* the section's name, "c50": letters, digits, - _ . ; unique */
    char *title;   /* the table's heading; by default the tool's command, shortened */
    char *tool;    /* "ab" (the default), "wrk", "h2load" or "pace" */
    char *path;    /* the request's target, "/" by default */
    long requests; /* ab -n: requests in a trial; 0 for a tool that counts time */
    double
        seconds; /* wrk -d: a trial's duration, whole s; 0 for one that counts requests */
    int concurrency; /* ab -c: connections at a time */
    bool keepalive;  /* ab -k; false by default */
    /* So many load tools side by side, each with its share of the connections; 0, by default: as
     * many as it takes until the server is the limit, if there are cores for them. */
    int clients;
    int client_cores; /* that they have between them; 0: one */
    int rate; /* pace -R: requests/s that are due, whatever the replies; 0: a closed loop */
    /* pace: the rate is to be found, the highest at which 99 % of the requests take no longer than
     * so, ms; 0: it is not. */
    int slo;
    int idle; /* connections that are held beside the load's, each answered once before */
    long slice;   /* requests in each slice; 0, by default: as many as it takes 0.07 s */
    long priming; /* requests sent before the trial is measured; 3000 by default */
    /* The load tool gives up once nothing has moved for so long, s; 120 by default: longer
     * than any step of the kernel's SYN retries that a trial can meet, so that a lost packet
     * makes a slow request and not a failed trial. */
    int timeout;
};

/* A server of the suite's own: a program with something in its environment. */
struct suite_server {
    char *name;        /* the section's name, "libev-poll" */
    char *program;     /* a name in servers/, or a path with a '/', in the file one from
                            there on */
    char *environment; /* "NAME=VALUE …", separated by blanks; NULL: nothing */
};

/* More load tools than that no server of one core needs. */
enum { CLIENTS_MAX = 64 };

/* Requests per second that a load can ask for. */
enum { RATE_MAX = 1000000 };

/* Slices last 50 times as long (measure/bisect.h). */
enum { SLO_MS_MAX = 10000 };

/* Of more loads than that no picture is tall enough. */
enum { LOADS_MAX = 100 };

/* Twelve rounds are the fewest from which the exact test can tell one pair of twelve servers
 * from chance after Holm's correction: p = 2 / 2^12, times 66. */
enum { ROUNDS_DEFAULT = 12, ROUNDS_MAX = 1000, TRIALS_DEFAULT = 2, TRIALS_MAX = 1000 };
enum { ROUND_S_DEFAULT = 16, ROUND_S_MAX = 3600 };
enum { MINUTES_MAX = 10000, TRIAL_S_DEFAULT = 15, TRIAL_S_MAX = 86400 };

struct suite {
    char *name;      /* the file's base name, without ".ini" */
    char *about;     /* one sentence; "" if the file has none */
    int rounds;      /* of slices, from 0 to ROUNDS_MAX */
    int trials_each; /* whole trials of each server and load, from 0 to TRIALS_MAX */
    double round_s;  /* how long the slices of a load are to take in a round: a mean, s */
    double minutes; /* how long a run takes, if round_s is to follow from it; 0: not so */
    double trial_s; /* how long a whole trial takes at most, s: a server too slow for it
                           gets fewer requests; 0: however long */
    struct load *loads; /* in the file's order */
    size_t load_count;  /* at least 1 */
    struct suite_server
        *servers; /* which it is for, in the file's order; none: for any */
    size_t server_count;
    char *compare_from; /* two loads' names, for "what did going from … to … do"; */
    char *compare_to;   /* both NULL where the suite has no such question */
};

/* The server of that name, or NULL. */
const struct suite_server *suite_server(const struct suite *suite, const char *name);

/* The load of that name, or NULL. */
const struct load *suite_load(const struct suite *suite, const char *name);

/* How many cores its load tools have between them. */
static inline int load_client_cores(const struct load *load)
{
    return load->client_cores > 1 ? load->client_cores : 1;
}

/* What a load owns; it is cleared. */
void load_free(struct load *load);
void suite_free(struct suite *suite);

#endif
