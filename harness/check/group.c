/* group.c - the processes that a server has made: the other members of its process group.
 * SPDX-License-Identifier: MIT */
#include "check/group.h"

#include "base/clock.h"

#include <ctype.h>
#include <dirent.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* No event tells of the end of another process's child, so it is looked for this often. */
enum { POLL_MS = 10 };

/* Counts one process if it is of the group: proc(5), /proc/PID/stat. */
static void group_add(struct group *group, const char *pid, pid_t leader)
{
    char path[300];
    char line[512];
    char state;
    int parent;
    int pgrp;
    snprintf(path, sizeof path, "/proc/%s/stat", pid);
    FILE *file = fopen(path, "re");
    if (!file)
        return; /* it has ended since the folder was read */
    const char *read = fgets(line, sizeof line, file);
    fclose(file);
    /* The name in parentheses may have any character, parentheses too. */
    const char *name_end = read ? strrchr(line, ')') : NULL;
    if (!name_end || sscanf(name_end, ") %c %d %d", &state, &parent, &pgrp) != 3 ||
        pgrp != leader || strtol(pid, NULL, 10) == leader)
        return;
    if (state == 'Z')
        group->zombies++;
    else
        group->living++;
}

static struct group group_count(pid_t leader)
{
    struct group group = {0};
    DIR *directory = opendir("/proc");
    struct dirent *entry;
    while (directory && (entry = readdir(directory)) != NULL)
        if (isdigit((unsigned char)entry->d_name[0]))
            group_add(&group, entry->d_name, leader);
    if (directory)
        closedir(directory);
    return group;
}

static struct group group_await(pid_t leader, int timeout_ms, bool zombies)
{
    double deadline = clock_now() + timeout_ms / 1000.0;
    struct group group = group_count(leader);
    while ((zombies ? group.zombies : group.living) > 0 && clock_now() < deadline) {
        poll(NULL, 0, POLL_MS);
        group = group_count(leader);
    }
    return group;
}

struct group group_await_no_zombie(pid_t leader, int timeout_ms)
{
    return group_await(leader, timeout_ms, true);
}

struct group group_await_no_living(pid_t leader, int timeout_ms)
{
    return group_await(leader, timeout_ms, false);
}
