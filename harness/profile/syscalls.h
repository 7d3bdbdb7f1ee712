/* syscalls.h - system calls per request, as the record has them.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_SYSCALLS_H
#define ABACUS_SYSCALLS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

struct page;
struct profile;

enum { TRACED_LOADS = 4 };

/* A load under which they are counted. */
struct traced_load {
    const char *key, *head; /* in the record, and above its column */
    int concurrency;
    bool keepalive;
};
extern const struct traced_load traced_loads[TRACED_LOADS];

/* All calls per request under a load of that key; NAN: not known. */
double syscalls_total(const json_t *data, const char *key);

void syscalls_write(struct page *page, const struct profile *profile);
void syscalls_write_csv(FILE *out, const struct profile *profile);

#endif
