/* phases.h - the microseconds of a request by phase, as the record has them.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_PHASES_H
#define ABACUS_PHASES_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

struct page;
struct profile;

/* What a request passes through; the article's rows, and a child's. */
enum phase {
    PHASE_ACCEPT,
    PHASE_READ,
    PHASE_HANDLER,
    PHASE_WRITE,
    PHASE_BODY,
    PHASE_CLOSE,
    PHASE_CHILD,
    PHASE_OTHER,
    PHASES,
};

/* "poll and accept". */
const char *phase_name(enum phase phase);

/* The same as the record has it: "accept". */
const char *phase_key(enum phase phase);

/* By a system call's number and its name: to which phase it belongs. */
enum phase phase_of_call(int call);
enum phase phase_of_name(const char *call);

/* User-space time between two calls belongs to the call that it leads to; but between a read
 * that gave something and whatever is not another read, it is the handler's. */
enum phase phase_of_user(int before, bool failed, int call);

/* A write right behind a write is the response's body. */
enum phase phase_of_kernel(int before, bool failed, int call);

/* µs of CPU per request; NAN: not known. */
double phases_us(const json_t *data, enum phase phase);
double phases_cpu_us(const json_t *data);

void phases_write(struct page *page, const struct profile *profile);
void phases_write_csv(FILE *out, const struct profile *profile);
void phases_write_bars(FILE *out, const struct profile *profile);

#endif
