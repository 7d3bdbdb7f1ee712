/* table.h - the cells of one load, ranked and compared.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_TABLE_H
#define ABACUS_TABLE_H

#include "summary/summary.h"

/* `floors` are the run's, one a quantity. */
void table_make(struct table *table, const struct run *run, const struct load *load,
                const struct noise_floor *floors);
void table_free(struct table *table);

#endif
