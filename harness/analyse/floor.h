/* floor.h - the noise floor: how far one server, entered twice, comes out from itself.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_FLOOR_H
#define ABACUS_FLOOR_H

#include "analyse/quantity.h"
#include "analyse/slots.h"
#include "stats/stats.h"

#include <stdbool.h>

/* No difference below this share is of interest, whatever the run can resolve. */
#define DIFFERENCE_OF_INTEREST 0.01

/* One figure's A/A control, over all rounds and all loads of a run: the pairs of trials
 * of a round under a load, in which nothing differs but the name. */
struct noise_floor {
    const struct run_server *control; /* borrowed; NULL: the run has none */
    size_t pairs;
    struct interval ratio; /* the control's figure / the original's: Hodges-Lehmann on
                              the logarithms, exact signed-rank interval */
    double delta;          /* the share that an estimate must exceed: half the interval's
                              width, at least DIFFERENCE_OF_INTEREST */
    bool trustworthy;      /* false: the interval lies off 1 by more than
                              DIFFERENCE_OF_INTEREST; `delta` is then its farther end */
};

void floor_make(struct noise_floor *noise_floor, const struct slot_table *slots,
                enum quantity quantity);

#endif
