/* flags.c - what a reader should know about a figure that counts all the same: what the checks
 * saw, and what stands out between the rounds.
 * SPDX-License-Identifier: MIT */
#include "analyse/summary.h"
#include "base/alloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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

static struct flag *append(struct flags *flags, const struct flag *flag)
{
    flags->items = alloc_resize(flags->items, flags->count + 1, sizeof *flags->items);
    flags->items[flags->count] = *flag;
    return &flags->items[flags->count++];
}

static struct flag *find(const struct flags *flags, const char *rule)
{
    for (size_t i = 0; i < flags->count; i++)
        if (flags->items[i].trials > 0 && strcmp(flags->items[i].rule, rule) == 0)
            return &flags->items[i];
    return NULL;
}

void flags_add(struct flags *flags, const char *rule, double value, double limit)
{
    struct flag *flag = find(flags, rule);
    if (!flag)
        flag = append(flags, &(struct flag){.rule = rule, .quantity = QUANTITIES});
    flag->trials++;
    flag->value = value;
    flag->limit = limit;
}

static void flags_add_overall(struct flags *flags, const char *rule,
                              enum quantity quantity, double value, double limit)
{
    append(flags,
           &(struct flag){
               .rule = rule, .quantity = quantity, .value = value, .limit = limit});
}

void flags_free(struct flags *flags)
{
    free(flags->items);
    *flags = (struct flags){0};
}

/* ---- between the rounds ---- */

/* One figure of the rounds that count, in ascending order. */
struct rounds {
    enum quantity quantity;
    double *values;
    size_t count;
};

static void flag_spread(struct flags *flags, const struct rounds *rounds)
{
    double variation = stats_sd(rounds->values, rounds->count) /
                       stats_mean(rounds->values, rounds->count);
    if (rounds->count >= ROUNDS_FOR_INTERVAL && variation > SPREAD_LARGE)
        flags_add_overall(flags, "spread", rounds->quantity, variation, SPREAD_LARGE);
}

static double median_deviation(const struct rounds *rounds, double median)
{
    double *away = alloc_zeroed(rounds->count, sizeof *away);
    for (size_t i = 0; i < rounds->count; i++)
        away[i] = fabs(rounds->values[i] - median);
    double deviation = stats_median(away, rounds->count);
    free(away);
    return deviation;
}

static void flag_outlier(struct flags *flags, const struct rounds *rounds)
{
    if (rounds->count < ROUNDS_FOR_INTERVAL)
        return;
    double median = stats_median(rounds->values, rounds->count);
    double low = rounds->values[0], high = rounds->values[rounds->count - 1];
    double farthest = high - median > median - low ? high : low;
    double away = fabs(farthest - median);
    if (away > OUTLIER_DEVIATIONS * median_deviation(rounds, median) &&
        away > SPREAD_OF_INTEREST * median)
        flags_add_overall(flags, "outlier", rounds->quantity, farthest / median - 1,
                          SPREAD_OF_INTEREST);
}

/* The wider of the groups that a gap below values[place] parts. */
static double widest_group(const struct rounds *rounds, size_t place)
{
    return fmax(rounds->values[place - 1] - rounds->values[0],
                rounds->values[rounds->count - 1] - rounds->values[place]);
}

static void flag_two_speeds(struct flags *flags, const struct rounds *rounds)
{
    for (size_t place = 2; place + 2 <= rounds->count; place++) {
        double below = rounds->values[place - 1], gap = rounds->values[place] - below;
        if (rounds->count < ROUNDS_FOR_INTERVAL || gap <= SPREAD_OF_INTEREST * below ||
            gap <= TWO_SPEEDS_GAP * widest_group(rounds, place))
            continue;
        flags_add_overall(flags, "two-speeds", rounds->quantity, gap / below,
                          SPREAD_OF_INTEREST);
        return;
    }
}

static void flag_first_round(struct flags *flags, const double *values,
                             const struct rounds *rounds)
{
    double dearest = 0;
    for (size_t i = 1; i < rounds->count; i++)
        dearest = fmax(dearest, values[i]);
    if (rounds->count < ROUNDS_FOR_INTERVAL ||
        !(values[0] > dearest * (1 + SPREAD_OF_INTEREST)))
        return;
    flags_add_overall(flags, "first-round", rounds->quantity, values[0] / dearest,
                      1 + SPREAD_OF_INTEREST);
}

void spread_flag(struct flags *flags, const double *values, size_t count,
                 enum quantity quantity)
{
    struct rounds rounds = {
        .quantity = quantity,
        .values = alloc_zeroed(count, sizeof *rounds.values),
        .count = count,
    };
    for (size_t i = 0; i < count; i++)
        rounds.values[i] = values[i];
    stats_sort(rounds.values, rounds.count);
    flag_spread(flags, &rounds);
    flag_outlier(flags, &rounds);
    flag_first_round(flags, values, &rounds);
    flag_two_speeds(flags, &rounds);
    free(rounds.values);
}

char *spread_words(const struct flag *flag)
{
    const char *name = quantity_name(flag->quantity);
    double percent = flag->value * 100;
    if (strcmp(flag->rule, "spread") == 0)
        return alloc_format("in %s the rounds vary by %.0f %% (coefficient of variation; "
                            "up to %.0f %% is usual)",
                            name, percent, flag->limit * 100);
    if (strcmp(flag->rule, "outlier") == 0)
        return alloc_format(
            "in %s one round is %.0f %% %s the median, and the others are "
            "close to it; it counts, but hardly moves the median",
            name, fabs(percent), percent > 0 ? "above" : "below");
    if (strcmp(flag->rule, "two-speeds") == 0)
        return alloc_format("in %s the rounds fall into two groups, %.0f %% apart; the "
                            "median stands for neither",
                            name, percent);
    return alloc_format("in %s the first round took %.2f times as much as the next most "
                        "expensive: something was not warm yet",
                        name, flag->value);
}
