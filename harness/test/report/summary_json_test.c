/* summary_json_test.c - summary.json against its schema, and that the schema would notice.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sample.h"

#include "report/summary_json.h"

#include <jansson.h>
#include <stdbool.h>

/* ---- JSON Schema, as much of it as the schema uses ---- */

static bool is_of_type(const json_t *value, const char *type)
{
    if (strcmp(type, "number") == 0)
        return json_is_number(value);
    if (strcmp(type, "integer") == 0)
        return json_is_integer(value);
    if (strcmp(type, "string") == 0)
        return json_is_string(value);
    if (strcmp(type, "boolean") == 0)
        return json_is_boolean(value);
    if (strcmp(type, "null") == 0)
        return json_is_null(value);
    return strcmp(type, "array") == 0 ? json_is_array(value) : json_is_object(value);
}

static bool has_type(const json_t *value, const json_t *types)
{
    if (json_is_string(types))
        return is_of_type(value, json_string_value(types));
    for (size_t i = 0; i < json_array_size(types); i++)
        if (is_of_type(value, json_string_value(json_array_get(types, i))))
            return true;
    return false;
}

static bool is_valid(json_t *value, json_t *schema);

/* Members that the schema does not know are not allowed: it is to tell of all. */
static bool members_are_valid(json_t *value, json_t *schema)
{
    const char *name;
    json_t *member;
    json_t *properties = json_object_get(schema, "properties");
    json_t *others = json_object_get(schema, "additionalProperties");
    json_object_foreach(value, name, member)
    {
        json_t *of = json_object_get(properties, name);
        if (!(of || others) || !is_valid(member, of ? of : others))
            return false;
    }
    return true;
}

static bool is_valid(json_t *value, json_t *schema)
{
    const json_t *required = json_object_get(schema, "required");
    if (!has_type(value, json_object_get(schema, "type")))
        return false;
    for (size_t i = 0; i < json_array_size(required); i++)
        if (!json_object_get(value, json_string_value(json_array_get(required, i))))
            return false;
    for (size_t i = 0; json_is_array(value) && i < json_array_size(value); i++)
        if (!is_valid(json_array_get(value, i), json_object_get(schema, "items")))
            return false;
    return !json_is_object(value) || members_are_valid(value, schema);
}

/* ---- summary.json ---- */

static json_t *read_schema(void)
{
    json_error_t error;
    json_t *schema = json_load_file("harness/summary.schema.json", 0, &error);
    if (!schema)
        fail_msg("%s", error.text);
    return schema;
}

static json_t *summary_of(struct run *run)
{
    char *text = NULL;
    size_t size;
    struct summary summary;
    json_error_t error;
    FILE *out = open_memstream(&text, &size);
    summary_make(&summary, run);
    summary_json_write(out, &(struct report){.run = run, .summary = &summary});
    assert_int_equal(fclose(out), 0);
    json_t *json = json_loads(text, 0, &error);
    if (!json)
        fail_msg("%s", error.text);
    summary_free(&summary);
    free(text);
    return json;
}

static void keeps_the_schema(void **state)
{
    (void)state;
    struct run run;
    json_t *schema = read_schema();
    sample_run(&run, sample_six, 6, 12);
    sample_fail_all(&run, "fork", "c50", "it failed");
    json_t *json = summary_of(&run);
    assert_true(is_valid(json, schema));
    assert_int_equal(json_array_size(json_object_get(json, "failures")), 1);
    /* a row for each server under each load, and under all of them */
    assert_int_equal(json_array_size(json_object_get(json, "figures")), 6 * 4);
    json_object_set_new(json, "rounds", json_string("twelve"));
    assert_false(is_valid(json, schema));
    json_object_del(json, "rounds");
    assert_false(is_valid(json, schema));
    json_decref(json);
    json_decref(schema);
    run_free(&run);
}

static void of_nothing_keeps_it_too(void **state)
{
    (void)state;
    struct run run;
    json_t *schema = read_schema();
    sample_run(&run, sample_six, 0, 0);
    json_t *json = summary_of(&run);
    assert_true(is_valid(json, schema));
    json_decref(json);
    json_decref(schema);
    run_free(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_the_schema),
        cmocka_unit_test(of_nothing_keeps_it_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
