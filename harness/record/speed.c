/* speed.c - CPU time per request at one speed of the core.
 * SPDX-License-Identifier: MIT */
#include "record/speed.h"

#include "base/alloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* With fewer degrees of freedom the slope is more noise than the speed is. */
static const double ENOUGH_DF = 10;

/* Of Student's t: with it and so many trials of a server p is below 0.01, and below 0.001 in a
 * default run, however many servers there are. */
static const double TELLING_T = 4;
static const double ENOUGH_PAIRS = 6;

/* Beyond, looking for each round's mean would take minutes. */
enum { POINTS_MAX = 3000 };

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

/* ---- does a server slow the yardstick? ---- */

/* The mean of x over the points of a load, in one round or (0) in all. */
static double mean_x(const struct points *all, const char *load, int round)
{
    double sum = 0, count = 0;
    for (size_t i = 0; i < all->count; i++)
        if (strcmp(all->points[i].trial->load, load) == 0 &&
            (round == 0 || all->points[i].trial->round == round)) {
            sum += all->points[i].x;
            count++;
        }
    return sum / count;
}

/* Student's t of the deviations in a server's points; 0 if there are too few. */
static double server_t(const struct point *points, const double *deviations, size_t count)
{
    double n = 0, sum = 0, squares = 0;
    for (size_t i = 0; i < count; i++)
        if (strcmp(points[i].trial->server, points[0].trial->server) == 0) {
            n++;
            sum += deviations[i];
            squares += deviations[i] * deviations[i];
        }
    double variance = (squares - sum * sum / n) / (n - 1);
    return n < ENOUGH_PAIRS || variance <= 0 ? 0 : sum / n / sqrt(variance / n);
}

/* A server that takes the cache from the yardstick, or leaves the core to fall asleep, changes
 * it by itself; then it tells more than the core's speed, and to adjust by it would make that
 * server cheaper than it is. What each server's trials are off their round's mean shows it. */
static bool differs_by_server(const struct points *all)
{
    double *deviations = alloc_zeroed(all->count, sizeof *deviations);
    bool differs = false;
    for (size_t i = 0; i < all->count; i++)
        deviations[i] = all->points[i].x - mean_x(all, all->points[i].trial->load,
                                                  all->points[i].trial->round);
    for (size_t i = 0; i < all->count; i++)
        if (i == 0 ||
            strcmp(all->points[i].trial->server, all->points[i - 1].trial->server) != 0)
            differs |= fabs(server_t(&all->points[i], &deviations[i], all->count - i)) >
                       TELLING_T;
    free(deviations);
    return differs;
}

/* ---- the whole ---- */

static void adjust_load(struct run *run, const struct points *all, const char *load)
{
    double middle = exp(mean_x(all, load, 0));
    for (size_t i = 0; i < run->trial_count; i++) {
        struct trial *trial = &run->trials[i];
        if (strcmp(trial->load, load) == 0 && isfinite(trial->yardstick_us) &&
            isfinite(middle) && isfinite(speed_unadjusted(trial)))
            trial->cpu_us_per_request *=
                pow(middle / trial->yardstick_us, run->speed.slope);
    }
}

void speed_clear(struct run *run)
{
    run->speed.slope = 0;
    for (size_t i = 0; i < run->trial_count; i++)
        if (isfinite(speed_unadjusted(&run->trials[i])))
            run->trials[i].cpu_us_per_request = speed_unadjusted(&run->trials[i]);
}

void speed_adjust(struct run *run)
{
    struct points all = collect(run);
    run->speed = find_speed(&all);
    run->speed.by_server =
        run->speed.slope > 0 && all.count <= POINTS_MAX && differs_by_server(&all);
    if (run->speed.by_server || all.count > POINTS_MAX)
        run->speed.slope = 0;
    double slope = run->speed.slope;
    speed_clear(run);
    run->speed.slope = slope;
    for (size_t l = 0; slope > 0 && l < run->suite.load_count; l++)
        adjust_load(run, &all, run->suite.loads[l].name);
    free(all.points);
}
