/* print.h - what came out: for people, and for programs.
 * SPDX-License-Identifier: MIT */
#ifndef PACE_PRINT_H
#define PACE_PRINT_H

#include "pace/client.h"
#include "pace/idle.h"
#include "pace/plan.h"

#include <stdio.h>

void print_text(FILE *out, const struct plan *plan, const struct outcome *outcome,
                const struct idle *idle);

/* One JSON object on one line. Times are in ms; what is not known is null. */
void print_json(FILE *out, const struct plan *plan, const struct outcome *outcome,
                const struct idle *idle);

/* What is said of idle connections that are held without any requests. */
void print_held(FILE *out, const struct idle *idle);

#endif
