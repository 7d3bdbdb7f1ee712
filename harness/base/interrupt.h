/* interrupt.h - the user's wish to stop, as a descriptor that every wait can watch.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_INTERRUPT_H
#define ABACUS_INTERRUPT_H

#include "base/err.h"

#include <stdbool.h>

/* From now on SIGINT, SIGTERM and SIGHUP end waits instead of the program. */
int interrupt_catch(struct err *err);

/* Readable once the user wants to stop; -1 before interrupt_catch. It stays readable. */
int interrupt_fd(void);

bool interrupt_requested(void);

/* For a child about to exec: the signals as they were before. */
void interrupt_release(void);

#endif
