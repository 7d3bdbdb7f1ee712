/* memory_write.h - what servers have in memory, as tables and columns: pure functions of the profile.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_MEMORY_WRITE_H
#define ABACUS_MEMORY_WRITE_H

#include "profile/profile.h"
#include "render/page.h"

#include <stdio.h>

/* As part.h wants them. */
void memory_write(struct page *page, const struct profile *profile);
void memory_write_csv(FILE *out, const struct profile *profile);
void memory_write_plot(FILE *out, const struct profile *profile);
#endif
