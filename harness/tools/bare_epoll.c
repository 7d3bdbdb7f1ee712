/* bare_epoll.c - accepts, reads, writes the reply and closes: epoll.c without any HTTP.
 * SPDX-License-Identifier: MIT
 *
 * What it costs is what a connection costs, so the difference to epoll.c is what HTTP costs
 * there. The bytes that come are taken for a whole request, all requests for the same one, and
 * one byte for its version: good for `ab` and `wrk`, and for nothing else. */
#include "../../servers/core/fail.h"
#include "../../servers/core/listen.h"
#include "../../servers/core/server.h"
#include "bare.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { EVENTS = 256, REQUEST_MAX = 8192 };

static int epoll_fd, listen_fd;

static void watch(int fd)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0)
        fail("epoll_ctl");
}

static void client_serve(int fd)
{
    static char request[REQUEST_MAX];
    ssize_t n = recv(fd, request, sizeof request, 0);
    if (n < 0 && errno == EAGAIN)
        return;
    if (n > 0 && bare_keeps(request)) {
        send(fd, BARE_REPLY("1"), sizeof BARE_REPLY("1") - 1, 0);
        return;
    }
    if (n > 0) {
        send(fd, BARE_REPLY("0"), sizeof BARE_REPLY("0") - 1, MSG_MORE);
        shutdown(fd, SHUT_WR);
    }
    close(fd);
}

static void client_accept(void)
{
    int fd = listen_accept(listen_fd);
    if (fd >= 0)
        watch(fd);
}

static void serve(const struct listener *listener)
{
    listen_fd = listener->fd;
    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (epoll_fd < 0)
        fail("epoll_create1");
    watch(listen_fd);
    listen_announce(listener);
    for (;;) {
        struct epoll_event events[EVENTS];
        int n = epoll_wait(epoll_fd, events, EVENTS, -1);
        for (int i = 0; i < n; i++)
            if (events[i].data.fd == listen_fd)
                client_accept();
            else
                client_serve(events[i].data.fd);
    }
}

const struct server server = {
    .about = "one process, epoll, no HTTP: any request gets the same reply",
    .serve = serve,
};
