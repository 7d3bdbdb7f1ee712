/* stacks_touch.c - a process's stack, made present in memory.
 * SPDX-License-Identifier: MIT */
#include "profile/stacks_touch.h"

#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

/* Where the stack lies, from /proc/PID/maps. */
static bool stack_find(pid_t pid, void **start, void **end)
{
    char path[64];
    char line[512];
    bool found = false;
    snprintf(path, sizeof path, "/proc/%d/maps", (int)pid);
    FILE *file = fopen(path, "re");
    while (file && !found && fgets(line, sizeof line, file))
        found = strstr(line, "[stack]") && sscanf(line, "%p-%p", start, end) == 2;
    if (file)
        fclose(file);
    return found;
}

/* A byte of each page is enough: to read it for us the kernel has to map it. */
bool stack_touch(pid_t pid)
{
    void *start;
    void *end;
    long page = sysconf(_SC_PAGESIZE);
    if (!stack_find(pid, &start, &end))
        return false;
    for (char *address = start; address < (char *)end; address += page) {
        char byte;
        struct iovec here = {.iov_base = &byte, .iov_len = 1};
        struct iovec there = {.iov_base = address, .iov_len = 1};
        if (process_vm_readv(pid, &here, 1, &there, 1, 0) != 1)
            return false;
    }
    return true;
}
