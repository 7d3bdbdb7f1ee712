/* merge.c - what several load tools measured side by side, as if it had been one.
 * SPDX-License-Identifier: MIT */
#include "load/merge.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>

enum { HALVINGS = 60 };

struct results {
    const struct tool_result *each;
    size_t count;
    double requests; /* of all together */
};

/* -1, not known, if one does not know. */
static long add(long sum, long one)
{
    return sum < 0 || one < 0 ? -1 : sum + one;
}

/* ---- percentiles ---- */

/* The share of a result's requests that took at most so long. */
static double share_below(const struct tool_result *result, double ms)
{
    const double *percentiles = result->percentile_ms;
    if (ms < percentiles[0])
        return 0;
    for (int p = 1; p < PERCENTILES; p++)
        if (ms < percentiles[p])
            return (p - 1 +
                    (ms - percentiles[p - 1]) / (percentiles[p] - percentiles[p - 1])) /
                   100;
    return 1;
}

static double mixture_below(const struct results *results, double ms)
{
    double share = 0;
    for (size_t i = 0; i < results->count; i++)
        share += (double)results->each[i].complete / results->requests *
                 share_below(&results->each[i], ms);
    return share;
}

/* Halves the span in which the quantile lies. */
static double mixture_quantile(const struct results *results, double share, double low,
                               double high)
{
    for (int i = 0; i < HALVINGS; i++) {
        double middle = (low + high) / 2;
        if (mixture_below(results, middle) < share)
            low = middle;
        else
            high = middle;
    }
    return high;
}

static void merge_percentiles(struct tool_result *merged, const struct results *results)
{
    double low = INFINITY, high = -INFINITY;
    bool known = true;
    for (size_t i = 0; i < results->count; i++) {
        const double *percentiles = results->each[i].percentile_ms;
        for (int p = 0; p < PERCENTILES; p++)
            known = known && isfinite(percentiles[p]);
        low = fmin(low, percentiles[0]);
        high = fmax(high, percentiles[PERCENTILES - 1]);
    }
    for (int p = 1; p < PERCENTILES - 1; p++)
        merged->percentile_ms[p] =
            known ? mixture_quantile(results, p / 100.0, low, high) : NAN;
    merged->percentile_ms[0] = known ? low : NAN;
    merged->percentile_ms[PERCENTILES - 1] = known ? high : NAN;
}

/* ---- connection times ---- */

/* The variance of all is the mean of the variances, and the variance of the means. */
static struct connection_time merge_times(const struct results *results, size_t offset)
{
    struct connection_time merged = {.min = INFINITY, .max = -INFINITY, .median = NAN};
    double squares = 0;
    for (size_t i = 0; i < results->count; i++) {
        const struct connection_time *one =
            (const void *)((const char *)&results->each[i] + offset);
        double weight = (double)results->each[i].complete / results->requests;
        merged.mean += weight * one->mean;
        squares += weight * (one->sd * one->sd + one->mean * one->mean);
        merged.min = isnan(one->min) ? NAN : fmin(merged.min, one->min);
        merged.max = isnan(one->max) ? NAN : fmax(merged.max, one->max);
    }
    merged.sd = sqrt(fmax(squares - merged.mean * merged.mean, 0));
    return merged;
}

/* ---- the rest ---- */

static void add_counts(struct tool_result *merged, const struct tool_result *one)
{
    merged->seconds = fmax(merged->seconds, one->seconds);
    merged->requests_per_second += one->requests_per_second;
    merged->kilobytes_per_second += one->kilobytes_per_second;
    merged->complete = add(merged->complete, one->complete);
    merged->failed = add(merged->failed, one->failed);
    merged->non_2xx = add(merged->non_2xx, one->non_2xx);
    merged->write_errors = add(merged->write_errors, one->write_errors);
    merged->keepalive = add(merged->keepalive, one->keepalive);
    merged->total_bytes = add(merged->total_bytes, one->total_bytes);
    merged->body_bytes = add(merged->body_bytes, one->body_bytes);
    if (merged->document_length != one->document_length)
        merged->document_length = -1;
    if (!*merged->failures)
        snprintf(merged->failures, sizeof merged->failures, "%s", one->failures);
}

void tool_results_merge(struct tool_result *merged, const struct tool_result *each,
                        size_t count, int concurrency)
{
    *merged = each[0];
    if (count == 1)
        return;
    for (size_t i = 1; i < count; i++)
        add_counts(merged, &each[i]);
    const struct results results = {each, count, (double)merged->complete};
    merged->time_per_request_ms = concurrency / merged->requests_per_second * 1000;
    merge_percentiles(merged, &results);
    merged->connect = merge_times(&results, offsetof(struct tool_result, connect));
    merged->processing = merge_times(&results, offsetof(struct tool_result, processing));
    merged->waiting = merge_times(&results, offsetof(struct tool_result, waiting));
    merged->total = merge_times(&results, offsetof(struct tool_result, total));
}
