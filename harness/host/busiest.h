/* busiest.h - which programs use the CPUs just now.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_BUSIEST_H
#define ABACUS_BUSIEST_H

#include <stddef.h>
#include <sys/types.h>

/* What a process had used at some moment. */
struct usage {
    pid_t pid;
    char name[32]; /* as the kernel has it: 15 bytes, perhaps of a path */
    double cpu_s;  /* user and system, its threads included; in steps of a clock tick */
};

struct usages {
    struct usage *list; /* owned */
    size_t count;
};

/* Of all processes but the caller, from /proc; those that cannot be read are left out. To be
 * freed. */
struct usages usages_read(void);
void usages_free(struct usages *usages);

/* The programs that used most between the two, of all their processes together, as shares of a core
 * over `seconds`: "firefox 31 %, make 12 %", at most `most` of them and none below 1 %. "" if there
 * are none; owned by the caller. */
char *usages_busiest(const struct usages *before, const struct usages *after,
                     double seconds, size_t most);

#endif
