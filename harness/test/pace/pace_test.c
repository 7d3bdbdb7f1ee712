/* pace_test.c - the program pace against real servers: none of its numbers hides what a stopped
 * server does to those who would have asked meanwhile.
 * SPDX-License-Identifier: MIT */
#include "base/alloc.h"
#include "base/err.h"
#include "host/proc.h"
#include "load/tool.h"

#include <jansson.h>
#include <libgen.h>
#include <limits.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { STOPPED_S = 1 };

static char build[PATH_MAX]; /* the folder of abacus, pace and servers/ */

/* A server of ours, or broken in some way. */
struct target {
    struct proc proc;
    char url[64];
};

static void target_start(struct target *target, const char *program, const char *broken)
{
    struct err err;
    int ends[2];
    int port = 0;
    char *path = alloc_format("%s/%s", build, program);
    setenv("BROKEN", broken, 1);
    char *argv[] = {path, NULL};
    assert_int_equal(pipe(ends), 0);
    int failed = proc_start(
        &target->proc,
        &(struct proc_options){
            .argv = argv, .input = -1, .output = ends[1], .error = -1, .cpu = -1},
        &err);
    close(ends[1]);
    if (failed)
        fail_msg("%s: %s", path, err.text);
    FILE *said = fdopen(ends[0], "r");
    assert_int_equal(fscanf(said, "listening on 127.0.0.1:%d", &port), 1);
    fclose(said);
    snprintf(target->url, sizeof target->url, "http://127.0.0.1:%d/", port);
    free(path);
}

static void target_stop(struct target *target)
{
    kill(target->proc.pid, SIGCONT);
    proc_stop(&target->proc, 5000, &(bool){false});
}

/* What pace prints with these arguments, and the address. */
static FILE *pace_open(const struct target *target, const char *arguments)
{
    char *line =
        alloc_format("exec '%s/pace' --json %s %s", build, arguments, target->url);
    FILE *out = popen(line, "r");
    free(line);
    assert_non_null(out);
    return out;
}

static json_t *pace_close(FILE *out)
{
    json_t *object = json_loadf(out, JSON_DISABLE_EOF_CHECK, NULL);
    pclose(out);
    assert_non_null(object);
    return object;
}

static double number(const json_t *object, const char *group, const char *name)
{
    const json_t *of = group ? json_object_get(object, group) : object;
    return json_number_value(json_object_get(of, name));
}

static double percentile(const json_t *object, size_t percent)
{
    const json_t *times = json_object_get(object, "time_ms");
    return json_number_value(
        json_array_get(json_object_get(times, "percentiles"), percent));
}

/* Some 3,000 requests, a thousand of which are due while the server is stopped: half of those wait
 * for more than half a second. A closed loop would have seen as many as it has connections. */
static void who_waits_is_counted(void **state)
{
    (void)state;
    struct target target;
    target_start(&target, "servers/epoll", "");
    FILE *out =
        pace_open(&target, "-R 1000 -d 3s --arrivals constant --disable-keepalive");
    sleep(STOPPED_S);
    kill(target.proc.pid, SIGSTOP);
    sleep(STOPPED_S);
    kill(target.proc.pid, SIGCONT);
    json_t *object = pace_close(out);
    assert_true(number(object, NULL, "complete") == 3000);
    assert_true(percentile(object, 71) > 100);
    assert_true(percentile(object, 99) > 880);
    assert_true(percentile(object, 100) < 60000);
    json_decref(object);
    target_stop(&target);
}

static void kept_connections_are_kept(void **state)
{
    (void)state;
    struct target target;
    target_start(&target, "servers/epoll", "");
    json_t *object = pace_close(pace_open(&target, "-n 1000 -c 4"));
    assert_true(number(object, NULL, "complete") == 1000);
    assert_true(number(object, NULL, "kept") == 1000);
    assert_true(number(object, NULL, "body_bytes") == 13000);
    json_decref(object);
    object = pace_close(pace_open(&target, "-n 100 -c 4 --disable-keepalive --idle 300"));
    assert_true(number(object, NULL, "complete") == 100);
    assert_true(number(object, NULL, "kept") == 0);
    assert_true(number(object, "idle", "held") == 300);
    json_decref(object);
    target_stop(&target);
}

/* Each kind of failure has its count, and none passes for a reply. */
static void failures_are_counted(void **state)
{
    (void)state;
    static const struct {
        const char *broken, *kind;
        long failed;
    } cases[] = {
        {"wrong length", "reset", 20}, {"500", "status", 20}, {"RST", "reset", 20}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct target target;
        target_start(&target, "test/broken_server", cases[i].broken);
        json_t *object = pace_close(pace_open(&target, "-n 20 -c 2 --disable-keepalive"));
        if (number(object, "failures", cases[i].kind) != (double)cases[i].failed)
            fail_msg("%s: %s", cases[i].broken, json_dumps(object, 0));
        assert_true(number(object, NULL, "complete") == 0);
        json_decref(object);
        target_stop(&target);
    }
}

/* A server with 128 processes serves as many: the reason says why there are no more. */
static void a_full_server_holds_no_more(void **state)
{
    (void)state;
    struct target target;
    target_start(&target, "servers/prefork", "");
    json_t *object = pace_close(pace_open(&target, "-n 1 -c 1 --idle 200 --timeout 1s"));
    const json_t *idle = json_object_get(object, "idle");
    assert_true(number(object, "idle", "held") == 128);
    assert_non_null(strstr(json_string_value(json_object_get(idle, "why")), "no answer"));
    assert_true(number(object, "failures", "timeout") == 1);
    json_decref(object);
    target_stop(&target);
}

static int find_build(void **state)
{
    (void)state;
    ssize_t length = readlink("/proc/self/exe", build, sizeof build - 1);
    if (length < 0)
        return -1;
    build[length] = '\0';
    for (int i = 0; i < 2; i++)
        *strrchr(build, '/') = '\0';
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_waits_is_counted),
        cmocka_unit_test(kept_connections_are_kept),
        cmocka_unit_test(failures_are_counted),
        cmocka_unit_test(a_full_server_holds_no_more),
    };
    return cmocka_run_group_tests(tests, find_build, NULL);
}
