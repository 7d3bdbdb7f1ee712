/* record_bad_test.c - whatever is wrong in a record, it is shown as far as it goes, what is not
 * is named, and nothing else happens.
 * SPDX-License-Identifier: MIT */
#include "fixture.h"
#include "model/record.h"
#include "render.h"

/* ---- a record of a trial and some slices, and what is made of it ---- */

/* The head, a trial, how a load is sliced, and a block of three slices; owned by the caller. */
static char *record_text(void)
{
    char *line = NULL, *kept = NULL;
    size_t size = 0, kept_size = 0, trials = 0, slices = 0;
    FILE *file = fopen("harness/test/corpus/record/finished", "re");
    FILE *out = open_memstream(&kept, &kept_size);
    assert_non_null(file);
    assert_non_null(out);
    while (slices < 3 && getline(&line, &size, file) > 0) {
        bool trial = strstr(line, "\"type\":\"trial\"") != NULL;
        slices += strstr(line, "\"type\":\"slice\"") != NULL;
        trials += trial;
        if (!trial || trials <= 1)
            fputs(line, out);
    }
    assert_int_equal(slices, 3);
    fclose(file);
    assert_int_equal(fclose(out), 0);
    free(line);
    return kept;
}

/* All that is written of the record, or why it is refused; owned by the caller. Tables have
 * their words broken into lines: here they are in one. */
static char *shown(const char *record)
{
    struct err err = {""};
    struct run run;
    size_t size;
    char *text = NULL;
    FILE *file = fmemopen((void *)record, strlen(record), "r");
    assert_non_null(file);
    if (record_parse(&run, file, &err) < 0) {
        assert_true(asprintf(&text, "refused: %s", err.text) > 0);
    } else {
        text = render_run(&run, &size);
        run_free(&run);
    }
    fclose(file);
    for (char *newline = text; (newline = strstr(newline, "\n  "));)
        memmove(newline, newline + 2, strlen(newline + 2) + 1);
    for (char *newline = text; (newline = strchr(newline, '\n'));)
        *newline = ' ';
    return text;
}

/* ---- every value ---- */

/* The end of the value that begins here; NULL if it is an object or an array. */
static const char *value_end(const char *value)
{
    if (*value == '{' || *value == '[')
        return NULL;
    if (*value != '"')
        return value + strcspn(value, ",]}");
    do
        value = strchr(value + 1, '"');
    while (value[-1] == '\\');
    return value + 1;
}

static const char *const bad_values[] = {
    "null", "-1", "0", "1e308", "-1e308", "4e9", "\"\"", "9223372036854775807",
};

/* Sanitizers watch. Of neighbours, which mostly are of one kind, each becomes every other of the bad
 * values. */
static void any_value_may_be_any_other(void **state)
{
    (void)state;
    char *record = record_text();
    size_t values = 0;
    for (const char *at = record; (at = strstr(at, "\":"));) {
        at += strlen("\":");
        const char *end = value_end(at);
        if (!end)
            continue;
        values++;
        for (size_t i = values % 2; i < sizeof bad_values / sizeof *bad_values; i += 2) {
            char *changed = NULL;
            assert_true(asprintf(&changed, "%.*s%s%s", (int)(at - record), record,
                                 bad_values[i], end) > 0);
            char *text = shown(changed);
            assert_true(strlen(text) > strlen("refused: "));
            free(text);
            free(changed);
        }
    }
    assert_true(values > 150);
    free(record);
}

/* ---- what is said ---- */

static const struct {
    const char *from, *to; /* the first such text in the record is changed */
    const char *said;
} cases[] = {
    {"\"version\":2", "\"version\":1",
     "refused: not a record: it is of another version of abacus"},
    {"\"version\":2", "\"version\":\"2\"",
     "refused: not a record: it is of another version"},
    {"\"rounds\":2", "\"rounds\":1000000000",
     "refused: not a record: 'rounds' is not a whole number from 0 to 1000"},
    {"\"rounds\":2", "\"rounds\":-1", "refused: not a record: 'rounds'"},
    {"\"rounds\":2", "\"rounds\":4294967297", "refused: not a record: 'rounds'"},
    {"\"rounds\":2", "\"rounds\":NaN", "refused: not a record: not JSON"},
    {"\"trials\":1", "\"trials\":1001",
     "refused: not a record: 'trials' is not a whole number from 0 to 1000"},
    {"\"round_s\":1.0", "\"round_s\":-1", "refused: not a record: no 'round_s'"},
    {"\"round_s\":1.0", "\"round_s\":null", "refused: not a record: no 'round_s'"},
    {"\"seed\":", "\"seed\":-", "refused: not a record: no 'started' or 'seed'"},
    {"\"concurrency\":10", "\"concurrency\":4294967297",
     "refused: not a record: field 'concurrency' is of another type"},
    {"\"about\":\"one", "\"about\":\"\xff", "refused: not a record: not JSON"},
    {"\"about\":\"one", "\"about\":\"\\u0000", "refused: not a record: not JSON"},
    {"\"round\":1,", "\"round\":1000000000,",
     "record.jsonl:2: left out: a trial with the number 1000000000"},
    {"\"round\":1,", "\"round\":4294967297,", "record.jsonl:2: left out: field 'round'"},
    {"\"round\":1,", "\"round\":0,",
     "record.jsonl:2: left out: a trial with the number 0"},
    {"\"tool_wall_s\":", "\"tool_wall_s\":1e999,\"was\":",
     "record.jsonl:2: left out: not JSON"},
    {"\"server\":\"epoll\"", "\"server\":\"spoon\"",
     "record.jsonl:2: left out: a trial of an unknown server or load"},
    {"\"load\":\"c5\"", "\"load\":\"c11\"",
     "record.jsonl:2: left out: a trial of an unknown server or load"},
    {"\"name\":\"fork\"", "\"name\":\"epoll\"",
     "the server 'epoll' is in the record twice; the second is left out"},
    {"\"name\":\"c5\"", "\"name\":\"c10\"",
     "the load 'c10' is in the record twice; the second is left out"},
    {"\"compare_to\":\"c5\"", "\"compare_to\":\"c6\"",
     "the record compares 'c10' with 'c6', but has not both loads"},
    {"\"compare_to\":\"c5\"", "\"compare_to\":null",
     "the record compares 'c10' with '', but has not both loads"},
    {"\"name\":\"epoll\"", "\"name\":\"<script>alert(1)</script>\"",
     "&lt;script&gt;alert(1)&lt;/script&gt;"},
    {"\"name\":\"epoll\"", "\"name\":\"a\\u001b[31mb\\r\"", "a?[31mb?"},
    /* how a load is sliced */
    {"\"slicing\",\"load\":1", "\"slicing\",\"load\":2",
     "record.jsonl:3: left out: 'load' is not a place in the head's list"},
    {"\"slicing\",\"load\":1", "\"slicing\",\"load\":-1",
     "record.jsonl:3: left out: 'load' is not a place in the head's list"},
    {"\"blocks\":1}", "\"blocks\":10001}",
     "record.jsonl:3: left out: 'blocks' is not a whole number from 0 to 10000"},
    {"\"blocks\":1}", "\"blocks\":-1}", "record.jsonl:3: left out: 'blocks'"},
    {"\"requests\":200,\"blocks\"", "\"requests\":-200,\"blocks\"",
     "record.jsonl:3: left out: 'requests'"},
    {"\"requests\":200,\"blocks\"", "\"requests\":\"200\",\"blocks\"",
     "record.jsonl:3: left out: 'requests'"},
    {"\"blocks\":1}", "\"blocks\":1,\"servers\":[{}]}",
     "record.jsonl:3: left out: 'servers' are not the head's"},
    {"\"blocks\":1}", "\"blocks\":1,\"servers\":[{},{},{}]}",
     "record.jsonl:3: left out: 'requests'"},
    {"\"blocks\":1}",
     "\"blocks\":1,\"servers\":[{\"requests\":9,\"every\":2},"
     "{\"requests\":9,\"every\":1},{\"requests\":9,\"every\":0}]}",
     "record.jsonl:3: left out: 'every' is 0"},
    /* the first slice */
    {"\"slice\",\"server\":1", "\"slice\",\"server\":3",
     "record.jsonl:4: left out: 'server' is not a place in the head's list"},
    {"\"slice\",\"server\":1", "\"slice\",\"server\":\"fork\"",
     "record.jsonl:4: left out: 'server' is not a place in the head's list"},
    {"\"slice\",\"server\":1,\"load\":1", "\"slice\",\"server\":1,\"load\":-1",
     "record.jsonl:4: left out: 'load' is not a place in the head's list"},
    {"\"round\":1,\"block\":1", "\"round\":0,\"block\":1",
     "record.jsonl:4: left out: a slice of round 0, block 1"},
    {"\"round\":1,\"block\":1", "\"round\":3,\"block\":1", /* of two */
     "record.jsonl:4: left out: a slice of round 3, block 1"},
    {"\"round\":1,\"block\":1", "\"round\":1,\"block\":0",
     "record.jsonl:4: left out: a slice of round 1, block 0"},
    {"\"round\":1,\"block\":1", "\"round\":1,\"block\":10001",
     "record.jsonl:4: left out: a slice of round 1, block 10001"},
    {"\"round\":1,\"block\":1", "\"round\":1,\"block\":1.5",
     "record.jsonl:4: left out: field 'block' is of another type"},
    {"\"server_cpu\":", "\"cpu\":", "record.jsonl:4: left out: no field 'server_cpu'"},
    {"\"slice\",\"server\":1", "\"slice\",\"reason\":\"<b>no</b>\",\"server\":1",
     "&lt;b&gt;no&lt;/b&gt;"},
};

static void what_is_wrong_is_named(void **state)
{
    (void)state;
    char *record = record_text();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *changed = text_replace(record, cases[i].from, cases[i].to);
        char *text = shown(changed);
        if (!strstr(text, cases[i].said))
            fail_msg("'%s' is not said of %s", cases[i].said, cases[i].to);
        free(text);
        free(changed);
    }
    free(record);
}

/* No table becomes as wide as a name. */
static void a_long_name_is_shortened(void **state)
{
    (void)state;
    char *record = record_text();
    char name[320];
    int length = snprintf(name, sizeof name, "\"name\":\"begin");
    memset(name + length, 'x', 290);
    snprintf(name + length + 290, sizeof name - (size_t)length - 290, "end\"");
    char *changed = text_replace(record, "\"name\":\"epoll\"", name);
    char *text = shown(changed);
    assert_non_null(strstr(text, "beginxxxxxxx…xxxxxxxxend"));
    free(text);
    free(changed);
    free(record);
}

/* A page that drowns in them would show nothing else. */
static void many_bad_lines_are_counted(void **state)
{
    (void)state;
    char *record = record_text();
    char *longer = malloc(strlen(record) + 2 * 1000 + 1);
    assert_non_null(longer);
    char *end = stpcpy(longer, record);
    for (size_t i = 0; i < 1000; i++)
        end = stpcpy(end, "?\n");
    char *text = shown(longer);
    assert_non_null(strstr(text, "record.jsonl:26: left out: not JSON"));
    assert_null(strstr(text, "record.jsonl:27:"));
    assert_non_null(strstr(text, "record.jsonl: 980 more lines are left out"));
    free(text);
    free(longer);
    free(record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_value_may_be_any_other),
        cmocka_unit_test(what_is_wrong_is_named),
        cmocka_unit_test(a_long_name_is_shortened),
        cmocka_unit_test(many_bad_lines_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
