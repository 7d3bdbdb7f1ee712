/* fail.h - how a server ends when it cannot start.
 * SPDX-License-Identifier: MIT */
#ifndef CORE_FAIL_H
#define CORE_FAIL_H

/* Prints the program's name, what failed and the reason in errno as one line, and exits with
 * status 1. Only for what is set up before the first client: service goes on. */
_Noreturn void fail(const char *what);

#endif
