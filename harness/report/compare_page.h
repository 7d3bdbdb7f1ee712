/* compare_page.h - two runs compared, as people read it: values in, text out.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_COMPARE_PAGE_H
#define ABACUS_COMPARE_PAGE_H

#include "analyse/run_pair.h"
#include "render/page.h"

/* What differs, the tables, and the verdict: in a document it comes first, elsewhere it is the
 * last line. `names` are the runs' folders, `given` says that the threshold was asked for. */
void compare_page_write(struct page *page, const struct run_pair *pair,
                        const char *const names[2], bool given);

#endif
