/* fields.h - a struct as a JSON object and back: one table of its members serves both ways.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_FIELDS_H
#define ABACUS_FIELDS_H

#include "base/err.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum field_kind {
    FIELD_TEXT,          /* char *, owned by the struct */
    FIELD_OPTIONAL_TEXT, /* the same; NULL is null, or not there: older records lack some */
    FIELD_DOUBLE,        /* NAN is null: JSON has no NaN */
    FIELD_OPTIONAL_DOUBLE, /* the same; NAN also where it is not there */
    FIELD_LONG,
    FIELD_INT,
    FIELD_BOOL,
};

/* A member of a struct; a table of them ends with one whose name is NULL. */
struct field {
    const char *name;
    enum field_kind kind;
    size_t offset;
};

/* A new object, owned by the caller. */
json_t *fields_to_json(const struct field *fields, const void *object);

/* Fills `object`, which must be zeroed and owns its texts even if this fails. -1: a field is
 * missing or of another type; the reason names it. */
int fields_from_json(const struct field *fields, void *object, const json_t *json,
                     struct err *err);

/* A string, or null for NULL. Bytes that are not UTF-8 (a server may say anything) become
 * '?'. */
json_t *fields_text(const char *text);

/* A number, or null for what is not finite. */
json_t *fields_number(double value);

#endif
