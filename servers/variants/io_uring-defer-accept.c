/* io_uring-defer-accept.c - io_uring, whose clients are accepted once they have sent something.
 * SPDX-License-Identifier: MIT
 * model: io_uring
 * library: liburing
 * debian: liburing-dev
 * question: What is it worth to io_uring to accept a client only once it has sent something?
 *
 * As epoll-defer-accept.c: the first receive finds the request. */
#include <netinet/in.h>
#include <netinet/tcp.h>

enum { DEFER_S = 1 }; /* how long the kernel waits for the data */

/* It tries before it waits. */
enum { FIRST_RECEIVE = 0 };

static void serve(const struct listener *listener)
{
    const int seconds = DEFER_S;
    listen_fd = listener->fd;
    if (setsockopt(listen_fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, &seconds, sizeof seconds) <
        0)
        fail("TCP_DEFER_ACCEPT");
    ask_accept();
    listen_announce(listener);
    for (;;)
        turn();
}

const struct server server = {
    .about = "one process, io_uring; accepts whoever has sent something",
    .library = "liburing",
    .version = version,
    .features = features,
    .setup = setup,
    .blocking = true,
    .serve = serve,
};
