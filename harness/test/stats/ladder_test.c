/* ladder_test.c - which times are the kernel's retry timers.
 * SPDX-License-Identifier: MIT */
#include "stats/ladder.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void rungs_are_recognised(void **state)
{
    (void)state;
    static const struct {
        double time_ms;
        double rung_ms;
    } cases[] = {
        {9087, 9000},   {22673, 21000}, {45111, 45000}, /* those of the first article */
        {198, 200},     {229, 200},     {990, 1000},    {1000, 1000},
        {1150, 1000},   {3001, 3000},   {7020, 7000},   {13300, 13300},
        {15100, 15000}, {63000, 63000}, {93000, 93000},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (ladder_rung(cases[i].time_ms) != cases[i].rung_ms)
            fail_msg("%g ms: %g, not %g", cases[i].time_ms, ladder_rung(cases[i].time_ms),
                     cases[i].rung_ms);
}

static void other_times_are_not(void **state)
{
    (void)state;
    static const double times_ms[] = {0,    1,    85,    197,   231,    500, 989,
                                      1151, 2500, 28000, 54000, 107000, NAN};
    for (size_t i = 0; i < sizeof times_ms / sizeof *times_ms; i++)
        if (!isnan(ladder_rung(times_ms[i])))
            fail_msg("%g ms: %g", times_ms[i], ladder_rung(times_ms[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rungs_are_recognised),
        cmocka_unit_test(other_times_are_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
