/* noise.c - how much each server's figure varies from one round to the next.
 * SPDX-License-Identifier: MIT */
#include "stats/noise.h"

#include "base/alloc.h"
#include "stats/stats.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Sweeps converge geometrically; where every server has every round two are enough. */
enum { SWEEPS = 100 };
static const double NEGLIGIBLE = 1e-12;

static size_t count_finite(const double *values, size_t count, size_t stride)
{
    size_t finite = 0;
    for (size_t i = 0; i < count; i++)
        finite += isfinite(values[i * stride]) != 0;
    return finite;
}

/* Takes the mean of every stride-th value away from it, and returns that mean's size. */
static double centre(double *values, size_t count, size_t stride)
{
    size_t finite = count_finite(values, count, stride);
    double mean = 0;
    for (size_t i = 0; i < count; i++)
        if (isfinite(values[i * stride]))
            mean += values[i * stride] / (double)finite;
    for (size_t i = 0; i < count; i++)
        values[i * stride] -= mean;
    return fabs(mean);
}

/* Least squares for two factors with gaps: each factor's means in turn, until none is
 * left (backfitting). Owned by the caller. */
static double *residuals(const struct samples *samples)
{
    size_t size = samples->servers * samples->rounds;
    double *rest = alloc_zeroed(size, sizeof *rest);
    if (size > 0)
        memcpy(rest, samples->logs, size * sizeof *rest);

    double largest = INFINITY;
    for (int sweep = 0; sweep < SWEEPS && largest > NEGLIGIBLE; sweep++) {
        largest = 0;
        for (size_t s = 0; s < samples->servers; s++)
            largest =
                fmax(largest, centre(&rest[s * samples->rounds], samples->rounds, 1));
        for (size_t r = 0; r < samples->rounds; r++)
            largest = fmax(largest, centre(&rest[r], samples->servers, samples->rounds));
    }
    return rest;
}

static size_t server_rounds(const struct samples *samples, size_t server)
{
    return count_finite(&samples->logs[server * samples->rounds], samples->rounds, 1);
}

/* How many values there are beyond the first of each server; the residuals' degrees of
 * freedom are these, less one for every round but the first. */
static size_t repeats(const struct samples *samples)
{
    size_t sum = 0;
    for (size_t s = 0; s < samples->servers; s++)
        if (server_rounds(samples, s) > 1)
            sum += server_rounds(samples, s) - 1;
    return sum;
}

static double total_df(const struct samples *samples)
{
    size_t rounds = 0;
    for (size_t r = 0; r < samples->rounds; r++)
        rounds += count_finite(&samples->logs[r], samples->servers, samples->rounds) > 0;
    return rounds > 0 ? fmax(0, (double)(repeats(samples) + 1) - (double)rounds) : 0;
}

/* Its share of the degrees of freedom, and what its residuals say for themselves. */
static struct noise own_noise(const struct samples *samples, const double *rest,
                              size_t server, double df)
{
    size_t rounds = server_rounds(samples, server);
    if (rounds < 2 || df <= 0)
        return (struct noise){.variance = NAN};
    double squares = 0;
    for (size_t r = 0; r < samples->rounds; r++) {
        double residual = rest[server * samples->rounds + r];
        if (isfinite(residual))
            squares += residual * residual;
    }
    double share = df * (double)(rounds - 1) / (double)repeats(samples);
    return (struct noise){.variance = squares / share, .df = share};
}

/* The median of variances, made up for what the median of a chi-squared sample lies below
 * its mean (Wilson & Hilferty 1931). */
static double prior_variance(const struct noise *noise, size_t servers)
{
    double *scaled = alloc_zeroed(servers, sizeof *scaled);
    size_t count = 0;
    for (size_t s = 0; s < servers; s++)
        if (noise[s].df > 0)
            scaled[count++] =
                noise[s].variance / pow(fmax(1 - 2 / (9 * noise[s].df), 0.5), 3);
    double median = stats_median(scaled, count);
    free(scaled);
    return median;
}

double noise_fit(struct noise *noise, const struct samples *samples)
{
    double df = total_df(samples);
    double *rest = residuals(samples);
    for (size_t s = 0; s < samples->servers; s++)
        noise[s] = own_noise(samples, rest, s, df);
    free(rest);

    double prior = prior_variance(noise, samples->servers);
    for (size_t s = 0; s < samples->servers; s++) {
        noise[s].variance = (noise[s].variance + prior) / 2;
        noise[s].df *= 2;
    }
    return df;
}
