/* cpus_test.c - which CPUs a server gets, on machines that are not this one.
 * SPDX-License-Identifier: MIT */
#include "host/cpus.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct {
    const char *name;
    int cores[8]; /* by CPU; -1: not to be used, or not there */
    int server, client;
    bool shared;
    unsigned all; /* a bit for each CPU */
} cases[] = {
    {"nothing", {-1, -1, -1, -1, -1, -1, -1, -1}, -1, -1, true, 0},
    {"one core", {0, -1, -1, -1, -1, -1, -1, -1}, 0, 0, true, 0x01},
    {"two threads of one core", {0, 0, -1, -1, -1, -1, -1, -1}, 1, 1, true, 0x02},
    {"two cores", {0, 1, -1, -1, -1, -1, -1, -1}, 1, 0, false, 0x02},
    {"four cores", {0, 1, 2, 3, -1, -1, -1, -1}, 3, 2, false, 0x0b},
    {"four cores of two threads", {0, 1, 2, 3, 0, 1, 2, 3}, 7, 6, false, 0x83},
    {"threads side by side", {0, 0, 2, 2, 4, 4, 6, 6}, 7, 5, false, 0x85},
    {"some not allowed", {-1, 1, -1, 3, -1, 5, -1, -1}, 5, 3, false, 0x22},
};

static void splits(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        print_message("%s\n", cases[i].name);
        struct cpus cpus = cpus_split(cases[i].cores, 8);
        assert_int_equal(cpus.server, cases[i].server);
        assert_int_equal(cpus.client, cases[i].client);
        assert_int_equal(cpus.shared, cases[i].shared);
        for (int cpu = 0; cases[i].all && cpu < 8; cpu++)
            assert_int_equal(!!CPU_ISSET(cpu, &cpus.all), cases[i].all >> cpu & 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(splits)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
