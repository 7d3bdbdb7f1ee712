/* store.h - limits.jsonl: what was found of where servers break, written and read back.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_LIMITS_STORE_H
#define ABACUS_LIMITS_STORE_H

#include "limits/breakage.h"

#include <stddef.h>

#define LIMITS_NAME "limits.jsonl"

/* Zeroed, or as limits_read leaves it. */
struct breakages {
    struct breakage *list; /* owned */
    struct run_server
        *servers; /* owned: theirs, of which the name and `missing` are known */
    size_t count;
};

/* Writes FOLDER/limits.jsonl, a line for each. 0, or -1 with the reason. */
int limits_write(const struct breakage *list, size_t count, const char *folder,
                 struct err *err);

/* Reads it back; to be freed, also after -1. */
int limits_read(struct breakages *breakages, const char *folder, struct err *err);
void breakages_free(struct breakages *breakages);

#endif
