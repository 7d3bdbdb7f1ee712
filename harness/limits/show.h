/* show.h - what was found of where servers break: for people, and for programs.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_LIMITS_SHOW_H
#define ABACUS_LIMITS_SHOW_H

#include "limits/breakage.h"
#include "render/page.h"

#include <stddef.h>

/* The table, and what its columns are. */
void breakages_write(struct page *page, const struct breakage *list, size_t count);

/* limits.csv: a row for each server; what is not known is empty, and "inf" means no answer in time. */
void breakages_write_csv(FILE *out, const struct breakage *list, size_t count);

#endif
