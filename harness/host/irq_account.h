/* irq_account.h - does this kernel take the time of its soft interrupts out of every task's
 * account? With CONFIG_IRQ_TIME_ACCOUNTING it does, unless its clock is too slow for that, and
 * then most of what the network costs on loopback is charged to nobody.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_IRQ_ACCOUNT_H
#define ABACUS_IRQ_ACCOUNT_H

#include <stdbool.h>

/* What a stretch of sending datagrams to oneself took, s; all 0: it could not be had. */
struct irq_sample {
    double wall_s;
    double ran_s;     /* that this process was charged with; /proc/PID/schedstat */
    double waited_s;  /* ready to run, but not running; the same */
    double softirq_s; /* of all CPUs; /proc/stat, which counts in clock ticks */
    double steal_s;   /* that the hypervisor gave to others; /proc/stat */
};

/* Sends for a quarter of a second, on loopback. */
struct irq_sample irq_sample_take(void);

/* Whether at least half of the time of soft interrupts is missing from this process's account. */
bool irq_is_apart(const struct irq_sample *sample);

#endif
