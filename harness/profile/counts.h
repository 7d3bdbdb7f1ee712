/* counts.h - what a request takes, counted: instructions, system calls, allocations. Counts do not
 * depend on what else the machine does, so a change in one is a change.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_COUNTS_H
#define ABACUS_COUNTS_H

#include "profile/profile.h"

#include <stdbool.h>

/* Which parts of a profile have counts. */
void counts_wanted(bool wanted[PARTS]);

enum counts_verdict {
    COUNTS_SAME,  /* or fewer */
    COUNTS_WORSE, /* one rose by more than the threshold */
    COUNTS_NONE,  /* nothing of both is known */
};

/* Holds a server against what it was, and writes every count that differs: instructions by more
 * than 0.5 %, calls and allocations by more than 0.01 a request, with the functions and the calls
 * that changed. `threshold` is a share. A page that is NULL: the verdict alone. */
enum counts_verdict counts_write(struct page *page, const struct profile_server *old,
                                 const struct profile_server *new, double threshold);

/* The same of each server that both profiles have, in a section. COUNTS_NONE: there is none. */
enum counts_verdict counts_compare(struct page *page, const struct profile *old,
                                   const struct profile *new, double threshold);

#endif
