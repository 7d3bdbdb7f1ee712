/* netns.h - a fresh network for each server: zeroed counters, no TIME_WAIT from before, no
 * foreign traffic. It vanishes with the last process and descriptor: nothing is left to clean
 * up.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_NETNS_H
#define ABACUS_NETNS_H

#include "base/err.h"

/* Moves this process, and so every child that it starts from now on, into a new network
 * namespace with its loopback up; as root, or else in a user namespace of its own. 0, or
 * -1: this machine does not allow it, and why; the caller is then where it was. */
int netns_enter_fresh(struct err *err);

/* The namespace that this process is in, as a descriptor that keeps it; -1 with the reason. */
int netns_open(struct err *err);

/* Moves this process into a namespace that netns_open gave; 0, or -1 with the reason. */
int netns_join(int netns, struct err *err);

#endif
