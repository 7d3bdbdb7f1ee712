/* tool_ab_test.c - what ab prints, well or ill, becomes figures or a reason: captured
 * printouts, whole, cut off at every byte, and altered.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture.h"
#include "load/tool.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

static int parse(struct tool_result *result, const char *name, long requests,
                 bool keepalive, int wait_status, struct err *err)
{
    char output[256];
    char table[256];
    struct load load = {.requests = requests, .concurrency = 10, .keepalive = keepalive};
    fixture_path(output, sizeof output, "ab", name, "txt");
    fixture_path(table, sizeof table, "ab", name, "csv");
    return tool_parse(&tool_ab, result, &load, wait_status, output, table, err);
}

static void success_test(void **state)
{
    (void)state;
    struct tool_result result;
    struct err err;
    assert_int_equal(parse(&result, "success", 1000, false, 0, &err), 0);
    assert_true(result.seconds == 0.037);
    assert_true(result.requests_per_second == 27005.13);
    assert_true(result.time_per_request_ms == 0.370);
    assert_true(result.kilobytes_per_second == 2426.24);
    assert_int_equal(result.complete, 1000);
    assert_int_equal(result.failed, 0);
    assert_string_equal(result.failures, "");
    assert_int_equal(result.non_2xx, 0);
    assert_int_equal(result.write_errors, 0);
    assert_int_equal(result.keepalive, -1);
    assert_int_equal(result.document_length, 13);
    assert_int_equal(result.total_bytes, 92000);
    assert_int_equal(result.body_bytes, 13000);
    assert_true(result.percentile_ms[0] == 0.226);
    assert_true(result.percentile_ms[1] == 0.297);
    assert_true(result.percentile_ms[98] == 0.514);
    assert_true(result.percentile_ms[100] == 0.694);
}

static void assert_row(struct connection_time row, struct connection_time expected)
{
    assert_true(row.min == expected.min);
    assert_true(row.mean == expected.mean);
    assert_true(row.sd == expected.sd);
    assert_true(row.median == expected.median);
    assert_true(row.max == expected.max);
}

static void connection_times_test(void **state)
{
    (void)state;
    struct tool_result result;
    struct err err;
    assert_int_equal(parse(&result, "c600", 3000, false, 0, &err), 0);
    assert_row(result.connect, (struct connection_time){0, 6, 1.1, 6, 9});
    assert_row(result.processing, (struct connection_time){4, 9, 2.3, 10, 16});
    assert_row(result.waiting, (struct connection_time){0, 7, 2.2, 8, 14});
    assert_row(result.total, (struct connection_time){9, 16, 1.7, 16, 20});
}

/* What ab takes for a success, and the counts that say otherwise. */
static void counts_test(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        bool keepalive;
        long failed, non_2xx, kept, document_length, total_bytes;
        const char *failures;
    } cases[] = {
        {"keepalive", true, 0, 0, 1000, 13, 102000, ""},
        {"length", false, 10, 0, -1, 13, 91910,
         "Connect: 0, Receive: 0, Length: 10, Exceptions: 0"},
        {"non_2xx", false, 0, 250, -1, 13, 96750, ""},
        {"empty", false, 0, 0, -1, 0, 0, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct tool_result result;
        struct err err;
        assert_int_equal(parse(&result, cases[i].name, 1000, cases[i].keepalive, 0, &err),
                         0);
        assert_int_equal(result.failed, cases[i].failed);
        assert_string_equal(result.failures, cases[i].failures);
        assert_int_equal(result.non_2xx, cases[i].non_2xx);
        assert_int_equal(result.keepalive, cases[i].kept);
        assert_int_equal(result.document_length, cases[i].document_length);
        assert_int_equal(result.total_bytes, cases[i].total_bytes);
    }
}

static const struct {
    const char *name;
    int wait_status;
    const char *reason;
} failures[] = {
    {"reset", W_EXITCODE(104, 0),
     "ab ended with status 104, a connection was reset: the server died, or closed "
     "with unread data: apr_socket_recv: Connection reset by peer (104)"},
    {"refused", W_EXITCODE(111, 0),
     "ab ended with status 111, a connection was refused: nothing listens there any "
     "more: apr_socket_recv: Connection refused (111)"},
    {"timeout", W_EXITCODE(119, 0),
     "ab ended with status 119, no connection made progress for as long as its -s "
     "allows: "
     "apr_pollset_poll: The timeout specified has expired (70007)"},
    {"descriptors", W_EXITCODE(24, 0),
     "ab ended with status 24, it had no file descriptors left: raise the limit "
     "(ulimit -n): socket: Too many open files (24)"},
    {"ports", W_EXITCODE(99, 0),
     "ab ended with status 99, no local port was free: closed connections hold them "
     "for a minute (TIME_WAIT); wait, or widen net.ipv4.ip_local_port_range: "
     "apr_socket_connect(): Cannot assign requested address (99)"},
    {"usage", W_EXITCODE(22, 0),
     "ab ended with status 22, it refused its arguments: ab: Cannot use concurrency "
     "level greater than total number of requests"},
    {"interrupted", W_EXITCODE(1, 0),
     "ab ended with status 1, it was interrupted, or gave up: it gave no reason"},
    {"interrupted", 0, "ab completed 8211 of 100000 requests"},
    {"success", W_EXITCODE(0, 9), "ab was killed by signal 9 (Killed)"},
    {"refused", W_EXITCODE(200, 0),
     "ab ended with status 200, a status that abacus does not know: "
     "apr_socket_recv: Connection refused (111)"},
};

static void failure_test(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof failures / sizeof *failures; i++) {
        struct tool_result result;
        struct err err;
        assert_int_equal(parse(&result, failures[i].name, 100000, false,
                               failures[i].wait_status, &err),
                         -1);
        assert_string_equal(err.text, failures[i].reason);
    }
}

/* Parses a printout and a table given as text. */
static int parse_text(const char *printout, size_t printout_size, const char *table,
                      size_t table_size, struct err *err)
{
    static const struct load load = {.requests = 1000, .concurrency = 10};
    struct tool_result result;
    char output_path[64];
    char table_path[64];
    scratch_write(output_path, printout, printout_size);
    scratch_write(table_path, table, table_size);
    int status = tool_parse(&tool_ab, &result, &load, 0, output_path, table_path, err);
    unlink(output_path);
    unlink(table_path);
    return status;
}

static void truncated_test(void **state)
{
    (void)state;
    size_t printout_size;
    size_t table_size;
    char *printout = fixture_read("ab", "success", "txt", &printout_size);
    char *table = fixture_read("ab", "success", "csv", &table_size);
    struct err err;
    assert_int_equal(parse_text(printout, printout_size, table, table_size, &err), 0);
    for (size_t size = 0; size < printout_size; size++) {
        assert_int_equal(parse_text(printout, size, table, table_size, &err), -1);
        assert_non_null(strstr(err.text, "no usable line \""));
    }
    for (size_t size = 0; size < table_size; size++) {
        assert_int_equal(parse_text(printout, printout_size, table, size, &err), -1);
        assert_non_null(strstr(err.text, ": line "));
    }
    free(printout);
    free(table);
}

/* One change each, and the line that the reason must name. */
static const struct {
    const char *from, *to, *reason;
} alterations[] = {
    {"Document Length:        13", "Document Length:        Variable",
     "Document Length:"},
    {"0.037 seconds", "nan seconds", "Time taken for tests:"},
    {"0.037 seconds", "0,037 seconds", "Time taken for tests:"},
    {"0.037 seconds", "0x1p3 seconds", "Time taken for tests:"},
    {"0.037 seconds", "0.037", "Time taken for tests:"},
    {"requests:      1000", "requests:      1e3", "Complete requests:"},
    {"requests:      1000", "requests:", "Complete requests:"},
    {"requests:      1000", "requests:      999", "ab completed 999 of 1000"},
    {"requests:        0", "requests:        -1", "Failed requests:"},
    {"requests:        0", "requests:        7", "(Connect: …)"},
    {"Total transferred:", "Write errors: x\nTotal transferred:", "Write errors:"},
    {"Total transferred:", "Non-2xx responses: 1 x\nTotal transferred:", "Non-2xx"},
    {"92000 bytes", "99999999999999999999 bytes", "Total transferred:"},
    {"27005.13 [#/sec]", "27005.13.1 [#/sec]", "Requests per second:"},
    {"0.370 [ms] (mean)\n", "\n", "Time per request:"},
    {"2426.24 [Kbytes/sec]", "1e999 [Kbytes/sec]", "Transfer rate:"},
    {"Connect:        0    0", "Connect:        0    ", "Connect:"},
    {"Total:          0    0", "Total:          0    0    0", "Total:"},
    {"Waiting:        0", "Waiting:        -", "Waiting:"},
    {" 100%      1 (longest request)", " 100%      1", "100%"},
    {"Connect:        0    0", "Connect:       -3    0",
     "ab says \"Connect:       -3    0"},
    {"27005.13 [#/sec]", "-27005.13 [#/sec]",
     "-27005.13 [#/sec] (mean)\": the clock that it measures with was set back"},
};

static void altered_test(void **state)
{
    (void)state;
    size_t size;
    size_t table_size;
    char *printout = fixture_read("ab", "success", "txt", &size);
    char *table = fixture_read("ab", "success", "csv", &table_size);
    for (size_t i = 0; i < sizeof alterations / sizeof *alterations; i++) {
        struct err err;
        char *altered = text_replace(printout, alterations[i].from, alterations[i].to);
        assert_int_equal(parse_text(altered, strlen(altered), table, table_size, &err),
                         -1);
        assert_non_null(strstr(err.text, alterations[i].reason));
        free(altered);
    }
    free(printout);
    free(table);
}

/* As -e /dev/stdout prints it: behind a line that has not ended. */
static void printed_table_test(void **state)
{
    (void)state;
    size_t size;
    char *printout = fixture_read("ab", "success", "txt", &size);
    char *table = fixture_read("ab", "success", "csv", &size);
    char *printed = NULL;
    assert_true(asprintf(&printed, "(be patient)...%s..", table) > 0);
    char *both = text_replace(printout, "(be patient).....", printed);
    char output[64];
    struct tool_result result;
    struct err err;
    const struct load load = {.requests = 1000, .concurrency = 10};
    scratch_write(output, both, strlen(both));
    assert_int_equal(tool_parse(&tool_ab, &result, &load, 0, output, output, &err), 0);
    assert_true(result.percentile_ms[0] == 0.226);
    assert_true(result.percentile_ms[100] == 0.694);
    unlink(output);
    free(both);
    free(printed);
    free(table);
    free(printout);
}

static void write_errors_test(void **state)
{
    (void)state;
    size_t size;
    char *printout = fixture_read("ab", "success", "txt", &size);
    char *altered = text_replace(
        printout, "Total transferred:", "Write errors:           3\nTotal transferred:");
    char output[64];
    char table[256];
    struct tool_result result;
    struct err err;
    scratch_write(output, altered, strlen(altered));
    fixture_path(table, sizeof table, "ab", "success", "csv");
    const struct load load = {.requests = 1000, .concurrency = 10};
    assert_int_equal(tool_parse(&tool_ab, &result, &load, 0, output, table, &err), 0);
    assert_int_equal(result.write_errors, 3);
    unlink(output);
    free(altered);
    free(printout);
}

static void unreadable_test(void **state)
{
    (void)state;
    static const struct load load = {.requests = 1000, .concurrency = 10};
    struct tool_result result;
    struct err err;
    assert_int_equal(
        tool_parse(&tool_ab, &result, &load, 0, "/nowhere/x", "/nowhere/y", &err), -1);
    assert_string_equal(err.text, "cannot read /nowhere/x: No such file or directory");
    assert_int_equal(parse(&result, "reset", 1000, false, 0, &err), -1);
    assert_true(isnan(result.requests_per_second));
    assert_int_equal(result.complete, -1);
    assert_int_equal(tool_parse(&tool_ab, &result, &load, 0, "/", "/", &err), -1);
    assert_string_equal(err.text, "cannot read /: Is a directory");
}

static void command_test(void **state)
{
    (void)state;
    static const struct {
        struct load load;
        const char *command, *prime;
    } cases[] = {
        {{.path = "/",
          .requests = 100000,
          .concurrency = 1000,
          .priming = 3000,
          .timeout = 120},
         "ab -q -n 100000 -c 1000 -s 120 -e 'it'\\''s a table' http://127.0.0.1:8080/",
         "ab -q -n 3000 -c 1000 -s 120 http://127.0.0.1:8080/"},
        {{.path = "/50k?a&b",
          .requests = 10,
          .concurrency = 10,
          .keepalive = true,
          .priming = 5,
          .timeout = 7},
         "ab -q -n 10 -c 10 -s 7 -k -e 'it'\\''s a table' "
         "'http://127.0.0.1:8080/50k?a&b'",
         "ab -q -n 5 -c 5 -s 7 -k 'http://127.0.0.1:8080/50k?a&b'"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct tool_command command;
        tool_ab.command(&command, &cases[i].load, "127.0.0.1", 8080, "it's a table");
        assert_string_equal(command.line, cases[i].command);
        assert_string_equal(command.argv[0], "ab");
        tool_command_free(&command);
        tool_ab.brief(&command, &cases[i].load, cases[i].load.priming, "127.0.0.1", 8080);
        assert_string_equal(command.line, cases[i].prime);
        tool_command_free(&command);
    }
}

static void version_test(void **state)
{
    (void)state;
    static const struct {
        const char *printed, *version;
    } cases[] = {
        {"This is ApacheBench, Version 2.3 <$Revision$>\nCopyright 1996 …\n", "2.3"},
        {"This is ApacheBench, Version 2.3 <$Revision: 1879490 $>\n", "2.3"},
        {"", "unknown"},
        {"Version", "unknown"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char version[64];
        tool_ab.version(version, sizeof version, cases[i].printed);
        assert_string_equal(version, cases[i].version);
    }
    assert_ptr_equal(tool_find("ab"), &tool_ab);
    assert_ptr_equal(tool_find("wrk"), &tool_wrk);
    assert_null(tool_find("abacus"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(success_test),       cmocka_unit_test(connection_times_test),
        cmocka_unit_test(counts_test),        cmocka_unit_test(failure_test),
        cmocka_unit_test(truncated_test),     cmocka_unit_test(altered_test),
        cmocka_unit_test(printed_table_test), cmocka_unit_test(write_errors_test),
        cmocka_unit_test(unreadable_test),    cmocka_unit_test(command_test),
        cmocka_unit_test(version_test),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
