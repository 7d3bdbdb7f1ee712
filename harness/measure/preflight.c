/* preflight.c - before anything is measured: is this machine fit for it?
 * SPDX-License-Identifier: MIT */
#include "measure/preflight.h"

#include "base/alloc.h"
#include "base/interrupt.h"
#include "base/paths.h"
#include "base/utf8.h"
#include "host/busiest.h"
#include "host/cgroup.h"
#include "host/counters.h"
#include "host/cpus.h"
#include "host/irq_account.h"

#include <dirent.h>
#include <math.h>
#include <poll.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static const double FOREIGN_LIMIT = 0.05; /* of a core */
static const double STEAL_LIMIT = 0.01;

/* One thing looked at: fine if the text is empty; else what is wrong and what to do. */
struct look {
    const char *name;
    void (*at)(const struct run *run, char *text, size_t size);
};

/* The first line of a file; "" if there is none. */
static void read_line(const char *path, char *line, int size)
{
    FILE *file = fopen(path, "re");
    line[0] = '\0';
    if (!file)
        return;
    if (!fgets(line, size, file))
        line[0] = '\0';
    fclose(file);
    line[strcspn(line, "\n")] = '\0';
}

static int most_connections(const struct run *run)
{
    int most = 0;
    for (size_t i = 0; i < run->suite.load_count; i++)
        if (run->suite.loads[i].concurrency > most)
            most = run->suite.loads[i].concurrency;
    return most;
}

static void look_at_backlog(const struct run *run, char *text, size_t size)
{
    char line[64];
    int need = most_connections(run);
    read_line("/proc/sys/net/core/somaxconn", line, sizeof line);
    if (*line && atoi(line) < need)
        snprintf(
            text, size,
            "net.core.somaxconn is %s, less than %d connections: their first packets "
            "will be dropped and sent again; set it with: sysctl -w "
            "net.core.somaxconn=4096",
            line, need);
}

static void look_at_ports(const struct run *run, char *text, size_t size)
{
    char line[64];
    int low;
    int high;
    int need = most_connections(run);
    read_line("/proc/sys/net/ipv4/ip_local_port_range", line, sizeof line);
    if (run->client_count == 0 && sscanf(line, "%d %d", &low, &high) == 2 &&
        high - low < 10 * need)
        snprintf(text, size,
                 "only %d local ports: connections may run out of them; set "
                 "net.ipv4.ip_local_port_range",
                 high - low);
}

static void look_at_cores(const struct run *run, char *text, size_t size)
{
    if (run->client_count == 0 && cpus_choose().shared)
        snprintf(text, size,
                 "server and load tool must share one core: each takes the other's time; "
                 "all figures are weaker, requests per second most of all");
}

static void look_at_governor(const struct run *run, char *text, size_t size)
{
    char governors[128];
    struct cpus used = cpus_choose();
    (void)run;
    cpus_governors(governors, sizeof governors, &used, cpus_folder);
    if (*governors && strcmp(governors, "performance") != 0)
        snprintf(text, size,
                 "the CPUs' speed changes with their load (governor %s); steady with: "
                 "cpupower frequency-set -g performance",
                 governors);
}

static void look_at_quota(const struct run *run, char *text, size_t size)
{
    (void)run;
    double quota = cgroup_quota();
    if (quota < (double)sysconf(_SC_NPROCESSORS_ONLN))
        snprintf(text, size,
                 "this cgroup may use %.3g CPUs' time (cpu.max): when it is used up the "
                 "kernel stops server and load tool for a while; start abacus outside "
                 "of it",
                 quota);
}

static void look_at_interrupts(const struct run *run, char *text, size_t size)
{
    struct irq_sample sample = irq_sample_take();
    (void)run;
    if (irq_is_apart(&sample))
        snprintf(
            text, size,
            "this kernel keeps the time of soft interrupts apart "
            "(CONFIG_IRQ_TIME_ACCOUNTING): most of the network's work is in no server's "
            "CPU time, so that the servers seem to differ more than they do");
}

static const char *policy_name(int policy)
{
    static const char *const names[] = {[SCHED_OTHER] = "SCHED_OTHER",
                                        [SCHED_FIFO] = "SCHED_FIFO",
                                        [SCHED_RR] = "SCHED_RR",
                                        [SCHED_BATCH] = "SCHED_BATCH",
                                        [SCHED_IDLE] = "SCHED_IDLE"};
    bool known = policy >= 0 && policy < (int)(sizeof names / sizeof *names);
    return known && names[policy] ? names[policy] : "unknown";
}

/* An unprivileged abacus could not reset them. */
static void look_at_priority(const struct run *run, char *text, size_t size)
{
    int policy = sched_getscheduler(0) & ~SCHED_RESET_ON_FORK;
    int nice = getpriority(PRIO_PROCESS, 0);
    (void)run;
    if (policy != SCHED_OTHER || nice != 0)
        snprintf(
            text, size,
            "server and load tool inherit nice %d and the policy %s, so they wait for "
            "other programs differently than usual; start abacus without nice and "
            "chrt",
            nice, policy_name(policy));
}

/* What is noted already: another limit, a weaker isolation. */
static void look_at_setup(const struct run *run, char *text, size_t size)
{
    size_t used = 0;
    for (size_t i = 0; i < run->note_count && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%s", used ? "; " : "",
                                 run->notes[i]);
}

/* ---- other programs ---- */

enum { BUSIEST_NAMED = 3 };

struct idle_second {
    double foreign; /* share of a core that others used, while abacus waits */
    double steal;
    char *busiest; /* who, owned */
};

static struct idle_second watch_one_second(void)
{
    struct counters before;
    struct counters after;
    struct pollfd stop = {.fd = interrupt_fd(), .events = POLLIN};
    struct usages used_before = usages_read();
    counters_read(&before);
    poll(&stop, 1, 1000);
    counters_read(&after);
    struct usages used_after = usages_read();
    struct counters change = counters_difference(&after, &before);
    struct idle_second second = {
        .foreign = change.busy_s / change.monotonic_s,
        .steal = change.steal_s / change.monotonic_s,
        .busiest =
            usages_busiest(&used_before, &used_after, change.monotonic_s, BUSIEST_NAMED)};
    usages_free(&used_before);
    usages_free(&used_after);
    return second;
}

/* Nothing is waited for: a busy machine makes the intervals wider, and the tables say so. */
static void look_at_others(const struct run *run, char *text, size_t size)
{
    struct idle_second second = watch_one_second();
    (void)run;
    if (second.foreign > FOREIGN_LIMIT)
        snprintf(text, size,
                 "other programs use %.0f %% of a core%s%s%s: end them for narrower "
                 "intervals",
                 100 * second.foreign, *second.busiest ? " (" : "", second.busiest,
                 *second.busiest ? ")" : "");
    else if (second.steal > STEAL_LIMIT)
        snprintf(text, size,
                 "the hypervisor takes away %.0f %% of a core in an idle second: this "
                 "machine is not alone on its host, and its intervals are wider",
                 100 * second.steal);
    free(second.busiest);
}

/* ---- the build ---- */

int preflight_build(struct err *err)
{
    char *path = alloc_format("%s/flags", paths_build());
    char flags[512] = "";
    FILE *file = fopen(path, "re");
    free(path);
    while (file && fgets(flags, sizeof flags, file)) /* the last line has the flags */
        ;
    if (file)
        fclose(file);
    if (strstr(flags, "-fsanitize") || strstr(flags, "-O0"))
        return err_set(err,
                       "these servers were built for debugging, and their figures mean "
                       "nothing: build with 'make', or measure all the same with "
                       "--debug-build");
    return 0;
}

/* ---- the block ---- */

static const struct look looks[] = {
    {"set-up", look_at_setup},          {"backlog", look_at_backlog},
    {"local ports", look_at_ports},     {"cores", look_at_cores},
    {"CPU speed", look_at_governor},    {"priority", look_at_priority},
    {"CPU quota", look_at_quota},       {"CPU account", look_at_interrupts},
    {"other programs", look_at_others},
};

static void report_look(struct run *run, FILE *out, const char *name, const char *text,
                        char *fine, size_t size)
{
    if (*text) {
        fprintf(out, "  ! %s: ", name);
        utf8_print(out, text);
        fputs("\n", out);
    } else {
        size_t used = strlen(fine);
        snprintf(fine + used, size - used, "%s%s", used ? ", " : "", name);
    }
    if (*text && strcmp(name, "set-up") != 0)
        run_add_note(run, "%s: %s", name, text);
}

void preflight_run(struct run *run, FILE *out)
{
    char fine[256] = "";
    char text[480];
    fprintf(out, "Preflight\n");
    for (size_t i = 0; i < sizeof looks / sizeof *looks; i++) {
        text[0] = '\0';
        looks[i].at(run, text, sizeof text);
        report_look(run, out, looks[i].name, text, fine, sizeof fine);
    }
    fprintf(out, "  fine: %s\n", *fine ? fine : "nothing");
}
