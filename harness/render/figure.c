/* figure.c - one number as the tables print it: its digits, its separators, or "–" where
 * there is none.
 * SPDX-License-Identifier: MIT */
#include "render/figure.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* From here on digits would be invented: a double has no more of them. */
static const double TOO_LARGE = 1e15;

/* Puts a comma between thousands. */
static struct figure separated(const struct figure *plain)
{
    struct figure figure = {""};
    size_t whole = strcspn(plain->text, ".");
    char *end = figure.text;
    for (size_t i = 0; plain->text[i]; i++) {
        if (i > 0 && i < whole && (whole - i) % 3 == 0 && plain->text[i - 1] != '-')
            *end++ = ',';
        *end++ = plain->text[i];
    }
    return figure;
}

struct figure figure_decimals(double value, int count)
{
    struct figure figure = {"–"};
    if (!isfinite(value))
        return figure;
    if (fabs(value) >= TOO_LARGE) {
        snprintf(figure.text, sizeof figure.text, "%.3g", value);
        return figure;
    }
    snprintf(figure.text, sizeof figure.text, "%.*f", count, value);
    return separated(&figure);
}

struct figure figure_count(double value)
{
    return figure_decimals(value, 0);
}

/* The limits lie where the number of digits changes by rounding: 9.995 is "10.0". */
int figure_digits(double value)
{
    double size = fabs(value);
    if (size >= 99.95 || size == 0)
        return 0;
    if (size >= 9.995)
        return 1;
    return size >= 0.9995 ? 2 : 3;
}

struct figure figure_short(double value)
{
    return figure_decimals(value, figure_digits(value));
}

struct figure figure_time(double value)
{
    return figure_short(value);
}

struct figure figure_tenths(double value)
{
    return figure_decimals(value, value == floor(value) ? 0 : 1);
}

struct figure figure_percent(double share)
{
    return figure_decimals(share * 100, 0);
}

struct figure figure_change(double ratio)
{
    double percent = (ratio - 1) * 100;
    struct figure size = figure_decimals(fabs(percent), 1), figure = {"–"};
    if (isfinite(ratio))
        snprintf(figure.text, sizeof figure.text, "%s%.50s", percent < 0 ? "−" : "+",
                 size.text);
    return figure;
}

struct figure figure_duration(double seconds)
{
    struct figure figure = {"–"};
    if (!isfinite(seconds) || seconds < 0 || seconds >= TOO_LARGE)
        return figure;
    long long whole = llround(seconds);
    if (whole < 60)
        snprintf(figure.text, sizeof figure.text, "%lld s", whole);
    else if (whole < 3600)
        snprintf(figure.text, sizeof figure.text, "%lld min %lld s", whole / 60,
                 whole % 60);
    else
        snprintf(figure.text, sizeof figure.text, "%lld h %lld min", whole / 3600,
                 whole / 60 % 60);
    return figure;
}

struct figure figure_range(struct interval interval, struct figure (*one)(double))
{
    struct figure low = one(interval.low), high = one(interval.high), figure = {"–"};
    if (isfinite(interval.low) && isfinite(interval.high))
        snprintf(figure.text, sizeof figure.text, "%.28s–%.28s", low.text, high.text);
    return figure;
}
