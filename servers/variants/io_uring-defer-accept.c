/* io_uring-defer-accept.c - io_uring, whose clients are accepted once they have sent something.
 * SPDX-License-Identifier: MIT
 * model: io_uring
 * library: liburing
 * debian: liburing-dev
 * question: What is it worth to io_uring to accept a client only once it has sent something?
 *
 * As epoll-defer-accept.c. The first receive tries before it waits, and finds the request. */
#include <netinet/in.h>
#include <netinet/tcp.h>

enum { DEFER_S = 1 }; /* how long the kernel waits for the data */

static void client_open(int fd)
{
    struct client *client = malloc(sizeof *client);
    if (!client) {
        close(fd);
        return;
    }
    client->fd = fd;
    conn_open(&client->conn);
    ask_receive(client, 0);
}

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
