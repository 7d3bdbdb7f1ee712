/* netns.h - a fresh network for each trial: zeroed counters, no TIME_WAIT from before, no
 * foreign traffic. It vanishes with the last process in it: nothing is left to clean up.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_NETNS_H
#define ABACUS_NETNS_H

#include "base/err.h"

/* Moves this process, and so every child that it starts from now on, into a new network
 * namespace with its loopback up; as root, or else in a user namespace of its own. 0, or
 * -1: this machine does not allow it, and why; the caller is then where it was. */
int netns_enter_fresh(struct err *err);

#endif
