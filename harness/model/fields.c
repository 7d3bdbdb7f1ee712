/* fields.c - a struct as a JSON object and back: one table of its members serves both ways.
 * SPDX-License-Identifier: MIT */
#include "model/fields.h"

#include "base/alloc.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>

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
    if (field->kind == FIELD_OPTIONAL_TEXT && (!value || json_is_null(value)))
        return 0;
    if (number && (json_is_null(value) || (optional && !value)))
        *(double *)at = NAN;
    else if (text && json_is_string(value))
        *(char **)at = alloc_copy(json_string_value(value));
    else if (number && json_is_number(value))
        *(double *)at = json_number_value(value);
    else if (field->kind == FIELD_LONG && json_is_integer(value))
        *(long *)at = (long)json_integer_value(value);
    else if (field->kind == FIELD_INT && is_int(value))
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
