/* irq_account_test.c - who is charged for soft interrupts: made-up samples, and one of this kernel.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "host/irq_account.h"

static const struct {
    const char *what;
    struct irq_sample sample; /* wall, ran, waited, softirq, steal */
    bool apart;
} samples[] = {
    {"charged to who sends", {0.25, 0.25, 0, 0.08, 0}, false},
    {"charged to nobody", {0.25, 0.17, 0, 0.08, 0}, true},
    {"the same, on a busy machine", {0.25, 0.10, 0.07, 0.08, 0}, true},
    {"it had to wait, or the hypervisor was elsewhere",
     {0.25, 0.10, 0.10, 0.08, 0.05},
     false},
    {"ticks that saw no soft interrupt", {0.25, 0.17, 0, 0.02, 0}, false},
    {"nothing known", {0, 0, 0, 0, 0}, false},
};

static void a_missing_share_is_seen(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
        if (irq_is_apart(&samples[i].sample) != samples[i].apart)
            fail_msg("%s", samples[i].what);
}

/* Whatever the kernel: it was sent, and nobody runs longer than the clock. */
static void a_sample_is_of_this_process(void **state)
{
    (void)state;
    struct irq_sample sample = irq_sample_take();
    assert_true(sample.wall_s >= 0.25);
    assert_true(sample.ran_s > 0 && sample.ran_s <= sample.wall_s * 1.01);
    assert_true(sample.waited_s >= 0 && sample.softirq_s >= 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_missing_share_is_seen),
        cmocka_unit_test(a_sample_is_of_this_process),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
