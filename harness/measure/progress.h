/* progress.h - shows what a run is doing, on standard error.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_PROGRESS_H
#define ABACUS_PROGRESS_H

#include "measure/plan.h"
#include "model/run.h"

#include <stdbool.h>
#include <stddef.h>

/* ---- where a run is, as one line of text: values in, text out ---- */

/* Texts are borrowed. */
struct status {
    bool trials;        /* whole trials are made; else rounds of slices */
    size_t step, steps; /* of these, from 1; in all */
    const char *place;  /* "c50 epoll", "c50, block 7 of 16" */
    const char *last;   /* "epoll: 17,900 req/s"; NULL: nothing yet */
    double share;       /* done, of 1 */
    double left_s;
};

/* For a line that is written over: never wider than `width` columns, of which it gives up first
 * the last figures, then the bar, then letters of the server's name. Owned by the caller. */
char *status_line(const struct status *status, size_t width);

/* For a log: what was done last. Owned by the caller. */
char *status_entry(const struct status *status);

/* "40 s", "12 min"; owned by the caller. */
char *status_duration(double seconds);

/* ---- showing it ---- */

/* A terminal has one line that is written over, at least once a second, without colours; anything
 * else, and a terminal that can do no more (TERM=dumb), a line for each trial and each round of a
 * load: so a log shows that it goes on. */
struct progress {
    const struct run *run;    /* borrowed */
    const struct step *steps; /* likewise */
    size_t count;
    bool terminal;
    size_t at;         /* the step under way */
    bool planning;     /* it has not begun: it is found how the loads are sliced */
    int block, blocks; /* of a round */
    double began;      /* when it began (clock_now) */
    double done_s;     /* what the steps before it took */
    double expected_s; /* how long it should take, */
    double after_s;    /* and those after it */
    double drawn;      /* when the line was written last */
};

void progress_begin(struct progress *progress, const struct run *run,
                    const struct step *steps, size_t count);
void progress_begin_step(struct progress *progress, size_t at);

/* Before the first round it is found how the loads are sliced. */
void progress_begin_planning(struct progress *progress, size_t at);

/* The block of a round that is under way. */
void progress_block(struct progress *progress, int block, int blocks);

/* To be called often while a step lasts: it writes only once a second. */
void progress_tick(struct progress *progress);

void progress_end_step(struct progress *progress);

/* Clears the line: something else is to be written, or the run has ended. */
void progress_clear(const struct progress *progress);

#endif
