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

char *raw_slice_name(const struct run *run, const struct slice *slice)
{
    char *load = encode_name(run->suite.loads[slice->load].name, "._");
    char *server = encode_name(run->servers[slice->server].name, "._-");
    char *name =
        alloc_format("r%02db%02d-%s-%s", slice->round, slice->block, load, server);
    free(load);
    free(server);
    return name;
}

char *raw_name(const struct run *run, const struct trial *trial)
{
    char *load = encode_name(trial_load(run, trial)->name, "._");
    char *server = encode_name(trial_server(run, trial)->name, "._-");
    char *name = alloc_format("t%02d-%s-%s", trial->round, load, server);
    free(load);
    free(server);
    return name;
}
