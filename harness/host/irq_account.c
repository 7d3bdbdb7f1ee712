/* irq_account.c - who is charged for soft interrupts.
 * SPDX-License-Identifier: MIT */
#include "host/irq_account.h"

#include "base/clock.h"
#include "host/usage.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

static const double SAMPLE_S = 0.25;
static const double SOFTIRQ_LEAST_S = 0.03; /* some clock ticks: less tells nothing */

/* The machine's soft interrupts and steal so far, s. */
static void read_machine(struct irq_sample *sample)
{
    unsigned long long softirq = 0, steal = 0;
    FILE *file = fopen("/proc/stat", "re");
    if (!file)
        return;
    if (fscanf(file, "cpu %*u %*u %*u %*u %*u %*u %llu %llu", &softirq, &steal) == 2) {
        double tick = (double)sysconf(_SC_CLK_TCK);
        sample->softirq_s = (double)softirq / tick;
        sample->steal_s = (double)steal / tick;
    }
    fclose(file);
}

static struct irq_sample read_all(void)
{
    struct irq_sample sample = {.wall_s = clock_now()};
    struct turns turns = usage_turns(getpid());
    sample.ran_s = turns.ran_s;
    sample.waited_s = turns.delay_s;
    read_machine(&sample);
    return sample;
}

/* A socket that is connected to itself, or -1. */
static int open_loop(void)
{
    struct sockaddr_in self = {.sin_family = AF_INET,
                               .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof self;
    int loop = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (loop >= 0 && bind(loop, (struct sockaddr *)&self, size) == 0 &&
        getsockname(loop, (struct sockaddr *)&self, &size) == 0 &&
        connect(loop, (struct sockaddr *)&self, size) == 0)
        return loop;
    if (loop >= 0)
        close(loop);
    return -1;
}

/* Each datagram is received in a soft interrupt, within the call that sends it. */
static int send_for(int loop, double seconds)
{
    char byte = 0;
    double end = clock_now() + seconds;
    while (clock_now() < end)
        if (send(loop, &byte, 1, 0) != 1 || recv(loop, &byte, 1, MSG_DONTWAIT) != 1)
            return -1;
    return 0;
}

struct irq_sample irq_sample_take(void)
{
    struct irq_sample none = {0};
    int loop = open_loop();
    if (loop < 0)
        return none;
    struct irq_sample before = read_all();
    int failed = send_for(loop, SAMPLE_S);
    struct irq_sample after = read_all();
    close(loop);
    if (failed)
        return none;
    return (struct irq_sample){
        .wall_s = after.wall_s - before.wall_s,
        .ran_s = after.ran_s - before.ran_s,
        .waited_s = after.waited_s - before.waited_s,
        .softirq_s = after.softirq_s - before.softirq_s,
        .steal_s = after.steal_s - before.steal_s,
    };
}

bool irq_is_apart(const struct irq_sample *sample)
{
    double missing = sample->wall_s - sample->ran_s - sample->waited_s - sample->steal_s;
    return sample->softirq_s >= SOFTIRQ_LEAST_S && missing >= sample->softirq_s / 2;
}
