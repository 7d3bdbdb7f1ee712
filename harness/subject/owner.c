/* owner.c - whose is a listening port?
 * SPDX-License-Identifier: MIT */
#include "subject/owner.h"

#include "host/family.h"

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

static bool holds_one_of(pid_t pid, const struct sockets *sockets)
{
    char path[64];
    bool found = false;
    snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
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

enum owner owner_of_port(int port, pid_t server)
{
    struct sockets sockets = {.count = 0};
    find_sockets(&sockets, "/proc/net/tcp", port);
    find_sockets(&sockets, "/proc/net/tcp6", port);
    if (sockets.count == 0)
        return OWNER_UNKNOWN;
    struct relative *family;
    size_t count = family_find(server, &family);
    bool found = false;
    for (size_t i = 0; i < count && !found; i++)
        found = holds_one_of(family[i].pid, &sockets);
    free(family);
    return found ? OWNER_SERVER : OWNER_OTHER;
}
