/* option.c - the options of a command: from their description to values, help and what is wrong.
 * SPDX-License-Identifier: MIT */
#include "base/option.h"

#include "base/alloc.h"
#include "base/nearest.h"
#include "base/number.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST = 256 }; /* what getopt_long returns for the first: no letter */

/* The one that getopt_long means by `c`: its place, or its letter; NULL. */
static const struct option_spec *spec_of(const struct option_spec *specs, size_t count,
                                         int c)
{
    if (c >= FIRST && (size_t)c < FIRST + count)
        return &specs[c - FIRST];
    for (size_t i = 0; c > 0 && i < count; i++)
        if (specs[i].letter == c)
            return &specs[i];
    return NULL;
}

/* ---- values ---- */

static bool take_share(double *share, const char *text)
{
    char *number = alloc_copy(text);
    size_t length = strlen(number);
    bool percent = length > 0 && number[length - 1] == '%';
    double most = percent ? 100 : 1;
    if (percent)
        number[length - 1] = '\0';
    bool good = number_double(share, number, 0, most) && *share > 0;
    free(number);
    *share /= most;
    return good;
}

static bool take_count(int *count, const char *text, double least, double most)
{
    long number;
    if (!number_long(&number, text, (long)least, (long)most))
        return false;
    *count = (int)number;
    return true;
}

static bool take_seed(unsigned long long *seed, const char *text)
{
    long number;
    if (!number_long(&number, text, 1, 1L << 62))
        return false;
    *seed = (unsigned long long)number;
    return true;
}

static bool take(const struct option_spec *spec, void *values, const char *text)
{
    void *field = (char *)values + spec->where;
    switch (spec->kind) {
    case OPTION_FLAG:
        *(bool *)field = true;
        return true;
    case OPTION_TEXT:
        *(const char **)field = text;
        return true;
    case OPTION_COUNT:
        return take_count(field, text, spec->least, spec->most);
    case OPTION_SEED:
        return take_seed(field, text);
    case OPTION_NUMBER:
        return number_double(field, text, spec->least, spec->most);
    case OPTION_SHARE:
        return take_share(field, text);
    case OPTION_OWN:
        break;
    }
    return spec->take(values, text);
}

/* ---- what is wrong ---- */

static char *range_words(const struct option_spec *spec)
{
    switch (spec->kind) {
    case OPTION_COUNT:
        return alloc_format("a whole number from %.0f to %.0f", spec->least, spec->most);
    case OPTION_SEED:
        return alloc_copy("a whole number from 1");
    case OPTION_NUMBER:
        return alloc_format("a number from %g to %g", spec->least, spec->most);
    case OPTION_SHARE:
        return alloc_copy("a share, such as 5% or 0.05");
    default:
        return alloc_copy(spec->wants);
    }
}

static int fail_value(const struct option_spec *spec, struct err *err)
{
    char *wants = range_words(spec);
    err_set(err, "--%s takes %s", spec->name, wants);
    free(wants);
    return -1;
}

/* An option that there is not, `given` without what may follow a '='. */
static int fail_unknown(const char *command, const struct option_spec *specs, char *given,
                        struct err *err)
{
    const char *near = NULL;
    given[strcspn(given, "=")] = '\0';
    for (; specs->name; specs++)
        near = nearest_of(given + strspn(given, "-"), near, specs->name);
    return near ? err_set(err, "%s: unknown option %s; did you mean --%s?", command,
                          given, near)
                : err_set(err, "%s: unknown option %s", command, given);
}

/* getopt_long leaves in `optopt` a letter that it does not know, what it would have returned for an
 * option that lacks its value or has one too many, and 0 for a long one that it does not know. */
static int fail_option(const char *command, const struct option_spec *specs, size_t count,
                       char *const *argv, struct err *err)
{
    const struct option_spec *spec = spec_of(specs, count, optopt);
    if (spec)
        return err_set(err, "%s: --%s takes %s value", command, spec->name,
                       spec->value ? "a" : "no");
    if (optopt > 0 && optopt < FIRST)
        return err_set(err, "%s: unknown option -%c", command, optopt);
    char *given = alloc_copy(argv[optind - 1]);
    fail_unknown(command, specs, given, err);
    free(given);
    return -1;
}

/* ---- reading ---- */

/* What getopt_long takes, made of the specs. */
struct known {
    struct option *longs;
    char *letters;
};

static struct known known_make(const struct option_spec *specs, size_t count)
{
    struct known known = {alloc_zeroed(count + 1, sizeof *known.longs),
                          alloc_zeroed(2 * count + 2, 1)};
    char *letter = known.letters;
    *letter++ = ':'; /* no words of its own */
    for (size_t i = 0; i < count; i++) {
        bool takes = specs[i].value != NULL;
        known.longs[i] = (struct option){
            specs[i].name, takes ? required_argument : no_argument, NULL, FIRST + (int)i};
        if (specs[i].letter) {
            *letter++ = specs[i].letter;
            if (takes)
                *letter++ = ':';
        }
    }
    return known;
}

static size_t count_of(const struct option_spec *specs)
{
    size_t count = 0;
    while (specs[count].name)
        count++;
    return count;
}

int options_read(const char *command, const struct option_spec *specs, void *values,
                 int argc, char **argv, struct err *err)
{
    size_t count = count_of(specs);
    struct known known = known_make(specs, count);
    int status = 0;
    opterr = 0;
    for (int c; !status &&
                (c = getopt_long(argc, argv, known.letters, known.longs, NULL)) != -1;) {
        const struct option_spec *spec = spec_of(specs, count, c);
        if (!spec)
            status = fail_option(command, specs, count, argv, err);
        else if (!take(spec, values, optarg))
            status = fail_value(spec, err);
    }
    free(known.longs);
    free(known.letters);
    return status ? -1 : optind;
}

/* ---- help, and the manual page ---- */

enum { INDENT = 2, COLUMN_MOST = 26 };

/* "-c, --connections N"; owned by the caller. */
static char *spelling(const struct option_spec *spec)
{
    char *value = spec->value ? alloc_format(" %s", spec->value) : alloc_copy("");
    char *text = spec->letter
                     ? alloc_format("-%c, --%s%s", spec->letter, spec->name, value)
                     : alloc_format("--%s%s", spec->name, value);
    free(value);
    return text;
}

/* Where the help begins: behind the longest that leaves room for it. */
static int help_column(const struct option_spec *specs)
{
    int column = 0;
    for (const struct option_spec *spec = specs; spec->name; spec++) {
        char *text = spelling(spec);
        int width = INDENT + (int)strlen(text) + 2;
        column = width > column && width <= COLUMN_MOST ? width : column;
        free(text);
    }
    return column;
}

void options_help(FILE *out, const struct option_spec *specs)
{
    int column = help_column(specs);
    for (const struct option_spec *spec = specs; spec->name; spec++) {
        char *text = spelling(spec);
        int width = fprintf(out, "%*s%s", INDENT, "", text);
        const char *line = spec->help;
        free(text);
        if (width + 2 > column) {
            fputc('\n', out);
            width = 0;
        }
        for (size_t length; *line; line += length + (line[length] == '\n')) {
            length = strcspn(line, "\n");
            fprintf(out, "%*s%.*s\n", column - width, "", (int)length, line);
            width = 0;
        }
    }
}

void options_mdoc(FILE *out, const struct option_spec *specs)
{
    fputs(".Bl -tag -width Ds\n", out);
    for (const struct option_spec *spec = specs; spec->name; spec++) {
        fputs(".It", out);
        if (spec->letter)
            fprintf(out, " Fl %c ,", spec->letter);
        fprintf(out, " Fl -%s", spec->name);
        if (spec->value)
            fprintf(out, " Ar %s", spec->value);
        fprintf(out, "\n%s\n", spec->help);
    }
    fputs(".El\n", out);
}
