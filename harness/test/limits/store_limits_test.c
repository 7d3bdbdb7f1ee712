/* store_limits_test.c - where servers break, written and read back; and files that are not that.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "limits/store.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/abacus-limits-XXXXXX";
static char path[sizeof folder + sizeof LIMITS_NAME];

static int set_up(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/%s", folder, LIMITS_NAME);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder);
}

static void comes_back_as_it_was(void **state)
{
    (void)state;
    struct err err;
    struct breakages back;
    const struct run_server servers[] = {{.name = "epoll"},
                                         {.name = "libuv", .missing = "no library"}};
    struct breakage list[] = {
        {.server = &servers[0],
         .clients = 2043,
         .next = NEXT_SLOW,
         .full_busy = 0.25,
         .full_back_ms = 1.5,
         .slow_reader_ms = INFINITY,
         .slow_senders_ms = NAN,
         .burst_ms = 60,
         .resets_back_ms = 0.125,
         .half_closed = true,
         .client_kb = 0.3125,
         .memory_kb = -8},
        {.server = &servers[1], .clients = NAN, .reason.text = "no library"}};
    assert_int_equal(limits_write(list, 2, folder, &err), 0);
    assert_int_equal(limits_read(&back, folder, &err), 0);
    assert_int_equal(back.count, 2);
    assert_string_equal(back.list[0].server->name, "epoll");
    assert_null(back.list[0].server->missing);
    assert_string_equal(back.list[0].reason.text, "");
    assert_true(back.list[0].clients == 2043 && back.list[0].next == NEXT_SLOW);
    assert_true(back.list[0].full_busy == 0.25 && back.list[0].full_back_ms == 1.5);
    assert_true(isinf(back.list[0].slow_reader_ms));
    assert_true(isnan(back.list[0].slow_senders_ms));
    assert_true(back.list[0].half_closed && back.list[0].memory_kb == -8);
    assert_true(back.list[0].client_kb == 0.3125);
    assert_string_equal(back.list[1].server->missing, "no library");
    assert_string_equal(back.list[1].reason.text, "no library");
    assert_true(isnan(back.list[1].clients));
    breakages_free(&back);
}

static const struct {
    const char *text,
        *reason; /* NULL: the file can be read, and its second line is left out */
} bad[] = {
    {"", "it is empty"},
    {"{}\n", "'server' is no text"},
    {"{\"type\":\"run\"}\n", "not known"},
    {"{\"type\":\"limits\"}\n{\"server\":\"a\"}\n", NULL},
    {"{\"type\":\"limits\"}\n{\"server\":\"a\",\"clients\":\"many\"}\n", NULL},
};

static void what_is_none_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct err err;
        struct breakages back;
        FILE *file = fopen(path, "we");
        assert_non_null(file);
        fputs(bad[i].text, file);
        fclose(file);
        assert_int_equal(limits_read(&back, folder, &err), bad[i].reason ? -1 : 0);
        if (bad[i].reason && !strstr(err.text, bad[i].reason))
            fail_msg("%s", err.text);
        assert_int_equal(back.count, 0);
        breakages_free(&back);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comes_back_as_it_was),
        cmocka_unit_test(what_is_none_is_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
