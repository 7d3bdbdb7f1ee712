/* printout.h - what a load tool printed, as lines that are looked up by how they begin and
 * end.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_PRINTOUT_H
#define ABACUS_PRINTOUT_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct printout {
    char **lines; /* each owned, without its indentation and its newline */
    size_t count;
};

/* Reads a whole file. A last line without a newline was cut off, and is left out. 0, the
 * printout then owned by the caller; or -1 with the reason, and nothing to free. */
int printout_read(struct printout *printout, const char *path, struct err *err);
void printout_free(struct printout *printout);

/* The first line that begins with `label` and ends with `unit`; NULL if there is none. */
const char *printout_line(const struct printout *printout, const char *label,
                          const char *unit);

/* The first line that has a number below 0, which no count and no time can be; NULL: none. The
 * command ("$ …") does not count. */
const char *printout_negative(const struct printout *printout);

/* Copies what that line has between the two, without blanks around it. False if there is no
 * such line, or if `size` is too small. */
bool printout_value(const struct printout *printout, const char *label, const char *unit,
                    char *value, size_t size);

/* Cuts `text` in place into words at blanks and commas. Returns how many there are; the
 * first `size` of them are in `words`. */
size_t printout_words(char *text, char **words, size_t size);

#endif
