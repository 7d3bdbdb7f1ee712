/* suite_read.h - a suite out of an INI file, and what makes a suite one.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_SUITE_READ_H
#define ABACUS_SUITE_READ_H

#include "base/err.h"
#include "model/suite.h"

/* Reads a suite. `name_or_path` is a name under `directory` ("articles" reads
 * DIRECTORY/articles.ini) or, if it has a '/' or ends in ".ini", a file's path.
 * Returns 0, the suite then owned by the caller (suite_free), or -1 with `err` set to one
 * line: FILE:LINE: what is wrong (an unknown section or key, a value out of range, a load
 * twice, more concurrency than requests, compare naming no load), and nothing to free. */
int suite_read(struct suite *suite, const char *directory, const char *name_or_path,
               struct err *err);

/* Whether a load makes sense as a whole: the amount that its tool counts and no other, and no
 * more connections than requests. 0, or -1 with the reason. */
int load_check(const struct load *load, struct err *err);

/* A table's heading for a load: its tool's command, shortened. Owned by the caller. */
char *load_title(const struct load *load);

/* What suite_read holds a suite against, for one that comes from elsewhere: a tool that there
 * is, numbers in their ranges. 0, or -1 with the reason. */
int suite_check(const struct suite *suite, struct err *err);

#endif
