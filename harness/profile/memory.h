/* memory.h - what a server has in memory: the kernel's account of a process, what readings of it
 * say, and their tables.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_MEMORY_H
#define ABACUS_MEMORY_H

#include "base/err.h"
#include "profile/target.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

/* ---- memory.c ---- */

/* /proc/PID/smaps: a page is shared while another process has it, too, and dirty once it was
 * written to. */
enum page_kind { SHARED_CLEAN, SHARED_DIRTY, PRIVATE_CLEAN, PRIVATE_DIRTY, PAGE_KINDS };

/* One mapping, or several with these permissions. */
struct maps_row {
    unsigned long long start; /* address: the same in a forked child */
    char permissions[5];      /* "rw-p" */
    bool mapped; /* of a file; else anonymous: heap, stack, what malloc maps */
    double kb[PAGE_KINDS];
};

/* Starts zeroed, freed by maps_free. */
struct maps {
    struct maps_row *rows;
    size_t count;
    double page_tables_kb; /* the kernel's, that this memory takes: VmPTE */
    size_t processes;
};

/* Reads what /proc/PID/smaps is made of. 0, or -1: it is not. */
int maps_parse(struct maps *maps, FILE *smaps, struct err *err);

/* Reads a process, and adds it to `maps`: what is its own is added; what is shared counts
 * once, each mapping with the most that any of the processes shares of it. A process that has
 * ended adds nothing. -1: not permitted. */
int maps_add_process(struct maps *maps, pid_t pid, struct err *err);

/* The sum of `one`, which begins with a mapping of another process. */
void maps_add(struct maps *maps, const struct maps *one);

/* The same by permissions alone: rows of files first, as in the article. */
struct maps maps_by_permissions(const struct maps *maps);

/* All rows together. */
double maps_kb(const struct maps *maps, enum page_kind kind);

void maps_free(struct maps *maps);

/* All that the part keeps of a server. */
int memory_measure(json_t *data, const struct setup *setup,
                   const struct run_server *server, struct err *err);

/* ---- memory_write.c ---- */

/* The slope of the least-squares line through the points; NAN for fewer than two different x. */
double memory_slope(const double *x, const double *y, size_t n);

/* What memory did over steps of a steady load. */
struct growth {
    double requests; /* in all steps but the first, in which caches fill */
    double bytes;    /* that memory was more after the last step than after the first */
    double
        seen; /* bytes per request: the smallest leak that would have been called one */
    bool leaks;
};

/* `kb`: dirty memory after each step; `requests`: in that step. It leaks if it grew in every
 * step after the first, by more than 64 KB together: an allocator that settles stops growing,
 * and a leak does not. */
struct growth memory_growth(const double *kb, const double *requests, size_t steps);

#endif
