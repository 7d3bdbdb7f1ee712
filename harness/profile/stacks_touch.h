/* stacks_touch.h - a process's stack, made present in memory.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_STACKS_TOUCH_H
#define ABACUS_STACKS_TOUCH_H

#include <stdbool.h>
#include <sys/types.h>

/* Has the kernel map every page of the main thread's stack. perf copies a stack from within an
 * interrupt, where no page can be fetched, so that a page which the program has never touched,
 * in the middle of a large array say, ends the copy, and the stack seems to begin there. False:
 * it could not be read; nothing is lost but whole stacks. */
bool stack_touch(pid_t pid);

#endif
