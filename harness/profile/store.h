/* store.h - profile.jsonl: a profile, written line by line as it is made, and read back.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_STORE_H
#define ABACUS_STORE_H

#include "base/err.h"
#include "profile/profile.h"

#include <stddef.h>
#include <stdio.h>

#define STORE_NAME "profile.jsonl"

/* Each writes one JSON object as one line, and flushes it. 0, or -1 with the reason. The head
 * (machine, servers) comes first; then what each server showed of each part. */
int store_write_head(FILE *file, const struct profile *profile, struct err *err);
int store_write_part(FILE *file, const struct portrait *portrait, size_t part,
                     struct err *err);

/* Reads DIRECTORY/profile.jsonl. A line that cannot be used is left out, and a note of the
 * profile names it. 0, the profile then owned by the caller; or -1 if there is no head. */
int store_read(struct profile *profile, const char *directory, struct err *err);

#endif
