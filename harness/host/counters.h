/* counters.h - what the kernel has counted up to one moment. Two of them, before and after,
 * tell what else went on while a load tool ran.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_COUNTERS_H
#define ABACUS_COUNTERS_H

#include <stddef.h>

/* A counter that this kernel does not have, or that cannot be read, is NAN; so is then every
 * difference that it is part of. */
struct counters {
    double monotonic_s; /* CLOCK_MONOTONIC */
    double realtime_s;  /* CLOCK_REALTIME, which ab uses */
    double
        boottime_s; /* CLOCK_BOOTTIME: CLOCK_MONOTONIC stands still in a suspended machine */

    /* The whole machine. */
    double busy_s;     /* CPU time of all CPUs, steal not included; /proc/stat */
    double steal_s;    /* that the hypervisor gave to others; /proc/stat */
    double pressure_s; /* in which some task waited for a CPU; /proc/pressure/cpu */
    double swapped;    /* pages in and out; /proc/vmstat */

    /* The network namespace: /proc/net/snmp, /proc/net/netstat. RFC 4022, and
     * Documentation/networking/snmp_counter.rst of Linux. */
    double passive_opens;   /* connections accepted by the kernel */
    double segments;        /* InSegs: of TCP, received */
    double resets_sent;     /* OutRsts */
    double resets_received; /* EstabResets */
    double listen_overflows;
    double listen_drops;
    double syn_retransmits;
    double timeouts;
    double cookies_sent;
    double time_wait_overflows;
};

/* Each of them, by its name: what is done to one is done to all. */
enum { COUNTERS = sizeof(struct counters) / sizeof(double) };

struct counter_member {
    const char *name;
    size_t offset; /* in struct counters */
};

extern const struct counter_member counter_members[COUNTERS];

void counters_read(struct counters *counters);

/* Every member NAN. */
void counters_clear(struct counters *counters);

/* after - before, member by member. */
struct counters counters_difference(const struct counters *after,
                                    const struct counters *before);

/* The clocks, busy_s, steal_s and the TCP counters of /proc/net/snmp, and none else: what it takes
 * to judge a load of a tenth of a second. */
void counters_read_brief(struct counters *counters);

/* The TCP counters that move while a server is at work, passive_opens and segments, and none
 * else: cheap enough to be read ten times a second. */
void counters_read_traffic(struct counters *counters);

#endif
