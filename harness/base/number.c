/* number.c - a number out of text: the whole text, in range, or not at all.
 * SPDX-License-Identifier: MIT */
#include "base/number.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* strtol and strtod skip blanks, and strtod knows "inf", "nan" and hexadecimal. */
static bool is_decimal(const char *text)
{
    return text[0] != '\0' && text[strspn(text, "+-.0123456789eE")] == '\0';
}

bool number_long(long *value, const char *text, long low, long high)
{
    char *end;
    errno = 0;
    long number = strtol(text, &end, 10);
    if (!is_decimal(text) || *end != '\0' || errno != 0 || number < low || number > high)
        return false;
    *value = number;
    return true;
}

bool number_double(double *value, const char *text, double low, double high)
{
    char *end;
    errno = 0;
    double number = strtod(text, &end);
    if (!is_decimal(text) || *end != '\0' || errno != 0 || number < low || number > high)
        return false;
    *value = number;
    return true;
}

bool number_time(double *seconds, const char *text, double high)
{
    static const struct {
        const char *suffix;
        double factor;
    } units[] = {{"ms", 1e-3}, {"s", 1}, {"m", 60}, {"h", 3600}, {"", 1}};
    char number[32];
    double value;
    size_t length = strspn(text, "0123456789.");
    if (length >= sizeof number)
        return false;
    memcpy(number, text, length);
    number[length] = '\0';
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strcmp(text + length, units[i].suffix) == 0 &&
            number_double(&value, number, 0, high / units[i].factor) && value > 0) {
            *seconds = value * units[i].factor;
            return true;
        }
    return false;
}
