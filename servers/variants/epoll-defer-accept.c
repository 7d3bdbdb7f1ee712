/* epoll-defer-accept.c - epoll, whose clients are accepted once they have sent something.
 * SPDX-License-Identifier: MIT
 * model: epoll-read-first
 * beside: epoll
 * question: What is it worth to accept a client only once it has sent something (TCP_DEFER_ACCEPT)?
 *
 * The kernel makes a socket of a connection when its first data come, so the first read finds them:
 * it is taken at once, and a client that is then closed was never in the set. A client that says
 * nothing is accepted after DEFER_S. */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

enum { DEFER_S = 1 }; /* how long the kernel waits for the data */

static void serve(const struct listener *listener)
{
    const int seconds = DEFER_S;
    listen_fd = listener->fd;
    if (setsockopt(listen_fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, &seconds, sizeof seconds) <
        0)
        fail("TCP_DEFER_ACCEPT");
    loop_open();
    listen_announce(listener);
    loop_run();
}

const struct server server = {
    .about = "one process, epoll, level-triggered; accepts whoever has sent something",
    .serve = serve,
};
