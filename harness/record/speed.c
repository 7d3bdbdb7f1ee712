/* speed.c - CPU time per request at one speed of the core.
 * SPDX-License-Identifier: MIT */
#include "record/speed.h"

#include "base/alloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* With fewer degrees of freedom the slope is more noise than the speed is. */
static const double ENOUGH_DF = 10;

/* A point of the regression: a trial's logarithms. */
struct point {
    const struct trial *trial;
    double x, y;
};

struct points {
    struct point *points;
    size_t count;
};

/* Sums of squares and products within groups. */
struct sums {
    double xx, xy, df;
};

double speed_unadjusted(const struct trial *trial)
{
    if (trial->verdict == VERDICT_INVALID || trial->result.complete <= 0)
        return NAN;
    return trial->server_cpu_s / (double)trial->result.complete * 1e6;
}

static int compare_points(const void *left, const void *right)
{
    const struct trial *a = ((const struct point *)left)->trial;
    const struct trial *b = ((const struct point *)right)->trial;
    int order = strcmp(a->server, b->server);
    return order ? order : strcmp(a->load, b->load);
}

static bool same_group(const struct point *a, const struct point *b)
{
    return compare_points(a, b) == 0;
}

/* Of all trials that count, a group's together; none if one lacks what it takes, so that
 * figures are adjusted all or not at all. */
static struct points collect(const struct run *run)
{
    struct points all = {.points = alloc_zeroed(run->trial_count, sizeof *all.points)};
    for (size_t i = 0; i < run->trial_count; i++) {
        const struct trial *trial = &run->trials[i];
        if (trial->verdict != VERDICT_VALID)
            continue;
        struct point point = {trial, log(trial->yardstick_us),
                              log(speed_unadjusted(trial))};
        if (!isfinite(point.x) || !isfinite(point.y)) {
            all.count = 0;
            return all;
        }
        all.points[all.count++] = point;
    }
    if (all.count > 0)
        qsort(all.points, all.count, sizeof *all.points, compare_points);
    return all;
}

static void add_group(struct sums *sums, const struct point *points, size_t count)
{
    double mean_x = 0, mean_y = 0;
    for (size_t i = 0; i < count; i++) {
        mean_x += points[i].x / (double)count;
        mean_y += points[i].y / (double)count;
    }
    for (size_t i = 0; i < count; i++) {
        double x = points[i].x - mean_x;
        sums->xx += x * x;
        sums->xy += x * (points[i].y - mean_y);
    }
    sums->df += (double)count - 1;
}

/* Least squares, kept to what can be: a slow core makes nothing cheaper, and no work slower
 * than the core is. */
static double fit_slope(const struct points *all)
{
    struct sums sums = {.df = -1};
    for (size_t first = 0, end; first < all->count; first = end) {
        for (end = first;
             end < all->count && same_group(&all->points[first], &all->points[end]);)
            end++;
        add_group(&sums, &all->points[first], end - first);
    }
    if (sums.df < ENOUGH_DF || sums.xx <= 0)
        return 0;
    return fmin(fmax(sums.xy / sums.xx, 0), 1);
}

static struct speed find_speed(const struct points *all)
{
    struct speed speed = {.slope = fit_slope(all), .mean_us = NAN, .sd = NAN};
    double mean = 0, squares = 0;
    if (all->count < 2)
        return speed;
    for (size_t i = 0; i < all->count; i++)
        mean += all->points[i].x / (double)all->count;
    for (size_t i = 0; i < all->count; i++)
        squares += (all->points[i].x - mean) * (all->points[i].x - mean);
    speed.mean_us = exp(mean);
    speed.sd = sqrt(squares / (double)(all->count - 1));
    return speed;
}

void speed_adjust(struct run *run)
{
    struct points all = collect(run);
    run->speed = find_speed(&all);
    free(all.points);
    for (size_t i = 0; i < run->trial_count; i++) {
        struct trial *trial = &run->trials[i];
        double cost = speed_unadjusted(trial);
        if (!isfinite(cost))
            continue;
        trial->cpu_us_per_request = cost;
        if (run->speed.slope > 0 && isfinite(trial->yardstick_us))
            trial->cpu_us_per_request *=
                pow(run->speed.mean_us / trial->yardstick_us, run->speed.slope);
    }
}
