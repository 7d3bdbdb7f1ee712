/* raw_name.c - what the files of a trial are called.
 * SPDX-License-Identifier: MIT */
#include "measure/raw_name.h"

#include "base/alloc.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A name without characters that a shell, a file system or raw_name would take for its own;
 * `kept` are those that stay beside letters and digits. Percent-encoded: owned by the caller. */
static char *encode_name(const char *plain, const char *kept)
{
    char *name = alloc_zeroed(3 * strlen(plain) + 1, 1);
    char *end = name;
    for (const char *c = plain; *c; c++)
        if (isalnum((unsigned char)*c) || strchr(kept, *c))
            *end++ = *c;
        else
            end += sprintf(end, "%%%02X", (unsigned char)*c);
    return name;
}

char *raw_name(const struct run *run, const struct trial *trial)
{
    char attempt[16] = "";
    char *load = encode_name(trial_load(run, trial)->name, "._");
    char *server = encode_name(trial_server(run, trial)->name, "._-");
    if (trial->attempt > 1)
        snprintf(attempt, sizeof attempt, ".%d", trial->attempt);
    char *name = alloc_format("r%02d%s-%s-%s", trial->round, attempt, load, server);
    free(load);
    free(server);
    return name;
}
