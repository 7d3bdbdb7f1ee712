/* flame.h - a flame graph (Gregg 2011): a tree of sampled stacks as a picture in which width is
 * the share of samples.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_FLAME_H
#define ABACUS_FLAME_H

#include "profile/stacks_tree.h"

#include <stdio.h>

/* Writes an <svg> element, to be a file or part of a page. No script: what does not fit into a
 * box is said when the mouse is on it (<title>), and a reader of the text finds it all. `title`
 * stands above the picture; `id`, of letters, digits and -, begins every id in it, so that a
 * page may hold several. */
void flame_write(FILE *out, const struct stack_node *root, const char *title,
                 const char *id);

#endif
