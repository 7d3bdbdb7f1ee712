/* stacks_write.h - where servers' CPU time goes, as tables: pure functions of the profile.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_STACKS_WRITE_H
#define ABACUS_STACKS_WRITE_H

#include "profile/profile.h"
#include "render/page.h"

#include <stdio.h>

/* As part.h wants them. */
void stacks_write(struct page *page, const struct profile *profile);
void stacks_write_csv(FILE *out, const struct profile *profile);

/* The flame graph of a server. */
void stacks_draw(FILE *out, const struct portrait *portrait, const char *id);

#endif
