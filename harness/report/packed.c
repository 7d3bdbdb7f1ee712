/* packed.c - a run that is kept has its raw files in one archive.
 * SPDX-License-Identifier: MIT */
#include "report/packed.h"

#include "base/alloc.h"

#include <stdlib.h>
#include <unistd.h>

static bool is_there(const char *directory, const char *name)
{
    char *path = alloc_format("%s/%s", directory, name);
    bool there = access(path, F_OK) == 0;
    free(path);
    return there;
}

bool packed_has(const char *directory, const char *raw)
{
    return !is_there(directory, raw) && is_there(directory, PACKED_NAME);
}
