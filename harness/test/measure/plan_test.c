/* plan_test.c - every round has every pair once; a seed is an order.
 * SPDX-License-Identifier: MIT */
#include "measure/plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SERVERS = 4, LOADS = 3, ROUNDS = 5, PRESENT = 3 };

static struct run_server servers[SERVERS] = {
    {.name = "a"}, {.name = "b", .missing = "no library"}, {.name = "c"}, {.name = "d"}};
static struct load loads[LOADS];

static struct run make_run(unsigned long long seed)
{
    return (struct run){.seed = seed,
                        .rounds = ROUNDS,
                        .servers = servers,
                        .server_count = SERVERS,
                        .suite = {.loads = loads, .load_count = LOADS}};
}

static void every_round_has_every_pair_once(void **state)
{
    (void)state;
    size_t count;
    int seen[ROUNDS][LOADS][SERVERS] = {0};
    struct run run = make_run(1);
    struct slot *slots = plan_make(&run, &count);
    assert_int_equal(count, ROUNDS * LOADS * PRESENT);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(slots[i].round, 1 + i / (LOADS * PRESENT));
        seen[slots[i].round - 1][slots[i].load][slots[i].server]++;
        /* The servers of one load stand together: they are what is compared. */
        assert_int_equal(slots[i].load, slots[i - i % PRESENT].load);
    }
    for (int r = 0; r < ROUNDS; r++)
        for (int l = 0; l < LOADS; l++)
            for (int s = 0; s < SERVERS; s++)
                assert_int_equal(seen[r][l][s], servers[s].missing ? 0 : 1);
    free(slots);
}

static void a_seed_is_an_order(void **state)
{
    (void)state;
    size_t count;
    struct run one = make_run(12345678);
    struct run other = make_run(12345679);
    struct slot *first = plan_make(&one, &count);
    struct slot *again = plan_make(&one, &count);
    struct slot *different = plan_make(&other, &count);
    size_t moved = 0;
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(first[i].load, again[i].load);
        assert_int_equal(first[i].server, again[i].server);
        moved +=
            first[i].load != different[i].load || first[i].server != different[i].server;
    }
    assert_true(moved > 0);
    free(first);
    free(again);
    free(different);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_round_has_every_pair_once),
        cmocka_unit_test(a_seed_is_an_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
