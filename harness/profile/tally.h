/* tally.h - what a tool wrote, line by line; and what it counted of a server in one run, by the
 * names of functions or calls.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_TALLY_H
#define ABACUS_TALLY_H

#include "base/err.h"

#include <stddef.h>
#include <stdio.h>

/* Hands each line of `file`, without its newline, to `take`, which may alter it. A last line
 * without a newline was cut off, and is left out. -1: `take` refused one; `name` tells in the
 * reason what was read. */
int lines_read(FILE *file, const char *name, int (*take)(void *reader, char *line),
               void *reader, struct err *err);

/* The same of the file at that path. */
int lines_read_path(const char *path, int (*take)(void *reader, char *line), void *reader,
                    struct err *err);

enum { TALLY_NAMES = 3, TALLY_COUNTS = 3 };

/* What has these names, which are those of no other row. What each name and each count is, says
 * the header of the tool that fills them. */
struct tally_row {
    char *names[TALLY_NAMES]; /* owned; "" where the tool has fewer */
    double counts[TALLY_COUNTS];
};

/* Starts zeroed; freed by tally_free. */
struct tally {
    struct tally_row *rows;
    size_t count;
    void *index; /* of the rows, by their names (search.h) */
};

/* The row of these names, valid until the next is asked for. One that was not there is new, and
 * its counts are 0; or, with tally_find, NULL. */
struct tally_row *tally_row(struct tally *tally, const char *const names[TALLY_NAMES]);
const struct tally_row *tally_find(const struct tally *tally,
                                   const char *const names[TALLY_NAMES]);

/* All of its rows together: one of their counts. */
double tally_sum(const struct tally *tally, size_t count);

/* In each of `count` runs there were so many requests more than in the run `few`: makes each
 * what one of them took, so that start and end cancel, and puts the run with the least of the
 * first count first. */
void tally_per_request(struct tally *runs, size_t count, const struct tally *few,
                       double requests);

void tally_free(struct tally *tally);

#endif
