/* verify_test.c - what a load tool accepts and abacus does not.
 * SPDX-License-Identifier: MIT */
#include "measure/verify.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { HEAD = 79, BODY = 13, REQUESTS = 1000 };

static const struct tool_result right = {.complete = REQUESTS,
                                         .failures = "Length: 3",
                                         .document_length = BODY,
                                         .body_bytes = REQUESTS * BODY,
                                         .total_bytes = REQUESTS * (HEAD + BODY)};

enum change { COMPLETE, FAILED, NON_2XX, WRITE_ERRORS, LENGTH, BODIES, TOTAL, NOTHING };

static const struct {
    enum change change;
    long value;
    const char *reason; /* a part of it; NULL: accepted */
} cases[] = {
    {NOTHING, 0, NULL},
    {COMPLETE, 0, "no request was completed"},
    {FAILED, 3, "3 of 1000 requests failed (Length: 3)"},
    {NON_2XX, 1000, "1000 of 1000 replies had a status other than 2xx"},
    {WRITE_ERRORS, 1, "1 write errors"},
    {LENGTH, 0, "the replies' bodies had 0 bytes, not 13"},
    {BODIES, REQUESTS *BODY - 6, "12994 bytes in all, not the expected 13000"},
    {TOTAL, REQUESTS *(HEAD + BODY) + 1, "92001 bytes in all, not the expected 92000"},
    /* What a tool does not count is not held against it. */
    {FAILED, -1, NULL},
    {LENGTH, -1, NULL},
    {BODIES, -1, NULL},
    {TOTAL, -1, NULL},
};

static void set(struct tool_result *result, enum change change, long value)
{
    long *fields[] = {
        [COMPLETE] = &result->complete,      [FAILED] = &result->failed,
        [NON_2XX] = &result->non_2xx,        [WRITE_ERRORS] = &result->write_errors,
        [LENGTH] = &result->document_length, [BODIES] = &result->body_bytes,
        [TOTAL] = &result->total_bytes};
    if (change != NOTHING)
        *fields[change] = value;
}

static void every_count_is_held_against_the_probe(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err err = {""};
        struct tool_result result = right;
        set(&result, cases[i].change, cases[i].value);
        int verdict = verify_result(&result, HEAD, BODY, &err);
        assert_int_equal(verdict, cases[i].reason ? -1 : 0);
        if (cases[i].reason)
            assert_non_null(strstr(err.text, cases[i].reason));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_count_is_held_against_the_probe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
