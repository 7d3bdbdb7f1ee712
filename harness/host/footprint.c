/* footprint.c - the memory that a server takes: its own, and what the kernel keeps for it.
 * SPDX-License-Identifier: MIT */
#include "host/footprint.h"

#include "base/alloc.h"
#include "host/family.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The sum of the numbers behind these names, up to a NULL, with which lines begin; NAN if there is
 * none. errno then says why the file cannot be read. */
static double sum_of(const char *path, const char *const *names)
{
    char line[256];
    double sum = NAN;
    double number;
    FILE *file = fopen(path, "re");
    while (file && fgets(line, sizeof line, file))
        for (size_t i = 0; names[i]; i++)
            if (strncmp(line, names[i], strlen(names[i])) == 0 &&
                sscanf(line + strlen(names[i]), " %lf", &number) == 1)
                sum = isnan(sum) ? number : sum + number;
    if (file)
        fclose(file);
    return sum;
}

static double number_in(const char *folder, const char *file, const char *name)
{
    char *path = alloc_format("%s/%s", folder, file);
    double number = sum_of(path, (const char *const[]){name, NULL});
    free(path);
    return number;
}

/* ---- its own ---- */

/* In proportion to those that share a page: after a fork the parent's belong to the children, too.
 * Without files: others map the C library as well, and come and go. */
double footprint_process_kb(const char *rollup)
{
    errno = 0;
    double kb = sum_of(
        rollup, (const char *const[]){"Pss_Anon:", "Pss_Shmem:", "SwapPss:", NULL});
    return isnan(kb) && (errno == ENOENT || errno == ESRCH) ? 0 : kb;
}

static double process_kb(pid_t pid)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/smaps_rollup", (int)pid);
    return footprint_process_kb(path);
}

static double family_kb(pid_t server)
{
    struct relative *list;
    double sum = 0;
    size_t count = family_find(server, &list);
    for (size_t i = 0; i < count; i++)
        if (!list[i].zombie)
            sum += process_kb(list[i].pid);
    free(list);
    return sum;
}

/* ---- the kernel's ---- */

bool footprint_of_cgroup(struct footprint *footprint, const char *cgroup)
{
    static const char *const names[KERNEL_PARTS] = {[KERNEL_SOCK] = "sock ",
                                                    [KERNEL_SLAB] = "slab ",
                                                    [KERNEL_STACKS] = "kernel_stack ",
                                                    [KERNEL_PAGE_TABLES] = "pagetables "};
    footprint->of_machine = false;
    for (size_t i = 0; i < KERNEL_PARTS; i++)
        footprint->kernel_kb[i] = number_in(cgroup, "memory.stat", names[i]) / 1024;
    return isfinite(footprint_kernel_kb(footprint));
}

/* "TCP: inuse 4 orphan 0 tw 0 alloc 5 mem 71", in pages. */
static double tcp_kb(const char *proc)
{
    double pages = NAN;
    char line[256];
    char *path = alloc_format("%s/net/sockstat", proc);
    FILE *file = fopen(path, "re");
    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "TCP: inuse %*d orphan %*d tw %*d alloc %*d mem %lf", &pages) ==
            1)
            break;
    if (file)
        fclose(file);
    free(path);
    return pages * (double)sysconf(_SC_PAGESIZE) / 1024;
}

void footprint_of_machine(struct footprint *footprint, const char *proc)
{
    footprint->of_machine = true;
    footprint->kernel_kb[KERNEL_SOCK] = tcp_kb(proc);
    footprint->kernel_kb[KERNEL_SLAB] = number_in(proc, "meminfo", "Slab:");
    footprint->kernel_kb[KERNEL_STACKS] = number_in(proc, "meminfo", "KernelStack:");
    footprint->kernel_kb[KERNEL_PAGE_TABLES] = number_in(proc, "meminfo", "PageTables:");
}

double footprint_kernel_kb(const struct footprint *footprint)
{
    double sum = 0;
    for (size_t i = 0; i < KERNEL_PARTS; i++)
        sum += footprint->kernel_kb[i];
    return sum;
}

struct footprint footprint_read(pid_t server, const char *cgroup)
{
    struct footprint footprint = {.own_kb = family_kb(server)};
    if (!cgroup || !footprint_of_cgroup(&footprint, cgroup))
        footprint_of_machine(&footprint, "/proc");
    return footprint;
}
