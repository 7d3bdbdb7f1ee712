/* verdicts.h - in words: the noise floor, and below a table what ties and what cannot be told
 * apart.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_VERDICTS_H
#define ABACUS_VERDICTS_H

#include "analyse/summary.h"
#include "render/figure.h"
#include "render/page.h"

void verdicts_write(struct page *page, const struct table *table, enum quantity quantity);

/* The noise floor, which is that of the whole run. */
void verdict_floor(struct page *page, const struct noise_floor *noise_floor,
                   enum quantity quantity);

/* That of each quantity. */
void verdict_floors(struct page *page, const struct summary *summary);

/* A verdict on a pair: "less", "more", "tie", "not significant", "not compared". */
const char *verdict_word(enum relation relation);

/* How many rounds it would take: "about 12", "more than 100"; "" if that is
 * not known, or not the question. */
struct figure verdict_rounds(const struct pair *pair);

#endif
