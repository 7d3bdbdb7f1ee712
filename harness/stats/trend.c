/* trend.c - does a series go up or down?
 * SPDX-License-Identifier: MIT */
#include "stats/trend.h"

#include <math.h>

static double mean(const double *values, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += values[i];
    return sum / (double)n;
}

double trend_drift(const double *values, size_t n)
{
    size_t third = n / 3;
    if (third == 0)
        return 0;
    double first = mean(values, third);
    return (mean(values + n - third, third) - first) / first;
}

/* t(t-1)(2t+5) over the groups of t equal values. */
static double tie_correction(const double *values, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        double before = 0;
        double t = 0;
        for (size_t j = 0; j < n; j++)
            if (values[j] == values[i]) {
                t++;
                before += j < i;
            }
        if (before == 0) /* each group once, at its first member */
            sum += t * (t - 1) * (2 * t + 5);
    }
    return sum;
}

double trend_p(const double *values, size_t n)
{
    double s = 0;
    double count = (double)n;
    if (n < 10)
        return 1;
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++)
            s += (values[j] > values[i]) - (values[j] < values[i]);
    double variance =
        (count * (count - 1) * (2 * count + 5) - tie_correction(values, n)) / 18;
    if (variance <= 0 || s == 0)
        return 1;
    double z = (fabs(s) - 1) / sqrt(variance);
    return erfc(z / sqrt(2));
}
