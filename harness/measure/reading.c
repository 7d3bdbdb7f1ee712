/* reading.c - what the kernel counts of a trial.
 * SPDX-License-Identifier: MIT */
#include "measure/reading.h"

#include "base/clock.h"

struct reading reading_take(pid_t server, const char *cgroup)
{
    struct reading reading = {
        .server_cpu_s = usage_server_s(server, cgroup),
        .harness_cpu_s = usage_self_s(),
    };
    counters_read(&reading.counters);
    reading.wall_s = clock_now();
    return reading;
}

void reading_subtract(struct trial *trial, const struct reading *before,
                      const struct reading *after)
{
    trial->tool_wall_s = after->wall_s - before->wall_s;
    trial->server_cpu_s = after->server_cpu_s - before->server_cpu_s;
    trial->harness_cpu_s = after->harness_cpu_s - before->harness_cpu_s;
    trial->counters = counters_difference(&after->counters, &before->counters);
}
