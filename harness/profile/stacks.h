/* stacks.h - where a server is at work: samples of its stacks, folded; their tree; its picture.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_STACKS_H
#define ABACUS_STACKS_H

#include "base/err.h"
#include "profile/tally.h"
#include "profile/target.h"

#include <jansson.h>
#include <stddef.h>
#include <stdio.h>

/* ---- perf.c ---- */

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

/* Has perf watch every process that the server has and will have while it is driven for so many
 * seconds, and folds what it saw, as folds_read. -1 with the reason. */
int perf_watch(struct folds *folds, struct target *target, const struct drive *drive,
               double seconds, struct err *err);

/* ---- flame.c ---- */

/* Whose code a function is. */
enum layer { LAYER_SERVER, LAYER_LIBRARY, LAYER_KERNEL, LAYERS };
extern const char *const layer_names[LAYERS];

/* A function, as called by its parent's. */
struct stack_node {
    char *name;
    enum layer layer;
    double self;                  /* samples in this very function */
    double total;                 /* and in what it called */
    struct stack_node **children; /* each owned; by name */
    size_t child_count;
};

/* The tree of folded stacks: an object with a member for each stack, "_start;main;read_[k]",
 * whose value is how many samples had it. "_[k]" behind a name says that it is the kernel's,
 * "_[l]" a library's: as flame graph tools write it. The root has no name. NULL with the
 * reason: not such an object. */
struct stack_node *stacks_tree(const json_t *folded, struct err *err);
void stacks_tree_free(struct stack_node *root);

/* How many nodes the longest stack has, the root not counted, and none with fewer samples
 * than `least`. */
size_t stacks_depth(const struct stack_node *root, double least);

/* A row of the tally is a function, wherever it was called. */
enum { FUNCTION_NAME, FUNCTION_LAYER };
enum {
    FUNCTION_SELF,  /* samples in it */
    FUNCTION_TOTAL, /* with it anywhere in their stack: one in recursion counts once */
};

/* Counts all functions into an empty tally, those with the most samples of their own first. */
void stacks_functions(struct tally *functions, const struct stack_node *root);

/* Samples in code of each layer itself. */
void stacks_layers(const struct stack_node *root, double self[LAYERS]);

/* Writes an <svg> element, to be a file or part of a page. No script: what does not fit into a
 * box is said when the mouse is on it (<title>), and a reader of the text finds it all. `title`
 * stands above the picture; `id`, of letters, digits and -, begins every id in it, so that a
 * page may hold several. */
void flame_write(FILE *out, const struct stack_node *root, const char *title,
                 const char *id);

#endif
