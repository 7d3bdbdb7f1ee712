/* stacks_tree.h - where samples of a running program were taken, as a tree of who called whom.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_STACKS_TREE_H
#define ABACUS_STACKS_TREE_H

#include "base/err.h"

#include <jansson.h>
#include <stddef.h>

/* Whose code a function is. */
enum layer { LAYER_SERVER, LAYER_LIBRARY, LAYER_KERNEL, LAYERS };

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

/* One function, wherever it was called. */
struct stack_function {
    const char *name; /* the tree's */
    enum layer layer;
    double self;
    double
        total; /* samples with it anywhere in their stack: one in recursion counts once */
};

/* All functions, those with the most samples of their own first; owned by the caller. */
struct stack_function *stacks_functions(const struct stack_node *root, size_t *count);

/* Samples in code of each layer itself. */
void stacks_layers(const struct stack_node *root, double self[LAYERS]);

#endif
