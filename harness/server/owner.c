/* owner.c - whose is a listening port?
 * SPDX-License-Identifier: MIT */
#include "server/owner.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LISTENING = 0x0a }; /* TCP_LISTEN, as /proc/net/tcp writes it */

/* The sockets that listen on a port; more than a few are nobody's. */
struct sockets {
    unsigned long inodes[16];
    size_t count;
};

/* "  0: 0100007F:1F90 00000000:0000 0A … uid timeout inode …"; proc(5) */
static void find_sockets(struct sockets *sockets, const char *path, int port)
{
    char line[512];
    FILE *file = fopen(path, "re");
    while (file && fgets(line, sizeof line, file)) {
        unsigned local_port;
        unsigned state;
        unsigned long inode;
        if (sscanf(line, " %*u: %*[0-9A-F]:%x %*[0-9A-F]:%*x %x %*s %*s %*s %*s %*s %lu",
                   &local_port, &state, &inode) == 3 &&
            (port == OWNER_ANY_PORT || (int)local_port == port) && state == LISTENING &&
            sockets->count < sizeof sockets->inodes / sizeof *sockets->inodes)
            sockets->inodes[sockets->count++] = inode;
    }
    if (file)
        fclose(file);
}

static bool is_one_of(const struct sockets *sockets, const char *link)
{
    unsigned long inode;
    if (sscanf(link, "socket:[%lu]", &inode) != 1)
        return false;
    for (size_t i = 0; i < sockets->count; i++)
        if (sockets->inodes[i] == inode)
            return true;
    return false;
}

static bool holds_one_of(long pid, const struct sockets *sockets)
{
    char path[64];
    bool found = false;
    snprintf(path, sizeof path, "/proc/%ld/fd", pid);
    DIR *directory = opendir(path);
    const struct dirent *entry;
    while (directory && !found && (entry = readdir(directory))) {
        char link[64];
        ssize_t n = readlinkat(dirfd(directory), entry->d_name, link, sizeof link - 1);
        link[n > 0 ? n : 0] = '\0';
        found = is_one_of(sockets, link);
    }
    if (directory)
        closedir(directory);
    return found;
}

static bool cgroup_holds(const char *cgroup, const struct sockets *sockets)
{
    char path[4096];
    char line[32];
    bool found = false;
    snprintf(path, sizeof path, "%s/cgroup.procs", cgroup);
    FILE *file = fopen(path, "re");
    while (file && !found && fgets(line, sizeof line, file))
        found = holds_one_of(strtol(line, NULL, 10), sockets);
    if (file)
        fclose(file);
    return found;
}

static bool group_holds(pid_t leader, const struct sockets *sockets)
{
    bool found = false;
    DIR *directory = opendir("/proc");
    const struct dirent *entry;
    while (directory && !found && (entry = readdir(directory))) {
        long pid = strtol(entry->d_name, NULL, 10);
        found = pid > 0 && getpgid((pid_t)pid) == leader && holds_one_of(pid, sockets);
    }
    if (directory)
        closedir(directory);
    return found;
}

enum owner owner_of_port(int port, pid_t leader, const char *cgroup)
{
    struct sockets sockets = {.count = 0};
    find_sockets(&sockets, "/proc/net/tcp", port);
    find_sockets(&sockets, "/proc/net/tcp6", port);
    if (sockets.count == 0)
        return OWNER_UNKNOWN;
    if (cgroup ? cgroup_holds(cgroup, &sockets) : group_holds(leader, &sockets))
        return OWNER_SERVER;
    return OWNER_OTHER;
}
