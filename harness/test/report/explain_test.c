/* explain_test.c - where a row comes from, against golden files.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "golden.h"
#include "sample.h"

#include "report/explain.h"

/* The sample with a control, a trial and a slice that failed, a flag, a server that is lost and
 * one that is missing. */
static void make_run(struct run *run)
{
    sample_run(run, sample_six, 6, 21);
    sample_control(run, &sample_six[2]);
    sample_keep_trials(run, 3);
    sample_fail(run, "epoll", "c50", 2, "ab printed nothing");
    sample_fail_slice(run, "epoll", "c50", 7, 3, "3 of 1000 requests failed");
    trial_add_remark(sample_find(run, "epoll", "c50", 1), "short", CONSEQUENCE_FLAG, 0.4,
                     0);
    sample_lose(run, "select", "c50", 2, 4, "the server died: killed by signal 11");
    run->servers[5].missing = alloc_copy("library libuv is not installed");
    sample_remove(run, "libuv");
}

/* What is explained, owned by the caller; NULL with the reason. */
static char *explained(const char *table, const char *server, struct err *err)
{
    struct run run;
    struct summary summary;
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    make_run(&run);
    summary_make(&summary, &run);
    int failed = explain_write(out, "no-such-folder", &run, &summary, table, server, err);
    assert_int_equal(fclose(out), 0);
    summary_free(&summary);
    run_free(&run);
    if (failed) {
        assert_int_equal(size, 0);
        free(text);
    }
    return failed ? NULL : text;
}

static void golden_test(void **state)
{
    (void)state;
    static const struct {
        const char *golden, *table, *server;
    } cases[] = {
        {"explain-row.txt", "c50", "epoll"},
        {"explain-failed.txt", "c50", "select"},
        {"explain-missing.txt", "c100", "libuv"},
        {"explain-control.txt", "c100", "epoll again"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err err = {""};
        char *text = explained(cases[i].table, cases[i].server, &err);
        assert_non_null(text);
        golden_check(cases[i].golden, text);
        free(text);
    }
}

/* A name that there is not comes back with those that there are. */
static void unknown_test(void **state)
{
    (void)state;
    struct err err = {""};
    assert_null(explained("c51", "epoll", &err));
    assert_string_equal(err.text,
                        "no table 'c51' in this run; it has c1000, c50 and c100");
    assert_null(explained("c50", "epol", &err));
    assert_string_equal(err.text, "no server 'epol' in this run; it has fork, select, "
                                  "epoll, libevent, libev, libuv and epoll again");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden_test),
        cmocka_unit_test(unknown_test),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
