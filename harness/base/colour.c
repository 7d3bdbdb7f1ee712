/* colour.c - whether what is printed for people has colours.
 * SPDX-License-Identifier: MIT */
#include "base/colour.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static enum { AUTO, ALWAYS, NEVER } chosen;

bool colour_choose(const char *when)
{
    static const char *const names[] = {"auto", "always", "never"};
    for (int i = AUTO; i <= NEVER; i++)
        if (strcmp(when, names[i]) == 0) {
            chosen = i;
            return true;
        }
    return false;
}

bool colour_wanted(int fd)
{
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
    if (chosen != AUTO)
        return chosen == ALWAYS;
    return isatty(fd) && !(no_color && *no_color) && term && strcmp(term, "dumb") != 0;
}
