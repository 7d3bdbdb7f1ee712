/* check_test.c - a server that keeps the contract passes every check, and each check can
 * fail: it does where the server breaks the contract in that way.
 * SPDX-License-Identifier: MIT */
#include "subject/check.h"

#include "subject/http.h"
#include "subject/server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

/* A way in which broken_server breaks the contract, and a check that must see it. */
static const struct breakage {
    const char *way;
    const char *check;
    enum check_verdict verdict;
    const char *said; /* a text that the finding must have; NULL: any */
} breakages[] = {
    {"about", "-i: what it is, and lines of the contract", CHECK_FAILED, "or so"},
    {"usage", "a bad option: exit status 2, one line on standard error", CHECK_FAILED,
     "exit status 0"},
    {"usage", "a bad port: exit status 2, one line on standard error", CHECK_FAILED,
     "-p 70000"},
    {"port in use", "a port in use: exit status 1, one line on standard error",
     CHECK_FAILED, "exit status 2"},
    {"ready line", "the ready line, and no more", CHECK_FAILED, "ready on"},
    {"ends", "the ready line, and no more", CHECK_FAILED, "exit status 1"},
    {"talks", "the ready line, and no more", CHECK_FAILED, "\"hello\\n\""},
    {"ready line", "a request in two pieces", CHECK_FAILED, "ready on"},
    {"body", "GET /, HTTP/1.0: Hello, World! as plain text, then close", CHECK_FAILED,
     "Hello, World"},
    {"body", "GET /, HTTP/1.0: the 92 bytes, then close", CHECK_FAILED,
     "from byte 86 on"},
    {"no length", "GET /, HTTP/1.0: the 92 bytes, then close", CHECK_FAILED, "byte 25"},
    {"wrong length", "GET /, HTTP/1.0: the 92 bytes, then close", CHECK_FAILED,
     "after 13 bytes of the body; its Content-Length says 14"},
    {"early close", "GET /, HTTP/1.0: the 92 bytes, then close", CHECK_FAILED,
     "after 5 bytes of the body"},
    {"stays open", "GET /, HTTP/1.0: the 92 bytes, then close", CHECK_FAILED,
     "timed out"},
    {"bare LF", "GET /, each line ended by a bare LF", CHECK_FAILED,
     "killed by signal 9"},
    {"version", "GET /, HTTP/1.1, Connection: close", CHECK_FAILED, "HTTP/1.1 200"},
    {"keep-alive 1.0", "keep-alive, HTTP/1.0", CHECK_FAILED, "Connection: keep-alive"},
    {"keep-alive 1.1", "keep-alive, HTTP/1.1", CHECK_FAILED, NULL},
    {"pipelining", "pipelining, answered in order", CHECK_FAILED, "timed out"},
    {"HEAD", "HEAD /, HTTP/1.0: the same head, no body", CHECK_FAILED, "13 bytes came"},
    {"HEAD", "HEAD /50k, HTTP/1.1, and GET / after it", CHECK_FAILED,
     "not an HTTP/1 reply"},
    {"escape", "/headers: the request's own fields, escaped, in an HTML table",
     CHECK_FAILED, "&lt;script&gt;"},
    {"memory", "/headers: the fields of the request before are forgotten", CHECK_FAILED,
     "no \"X-One\""},
    {"short page", "/50k: 51200 bytes", CHECK_FAILED, "51199"},
    {"one read", "a request in two pieces", CHECK_FAILED, "in two pieces"},
    {"one read", "a request that comes byte by byte", CHECK_FAILED, "byte by byte"},
    {"one read", "two requests on a connection, byte by byte", CHECK_FAILED, NULL},
    {"body read as a request",
     "a body of announced length: answered, not read as a request, closed", CHECK_FAILED,
     "bytes came after"},
    {"body read as a request", "a chunked body: answered, not read as a request, closed",
     CHECK_FAILED, NULL},
    {"half close", "a client that closes its side behind the request", CHECK_FAILED,
     "without a reply"},
    {"last word", "a client that connects and leaves", CHECK_FAILED, "400 Sorry"},
    {"any page", "404: no such page", CHECK_FAILED, "status 404"},
    {"no Allow", "405, with Allow: another method", CHECK_FAILED, "Allow"},
    {"any version", "505: HTTP/2.0", CHECK_FAILED, "status 505"},
    {"any coding", "501: an unknown transfer coding", CHECK_FAILED, "200 OK"},
    {"small head", "a head of nearly 8 KiB", CHECK_FAILED, "431"},
    {"big head", "431: a head over 8 KiB", CHECK_FAILED, "200 OK"},
    {"any host", "400: HTTP/1.1 without Host", CHECK_FAILED, "200 OK"},
    {"any host", "400: HTTP/1.1 with two Hosts", CHECK_FAILED, "200 OK"},
    {"garbage", "400: words that are no request line", CHECK_FAILED,
     "killed by signal 9"},
    {"garbage", "400: the hello of TLS, without a line feed", CHECK_FAILED, "\\026\\003"},
    {"garbage", "400: a field without a colon", CHECK_FAILED, "killed by signal 9"},
    {"garbage", "400: a space before the colon", CHECK_FAILED, "killed by signal 9"},
    {"reset", "clients that reset their connections", CHECK_FAILED, NULL},
    {"one at a time", "a client that stalls holds up no other", CHECK_FAILED,
     "timed out"},
    {"never blocks", "a client that stalls holds up no other", CHECK_FAILED, "timed out"},
    {"blocks", "a client that stalls holds up no other", CHECK_NOTED, "timed out"},
    {"one at a time", "a slow reader of 6.5 MB holds up no other", CHECK_FAILED,
     "timed out"},
    {"spins", "a client that does not read costs no CPU", CHECK_FAILED, "of a CPU"},
    {"few clients", "64 connections open at once", CHECK_FAILED, "64 connections"},
    {"pipelining", "400 requests at once on a connection that is kept", CHECK_FAILED,
     NULL},
    {"held reply", "heads of exactly 1, 2, 3, 4 and 8 KiB, an empty line behind each",
     CHECK_FAILED, "reset by peer"},
    {"held reply", "an empty line behind the request, in a segment of its own",
     CHECK_FAILED, "time 1 of 300"},
    {"held reply", "121 pipelined requests, of which the 101st asks to close",
     CHECK_FAILED, "reset by peer"},
    {"zombies", "no zombies", CHECK_FAILED, "zombies"},
    {"exit status", "SIGTERM: exit status 0", CHECK_FAILED, "exit status 3"},
    {"SIGTERM", "SIGTERM: exit status 0", CHECK_FAILED, "it ran on"},
    {"SIGINT", "SIGINT: exit status 0", CHECK_FAILED, "signal 2"},
    {"orphan", "no process left behind", CHECK_FAILED, "1 left running"},
    {"own session", "no process left behind", CHECK_FAILED, "1 left running"},
    {"address", "-a: listens there and nowhere else", CHECK_FAILED, "127.0.0.3"},
    {"noise", "silence on standard error", CHECK_FAILED, "hello"},
};

enum { BREAKAGES = sizeof breakages / sizeof *breakages };

/* The fixture, which is built beside this test. */
static struct run_server fixture;

static int fixture_find(void **state)
{
    static char path[4096];
    (void)state;
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - sizeof "broken_server");
    if (n <= 0)
        return -1;
    char *name = memrchr(path, '/', (size_t)n) + 1;
    memcpy(name, "broken_server", sizeof "broken_server");
    fixture =
        (struct run_server){.name = "broken", .path = path, .about = "a child each"};
    return access(path, X_OK);
}

static void keep_result(const struct check_result *result, void *data)
{
    struct check_result *kept = data;
    *kept = *result;
}

static bool finding_has(const struct finding *finding, const char *text)
{
    return strstr(finding->sent, text) || strstr(finding->expected, text) ||
           strstr(finding->came, text) || strstr(finding->ended, text);
}

static void each_breakage_is_found(void **state)
{
    (void)state;
    int missed = 0;
    for (size_t i = 0; i < BREAKAGES; i++) {
        const struct breakage *row = &breakages[i];
        struct run_server server = fixture;
        struct check_result result = {.name = NULL};
        if (strcmp(row->way, "blocks") == 0)
            server.blocks = "request, reply";
        if (strcmp(row->way, "never blocks") == 0)
            server.about = "one process, never blocks";
        setenv("BROKEN", row->way, 1);
        check_server(&server, row->check, keep_result, &result);
        if (result.name && result.verdict == row->verdict &&
            (!row->said || finding_has(&result.finding, row->said)))
            continue;
        missed++;
        print_error("%s: '%s' has verdict %d; sent %s; expected %s; came %s; ended %s\n",
                    row->way, row->check, (int)result.verdict, result.finding.sent,
                    result.finding.expected, result.finding.came, result.finding.ended);
    }
    assert_int_equal(missed, 0);
}

static bool has_breakage(const char *check)
{
    for (size_t i = 0; i < BREAKAGES; i++)
        if (strcmp(breakages[i].check, check) == 0 &&
            breakages[i].verdict == CHECK_FAILED)
            return true;
    return false;
}

static void expect_ok(const struct check_result *result, void *data)
{
    size_t *count = data;
    (*count)++;
    if (result->verdict != CHECK_OK)
        fail_msg("'%s': sent %s; expected %s; came %s", result->name,
                 result->finding.sent, result->finding.expected, result->finding.came);
    if (!has_breakage(result->name))
        fail_msg("'%s': no breakage shows that it can fail", result->name);
}

static void a_sound_server_passes_every_check(void **state)
{
    size_t count = 0;
    (void)state;
    unsetenv("BROKEN");
    check_server(&fixture, NULL, expect_ok, &count);
    assert_true(count > 0);
}

/* Whatever its other pages are. */
static void a_server_of_one_page_is_tried_for_that_alone(void **state)
{
    static const char *const ways[] = {"any page", "short page", "HEAD", "no Allow"};
    struct run_server server = fixture;
    (void)state;
    server.only = "GET /";
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        size_t count = 0;
        setenv("BROKEN", ways[i], 1);
        check_server(&server, NULL, expect_ok, &count);
        assert_int_equal(count, 14);
    }
}

static void count_verdicts(const struct check_result *result, void *data)
{
    int *counts = data;
    counts[result->verdict]++;
}

/* One that does not start fails once; what needs it running is not tried. */
static void a_server_that_does_not_start_costs_one_failure(void **state)
{
    int counts[CHECK_NOT_TRIED + 1] = {0};
    (void)state;
    setenv("BROKEN", "ready line", 1);
    check_server(&fixture, NULL, count_verdicts, counts);
    assert_int_equal(counts[CHECK_OK], 4);     /* the options */
    assert_int_equal(counts[CHECK_FAILED], 2); /* the ready line, at either address */
    assert_true(counts[CHECK_NOT_TRIED] > 30);
}

/* A fresh server takes the place of the one that a check has ended. */
static void a_crash_fails_the_checks_that_cause_it_alone(void **state)
{
    int counts[CHECK_NOT_TRIED + 1] = {0};
    (void)state;
    setenv("BROKEN", "garbage", 1);
    check_server(&fixture, NULL, count_verdicts, counts);
    assert_int_equal(counts[CHECK_FAILED], 6); /* 400 is owed in six checks */
    assert_int_equal(counts[CHECK_NOT_TRIED], 0);
}

static void one_exchange_says_what_is_wrong_with_a_reply(void **state)
{
    (void)state;
    static const struct {
        const char *way;
        const char *request;
        size_t body_size; /* of the reply; 0: there is none, but: */
        const char *reason;
    } cases[] = {
        {"", "GET / HTTP/1.0\r\n\r\n", 13, NULL},
        {"", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", 13, NULL},
        {"", "GET /50k HTTP/1.0\r\n\r\n", 51200, NULL},
        {"no length", "GET / HTTP/1.0\r\n\r\n", 13, NULL},
        {"wrong length", "GET / HTTP/1.0\r\n\r\n", 0, "its Content-Length says 14"},
        {"early close", "GET / HTTP/1.0\r\n\r\n", 0, "after 5 bytes of the body"},
        {"HEAD", "HEAD / HTTP/1.0\r\n\r\n", 0, "13 bytes came after the end"},
        {"", "GET / HTTP/1.0\r\n", 0, "timed out with 0 bytes"},
        {"close", "GET / HTTP/1.0\r\n\r\n", 0, "stayed open behind the reply: timed"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct server server;
        struct server_options options = {.host = "127.0.0.1", .cpu = -1, .error = -1};
        struct http_reply reply = {.bytes = NULL};
        struct err err = {""};
        setenv("BROKEN", cases[i].way, 1);
        assert_int_equal(server_start(&server, fixture.path, &options, &err), 0);
        bool ends = strstr(cases[i].request, "HTTP/1.0") != NULL;
        int timeout_ms = cases[i].reason && strstr(cases[i].reason, "timed") ? 100 : 5000;
        int failed = http_exchange(&reply, server.host, server.port, cases[i].request,
                                   strlen(cases[i].request), ends, timeout_ms, &err);
        assert_int_equal(failed, cases[i].reason ? -1 : 0);
        assert_int_equal(reply.body_size, cases[i].body_size);
        if (cases[i].reason)
            assert_non_null(strstr(err.text, cases[i].reason));
        http_reply_free(&reply);
        assert_int_equal(server_stop(&server, &err), 0);
    }
}

static void a_ready_line_that_is_none_is_explained(void **state)
{
    (void)state;
    static const struct {
        const char *way;
        const char *reason; /* how it begins, HOST:PORT left out */
        const char *end;
    } cases[] = {
        {"ready line", "the server said 'ready on ", "not just 'listening on HOST:PORT'"},
        {"CR", "the server said 'listening on ", "with a carriage return at its end"},
        {"no newline", "the server said 'listening on ", "without a newline"},
        {"wrong stream", "the server said 'listening on ",
         "on standard error, not on standard output"},
        {"not flushed", "the server listens, but did not print 'listening on HOST:PORT'",
         "so it has to flush it"},
        {"ends", "the server ended before it was ready: exit status 1", ""},
        {"ends when ready", "", "exit status 4: cannot think"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int error = memfd_create("error", MFD_CLOEXEC);
        struct server server;
        struct server_options options = {.host = "127.0.0.1", .cpu = -1, .error = error};
        struct err err = {""};
        setenv("BROKEN", cases[i].way, 1);
        assert_int_equal(write(error, "another's\n", 10), 10);
        if (server_start(&server, fixture.path, &options, &err) == 0) {
            assert_int_equal(proc_wait(&server.proc, 5000), PROC_ENDED);
            snprintf(err.text, sizeof err.text, "%s", server_died(&server));
            assert_int_equal(server_stop(&server, &(struct err){""}), -1);
        }
        close(error);
        if (strncmp(err.text, cases[i].reason, strlen(cases[i].reason)) != 0 ||
            !strstr(err.text, cases[i].end))
            fail_msg("%s: %s", cases[i].way, err.text);
    }
}

/* More than a pipe holds, though nobody asks for it. */
static void a_server_that_logs_each_request_goes_on(void **state)
{
    (void)state;
    static const char request[] = "GET / HTTP/1.0\r\n\r\n";
    struct server server;
    struct server_options options = {.host = "127.0.0.1", .cpu = -1, .error = -1};
    struct err err;
    setenv("BROKEN", "log", 1);
    assert_int_equal(server_start(&server, fixture.path, &options, &err), 0);
    for (int i = 0; i < 100; i++) {
        struct http_reply reply;
        if (http_exchange(&reply, server.host, server.port, request, strlen(request),
                          true, 5000, &err) < 0)
            fail_msg("request %d: %s", i, err.text);
        http_reply_free(&reply);
    }
    assert_int_equal(server_stop(&server, &err), 0);
}

static void bytes_are_quoted_where_they_matter(void **state)
{
    (void)state;
    char bytes[1000];
    memset(bytes, 'a', sizeof bytes);
    bytes[500] = '\0';
    static const struct {
        size_t first;
        size_t count;
        size_t at;
        const char *begins;
        const char *ends;
    } cases[] = {
        {0, 0, 0, "\"\"", "\"\""},
        {0, 3, 0, "\"aaa\"", "\"aaa\""},
        {499, 3, 0, "\"a\\000a\"", "\"a\\000a\""},
        {0, 1000, 0, "\"aaa", "aaa\"… (1000 bytes)"},
        {0, 1000, 500, "…\"aaa", "aaa\"… (1000 bytes)"},
        {0, 1000, 1000, "…\"aaa", "aaa\" (1000 bytes)"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[800];
        finding_quote(text, sizeof text, bytes + cases[i].first, cases[i].count,
                      cases[i].at);
        size_t tail = strlen(text) - strlen(cases[i].ends);
        assert_memory_equal(text, cases[i].begins, strlen(cases[i].begins));
        assert_string_equal(text + tail, cases[i].ends);
    }
}

static bool is_same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static void what_a_server_says_of_itself_is_read(void **state)
{
    static const struct {
        const char *text, *about, *cores, *blocks, *only;
        bool known;
    } cases[] = {
        {"one process\n", "one process", NULL, NULL, NULL, true},
        {"one per core, never blocks; GET / only\n",
         "one per core, never blocks; GET / only", NULL, NULL, NULL, true},
        {"about: a loop each\nlibrary: libev 4\nfeatures: a ring\ncores: all\n",
         "a loop each; libev 4; a ring", "all", NULL, NULL, true},
        {"poll\nblocks: reply\nonly: GET /\n", "poll", NULL, "reply", "GET /", true},
        {"poll\nblocks: never\n", "poll", NULL, NULL, NULL, false},
        {"poll\nor so\ncores: all\n", "poll", "all", NULL, NULL, false},
        {"", "", NULL, NULL, NULL, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct run_server server = {0};
        assert_int_equal(server_describe(&server, cases[i].text), cases[i].known);
        assert_string_equal(server.about, cases[i].about);
        assert_true(is_same(server.cores, cases[i].cores));
        assert_true(is_same(server.blocks, cases[i].blocks));
        assert_true(is_same(server.only, cases[i].only));
        run_server_free(&server);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_server_says_of_itself_is_read),
        cmocka_unit_test(bytes_are_quoted_where_they_matter),
        cmocka_unit_test(a_sound_server_passes_every_check),
        cmocka_unit_test(a_server_of_one_page_is_tried_for_that_alone),
        cmocka_unit_test(each_breakage_is_found),
        cmocka_unit_test(a_server_that_does_not_start_costs_one_failure),
        cmocka_unit_test(a_crash_fails_the_checks_that_cause_it_alone),
        cmocka_unit_test(a_ready_line_that_is_none_is_explained),
        cmocka_unit_test(a_server_that_logs_each_request_goes_on),
        cmocka_unit_test(one_exchange_says_what_is_wrong_with_a_reply),
    };
    return cmocka_run_group_tests(tests, fixture_find, NULL);
}
