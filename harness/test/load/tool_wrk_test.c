/* tool_wrk_test.c - what wrk prints, well or ill, becomes figures or a reason: captured
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
#include <string.h>
#include <sys/wait.h>

static const struct load ten = {.path = "/", .seconds = 2, .concurrency = 10};

static int parse(struct tool_result *result, const char *name, int wait_status,
                 struct err *err)
{
    char output[256];
    fixture_path(output, sizeof output, "wrk", name, "txt");
    return tool_parse(&tool_wrk, result, &ten, wait_status, output, "/nowhere", err);
}

static void assert_near(double value, double expected)
{
    if (!(fabs(value - expected) <= 1e-9 * fabs(expected)))
        fail_msg("%.10g instead of %.10g", value, expected);
}

static void success_test(void **state)
{
    (void)state;
    struct tool_result result;
    struct err err;
    assert_int_equal(parse(&result, "keepalive", 0, &err), 0);
    assert_near(result.seconds, 2.10);
    assert_near(result.requests_per_second, 97593.23);
    assert_near(result.time_per_request_ms, 10 * 1000 / 97593.23);
    assert_near(result.kilobytes_per_second, 9.49 * 1024);
    assert_int_equal(result.complete, 204933);
    assert_int_equal(result.failed, 0);
    assert_int_equal(result.non_2xx, 0);
    assert_int_equal(result.write_errors, 0);
    assert_near(result.total.mean, 0.08324);
    assert_near(result.total.sd, 0.21206);
    assert_near(result.total.median, 0.067);
    assert_near(result.total.max, 7.70);
    assert_near(result.percentile_ms[50], 0.067);
    assert_near(result.percentile_ms[75], 0.081);
    assert_near(result.percentile_ms[90], 0.105);
    assert_near(result.percentile_ms[99], 0.378);
    assert_near(result.percentile_ms[100], 7.70);
}

/* What wrk does not say is unknown, not zero. */
static void unknown_test(void **state)
{
    (void)state;
    struct tool_result result;
    struct err err;
    assert_int_equal(parse(&result, "close", 0, &err), 0);
    assert_int_equal(result.complete, 58783);
    assert_int_equal(result.keepalive, -1);
    assert_int_equal(result.document_length, -1);
    assert_int_equal(result.total_bytes, -1);
    assert_int_equal(result.body_bytes, -1);
    assert_true(isnan(result.percentile_ms[0]));
    assert_true(isnan(result.percentile_ms[95]));
    assert_true(isnan(result.total.min));
    assert_true(isnan(result.connect.mean));
    assert_true(isnan(result.waiting.mean));
}

/* wrk's status is 0 in each. */
static void counts_test(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        long failed, non_2xx;
        const char *failures;
    } cases[] = {
        {"non_2xx", 0, 8168, ""},
        {"socket_errors", 725, 0, "connect 0, read 725, write 0, timeout 0"},
        {"descriptors", 35, 0, "connect 35, read 0, write 0, timeout 0"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct tool_result result;
        struct err err;
        assert_int_equal(parse(&result, cases[i].name, 0, &err), 0);
        assert_int_equal(result.failed, cases[i].failed);
        assert_int_equal(result.non_2xx, cases[i].non_2xx);
        assert_string_equal(result.failures, cases[i].failures);
    }
}

static void failure_test(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int wait_status;
        const char *reason;
    } cases[] = {
        {"refused", W_EXITCODE(1, 0),
         "wrk ended with status 1, it could not begin: unable to connect to 127.0.0.1:1 "
         "Connection refused"},
        {"keepalive", W_EXITCODE(1, 0),
         "wrk ended with status 1, it could not begin: it gave no reason"},
        {"keepalive", W_EXITCODE(0, 15), "wrk was killed by signal 15 (Terminated)"},
        {"timeout", 0, "wrk completed no request in 2 s"},
        {"nowhere", 0,
         "cannot read harness/test/fixtures/wrk/nowhere.txt: No such file or directory"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct tool_result result;
        struct err err;
        assert_int_equal(parse(&result, cases[i].name, cases[i].wait_status, &err), -1);
        assert_string_equal(err.text, cases[i].reason);
    }
}

static int parse_text(struct tool_result *result, const char *printout, size_t size,
                      struct err *err)
{
    char path[64];
    scratch_write(path, printout, size);
    int status = tool_parse(&tool_wrk, result, &ten, 0, path, "/nowhere", err);
    unlink(path);
    return status;
}

static void truncated_test(void **state)
{
    (void)state;
    size_t whole;
    char *printout = fixture_read("wrk", "socket_errors", "txt", &whole);
    struct tool_result result;
    struct err err;
    assert_int_equal(parse_text(&result, printout, whole, &err), 0);
    for (size_t size = 0; size < whole; size++) {
        assert_int_equal(parse_text(&result, printout, size, &err), -1);
        assert_non_null(strstr(err.text, "no usable line \""));
    }
    free(printout);
}

/* One change each, and what the reason must name. */
static void altered_test(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *reason;
    } cases[] = {
        {"35545 requests in", "many requests in", "requests in"},
        {"35545 requests in", "35545 replies in", "requests in"},
        {"in 1.10s,", "in 1.10,", "requests in"},
        {"138.90us", "138.90", "Latency"},
        {"138.90us", "-1.00us", "Latency"},
        {"138.90us", "1.2.3us", "Latency"},
        {"0.86ms", "0.86KB", "Latency"},
        {"90%  233.00us", "90%", "90%"},
        {"read 725", "read all", "Socket errors:"},
        {", timeout 0", "", "Socket errors:"},
        {"Requests/sec:  32310.26", "Requests/sec:  0.00", "Requests/sec:"},
        {"Requests/sec:  32310.26", "Requests/sec:  inf", "Requests/sec:"},
        {"2.83MB", "2.83us", "Transfer/sec:"},
    };
    size_t size;
    char *printout = fixture_read("wrk", "socket_errors", "txt", &size);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct tool_result result;
        struct err err;
        char *altered = text_replace(printout, cases[i].from, cases[i].to);
        assert_int_equal(parse_text(&result, altered, strlen(altered), &err), -1);
        assert_non_null(strstr(err.text, cases[i].reason));
        free(altered);
    }
    free(printout);
}

/* Each kind of socket error has its place. */
static void socket_errors_test(void **state)
{
    (void)state;
    size_t size;
    char *printout = fixture_read("wrk", "socket_errors", "txt", &size);
    char *altered = text_replace(printout, "connect 0, read 725, write 0, timeout 0",
                                 "connect 1, read 20, write 300, timeout 4000");
    struct tool_result result;
    struct err err;
    assert_int_equal(parse_text(&result, altered, strlen(altered), &err), 0);
    assert_int_equal(result.failed, 4021);
    assert_int_equal(result.write_errors, 300);
    free(altered);
    free(printout);
}

/* wrk changes the unit with the size of the figure. */
static void units_test(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to;
        double max_ms, kilobytes;
    } cases[] = {
        {"0.86ms", "1.50s", 1500, 2.83 * 1024},
        {"0.86ms", "1.20m", 72000, 2.83 * 1024},
        {"0.86ms", "0.50h", 1800000, 2.83 * 1024},
        {"2.83MB", "512.00B", 0.86, 0.5},
        {"2.83MB", "1.25KB", 0.86, 1.25},
        {"2.83MB", "1.25GB", 0.86, 1.25 * 1024 * 1024},
    };
    size_t size;
    char *printout = fixture_read("wrk", "socket_errors", "txt", &size);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct tool_result result;
        struct err err;
        char *altered = text_replace(printout, cases[i].from, cases[i].to);
        assert_int_equal(parse_text(&result, altered, strlen(altered), &err), 0);
        assert_near(result.total.max, cases[i].max_ms);
        assert_near(result.kilobytes_per_second, cases[i].kilobytes);
        free(altered);
    }
    free(printout);
}

static void command_test(void **state)
{
    (void)state;
    static const struct {
        bool keepalive;
        const char *command, *prime;
    } cases[] = {
        {true, "wrk -t1 -c 10 -d 2s --latency --timeout 7s http://127.0.0.1:8080/",
         "wrk -t1 -c 10 -d 1s --latency --timeout 7s http://127.0.0.1:8080/"},
        {false,
         "wrk -t1 -c 10 -d 2s --latency --timeout 7s -H 'Connection: close' "
         "http://127.0.0.1:8080/",
         "wrk -t1 -c 10 -d 1s --latency --timeout 7s -H 'Connection: close' "
         "http://127.0.0.1:8080/"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct tool_command command;
        struct load load = ten;
        load.keepalive = cases[i].keepalive;
        load.timeout = 7;
        tool_wrk.command(&command, &load, "127.0.0.1", 8080, "/nowhere");
        assert_string_equal(command.line, cases[i].command);
        tool_command_free(&command);
        tool_wrk.brief(&command, &load, load.priming, "127.0.0.1", 8080);
        assert_string_equal(command.line, cases[i].prime);
        tool_command_free(&command);
    }
}

static void version_test(void **state)
{
    (void)state;
    char version[64];
    tool_wrk.version(version, sizeof version, "wrk debian/4.1.0-3+b2 [epoll] Copyright");
    assert_string_equal(version, "debian/4.1.0-3+b2");
    tool_wrk.version(version, sizeof version, "wrk 4.2.0 [kqueue] Copyright");
    assert_string_equal(version, "4.2.0");
    tool_wrk.version(version, sizeof version, "sh: wrk: not found");
    assert_string_equal(version, "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(success_test),       cmocka_unit_test(unknown_test),
        cmocka_unit_test(counts_test),        cmocka_unit_test(failure_test),
        cmocka_unit_test(truncated_test),     cmocka_unit_test(altered_test),
        cmocka_unit_test(socket_errors_test), cmocka_unit_test(units_test),
        cmocka_unit_test(command_test),       cmocka_unit_test(version_test),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
