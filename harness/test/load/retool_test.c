/* retool_test.c - a suite's loads under other load tools: their amounts, names and titles.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "load/retool.h"
#include "load/suite_read.h"
#include "load/tool.h"

#include <stdlib.h>
#include <string.h>

static const char SUITES[] = "harness/suites";

static void read_suite(struct suite *suite, const char *name)
{
    struct err err;
    assert_int_equal(suite_read(suite, SUITES, name, &err), 0);
}

/* The first load of a suite with one tool. */
static void each_load_keeps_what_it_asks(void **state)
{
    (void)state;
    static const struct {
        const char *suite, *tools, *title;
        long requests;
        double seconds;
    } cases[] = {
        {"articles", "ab", "ab -c 50 -n 100000", 100000, 0},
        {"articles", "wrk", "wrk -c 50 -d 5s, Connection: close", 0, 5},
        {"articles", "h2load", "h2load -c 50 -n 100000, Connection: close", 100000, 0},
        {"quick", "wrk", "wrk -c 50 -d 1s, Connection: close", 0, 1},
        {"bench", "wrk", "wrk -c 50 -d 3s, Connection: close", 0, 3},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct suite suite;
        struct err err;
        read_suite(&suite, cases[i].suite);
        char *name = strdup(suite.loads[0].name);
        size_t count = suite.load_count;
        assert_int_equal(suite_retool(&suite, cases[i].tools, &err), 0);
        const struct load *load = &suite.loads[0];
        assert_int_equal(suite.load_count, count);
        assert_string_equal(load->tool, cases[i].tools);
        assert_string_equal(load->title, cases[i].title);
        assert_string_equal(load->name, name);
        assert_int_equal(load->requests, cases[i].requests);
        assert_true(load->seconds == cases[i].seconds);
        free(name);
        suite_free(&suite);
    }
}

/* From time to requests, and connections stay kept. */
static void time_becomes_requests(void **state)
{
    (void)state;
    struct suite suite;
    struct err err;
    read_suite(&suite, "bench");
    assert_int_equal(suite_retool(&suite, "ab", &err), 0);
    const struct load *load = suite_load(&suite, "wrk-c50");
    assert_string_equal(load->title, "ab -c 50 -n 100000, keep-alive");
    assert_int_equal(load->requests, 100000);
    assert_true(load->seconds == 0);
    assert_true(load->keepalive);
    suite_free(&suite);
}

static void two_tools_double_the_loads(void **state)
{
    (void)state;
    static const char *const names[] = {"c50-wrk", "c50-ab",    "c100-wrk",
                                        "c100-ab", "c1000-wrk", "c1000-ab"};
    struct suite suite;
    struct err err;
    read_suite(&suite, "articles");
    assert_int_equal(suite_retool(&suite, "wrk,ab", &err), 0);
    assert_int_equal(suite.load_count, 6);
    for (size_t i = 0; i < 6; i++)
        assert_string_equal(suite.loads[i].name, names[i]);
    assert_string_equal(suite.loads[1].title, "ab -c 50 -n 100000");
    assert_string_equal(suite.loads[0].tool, "wrk");
    assert_string_equal(suite.compare_from, "c1000-wrk");
    assert_string_equal(suite.compare_to, "c50-wrk");
    suite_free(&suite);
}

static void what_is_no_tool_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *tools, *reason;
    } cases[] = {
        {"siege", "unknown tool 'siege'; there are: ab wrk h2load pace"},
        {"ab,", "unknown tool ''; there are: ab wrk h2load pace"},
        {"ab, wrk", "unknown tool ' wrk'; there are: ab wrk h2load pace"},
        {"ab,wrk,ab", "tool 'ab' is named twice"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct suite suite;
        struct err err;
        read_suite(&suite, "articles");
        assert_int_equal(suite_retool(&suite, cases[i].tools, &err), -1);
        assert_string_equal(err.text, cases[i].reason);
        assert_int_equal(suite.load_count, 3);
        suite_free(&suite);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_load_keeps_what_it_asks),
        cmocka_unit_test(time_becomes_requests),
        cmocka_unit_test(two_tools_double_the_loads),
        cmocka_unit_test(what_is_no_tool_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
