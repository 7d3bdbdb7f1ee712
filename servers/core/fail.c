/* fail.c - how a server ends when it cannot start.
 * SPDX-License-Identifier: MIT */
#include "fail.h"

#include <err.h>

void fail(const char *what)
{
    err(1, "%s", what);
}
