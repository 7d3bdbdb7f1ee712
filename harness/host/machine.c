/* machine.c - reads what this machine is from /proc, /sys and the C library.
 * SPDX-License-Identifier: MIT */
#include "host/machine.h"

#include "base/alloc.h"
#include "host/cpus.h"
#include "host/proc.h"

#include <gnu/libc-version.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

enum {
    VALUE_SIZE = 512,
    LINE_SIZE = 8192, /* the longest line of interest: cpuinfo's flags, 1,500 bytes */
};

struct facts {
    struct fact *list;
    size_t count;
};

void machine_add(struct fact **facts, size_t *count, const char *name, const char *value)
{
    *facts = alloc_resize(*facts, *count + 1, sizeof **facts);
    (*facts)[(*count)++] = (struct fact){
        .name = alloc_copy(name),
        .value = alloc_copy(*value ? value : "unknown"),
    };
}

static void facts_add(struct facts *facts, const char *name, const char *value)
{
    machine_add(&facts->list, &facts->count, name, value);
}

/* Reads a line without its newline, tabs made spaces; "" at the end of the file. */
static bool line_read(char *line, FILE *file)
{
    bool read = fgets(line, LINE_SIZE, file);
    if (!read)
        line[0] = '\0';
    line[strcspn(line, "\n")] = '\0';
    for (char *tab = line; (tab = strchr(tab, '\t'));)
        *tab = ' ';
    return read;
}

/* The first line of a file; "" if it cannot be read. */
static void file_line(char *line, const char *path)
{
    line[0] = '\0';
    FILE *file = fopen(path, "re");
    if (!file)
        return;
    line_read(line, file);
    fclose(file);
}

/* What follows the separator in the first line of `path` that begins with `key` and
 * spaces
 * ("model name : Intel …", "PRETTY_NAME="Debian …""), without quotes; "" if there is
 * none. */
static void file_field(char *value, const char *path, const char *key, char separator)
{
    char line[LINE_SIZE];
    size_t length = strlen(key);
    value[0] = '\0';
    FILE *file = fopen(path, "re");
    if (!file)
        return;
    while (!*value && line_read(line, file)) {
        const char *after = line + length;
        if (strncmp(line, key, length) != 0 ||
            *(after += strspn(after, " ")) != separator)
            continue;
        after += 1 + strspn(after + 1, " \"");
        snprintf(value, LINE_SIZE, "%s", after);
        value[strcspn(value, "\"")] = '\0';
    }
    fclose(file);
}

static void add_file(struct facts *facts, const char *name, const char *path)
{
    char line[LINE_SIZE];
    file_line(line, path);
    facts_add(facts, name, line);
}

/* x86 has "model name"; ARM boards have "Model", or no name in cpuinfo but one in the
 * device tree; failing all, the architecture is the best that is known. */
static void add_cpu(struct facts *facts)
{
    char model[LINE_SIZE];
    file_field(model, "/proc/cpuinfo", "model name", ':');
    if (!*model)
        file_field(model, "/proc/cpuinfo", "Model", ':');
    if (!*model)
        file_line(model, "/sys/firmware/devicetree/base/model");
    struct utsname system;
    if (!*model && uname(&system) == 0)
        snprintf(model, sizeof model, "%s, model unknown", system.machine);
    facts_add(facts, "CPU", model);
}

static void add_cores(struct facts *facts)
{
    char value[VALUE_SIZE] = "";
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    cpu_set_t allowed;
    if (online > 0 && sched_getaffinity(0, sizeof allowed, &allowed) == 0)
        snprintf(value, sizeof value, "%ld online, %d usable", online,
                 CPU_COUNT(&allowed));
    facts_add(facts, "cores", value);
}

static void add_governor(struct facts *facts)
{
    char value[VALUE_SIZE];
    struct cpus used = cpus_choose();
    cpus_governors(value, sizeof value, &used, cpus_folder);
    facts_add(facts, "governor", value);
}

static void add_smt(struct facts *facts)
{
    char active[LINE_SIZE];
    char siblings[LINE_SIZE];
    char value[VALUE_SIZE] = "";
    file_line(active, "/sys/devices/system/cpu/smt/active");
    file_line(siblings, "/sys/devices/system/cpu/cpu0/topology/thread_siblings_list");
    if (strcmp(active, "0") == 0)
        snprintf(value, sizeof value, "off");
    else if (strcmp(active, "1") == 0)
        snprintf(value, sizeof value, "on, one core is CPUs %.64s", siblings);
    facts_add(facts, "SMT", value);
}

/* The CPU says so on x86 only; there, firmware names the maker, often. */
static void add_hypervisor(struct facts *facts)
{
    char flags[LINE_SIZE];
    char vendor[LINE_SIZE];
    char value[VALUE_SIZE] = "";
    file_field(flags, "/proc/cpuinfo", "flags", ':');
    file_line(vendor, "/sys/class/dmi/id/sys_vendor");
    if (strstr(flags, " hypervisor"))
        snprintf(value, sizeof value, "yes, %.256s", *vendor ? vendor : "maker unknown");
    else if (*flags)
        snprintf(value, sizeof value, "none seen");
    facts_add(facts, "hypervisor", value);
}

static void add_memory(struct facts *facts)
{
    char value[VALUE_SIZE] = "";
    long pages = sysconf(_SC_PHYS_PAGES);
    long page = sysconf(_SC_PAGESIZE);
    if (pages > 0 && page > 0)
        snprintf(value, sizeof value, "%.1f GiB",
                 (double)pages * (double)page / (1024.0 * 1024 * 1024));
    facts_add(facts, "memory", value);
}

static void add_system(struct facts *facts)
{
    char value[LINE_SIZE];
    file_field(value, "/etc/os-release", "PRETTY_NAME", '=');
    facts_add(facts, "OS", value);
    struct utsname system;
    value[0] = '\0';
    if (uname(&system) == 0)
        snprintf(value, sizeof value, "%s %s %s", system.sysname, system.release,
                 system.machine);
    facts_add(facts, "kernel", value);
    snprintf(value, sizeof value, "glibc %s", gnu_get_libc_version());
    facts_add(facts, "libc", value);
}

/* The compiler's own name and its flags, as make left them: two lines. */
static void add_compiler(struct facts *facts, const char *build_directory)
{
    char compiler[LINE_SIZE] = "";
    char flags[LINE_SIZE] = "";
    char *path = alloc_format("%s/flags", build_directory);
    FILE *file = fopen(path, "re");
    if (file) {
        if (line_read(compiler, file))
            line_read(flags, file);
        fclose(file);
    }
    free(path);
    facts_add(facts, "compiler", compiler);
    facts_add(facts, "compiler flags", flags);
}

static void add_load(struct facts *facts)
{
    char value[VALUE_SIZE] = "";
    double load[3];
    if (getloadavg(load, 3) == 3)
        snprintf(value, sizeof value, "%.2f %.2f %.2f over 1, 5, 15 min", load[0],
                 load[1], load[2]);
    facts_add(facts, "load average", value);
}

/* What decides how connections fare: the queues of a listening socket, the retries of a
 * lost SYN, and how many ports there are to connect from and how soon each is free again.
 */
static void add_sysctls(struct facts *facts)
{
    static const char *const names[] = {
        "net/core/somaxconn",
        "net/core/netdev_max_backlog",
        "net/ipv4/ip_local_port_range",
        "net/ipv4/tcp_fin_timeout",
        "net/ipv4/tcp_max_syn_backlog",
        "net/ipv4/tcp_max_tw_buckets",
        "net/ipv4/tcp_syn_linear_timeouts",
        "net/ipv4/tcp_syncookies",
        "net/ipv4/tcp_tw_reuse",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *path = alloc_format("/proc/sys/%s", names[i]);
        char *name = alloc_copy(names[i]);
        for (char *slash = name; (slash = strchr(slash, '/'));)
            *slash = '.';
        add_file(facts, name, path);
        free(name);
        free(path);
    }
}

void machine_describe(struct fact **facts, size_t *count, const char *build_directory)
{
    struct facts all = {0};
    add_cpu(&all);
    add_cores(&all);
    add_smt(&all);
    add_governor(&all);
    add_hypervisor(&all);
    add_memory(&all);
    add_system(&all);
    add_compiler(&all, build_directory);
    add_file(&all, "clock source",
             "/sys/devices/system/clocksource/clocksource0/current_clocksource");
    add_load(&all);
    add_sysctls(&all);
    *facts = all.list;
    *count = all.count;
}
