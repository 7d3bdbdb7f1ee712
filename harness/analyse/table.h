/* table.h - the cells of one load, ranked and compared.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_TABLE_H
#define ABACUS_TABLE_H

#include "analyse/summary.h"

/* `floors` are the run's, one a quantity. */
void table_make(struct table *table, const struct slot_table *slots,
                const struct load *load, const struct noise_floor *floors);
/* Of all loads together: a server's figure in a round is the geometric mean of its CPU time
 * per request under each load, so that each load has the same say and what is a tenth
 * costlier under all comes out a tenth costlier. A mean of L loads has 1/sqrt(L) of the
 * noise, so this table tells apart what a single load's cannot. Only CPU per request is
 * compared, and the cells have no other figure. A run of one load has no such table: no
 * cells. */
void table_make_overall(struct table *table, const struct slot_table *slots,
                        const struct noise_floor *floors);

void table_free(struct table *table);

#endif
