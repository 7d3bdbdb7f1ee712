/* flags.h - what a reader should know about a figure that counts all the same.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_FLAGS_H
#define ABACUS_FLAGS_H

#include "analyse/quantity.h"

#include <stddef.h>

struct flag {
    const char *rule; /* of the check that raised it: "retries"; borrowed */
    enum quantity
        quantity;  /* whose rounds it is about; QUANTITIES: the trials themselves */
    size_t rounds; /* in which it was raised; 0: it is about all rounds together */
    double value;  /* the last time; NAN: not known */
    double limit;
};

/* Starts zeroed; one flag a rule. */
struct flags {
    struct flag *items;
    size_t count;
};

/* Adds what a check said of one round. */
void flags_add(struct flags *flags, const char *rule, double value, double limit);

/* Adds what is said of all rounds together. */
void flags_add_overall(struct flags *flags, const char *rule, enum quantity quantity,
                       double value, double limit);

void flags_free(struct flags *flags);

#endif
