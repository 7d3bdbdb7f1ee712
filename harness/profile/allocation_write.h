/* allocation_write.h - what requests allocate, as tables: pure functions of the profile.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_ALLOCATION_WRITE_H
#define ABACUS_ALLOCATION_WRITE_H

#include "profile/profile.h"
#include "render/page.h"

#include <stdio.h>

/* As part.h wants them. */
void allocation_write(struct page *page, const struct profile *profile);
void allocation_write_csv(FILE *out, const struct profile *profile);

#endif
