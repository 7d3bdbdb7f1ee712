/* stacks_fold.h - what `perf script` printed, folded: each stack once, with how many samples
 * had it.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_STACKS_FOLD_H
#define ABACUS_STACKS_FOLD_H

#include "base/err.h"

#include <jansson.h>
#include <stddef.h>
#include <stdio.h>

/* How `perf script` is to print, for its -F. */
#define STACKS_FIELDS "comm,pid,tid,ip,sym,dso"

struct folds {
    json_t *stacks; /* for stacks_tree; owned */
    size_t samples;
    /* Of these, how many stacks are whole: they reach the function that the program, or a
     * thread of it, began with ... */
    size_t whole;
    /* ... and how many show the kernel's part alone, from its entry on: at the birth and the
     * death of a process there is no user stack to be read. */
    size_t kernel_only;
};

/* Reads all of `script`. Functions of the executable `program` are the server's own, others
 * in user space a library's. What is cut off at the end is left out. 0, to be freed with
 * folds_free; or -1 with the reason: a line that is none of perf's, or no sample at all. */
int folds_read(struct folds *folds, FILE *script, const char *program, struct err *err);
void folds_free(struct folds *folds);

#endif
