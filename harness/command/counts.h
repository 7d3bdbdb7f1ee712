/* counts.h - abacus versus --counts: two programs by what a request takes, counted.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_COMMAND_COUNTS_H
#define ABACUS_COMMAND_COUNTS_H

/* What is held against what. */
struct counts_request {
    const char *programs[2];     /* names or paths: the old, the new */
    const char *environments[2]; /* "NAME=VALUE …"; NULL: nothing */
    double threshold;            /* a share: no smaller rise is worse */
    const char *out;             /* the folder; NULL: a new one under results/ */
};

/* Counts, prints what changed, and says in a sentence whether it is worse. Returns the exit status:
 * 0 the same or less, 1 worse, 2 cannot tell; 130 after Ctrl-C. */
int counts_versus(const struct counts_request *request);

#endif
