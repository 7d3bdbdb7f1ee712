/* compare_page.h - two runs compared, as people read it: values in, text out.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_COMPARE_PAGE_H
#define ABACUS_COMPARE_PAGE_H

#include "analyse/run_pair.h"
#include "render/page.h"

/* What is told beside the pair itself. */
struct compare_more {
    const char *const *names; /* the two runs' folders */
    bool given;               /* the threshold was asked for */
    bool counts_worse;        /* by what a request takes, counted, B is worse */
    void (*write_counts)(struct page *page, const void *counts); /* or NULL */
    const void *counts;
};

/* What differs, the tables, and the verdict: in a document it comes first, elsewhere it is the
 * last line. */
void compare_page_write(struct page *page, const struct run_pair *pair,
                        const struct compare_more *more);

#endif
