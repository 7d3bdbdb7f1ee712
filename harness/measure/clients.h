/* clients.h - the load tools of a trial or a slice: one, or several side by side, each on a core of
 * its own and with its share of the connections.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_CLIENTS_H
#define ABACUS_CLIENTS_H

#include "host/usage.h"
#include "measure/entrant.h"

struct client {
    struct load load; /* its share; its texts are the whole load's */
    struct proc proc; /* pid 0: not started, or collected */
    bool ended;
    struct threads threads;
    int status;        /* as from waitpid */
    double cpu_s;      /* that it used, wherever it ran; NAN: not known */
    char *output_path; /* takes what it prints */
    char *table_path;  /* what it writes itself; NULL: it writes none */
};

struct clients {
    const struct entrant *entrant; /* borrowed */
    int concurrency;               /* of all together */
    struct client *list;
    size_t count;
    bool brief;           /* they write no tables */
    double cpu_s;         /* that all used, once they are collected; NAN: not known */
    double harness_cpu_s; /* and what it took here to have them run elsewhere */
};

/* Prepares the tools for a load (load->clients, 0: one). What the first prints goes to
 * raw/NAME.txt in the run's folder, that of the second to raw/NAME-2.txt, and what they write
 * themselves to raw/NAME.csv and so on; `brief`: they write nothing themselves. On other hosts they
 * write no files: one that can print its table does that. To be freed. */
void clients_make(struct clients *clients, const struct entrant *entrant,
                  const struct load *load, const char *name, bool brief);
void clients_free(struct clients *clients);

/* Their command lines, joined by " & "; owned by the caller. */
char *clients_line(const struct clients *clients);

/* Starts all; what each prints begins with its command, as the second article shows it. -1: one
 * could not be started, and none is left. */
int clients_start(struct clients *clients, struct err *err);

/* As proc_wait, for all of them. */
enum proc_event clients_wait(struct clients *clients, int timeout_ms);

/* Ends those that are still there. */
void clients_stop(struct clients *clients);

/* How long they were ready to run without a CPU, s, or NAN if they are on other hosts: to be looked
 * at often while they live, and once when they have ended. */
void clients_look(struct clients *clients);
double clients_delay_s(const struct clients *clients);

/* Collects all, which have ended. -1: what one used was lost. */
int clients_collect(struct clients *clients, struct err *err);

/* What they measured together, held against what the server owes. -1 with the reason. */
int clients_result(const struct clients *clients, struct tool_result *result,
                   struct err *err);

/* What they printed stays under another name, or is removed if that is NULL. */
void clients_keep(const struct clients *clients, const char *name);

#endif
