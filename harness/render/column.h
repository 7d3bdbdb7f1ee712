/* column.h - a figure of a table, described once: what it is called, where it is in a row, and
 * how people see it. Tables for people follow from that (grid.h), and so do the fields that
 * other programs read.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_COLUMN_H
#define ABACUS_COLUMN_H

#include "render/figure.h"
#include "stats/stats.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum align { ALIGN_LEFT, ALIGN_RIGHT };

/* What the row has at the column's offset, or what the column's function makes of the row. */
enum column_kind {
    COLUMN_TEXT,
    COLUMN_NUMBER,   /* double; NAN: there is none */
    COLUMN_COUNT,    /* size_t; or a double without a fraction */
    COLUMN_INTERVAL, /* struct interval: two columns for people, three for programs */
};

struct column {
    const char *group; /* a heading above neighbours that share it; NULL: none */
    const char *brief; /* the same for a narrow screen; NULL: as it is */
    const char *head;  /* NULL in every column: no heading at all */
    enum align align;  /* of what is not typed; numbers are aligned to the right */
    bool more;         /* is better: the first click on the heading sorts it that way */
    /* The rest is for rows that are structs. */
    const char
        *name; /* for programs, with the unit: "cpu_us_per_request"; NULL: not shown
                         to them */
    enum column_kind kind;
    size_t offset;
    struct figure (*show)(double value); /* how people see a number or an interval */
    /* In place of an offset: a text, owned by the caller, or a number. */
    char *(*text)(const void *row);
    double (*number)(const void *row);
    /* What people see in place of that, owned by the caller; NULL: the same. */
    char *(*label)(const void *row);
    /* What stands behind a figure, borrowed; NULL: nothing. */
    const char *(*mark)(const void *row);
    /* Where the cell leads in HTML, owned by the caller; NULL: nowhere. */
    char *(*link)(const void *row);
};

/* The value of a row; NAN, or a text owned by the caller, which is never NULL. */
double column_number(const struct column *column, const void *row);
struct interval column_interval(const struct column *column, const void *row);
char *column_text(const struct column *column, const void *row);

/* The column of that name among `count`; it must be there. */
const struct column *column_find(const struct column *columns, size_t count,
                                 const char *name);

/* A file that a program reads: one line of names, then a line for each row. An interval NAME is
 * NAME, NAME_low and NAME_high, for gnuplot with the low end first. Columns without a name are left
 * out. */
enum dialect {
    DIALECT_CSV,     /* RFC 4180; nothing where there is no number; "inf" */
    DIALECT_GNUPLOT, /* parted by tabs; the names are a comment; "nan" where there is none */
};

void columns_write_names(FILE *out, enum dialect dialect, const struct column *columns,
                         size_t count);
void columns_write_row(FILE *out, enum dialect dialect, const struct column *columns,
                       size_t count, const void *row);

json_t *interval_to_json(struct interval interval);

/* The same of a row as a JSON object, owned by the caller: an interval is an object with low, mid and
 * high; null where there is no number. */
json_t *columns_to_json(const struct column *columns, size_t count, const void *row);

#endif
