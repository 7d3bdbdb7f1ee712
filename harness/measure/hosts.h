/* hosts.h - what a run is made on: this host, which the servers run on, and those of the load tools.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_HOSTS_H
#define ABACUS_HOSTS_H

#include "model/run.h"

#include "base/err.h"

/* Connects to the hosts of the run's load tools, if it has others than this one (remotes_close),
 * and chooses where its servers listen: at `address`, or, if that is NULL, at the address by which
 * the first of them sees this host. -1 with the reason. */
int hosts_open(struct run *run, const char *address, struct err *err);

/* The load tools that the suite needs must be there, on each host. -1 with the reason. */
int hosts_check_tools(const struct suite *suite, struct err *err);

/* Adds what this host is and what the others are, and the versions of the tools. */
void hosts_describe(struct fact **facts, size_t *count, const struct suite *suite);

/* Notes what is not isolated because of them. */
void hosts_note(struct run *run);

#endif
