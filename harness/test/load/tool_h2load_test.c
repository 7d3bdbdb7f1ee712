/* tool_h2load_test.c - what h2load prints and logs, well or ill, becomes figures or a reason:
 * captured files, whole, cut off at every byte, and altered.
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

static const struct load ten = {
    .path = "/", .requests = 200, .concurrency = 10, .keepalive = true, .priming = 5};

/* A printout and a log, as texts. The files of a trial, since the log is replaced. */
static int parse_texts(struct tool_result *result, long requests, int wait_status,
                       const char *printout, size_t size, const char *log,
                       struct err *err)
{
    char output[64];
    char table[64];
    struct load load = ten;
    load.requests = requests;
    scratch_write(output, printout, size);
    scratch_write(table, log, strlen(log));
    int status = tool_parse(&tool_h2load, result, &load, wait_status, output, table, err);
    unlink(output);
    unlink(table);
    return status;
}

static int parse(struct tool_result *result, const char *name, int wait_status,
                 struct err *err)
{
    size_t size;
    size_t log_size;
    char *printout = fixture_read("h2load", name, "txt", &size);
    char *log = fixture_read("h2load", "keepalive", "log", &log_size);
    long requests = strcmp(name, "non_2xx") == 0 ? 100 : 200;
    char *end = strchr(log, '\n');
    for (long i = 1; i < requests; i++)
        end = strchr(end + 1, '\n');
    end[1] = '\0';
    int status = parse_texts(result, requests, wait_status, printout, size, log, err);
    free(log);
    free(printout);
    return status;
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
    assert_near(result.requests_per_second, 66533.60);
    assert_near(result.seconds, 200 / 66533.60);
    assert_near(result.time_per_request_ms, 10 * 1000 / 66533.60);
    assert_near(result.kilobytes_per_second, 18400 / 1024.0 * 66533.60 / 200);
    assert_int_equal(result.complete, 200);
    assert_int_equal(result.failed, 0);
    assert_int_equal(result.non_2xx, 0);
    assert_int_equal(result.total_bytes, 18400);
    assert_int_equal(result.body_bytes, 2600);
    assert_string_equal(result.failures, "");
    /* h2load itself prints 73us, 265us, 101us and 34us of these requests. */
    assert_near(result.total.min, 0.073);
    assert_near(result.total.max, 0.265);
    assert_int_equal(result.total.mean * 1000, 101);
    assert_int_equal(result.total.sd * 1000, 34);
    assert_near(result.percentile_ms[0], 0.073);
    assert_near(result.percentile_ms[100], 0.265);
    assert_true(result.percentile_ms[50] <= result.percentile_ms[99]);
}

/* What h2load does not say is unknown, not zero. */
static void unknown_test(void **state)
{
    (void)state;
    struct tool_result result;
    struct err err;
    assert_int_equal(parse(&result, "close", 0, &err), 0);
    assert_int_equal(result.complete, 200);
    assert_int_equal(result.body_bytes, 2600);
    assert_int_equal(result.total_bytes, -1);
    assert_true(isnan(result.kilobytes_per_second));
    assert_int_equal(result.document_length, -1);
    assert_int_equal(result.keepalive, -1);
    assert_int_equal(result.write_errors, -1);
    assert_true(isnan(result.connect.mean));
    assert_true(isnan(result.waiting.mean));
}

/* A status of 4xx is a reply: it is counted, and nothing has failed. */
static void non_2xx_test(void **state)
{
    (void)state;
    struct tool_result result;
    struct err err;
    assert_int_equal(parse(&result, "non_2xx", 0, &err), 0);
    assert_int_equal(result.complete, 100);
    assert_int_equal(result.non_2xx, 100);
    assert_int_equal(result.failed, 0);
}

static void failure_test(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int wait_status;
        const char *reason;
    } cases[] = {
        {"usage", W_EXITCODE(1, 0),
         "h2load ended with status 1, it could not begin: -n, -c: the number of requests "
         "must be greater than or equal to the clients."},
        {"log_file", W_EXITCODE(1, 0),
         "h2load ended with status 1, it could not begin: --log-file: Could not open "
         "file "
         "/nowhere/x"},
        {"keepalive", W_EXITCODE(1, 0),
         "h2load ended with status 1, it could not begin: it gave no reason"},
        {"keepalive", W_EXITCODE(0, 15), "h2load was killed by signal 15 (Terminated)"},
        {"refused", 0,
         "h2load completed 0 of 200 requests: 100 had no reply, and 0 of these because "
         "the time was up"},
        {"timeout", 0,
         "h2load completed 0 of 200 requests: 200 had no reply, and 10 of these because "
         "the time was up"},
        {"cut", 0,
         "h2load completed 170 of 200 requests: 30 had no reply, and 0 of these because "
         "the time was up"},
        {"die", 0,
         "h2load completed 59 of 200 requests: 141 had no reply, and 0 of these because "
         "the time was up"},
        {"descriptors", 0,
         "h2load completed 92 of 200 requests: 8 had no reply, and 0 of these because "
         "the time was up"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct tool_result result;
        struct err err;
        assert_int_equal(parse(&result, cases[i].name, cases[i].wait_status, &err), -1);
        assert_string_equal(err.text, cases[i].reason);
    }
}

static void truncated_test(void **state)
{
    (void)state;
    size_t whole;
    size_t log_size;
    char *printout = fixture_read("h2load", "keepalive", "txt", &whole);
    char *log = fixture_read("h2load", "keepalive", "log", &log_size);
    struct tool_result result;
    struct err err;
    assert_int_equal(parse_texts(&result, 200, 0, printout, whole, log, &err), 0);
    for (size_t size = 0; size < whole; size++) {
        assert_int_equal(parse_texts(&result, 200, 0, printout, size, log, &err), -1);
        assert_non_null(strstr(err.text, "no usable line \""));
    }
    free(printout);
    free(log);
}

/* One change each, and what the reason must name. */
static void altered_test(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *reason;
    } cases[] = {
        {"200 done", "many done", "requests:"},
        {"200 done", "200 ended", "requests:"},
        {", 0 timeout", "", "requests:"},
        {"200 done", "199 done", "h2load completed 199 of 200 requests"},
        {"200 2xx", "-1 2xx", "status codes:"},
        {", 0 5xx", "", "status codes:"},
        {"(18400) total", "18400 total", "traffic:"},
        {"(2600) data", "(all) data", "traffic:"},
        {"66533.60 req/s", "0.00 req/s", "finished in"},
        {"66533.60 req/s", "inf req/s", "finished in"},
        {"66533.60 req/s", "66533.60 things", "finished in"},
    };
    size_t size;
    size_t log_size;
    char *printout = fixture_read("h2load", "keepalive", "txt", &size);
    char *log = fixture_read("h2load", "keepalive", "log", &log_size);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct tool_result result;
        struct err err;
        char *altered = text_replace(printout, cases[i].from, cases[i].to);
        assert_int_equal(
            parse_texts(&result, 200, 0, altered, strlen(altered), log, &err), -1);
        assert_non_null(strstr(err.text, cases[i].reason));
        free(altered);
    }
    free(printout);
    free(log);
}

/* What is wrong with the log, for the two requests that the printout tells of. */
static void log_test(void **state)
{
    (void)state;
    static const struct {
        const char *log, *reason;
    } cases[] = {
        {"1795305559589937\t200\t267\n1795305559589944\t200\t133\n", NULL},
        {"1\t200\t267\t17\tnew column\n2\t200\t133\t5\tanother\n", NULL},
        {"1\t200\t267\n", "has 1 requests, and the load tool completed 2"},
        {"", "has 0 requests, and the load tool completed 2"},
        {"1\t200\t267\n2\t200\n", "line 2 is not of a request"},
        {"1\t200\t267\n2\t200\t", "line 2 is not of a request"},
        {"1\t200\tsoon\n2\t200\t133\n", "line 1 is not of a request"},
        {"start\tstatus\ttime\n1\t200\t267\n", "line 1 is not of a request"},
    };
    size_t size;
    char *printout = fixture_read("h2load", "keepalive", "txt", &size);
    char *two = text_replace(printout, "200 done", "2 done");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct tool_result result;
        struct err err;
        int status = parse_texts(&result, 2, 0, two, strlen(two), cases[i].log, &err);
        assert_int_equal(status, cases[i].reason ? -1 : 0);
        if (cases[i].reason)
            assert_non_null(strstr(err.text, cases[i].reason));
        else
            assert_near(result.percentile_ms[49] + result.percentile_ms[50], 0.4);
    }
    free(two);
    free(printout);
}

/* The log gives way to a table as ab writes it. */
static void table_test(void **state)
{
    (void)state;
    char output[256];
    char table[64];
    char text[4096] = "";
    size_t size;
    char *log = fixture_read("h2load", "keepalive", "log", &size);
    scratch_write(table, log, size);
    fixture_path(output, sizeof output, "h2load", "keepalive", "txt");
    struct tool_result result;
    struct err err;
    assert_int_equal(tool_parse(&tool_h2load, &result, &ten, 0, output, table, &err), 0);
    FILE *file = fopen(table, "re");
    assert_non_null(file);
    assert_true(fread(text, 1, sizeof text - 1, file) > 0);
    fclose(file);
    unlink(table);
    const char head[] = "Percentage served,Time in ms\n0,0.073\n1,";
    assert_memory_equal(text, head, strlen(head));
    assert_non_null(strstr(text, "\n100,0.265\n"));
    free(log);
}

static void command_test(void **state)
{
    (void)state;
    static const struct {
        bool keepalive;
        const char *command, *prime, *request;
    } cases[] = {
        {true,
         "h2load --h1 -t1 -n 200 -c 10 -N 7s -H 'User-Agent: h2load' "
         "--log-file=raw/x.csv http://127.0.0.1:8080/headers",
         "h2load --h1 -t1 -n 5 -c 5 -N 7s -H 'User-Agent: h2load' "
         "http://127.0.0.1:8080/headers",
         "GET /headers HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nuser-agent: h2load\r\n\r\n"},
        {false,
         "h2load --h1 -t1 -n 200 -c 10 -N 7s -H 'User-Agent: h2load' "
         "-H 'Connection: close' --log-file=raw/x.csv http://127.0.0.1:8080/headers",
         "h2load --h1 -t1 -n 5 -c 5 -N 7s -H 'User-Agent: h2load' "
         "-H 'Connection: close' http://127.0.0.1:8080/headers",
         "GET /headers HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nuser-agent: h2load\r\n"
         "connection: close\r\n\r\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct tool_command command;
        struct load load = ten;
        load.keepalive = cases[i].keepalive;
        load.path = (char *)"/headers";
        load.timeout = 7;
        tool_h2load.command(&command, &load, "127.0.0.1", 8080, "raw/x.csv");
        assert_string_equal(command.line, cases[i].command);
        tool_command_free(&command);
        tool_h2load.brief(&command, &load, load.priming, "127.0.0.1", 8080);
        assert_string_equal(command.line, cases[i].prime);
        tool_command_free(&command);
        char *request = tool_h2load.request(&load, "127.0.0.1", 8080);
        assert_string_equal(request, cases[i].request);
        free(request);
    }
}

static void version_test(void **state)
{
    (void)state;
    char version[64];
    tool_h2load.version(version, sizeof version, "h2load nghttp2/1.52.0\n");
    assert_string_equal(version, "1.52.0");
    tool_h2load.version(version, sizeof version, "sh: h2load: not found\n");
    assert_string_equal(version, "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(success_test),   cmocka_unit_test(unknown_test),
        cmocka_unit_test(non_2xx_test),   cmocka_unit_test(failure_test),
        cmocka_unit_test(truncated_test), cmocka_unit_test(altered_test),
        cmocka_unit_test(log_test),       cmocka_unit_test(table_test),
        cmocka_unit_test(command_test),   cmocka_unit_test(version_test),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
