/* jsonl.c - a file of JSON objects, one a line, and a struct as such an object and back.
 * SPDX-License-Identifier: MIT */
#include "model/jsonl.h"

#include "base/alloc.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

/* A file with more lines that cannot be used is not worth naming each. */
enum { BAD_LINES_NAMED = 20 };

/* ---- a struct: one table of its members serves both ways ---- */

json_t *fields_number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

json_t *fields_text(const char *text)
{
    if (!text)
        return json_null();
    json_t *value = json_string(text);
    if (value)
        return value;
    char *ascii = alloc_copy(text);
    for (char *c = ascii; *c; c++)
        if ((unsigned char)*c >= 0x80)
            *c = '?';
    value = json_string(ascii);
    free(ascii);
    return value;
}

static json_t *field_to_json(const struct field *field, const void *at)
{
    switch (field->kind) {
    case FIELD_TEXT:
    case FIELD_OPTIONAL_TEXT:
        return fields_text(*(char *const *)at);
    case FIELD_DOUBLE:
    case FIELD_OPTIONAL_DOUBLE:
        return fields_number(*(const double *)at);
    case FIELD_LONG:
        return json_integer(*(const long *)at);
    case FIELD_INT:
    case FIELD_OPTIONAL_INT:
        return json_integer(*(const int *)at);
    case FIELD_BOOL:
        break;
    }
    return json_boolean(*(const bool *)at);
}

json_t *fields_to_json(const struct field *fields, const void *object)
{
    json_t *json = json_object();
    for (const struct field *f = fields; f->name; f++)
        json_object_set_new(json, f->name,
                            field_to_json(f, (const char *)object + f->offset));
    return json;
}

static int field_type_error(const struct field *field, const json_t *value,
                            struct err *err)
{
    return err_set(err, value ? "field '%s' is of another type" : "no field '%s'",
                   field->name);
}

static bool is_int(const json_t *value)
{
    return json_is_integer(value) && json_integer_value(value) >= INT_MIN &&
           json_integer_value(value) <= INT_MAX;
}

static int field_from_json(const struct field *field, void *at, const json_t *value,
                           struct err *err)
{
    bool text = field->kind == FIELD_TEXT || field->kind == FIELD_OPTIONAL_TEXT;
    bool optional = field->kind == FIELD_OPTIONAL_DOUBLE;
    bool number = field->kind == FIELD_DOUBLE || optional;
    bool whole = field->kind == FIELD_INT || field->kind == FIELD_OPTIONAL_INT;
    if (field->kind == FIELD_OPTIONAL_TEXT && (!value || json_is_null(value)))
        return 0;
    if (field->kind == FIELD_OPTIONAL_INT && !value)
        return 0;
    if (number && (json_is_null(value) || (optional && !value)))
        *(double *)at = NAN;
    else if (text && json_is_string(value))
        *(char **)at = alloc_copy(json_string_value(value));
    else if (number && json_is_number(value))
        *(double *)at = json_number_value(value);
    else if (field->kind == FIELD_LONG && json_is_integer(value))
        *(long *)at = (long)json_integer_value(value);
    else if (whole && is_int(value))
        *(int *)at = (int)json_integer_value(value);
    else if (field->kind == FIELD_BOOL && json_is_boolean(value))
        *(bool *)at = json_is_true(value);
    else
        return field_type_error(field, value, err);
    return 0;
}

int fields_from_json(const struct field *fields, void *object, const json_t *json,
                     struct err *err)
{
    for (const struct field *f = fields; f->name; f++)
        if (field_from_json(f, (char *)object + f->offset, json_object_get(json, f->name),
                            err) < 0)
            return -1;
    return 0;
}

/* ---- lines of a file ---- */

int jsonl_write(FILE *file, json_t *line, const char *kind, struct err *err)
{
    int failed = json_dumpf(line, file, JSON_COMPACT | JSON_REAL_PRECISION(10)) < 0 ||
                 putc('\n', file) == EOF || fflush(file) == EOF;
    json_decref(line);
    return failed ? err_set(err, "cannot write the %s: %s", kind, strerror(errno)) : 0;
}

static ssize_t zipped_read(void *file, char *bytes, size_t size)
{
    int n = gzread(file, bytes, (unsigned)size);
    if (n < 0)
        errno = EIO;
    return n;
}

static int zipped_close(void *file)
{
    return gzclose(file) == Z_OK ? 0 : EOF;
}

/* As gzip(1) leaves it; NULL if there is none. */
static FILE *open_zipped(const char *path)
{
    char *longer = alloc_format("%s.gz", path);
    gzFile zipped = gzopen(longer, "re");
    free(longer);
    return zipped ? fopencookie(zipped, "r",
                                (cookie_io_functions_t){.read = zipped_read,
                                                        .close = zipped_close})
                  : NULL;
}

FILE *jsonl_open(const char *directory, const char *name, const char *mode,
                 struct err *err)
{
    char *path = alloc_format("%s/%s", directory, name);
    FILE *file = fopen(path, mode);
    if (!file)
        err_set(err, "%s: %s", path, strerror(errno));
    if (!file && errno == ENOENT && strcmp(mode, "re") == 0)
        file = open_zipped(path);
    free(path);
    return file;
}

/* Where the whole lines end. A last one that lacks nothing but its newline is whole. */
static long end_of_lines(FILE *file)
{
    char *line = NULL;
    size_t size = 0;
    ssize_t length;
    long end = 0;
    while ((length = getline(&line, &size, file)) > 0) {
        json_t *json = line[length - 1] == '\n'
                           ? NULL
                           : json_loadb(line, (size_t)length, 0, &(json_error_t){0});
        if (json || line[length - 1] == '\n')
            end += length;
        json_decref(json);
    }
    free(line);
    return ferror(file) ? -1 : end;
}

/* Removes what is cut off, and ends the last line where it is not. */
static int mend_end(FILE *file)
{
    long end = end_of_lines(file);
    if (end <= 0 || ftruncate(fileno(file), end) < 0 ||
        fseek(file, end - 1, SEEK_SET) < 0)
        return -1;
    bool ended = getc(file) == '\n';
    if (fseek(file, 0, SEEK_END) < 0)
        return -1;
    return ended || putc('\n', file) != EOF ? 0 : -1;
}

FILE *jsonl_reopen(const char *directory, const char *name, struct err *err)
{
    FILE *file = jsonl_open(directory, name, "r+e", err);
    if (!file || mend_end(file) == 0)
        return file;
    err_set(err, "%s/%s: %s", directory, name, strerror(errno));
    fclose(file);
    return NULL;
}

static int read_line(const struct jsonl *reader, const char *text, size_t length,
                     struct err *err)
{
    json_error_t error;
    json_t *line = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
    if (!line)
        return err_set(err, "not JSON%s: %s",
                       text[length - 1] == '\n' ? "" : ", cut off at the end",
                       error.text);
    int result = reader->take(reader->owner, line, err);
    json_decref(line);
    return result;
}

/* Without its first line the file says of what it is: nothing. */
static int read_first_line(const struct jsonl *reader, FILE *file, char **line,
                           size_t *size, struct err *err)
{
    struct err why;
    ssize_t length = getline(line, size, file);
    if (length <= 0)
        return err_set(err, "not a %s: %s", reader->kind,
                       ferror(file) ? strerror(errno) : "it is empty");
    if (read_line(reader, *line, (size_t)length, &why) < 0)
        return err_set(err, "not a %s: %s", reader->kind, why.text);
    return 0;
}

static void note(const struct jsonl *reader, char *text)
{
    reader->note(reader->owner, text);
    free(text);
}

static void read_other_lines(const struct jsonl *reader, FILE *file, char **line,
                             size_t *size)
{
    struct err why;
    ssize_t length;
    size_t bad = 0;
    for (size_t number = 2; (length = getline(line, size, file)) > 0; number++)
        if (read_line(reader, *line, (size_t)length, &why) < 0 &&
            ++bad <= BAD_LINES_NAMED)
            note(reader, alloc_format("%s.jsonl:%zu: left out: %s", reader->kind, number,
                                      why.text));
    if (bad > BAD_LINES_NAMED)
        note(reader, alloc_format("%s.jsonl: %zu more lines are left out", reader->kind,
                                  bad - BAD_LINES_NAMED));
}

int jsonl_read(const struct jsonl *reader, FILE *file, struct err *err)
{
    char *line = NULL;
    size_t size = 0;
    int failed = read_first_line(reader, file, &line, &size, err);
    if (!failed)
        read_other_lines(reader, file, &line, &size);
    free(line);
    if (!failed && ferror(file))
        failed = err_set(err, "cannot be read: %s", strerror(errno));
    return failed;
}
