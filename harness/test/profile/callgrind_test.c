/* callgrind_test.c - what callgrind wrote, real and broken, and the groups of functions.
 * SPDX-License-Identifier: MIT */
#include "fixture.h"

#include "profile/valgrind.h"

static const char child[] = "harness/test/fixtures/callgrind/child.txt";

static const struct tally_row *find(const struct tally *costs, const char *function)
{
    for (size_t i = 0; i < costs->count; i++)
        if (strcmp(costs->rows[i].names[COST_FUNCTION], function) == 0)
            return &costs->rows[i];
    fail_msg("no function %s", function);
    return NULL;
}

static double sum(const struct tally *costs)
{
    double total = 0;
    for (size_t i = 0; i < costs->count; i++)
        total += costs->rows[i].counts[COST_INSTRUCTIONS];
    return total;
}

static int read_text(struct tally *costs, const char *text)
{
    char path[64];
    struct err err;
    scratch_write(path, text, strlen(text));
    int failed = callgrind_read(costs, path, &err);
    unlink(path);
    return failed;
}

/* callgrind's own sum is on its line "totals:". */
static void test_captured(void **state)
{
    (void)state;
    struct tally costs = {0};
    struct err err;
    assert_int_equal(callgrind_read(&costs, child, &err), 0);
    assert_true(sum(&costs) == 1545);
    const struct tally_row *cost = find(&costs, "request_read");
    assert_true(cost->counts[COST_CALLS] == 1);
    assert_true(cost->counts[COST_INSTRUCTIONS] == 634);
    assert_string_equal(cost->names[COST_FILE], "/usr/src/abacus/servers/core/request.c");
    assert_string_equal(cost->names[COST_OBJECT], "/usr/src/abacus/build/servers/fork");
    assert_true(find(&costs, "recv")->counts[COST_SYSTEM_CALLS] == 1);
    tally_free(&costs);
}

/* Read twice, once subtracted, halved. */
static void test_arithmetic(void **state)
{
    (void)state;
    struct tally one = {0};
    struct tally three = {0};
    struct err err;
    assert_int_equal(callgrind_read(&one, child, &err), 0);
    for (int i = 0; i < 3; i++)
        assert_int_equal(callgrind_read(&three, child, &err), 0);
    assert_int_equal(three.count, one.count);
    tally_per_request(&three, 1, &one, 2);
    for (size_t i = 0; i < one.count; i++) {
        assert_true(three.rows[i].counts[COST_INSTRUCTIONS] ==
                    one.rows[i].counts[COST_INSTRUCTIONS]);
        assert_true(three.rows[i].counts[COST_CALLS] == one.rows[i].counts[COST_CALLS]);
    }
    tally_free(&one);
    tally_free(&three);
}

/* Names defined and meant again, two kinds of positions, inlined code, several parts. */
static void test_format(void **state)
{
    (void)state;
    struct tally costs = {0};
    assert_int_equal(read_text(&costs, "positions: instr line\nevents: Ir\npart: 1\n"
                                       "ob=(1) /bin/a\nfl=(1) a.c\nfn=(1) main\n"
                                       "0x10 1 5\nfi=(2) b.h\n+3 +1 7\nfe=(1)\n* * 1\n"
                                       "cfn=(2) helper\ncalls=3 0x20 9\n* 4 100\n"
                                       "totals: 13\npart: 2\nfn=(2)\n+0x1 * 20\n"
                                       "totals: 20\n"),
                     0);
    assert_int_equal(costs.count, 2);
    assert_true(find(&costs, "main")->counts[COST_INSTRUCTIONS] == 13);
    assert_true(find(&costs, "helper")->counts[COST_INSTRUCTIONS] == 20);
    assert_true(find(&costs, "helper")->counts[COST_CALLS] == 3);
    tally_free(&costs);
}

static void test_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "events: Ir\n12 3\n",                    /* no totals */
        "events: Ir\ntotals: 0\npart: 2\n1 2\n", /* the second part is cut off */
        "events: Ir\nfn=(7)\n1 2\ntotals: 2\n",  /* a name that was never given */
        "events: Ir\nfn=(99999999999) x\ntotals: 0\n",
        "events: Ir\ncalls=x 1\n1 2\ntotals: 2\n",
        "events: Ir\ncalls=1 1\n1 2\ntotals: 2\n", /* whom? */
        "events: Ir\nfn=f\n1 two\ntotals: 2\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct tally costs = {0};
        assert_int_equal(read_text(&costs, texts[i]), -1);
        tally_free(&costs);
    }
}

/* Whatever is cut off or altered is refused or read, and nothing else happens: the
 * sanitizers watch. */
static void test_broken(void **state)
{
    (void)state;
    size_t size;
    char *text = fixture_read("callgrind", "child", "txt", &size);
    for (size_t i = 0; i < size; i += 13) {
        struct tally costs = {0};
        char kept = text[i];
        text[i] = "(=)\n:9+* c"[i % 10];
        read_text(&costs, text);
        tally_free(&costs);
        text[i] = '\0';
        read_text(&costs, text);
        tally_free(&costs);
        text[i] = kept;
    }
    free(text);
}

static void test_groups(void **state)
{
    (void)state;
    static const struct {
        const char *object, *file;
        enum group group;
    } cases[] = {
        {"/x/build/servers/epoll", "/x/servers/epoll.c", GROUP_SERVER},
        {"/x/build/servers/epoll", "/x/servers/core/request.c", GROUP_READER},
        {"/x/build/servers/epoll", "servers/core/conn.c", GROUP_RESPONSES},
        {"/usr/sbin/nginx", "???", GROUP_SERVER},
        {"/usr/lib/x86_64-linux-gnu/libuv.so.1.0.0", "???", GROUP_LIBRARY},
        {"/usr/lib/x86_64-linux-gnu/libc.so.6", "./string/x.S", GROUP_LIBC},
        {"/lib/x86_64-linux-gnu/libc-2.31.so", "???", GROUP_LIBC},
        {"/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2", "???", GROUP_LINKER},
        {"", "", GROUP_OTHER},
        {"???", "???", GROUP_OTHER},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(group_of(cases[i].object, cases[i].file), cases[i].group);
    for (int group = 0; group < GROUPS; group++)
        assert_int_equal(group_find(group_names[group]), group);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_captured), cmocka_unit_test(test_arithmetic),
        cmocka_unit_test(test_format),   cmocka_unit_test(test_refused),
        cmocka_unit_test(test_broken),   cmocka_unit_test(test_groups),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
