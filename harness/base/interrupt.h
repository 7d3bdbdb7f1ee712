/* interrupt.h - the user's request to stop, as a descriptor that every wait can watch.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_INTERRUPT_H
#define ABACUS_INTERRUPT_H

#include "base/err.h"

#include <stdbool.h>

/* At the program's start: interrupt_reset, but SIGHUP stays ignored, which is what nohup is
 * for. */
void interrupt_begin(void);

/* From now on SIGINT, SIGTERM and SIGHUP end waits instead of the program, and to write where
 * nobody reads, or beyond a limit, fails instead of ending it. */
int interrupt_catch(struct err *err);

/* Readable once the user wants to stop; -1 before interrupt_catch. It stays readable. */
int interrupt_fd(void);

bool interrupt_requested(void);

/* The signals as a program expects them: none blocked, none ignored, whatever this process
 * inherited, since exec passes both on. */
void interrupt_reset(void);

#endif
