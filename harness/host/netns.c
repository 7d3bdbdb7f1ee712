/* netns.c - a fresh network for each server.
 * SPDX-License-Identifier: MIT */
#include "host/netns.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static int write_file(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return -1;
    ssize_t written = write(fd, text, strlen(text));
    close(fd);
    return written == (ssize_t)strlen(text) ? 0 : -1;
}

/* In a user namespace of its own a process may make network namespaces; it keeps its user
 * id, so that its files stay its own. user_namespaces(7). */
static int enter_user_namespace(struct err *err)
{
    char map[64];
    unsigned uid = geteuid();
    unsigned gid = getegid();
    if (unshare(CLONE_NEWUSER) < 0)
        return err_set(err, "no user namespace: %s", strerror(errno));
    snprintf(map, sizeof map, "%u %u 1", uid, uid);
    if (write_file("/proc/self/uid_map", map) < 0)
        return err_set(err, "/proc/self/uid_map: %s", strerror(errno));
    snprintf(map, sizeof map, "%u %u 1", gid, gid);
    if (write_file("/proc/self/setgroups", "deny") < 0 ||
        write_file("/proc/self/gid_map", map) < 0)
        return err_set(err, "/proc/self/gid_map: %s", strerror(errno));
    return 0;
}

/* A new namespace begins with the kernel's own limit, 128 before Linux 5.4, whatever the
 * machine has. Where it may not be changed, the preflight says what follows. */
static void raise_backlog(void)
{
    int fd = open("/proc/sys/net/core/somaxconn", O_RDWR | O_CLOEXEC);
    char text[16] = "";
    if (fd < 0)
        return;
    bool low = read(fd, text, sizeof text - 1) > 0 && atoi(text) < 4096;
    ssize_t written = low ? pwrite(fd, "4096", 4, 0) : 0;
    (void)written;
    close(fd);
}

static int raise_loopback(struct err *err)
{
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return err_set(err, "socket: %s", strerror(errno));
    struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
    int failed = ioctl(fd, SIOCSIFFLAGS, &request);
    close(fd);
    return failed ? err_set(err, "cannot bring lo up: %s", strerror(errno)) : 0;
}

int netns_enter_fresh(struct err *err)
{
    if (unshare(CLONE_NEWNET) == 0) {
        raise_backlog();
        return raise_loopback(err);
    }
    if (errno != EPERM)
        return err_set(err, "no network namespace: %s", strerror(errno));
    if (enter_user_namespace(err) < 0)
        return -1;
    if (unshare(CLONE_NEWNET) < 0)
        return err_set(err, "no network namespace: %s", strerror(errno));
    return raise_loopback(err);
}

int netns_open(struct err *err)
{
    int netns = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
    return netns >= 0 ? netns : err_set(err, "/proc/self/ns/net: %s", strerror(errno));
}

int netns_join(int netns, struct err *err)
{
    return setns(netns, CLONE_NEWNET) == 0
               ? 0
               : err_set(err, "cannot enter a network namespace: %s", strerror(errno));
}
