/* marks.h - the marks beside figures, and what they stand for: what failed, and
 * what the checks saw.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_MARKS_H
#define ABACUS_MARKS_H

#include "analyse/summary.h"
#include "render/page.h"

/* "", " *", " †" or " *†", to stand after a server's name; none for a row that says by
 * itself that it has no figures. */
const char *marks_of(const struct cell *cell);

/* "†" after the longest request's time where it is the kernel's rather than the
 * server's. */
const char *marks_of_longest(const struct cell *cell);

/* What a flag says, in a line; owned by the caller. */
char *flag_words(const struct flag *flag);

/* An item for each attempt and flag behind a mark. */
void marks_explain(struct page *page, const struct table *table);

#endif
