/* column.c - figures of a row, for tables and for programs.
 * SPDX-License-Identifier: MIT */
#include "render/column.h"

#include "base/alloc.h"
#include "base/quote.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* ---- what a row has ---- */

static const void *column_at(const struct column *column, const void *row)
{
    return (const char *)row + column->offset;
}

double column_number(const struct column *column, const void *row)
{
    if (column->number)
        return column->number(row);
    if (column->kind == COLUMN_COUNT)
        return (double)*(const size_t *)column_at(column, row);
    return *(const double *)column_at(column, row);
}

struct interval column_interval(const struct column *column, const void *row)
{
    return *(const struct interval *)column_at(column, row);
}

char *column_text(const struct column *column, const void *row)
{
    if (column->text)
        return column->text(row);
    const char *text = *(const char *const *)column_at(column, row);
    return alloc_copy(text ? text : "");
}

const struct column *column_find(const struct column *columns, size_t count,
                                 const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (columns[i].name && strcmp(columns[i].name, name) == 0)
            return &columns[i];
    abort(); /* a misspelt name in the source */
}

/* ---- for programs ---- */

struct writer {
    FILE *out;
    enum dialect dialect;
    size_t fields; /* of this line, so far */
};

static FILE *next_field(struct writer *writer)
{
    if (writer->fields++ > 0)
        fputc(writer->dialect == DIALECT_CSV ? ',' : '\t', writer->out);
    return writer->out;
}

static void write_number(struct writer *writer, double value, int decimals)
{
    FILE *out = next_field(writer);
    if (isfinite(value))
        fprintf(out, "%.*f", decimals, value);
    else if (writer->dialect == DIALECT_GNUPLOT)
        fputs("nan", out);
    else if (isinf(value))
        fputs(value > 0 ? "inf" : "-inf", out);
}

/* gnuplot draws from low to high, people read the estimate first. */
static void write_interval(struct writer *writer, struct interval interval)
{
    bool mid_first = writer->dialect == DIALECT_CSV;
    write_number(writer, mid_first ? interval.mid : interval.low, 3);
    write_number(writer, mid_first ? interval.low : interval.mid, 3);
    write_number(writer, interval.high, 3);
}

static void write_names(struct writer *writer, const struct column *column)
{
    const char *end[] = {"", "_low", "_high"};
    bool mid_first = writer->dialect == DIALECT_CSV;
    size_t count = column->kind == COLUMN_INTERVAL ? 3 : 1;
    for (size_t i = 0; i < count; i++)
        fprintf(next_field(writer), "%s%s", column->name,
                end[count == 1 || mid_first || i == 2 ? i : 1 - i]);
}

static void write_value(struct writer *writer, const struct column *column,
                        const void *row)
{
    if (column->kind == COLUMN_TEXT) {
        char *text = column_text(column, row);
        if (writer->dialect == DIALECT_CSV)
            quote_csv(next_field(writer), text);
        else
            quote_gnuplot(next_field(writer), text);
        free(text);
    } else if (column->kind == COLUMN_INTERVAL) {
        write_interval(writer, column_interval(column, row));
    } else {
        write_number(writer, column_number(column, row),
                     column->kind == COLUMN_COUNT ? 0 : 3);
    }
}

void columns_write_names(FILE *out, enum dialect dialect, const struct column *columns,
                         size_t count)
{
    struct writer writer = {.out = out, .dialect = dialect};
    if (dialect == DIALECT_GNUPLOT)
        fputs("# ", out);
    for (size_t i = 0; i < count; i++)
        if (columns[i].name)
            write_names(&writer, &columns[i]);
    fputc('\n', out);
}

void columns_write_row(FILE *out, enum dialect dialect, const struct column *columns,
                       size_t count, const void *row)
{
    struct writer writer = {.out = out, .dialect = dialect};
    for (size_t i = 0; i < count; i++)
        if (columns[i].name)
            write_value(&writer, &columns[i], row);
    fputc('\n', out);
}

static json_t *number_to_json(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

json_t *interval_to_json(struct interval interval)
{
    json_t *json = json_object();
    json_object_set_new(json, "low", number_to_json(interval.low));
    json_object_set_new(json, "mid", number_to_json(interval.mid));
    json_object_set_new(json, "high", number_to_json(interval.high));
    return json;
}

static json_t *value_to_json(const struct column *column, const void *row)
{
    if (column->kind == COLUMN_INTERVAL)
        return interval_to_json(column_interval(column, row));
    double number = column->kind == COLUMN_TEXT ? NAN : column_number(column, row);
    if (column->kind == COLUMN_NUMBER)
        return number_to_json(number);
    if (column->kind == COLUMN_COUNT)
        return isfinite(number) ? json_integer((json_int_t)number) : json_null();
    char *text = column_text(column, row);
    json_t *json = json_string(text);
    free(text);
    return json;
}

json_t *columns_to_json(const struct column *columns, size_t count, const void *row)
{
    json_t *json = json_object();
    for (size_t i = 0; i < count; i++)
        if (columns[i].name)
            json_object_set_new(json, columns[i].name, value_to_json(&columns[i], row));
    return json;
}
