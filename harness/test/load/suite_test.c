/* suite_test.c - suites read from INI files: those that abacus comes with, and every mistake
 * that a file can have, with its line.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture.h"
#include "load/retool.h"
#include "load/suite_read.h"

#include <string.h>

static const char SUITES[] = "harness/suites";

static void articles_test(void **state)
{
    (void)state;
    static const struct {
        const char *name, *title;
        int concurrency;
    } loads[] = {
        {"c50", "ab -c 50 -n 100000", 50},
        {"c100", "ab -c 100 -n 100000", 100},
        {"c1000", "ab -c 1000 -n 100000", 1000},
    };
    struct suite suite;
    struct err err;
    assert_int_equal(suite_read(&suite, SUITES, "articles", &err), 0);
    assert_string_equal(suite.name, "articles");
    assert_int_equal(suite.trials_each, 2);
    assert_int_equal(suite.rounds, 12);
    assert_true(suite.minutes == 19);
    assert_true(suite.trial_s == 15);
    assert_int_equal(suite.load_count, 3);
    for (size_t i = 0; i < 3; i++) {
        const struct load *load = &suite.loads[i];
        assert_string_equal(load->name, loads[i].name);
        assert_string_equal(load->title, loads[i].title);
        assert_string_equal(load->tool, "ab");
        assert_string_equal(load->path, "/");
        assert_int_equal(load->requests, 100000);
        assert_int_equal(load->concurrency, loads[i].concurrency);
        assert_false(load->keepalive);
        assert_int_equal(load->priming, 3000);
    }
    assert_string_equal(suite.compare_from, "c1000");
    assert_string_equal(suite.compare_to, "c50");
    suite_free(&suite);
}

/* Quick gives the tables of articles: the same loads in the same order. */
static void quick_test(void **state)
{
    (void)state;
    struct suite articles;
    struct suite quick;
    struct err err;
    assert_int_equal(suite_read(&articles, SUITES, "articles", &err), 0);
    assert_int_equal(suite_read(&quick, "/nowhere", "harness/suites/quick.ini", &err), 0);
    assert_string_equal(quick.name, "quick");
    assert_int_equal(quick.load_count, 1);
    assert_int_equal(quick.rounds, 12); /* fewer tell nothing of twelve servers */
    assert_true(quick.round_s < articles.round_s);
    const struct load *load = suite_load(&articles, quick.loads[0].name);
    assert_non_null(load);
    assert_int_equal(quick.loads[0].concurrency, load->concurrency);
    assert_true(quick.loads[0].requests < load->requests);
    suite_free(&articles);
    suite_free(&quick);
}

static void bench_test(void **state)
{
    (void)state;
    struct suite suite;
    struct err err;
    assert_int_equal(suite_read(&suite, SUITES, "bench", &err), 0);
    const struct load *wrk = suite_load(&suite, "wrk-c50");
    assert_non_null(wrk);
    assert_string_equal(wrk->tool, "wrk");
    assert_true(wrk->seconds == 5);
    assert_int_equal(wrk->requests, 0);
    assert_true(wrk->keepalive);
    assert_null(suite_load(&suite, "wrk"));
    assert_null(suite.compare_from);
    assert_null(suite.compare_to);
    suite_free(&suite);
}

/* Every suite that abacus comes with can be read, and says what it is for. */
static void others_test(void **state)
{
    (void)state;
    static const struct {
        const char *name, *load, *path;
        bool keepalive;
    } cases[] = {
        {"keepalive", "c1000", "/", true},
        {"pages", "headers", "/headers", false},
        {"pages", "50k", "/50k", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct suite suite;
        struct err err;
        assert_int_equal(suite_read(&suite, SUITES, cases[i].name, &err), 0);
        const struct load *load = suite_load(&suite, cases[i].load);
        assert_non_null(load);
        assert_string_equal(load->path, cases[i].path);
        assert_int_equal(load->keepalive, cases[i].keepalive);
        assert_int_equal(suite.rounds, 12);
        assert_true(strlen(suite.about) > 0);
        suite_free(&suite);
    }
}

/* Ten loads that differ in nothing but concurrency: what the plot against it asks for. */
static void ladder_test(void **state)
{
    (void)state;
    static const int concurrencies[] = {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000};
    struct suite suite;
    struct err err;
    assert_int_equal(suite_read(&suite, SUITES, "ladder", &err), 0);
    assert_int_equal(suite.rounds, 12);
    assert_int_equal(suite.load_count, 10);
    for (size_t i = 0; i < suite.load_count; i++) {
        const struct load *load = &suite.loads[i];
        assert_int_equal(load->concurrency, concurrencies[i]);
        assert_string_equal(load->tool, "ab");
        assert_string_equal(load->path, "/");
        assert_false(load->keepalive);
    }
    suite_free(&suite);
}

static int read_text(struct suite *suite, const char *text, struct err *err)
{
    char path[64];
    scratch_write(path, text, strlen(text));
    int status = suite_read(suite, "/nowhere", path, err);
    unlink(path);
    return status;
}

/* Either way to measure may be left out. */
static void extent_test(void **state)
{
    (void)state;
    struct suite suite;
    struct err err;
    assert_int_equal(
        read_text(&suite,
                  "[suite]\ntrials = 0\nrounds = 1000\nround_seconds = 3600\n"
                  "minutes = 10000\ntrial_seconds = 1\n"
                  "[load a]\nrequests = 10\nconcurrency = 2\n",
                  &err),
        0);
    assert_int_equal(suite.trials_each, 0);
    assert_int_equal(suite.rounds, 1000);
    assert_true(suite.round_s == 3600);
    assert_true(suite.minutes == 10000);
    assert_true(suite.trial_s == 1);
    suite_free(&suite);
    assert_int_equal(read_text(&suite,
                               "[suite]\nrounds = 0\n"
                               "[load a]\nrequests = 10\nconcurrency = 2\n",
                               &err),
                     0);
    assert_int_equal(suite.rounds, 0);
    suite_free(&suite);
}

/* The least that a suite needs, in the laxest form. */
static void defaults_test(void **state)
{
    (void)state;
    struct suite suite;
    struct err err;
    assert_int_equal(read_text(&suite,
                               "  [load a]\r\n\trequests: 10 ; few\n concurrency=2\n"
                               "# [load b]\n\n[load c-_.9]\ntool = wrk\nseconds = 3\n"
                               "concurrency = 4\npath = /x;y\nkeepalive = yes",
                               &err),
                     0);
    assert_string_equal(suite.about, "");
    assert_int_equal(suite.trials_each, 2);
    assert_int_equal(suite.rounds, 12);
    assert_true(suite.round_s == 16);
    assert_true(suite.minutes == 0);
    assert_int_equal(suite.load_count, 2);
    assert_string_equal(suite.loads[0].title, "ab -c 2 -n 10");
    assert_int_equal(suite.loads[0].requests, 10);
    assert_int_equal(suite.loads[0].priming, 3000);
    assert_int_equal(suite.loads[0].timeout, 120);
    assert_string_equal(suite.loads[1].title, "wrk -c 4 -d 3s /x;y, keep-alive");
    assert_string_equal(suite.loads[1].path, "/x;y");
    suite_free(&suite);
}

static void servers_test(void **state)
{
    (void)state;
    struct suite suite;
    struct err err;
    assert_int_equal(suite_read(&suite, SUITES, "backends", &err), 0);
    assert_int_equal(suite.server_count, 9);
    const struct suite_server *server = suite_server(&suite, "libevent-select");
    assert_non_null(server);
    assert_string_equal(server->program, "libevent");
    assert_string_equal(server->environment, "EVENT_NOEPOLL=1 EVENT_NOPOLL=1");
    assert_null(suite_server(&suite, "epoll")->environment);
    assert_null(suite_server(&suite, "libevent"));
    suite_free(&suite);
    assert_int_equal(suite_read(&suite, SUITES, "bench", &err), 0);
    assert_int_equal(suite.server_count, 0);
    suite_free(&suite);
}

#define LOAD "[load a]\nrequests = 10\nconcurrency = 2\n"

static const struct {
    const char *text;
    int line;
    const char *reason; /* how it begins */
} mistakes[] = {
    {"", 0, "a suite needs at least one [load NAME]"},
    {"[suite]\nrounds = 1\n", 2, "a suite needs at least one [load NAME]"},
    {"rounds = 1\n", 1, "'rounds' stands before any [section]"},
    {"\n[sweet]\nrounds = 1\n", 2,
     "unknown section [sweet]; there are: [suite] [load NAME] [server NAME] [compare]"},
    {"[load]\nrequests = 1\n", 1, "unknown section [load]"},
    {LOAD "request = 5\n", 4,
     "unknown key 'request'; keys here: title tool path requests seconds "
     "concurrency keepalive clients rate slo idle slice priming timeout"},
    {LOAD "[suite]\nround = 5\n", 5,
     "unknown key 'round'; keys here: about rounds trials "
     "round_seconds minutes trial_seconds"},
    {"[suite]\nminutes = 0\n", 2, "minutes '0' must be a whole number from 1 to 10000"},
    {"[suite]\nrounds = -1\n", 2, "rounds '-1' must be a whole number from 0 to 1000"},
    {"[suite]\nrounds = 1001\n", 2,
     "rounds '1001' must be a whole number from 0 to 1000"},
    {"[suite]\ntrials = 1001\n", 2,
     "trials '1001' must be a whole number from 0 to 1000"},
    {"[suite]\nround_seconds = 0\n", 2,
     "round_seconds '0' must be a whole number from 1 to 3600"},
    {LOAD "clients = 3\n", 1, "load 'a' has more clients (3) than connections (2)"},
    {LOAD "clients = 0\n", 4, "clients '0' must be a whole number from 1 to 64"},
    {"[suite]\nrounds = 6.5\n", 2, "rounds '6.5' must be a whole number"},
    {"[suite]\nrounds = six\n", 2, "rounds 'six' must be a whole number"},
    {"[suite]\nrounds =\n", 2, "rounds has no value"},
    {"[suite]\nrounds = 1\nrounds = 2\n", 3, "rounds is given twice in its section"},
    {"[suite]\nrounds = 1\n" LOAD "[suite]\nrounds = 2\n", 6, "[suite] is there twice"},
    {"[suite]\nrounds\n", 2, "this is neither [section] nor key = value"},
    {"[suite\nrounds = 1\n", 1, "this is neither [section] nor key = value"},
    {LOAD "tool = siege\n", 4, "unknown tool 'siege'; there are: ab wrk"},
    {LOAD "path = index.html\n", 4, "path 'index.html' must begin with /"},
    {LOAD "path = /a b\n", 4, "path '/a b' must begin with / and have no blanks"},
    {LOAD "path = /\xc3\xa9\n", 4, "path '/\xc3\xa9' must begin with /"},
    {LOAD "keepalive = true\n", 4, "keepalive 'true' must be yes or no"},
    {LOAD "priming = -1\n", 4, "priming '-1' must be a whole number from 0"},
    {LOAD "seconds = 5\n", 1, "load 'a': ab counts requests, so give it requests"},
    {LOAD "tool = wrk\n", 1, "load 'a': wrk counts time, so give it seconds"},
    {LOAD "\n" LOAD, 5, "load 'a' is there twice"},
    {LOAD LOAD, 4, "load 'a' is there twice"},
    {"[load a]\n" LOAD, 1, "this section has no keys"},
    {LOAD "[server a]\nenvironment = A=1\n", 4, "server 'a' has no program"},
    {LOAD "[server a]\nprogram = x\nenvironment = A=1 =2\n", 6,
     "environment 'A=1 =2' must be NAME=VALUE"},
    {LOAD "[server a]\nprogram = x\nenvironment = A\n", 6, "environment 'A' must be"},
    {LOAD "[server a b]\nprogram = x\n", 4, "'a b' cannot name a server"},
    {LOAD "[server a]\nprogram = x\n[server a]\nprogram = y\n", 6,
     "server 'a' is there twice"},
    {LOAD "[compare]\n", 4, "this section has no keys"},
    {"[load a b]\nrequests = 1\n", 1, "'a b' cannot name a load"},
    {"[load a/b]\nrequests = 1\n", 1, "'a/b' cannot name a load"},
    {"[load abcdefghijklmnopqrstuvwxyzABCDEFGH]\nrequests = 1\n", 1,
     "'abcdefghijklmnopqrstuvwxyzABCDEFGH' cannot name a load"},
    {"[load a]\nrequests = 10\n", 1, "load 'a' has no concurrency"},
    {"[load a]\nconcurrency = 10\n", 1, "load 'a': ab counts requests"},
    {"[load a]\nrequests = 9\nconcurrency = 10\n", 1,
     "load 'a' has more concurrency (10) than requests (9)"},
    {"[load a]\nrequests = 9\nconcurrency = 20001\n", 3,
     "concurrency '20001' must be a whole number from 1 to 20000"},
    {"[load a]\nrequests = 99999999999999999999\n", 2,
     "requests '99999999999999999999' must be a whole number from 2 to 1000000000"},
    {"[load a]\nrequests = 1\nconcurrency = 1\n", 2,
     "requests '1' must be a whole number from 2 to"},
    {"\xef\xbb\xbf" LOAD, 1, "a byte-order mark: save the file as UTF-8 without it"},
    {LOAD "[compare]\nfrom = a\n", 4, "[compare] needs both from and to"},
    {LOAD "[compare]\nfrom = a\nto = b\n", 4,
     "[compare] names 'b', but there is no [load b]"},
    {LOAD "[compare]\nfrom = a\nto = a\n", 4, "[compare] names 'a' twice"},
};

static void mistake_test(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        struct suite suite;
        struct err err;
        char place[32];
        assert_int_equal(read_text(&suite, mistakes[i].text, &err), -1);
        snprintf(place, sizeof place, ":%d: ", mistakes[i].line);
        const char *reason = strstr(err.text, place);
        if (!reason || strncmp(reason + strlen(place), mistakes[i].reason,
                               strlen(mistakes[i].reason)) != 0)
            fail_msg("\"%s\" instead of \"…%s%s\"", err.text, place, mistakes[i].reason);
    }
}

static void not_text_test(void **state)
{
    (void)state;
    static const char at_end[] = LOAD "priming = 1\0000";
    static const char within[] = LOAD "priming = 1\0\n";
    static const char wide[] = "[\0l\0o\0a\0d\0]\0\n\0";
    static const struct {
        const char *bytes;
        size_t size;
        int line;
    } cases[] = {
        {at_end, sizeof at_end - 1, 4}, {within, sizeof within - 1, 4}, {wide, 14, 1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct suite suite;
        struct err err;
        char path[64];
        char reason[64];
        snprintf(reason, sizeof reason, ":%d: a NUL byte: save", cases[i].line);
        scratch_write(path, cases[i].bytes, cases[i].size);
        assert_int_equal(suite_read(&suite, "/nowhere", path, &err), -1);
        unlink(path);
        if (!strstr(err.text, reason))
            fail_msg("case %zu: %s", i, err.text);
    }
}

/* A hundred can be drawn, by one tool. */
static void many_loads_test(void **state)
{
    (void)state;
    struct suite suite;
    struct err err;
    char text[8192] = "";
    for (int i = 0; i <= LOADS_MAX; i++) {
        size_t used = strlen(text);
        if (i == LOADS_MAX) {
            assert_int_equal(read_text(&suite, text, &err), 0);
            assert_int_equal(suite_retool(&suite, "ab,wrk", &err), -1);
            assert_string_equal(err.text, "100 loads under 2 tools are more than 100");
            suite_free(&suite);
        }
        snprintf(text + used, sizeof text - used,
                 "[load %d]\nrequests = 10\nconcurrency = 2\n", i);
    }
    assert_int_equal(read_text(&suite, text, &err), -1);
    assert_non_null(strstr(err.text, ":301: this is one load more than 100"));
}

static int read_title(struct suite *suite, int length, struct err *err)
{
    char dots[256];
    char text[400];
    memset(dots, '.', sizeof dots);
    snprintf(text, sizeof text, "[load a]\nrequests = 2\nconcurrency = 1\ntitle = %.*s\n",
             length, dots);
    return read_text(suite, text, err);
}

/* inih would cut such a line in two. */
static void long_line_test(void **state)
{
    (void)state;
    const int longest = 198 - (int)strlen("title = ");
    struct suite suite;
    struct err err;
    assert_int_equal(read_title(&suite, longest, &err), 0);
    assert_int_equal(strlen(suite.loads[0].title), longest);
    suite_free(&suite);
    assert_int_equal(read_title(&suite, longest + 1, &err), -1);
    assert_non_null(strstr(err.text, ":4: this line is longer than 198 bytes"));
}

static void unreadable_test(void **state)
{
    (void)state;
    struct suite suite;
    struct err err;
    assert_int_equal(suite_read(&suite, SUITES, "artikles", &err), -1);
    /* Any suite of the folder may follow. */
    assert_non_null(strstr(err.text, "no suite 'artikles' in harness/suites; there are: "
                                     "articles backends bare bench "));
    assert_int_equal(suite_read(&suite, SUITES, "./none.ini", &err), -1);
    assert_string_equal(err.text,
                        "cannot read suite ./none.ini: No such file or directory");
    assert_int_equal(suite_read(&suite, SUITES, "harness/", &err), -1);
    assert_string_equal(err.text, "harness/:0: cannot read on: Is a directory");
    assert_int_equal(suite_read(&suite, "/nowhere", "any", &err), -1);
    assert_string_equal(err.text, "no suite 'any' in /nowhere; there are: none");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(articles_test),   cmocka_unit_test(quick_test),
        cmocka_unit_test(bench_test),      cmocka_unit_test(others_test),
        cmocka_unit_test(servers_test),    cmocka_unit_test(ladder_test),
        cmocka_unit_test(extent_test),     cmocka_unit_test(defaults_test),
        cmocka_unit_test(mistake_test),    cmocka_unit_test(not_text_test),
        cmocka_unit_test(many_loads_test), cmocka_unit_test(long_line_test),
        cmocka_unit_test(unreadable_test),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
