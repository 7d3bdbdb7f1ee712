/* reading.c - what the kernel counts of a trial.
 * SPDX-License-Identifier: MIT */
#include "measure/reading.h"

#include "base/clock.h"

#include <math.h>

struct reading reading_take(pid_t server, const char *cgroup)
{
    struct reading reading = {
        .server_cpu_s = usage_server_s(server, cgroup),
        .server_turns = usage_turns(server),
        .harness_cpu_s = usage_self_s(),
    };
    counters_read(&reading.counters);
    reading.wall_s = clock_now();
    return reading;
}

/* A server of several processes or threads waits for its own, and nobody can say for whom: the
 * figure is then not known. One that does it all in one process has run as long as its cgroup
 * says. */
static double server_delay(const struct trial *trial, const struct turns *before,
                           const struct turns *after)
{
    double ran = after->ran_s - before->ran_s;
    return ran < 0.9 * trial->server_cpu_s ? NAN : after->delay_s - before->delay_s;
}

void reading_subtract(struct trial *trial, const struct reading *before,
                      const struct reading *after)
{
    trial->tool_wall_s = after->wall_s - before->wall_s;
    trial->server_cpu_s = after->server_cpu_s - before->server_cpu_s;
    trial->server_delay_s =
        server_delay(trial, &before->server_turns, &after->server_turns);
    trial->harness_cpu_s = after->harness_cpu_s - before->harness_cpu_s;
    trial->counters = counters_difference(&after->counters, &before->counters);
}
