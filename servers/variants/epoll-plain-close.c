/* epoll-plain-close.c - epoll, where the last reply and the end of the stream go apart.
 * SPDX-License-Identifier: MIT
 * model: epoll
 * question: What does it cost to send the last reply and the end of the stream apart?
 *
 * The reply leaves at once, and the close ends the stream, as in most servers: one system call less,
 * one segment more. Where input may be left, it shuts down first and reads on, as its model does: a
 * close would reset the connection. */
#include <sys/socket.h>

/* As conn_step does it, but the reply waits for nothing, and nothing is shut down that need not be. */
static bool client_act(struct conn *conn, int fd)
{
    ssize_t n = 0;
    if (conn_want(conn) == WANT_READ) {
        struct space space = conn_space(conn);
        n = recv(fd, space.bytes, space.length, 0);
        conn_input(conn, n);
    } else if (conn_want(conn) == WANT_WRITE) {
        struct slice output = conn_output(conn);
        n = send(fd, output.bytes, output.length, 0);
        if (n >= 0)
            conn_sent(conn, (size_t)n);
    } else {
        if (conn_lingers(conn))
            n = shutdown(fd, SHUT_WR);
        conn_shut(conn);
    }
    return n >= 0;
}

static enum want client_io(struct conn *conn, int fd)
{
    do {
        if (!client_act(conn, fd) && errno != EINTR)
            return errno == EAGAIN ? conn_want(conn) : WANT_CLOSE;
    } while (conn_want(conn) == WANT_WRITE || conn_want(conn) == WANT_SHUTDOWN);
    return conn_want(conn);
}

static void client_step(int fd)
{
    client_await(fd, client_io(&clients[fd].conn, fd));
}

const struct server server = {
    .about = "one process, epoll, level-triggered; reply and end of the stream apart",
    .serve = serve,
};
