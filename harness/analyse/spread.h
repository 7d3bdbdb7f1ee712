/* spread.h - what stands out between the rounds of one server under one load.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_SPREAD_H
#define ABACUS_SPREAD_H

#include "analyse/flags.h"
#include "analyse/quantity.h"
#include "analyse/slots.h"

/* A coefficient of variation above this is much: one figure in three is then farther than
 * that from the mean. */
#define SPREAD_LARGE 0.10

/* An outlier lies more than this many median absolute deviations from the median: ten
 * standard deviations of a normal sample (hyperfine's threshold; the modified Z score is
 * of Iglewicz & Hoaglin 1993, "How to detect and handle outliers"). */
#define OUTLIER_DEVIATIONS 14.8

/* What lies less than this share from the others is no remark, however steady they
 * are. */
#define SPREAD_OF_INTEREST 0.05

/* Two groups of at least two rounds are two speeds if the gap between them is more than
 * so many times as wide as either: by chance in about one of 100 samples of six. */
#define TWO_SPEEDS_GAP 3

/* Adds a flag for each: a large spread, an outlier, a first round slower than any other,
 * two speeds. The figures count all the same: to leave one out because it does not please
 * would make the others look better than they are. */
void spread_flag(struct flags *flags, const struct slots *slots, enum quantity quantity);

/* Such a flag in words, owned by the caller. */
char *spread_words(const struct flag *flag);

#endif
