/* fail.h - how a server ends when it cannot start.
 * SPDX-License-Identifier: MIT */
#ifndef CORE_FAIL_H
#define CORE_FAIL_H

/* Prints the program's name, what failed and the reason in errno as one line, and exits with
 * status 1. Only for what is set up before the first client: service goes on. */
_Noreturn void fail(const char *what);

/* The same where it is the machine that does not let this server run: exits with status 69,
 * EX_UNAVAILABLE of sysexits.h, so that it is left out rather than counted as broken. */
_Noreturn void fail_unavailable(const char *what);

#endif
