/* crowd.c - many clients at once, all of them this process.
 * SPDX-License-Identifier: MIT */
#include "limits/crowd.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/interrupt.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A connection that is made or on its way; -1. */
static int client_connect(const char *host, int port, int flags)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);
    if (fd < 0 || inet_pton(AF_INET, host, &address.sin_addr) != 1 ||
        (connect(fd, (struct sockaddr *)&address, sizeof address) < 0 &&
         errno != EINPROGRESS)) {
        if (fd >= 0)
            close(fd);
        return -1;
    }
    return fd;
}

void crowd_join(struct crowd *crowd, const char *host, int port, size_t count)
{
    *crowd = (struct crowd){alloc_zeroed(count, sizeof(int)), count};
    for (size_t i = 0; i < count; i++)
        crowd->fds[i] = client_connect(host, port, SOCK_NONBLOCK);
}

void crowd_send(const struct crowd *crowd, const char *bytes)
{
    for (size_t i = 0; i < crowd->count; i++)
        if (crowd->fds[i] >= 0 &&
            send(crowd->fds[i], bytes, strlen(bytes), MSG_NOSIGNAL) < 0)
            continue; /* it will not be answered */
}

/* Sends on those that are connected now. Those that have something to read, or are at an end, are
 * no longer waited for; returns how many are. */
static size_t go_on(struct pollfd *fds, size_t waiting, const char *bytes)
{
    size_t left = 0;
    for (size_t i = 0; i < waiting; i++) {
        if (fds[i].revents & (POLLIN | POLLHUP | POLLERR))
            continue;
        if (fds[i].revents & POLLOUT &&
            send(fds[i].fd, bytes, strlen(bytes), MSG_NOSIGNAL) > 0)
            fds[i].events = POLLIN;
        fds[left++] = fds[i];
    }
    return left;
}

size_t crowd_ask(const struct crowd *crowd, const char *bytes, double seconds)
{
    struct pollfd *fds = alloc_zeroed(crowd->count, sizeof *fds);
    double deadline = clock_now() + seconds;
    size_t waiting = 0;
    for (size_t i = 0; i < crowd->count; i++)
        if (crowd->fds[i] >= 0)
            fds[waiting++] =
                (struct pollfd){.fd = crowd->fds[i], .events = POLLIN | POLLOUT};
    while (waiting > 0 && !interrupt_requested() && clock_left_ms(deadline) > 0) {
        poll(fds, waiting, clock_left_ms(deadline));
        waiting = go_on(fds, waiting, bytes);
    }
    free(fds);
    return waiting;
}

void crowd_leave(struct crowd *crowd)
{
    for (size_t i = 0; i < crowd->count; i++)
        if (crowd->fds[i] >= 0)
            close(crowd->fds[i]);
    free(crowd->fds);
    *crowd = (struct crowd){0};
}

size_t crowd_reset(const char *host, int port, size_t count)
{
    const struct linger now = {.l_onoff = 1};
    size_t connected = 0;
    for (size_t i = 0; i < count && !interrupt_requested(); i++) {
        int fd = client_connect(host, port, 0);
        if (fd < 0)
            continue;
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        close(fd);
        connected++;
    }
    return connected;
}
