/* epoll-sendfile.c - epoll, which sends the 50 KB page out of a file.
 * SPDX-License-Identifier: MIT
 * model: epoll
 * question: Is sendfile cheaper than send for a page of 50 KB?
 *
 * The kernel then sends the file's own pages, which the server need not copy into the socket. A reply
 * lies in the file with its head, so that it is one call, as it is with send; small ones are sent as
 * ever. A short reply would gain nothing: what is not copied must outweigh what is looked up. */
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>

enum {
    SENDFILE_MIN = 16 * 1024, /* bytes: the page of 50 KB has more, other output less */
    REPLIES = 4,              /* that carry it: of two versions, kept or not */
};

/* A reply's copy in memory that is a file. The original stays where it is, and is known by its
 * end, since it gets shorter from its beginning. */
static struct reply {
    const char *end;
    size_t length;
    int fd;
} replies[REPLIES];

/* Fills a file of that length. -1: there is no memory or descriptor for it. */
static int file_make(struct slice bytes)
{
    int fd = memfd_create("reply", MFD_CLOEXEC);
    if (fd >= 0 && write(fd, bytes.bytes, bytes.length) == (ssize_t)bytes.length)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

/* The first time a reply is sent, it is whole. NULL: it cannot be had as a file. */
static const struct reply *reply_find(struct slice output)
{
    const char *end = output.bytes + output.length;
    for (struct reply *reply = replies; reply < replies + REPLIES; reply++) {
        if (reply->end == end)
            return reply;
        if (reply->end)
            continue;
        int fd = file_make(output);
        if (fd < 0)
            return NULL;
        *reply = (struct reply){end, output.length, fd};
        return reply;
    }
    return NULL;
}

/* That the end of the stream follows has no flag in sendfile, so TCP_CORK says it. */
static ssize_t output_send(const struct conn *conn, int fd)
{
    struct slice output = conn_output(conn);
    const struct reply *reply = output.length >= SENDFILE_MIN ? reply_find(output) : NULL;
    if (!reply || reply->length < output.length)
        return send(fd, output.bytes, output.length, conn_send_flags(conn));
    off_t offset = (off_t)(reply->length - output.length);
    conn_cork(conn, fd);
    return sendfile(fd, reply->fd, &offset, output.length);
}

/* As conn_step does it, but for the output. */
static bool client_act(struct conn *conn, int fd)
{
    ssize_t n = 0;
    if (conn_want(conn) == WANT_READ) {
        struct space space = conn_space(conn);
        n = recv(fd, space.bytes, space.length, 0);
        conn_input(conn, n);
    } else if (conn_want(conn) == WANT_WRITE) {
        n = output_send(conn, fd);
        if (n >= 0)
            conn_sent(conn, (size_t)n);
    } else {
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
    .about = "one process, epoll, level-triggered; sendfile for the page of 50 KB",
    .serve = serve,
};
