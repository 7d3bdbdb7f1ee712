/* footprint.h - the memory that a server takes: its own, and what the kernel keeps for it.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_FOOTPRINT_H
#define ABACUS_FOOTPRINT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Sockets' buffers; objects (sockets, files, tasks); stacks of threads; page tables. */
enum kernel_part {
    KERNEL_SOCK,
    KERNEL_SLAB,
    KERNEL_STACKS,
    KERNEL_PAGE_TABLES,
    KERNEL_PARTS
};

/* At one moment, kB; NAN: it cannot be read. */
struct footprint {
    double
        own_kb; /* of all its processes, each page once; files that are mapped are not in it */
    double kernel_kb[KERNEL_PARTS];
    bool
        of_machine; /* the kernel's is the whole machine's: only differences say anything, and each
                        connection within the machine has both of its ends in them */
};

/* What the kernel keeps, in all; NAN if a part is not known. */
double footprint_kernel_kb(const struct footprint *footprint);

/* Of the server, its descendants and orphans. `cgroup` is its folder, or NULL. */
struct footprint footprint_read(pid_t server, const char *cgroup);

/* What that is made of. A process by a file like /proc/PID/smaps_rollup (proc(5)); 0 of
 * one that has ended, or is about to. */
double footprint_process_kb(const char *rollup);

/* The kernel's by CGROUP/memory.stat (cgroup-v2, "Memory Interface Files"). False: the memory
 * controller is not there. Kernels before 6.12 charge the objects of sockets that a server accepts
 * to nobody, since they make them in a soft interrupt. */
bool footprint_of_cgroup(struct footprint *footprint, const char *cgroup);

/* The kernel's by PROC/meminfo and PROC/net/sockstat, whose `mem` counts all network namespaces. */
void footprint_of_machine(struct footprint *footprint, const char *proc);

#endif
