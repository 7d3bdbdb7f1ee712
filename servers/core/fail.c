/* fail.c - how a server ends when it cannot start.
 * SPDX-License-Identifier: MIT */
#include "fail.h"

#include <err.h>
#include <stdlib.h>
#include <sysexits.h>

void fail(const char *what)
{
    err(EXIT_FAILURE, "%s", what);
}

void fail_unavailable(const char *what)
{
    err(EX_UNAVAILABLE, "%s", what);
}
