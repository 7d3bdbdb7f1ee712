/* paths.h - where abacus finds its own things: beside itself, never by the
 * current folder.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_PATHS_H
#define ABACUS_PATHS_H

#include "base/err.h"

/* Finds the folders below. 0, or -1 if this executable does not lie in an abacus tree. */
int paths_init(struct err *err);

const char *paths_build(void);   /* the folder of this executable: flags, servers/ */
const char *paths_servers(void); /* paths_build()/servers */
const char *paths_suites(void);  /* harness/suites of the tree */
const char *paths_plots(void);   /* plots of the tree */
const char *paths_profile(void); /* harness/profile of the tree */
const char *paths_results(void); /* results of the tree; of an installed abacus, here */

/* A path as people elsewhere can use it: within the tree, from its root on. Part of `path`. */
const char *paths_within(const char *path);

/* The way back: a path within the tree, made absolute. Owned by the caller. */
char *paths_absolute(const char *within);

#endif
