/* epoll-no-nodelay.c - epoll without TCP_NODELAY.
 * SPDX-License-Identifier: MIT
 * model: epoll
 * question: What does it cost to leave out TCP_NODELAY?
 *
 * Nagle's algorithm holds back a segment that is not full while another is not acknowledged. A reply
 * that is one write has none before it, and pipelined ones or the last piece of a long one wait for
 * the client, but cost the server no more. */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

/* Each client's socket inherits the option. */
static void serve(const struct listener *listener)
{
    const int off = 0;
    listen_fd = listener->fd;
    if (setsockopt(listen_fd, IPPROTO_TCP, TCP_NODELAY, &off, sizeof off) < 0)
        fail("TCP_NODELAY");
    loop_open();
    listen_announce(listener);
    loop_run();
}

const struct server server = {
    .about = "one process, epoll, level-triggered, without TCP_NODELAY",
    .serve = serve,
};
