/* flags.h - what a reader should know about a figure that counts all the same.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_FLAGS_H
#define ABACUS_FLAGS_H

#include <stddef.h>

struct flag {
    char *rule;    /* of the check that raised it: "retries" */
    size_t rounds; /* in which it was raised; 0: it is about all rounds together */
    char *text;    /* the last time, in a line */
};

/* Starts zeroed; one flag a rule. */
struct flags {
    struct flag *items;
    size_t count;
};

/* Adds what a check said of one round. */
void flags_add(struct flags *flags, const char *rule, const char *text);

/* Adds what is said of all rounds together. */
void flags_add_overall(struct flags *flags, const char *rule, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

void flags_free(struct flags *flags);

#endif
