/* epoll-et.c - epoll, edge-triggered: it tells of each arrival once.
 * SPDX-License-Identifier: MIT
 * model: epoll
 * question: Is edge-triggered (EPOLLET) cheaper?
 *
 * The kernel need not look at a client again that it has told of, but the server must read until a
 * read fails: one call more for each request on a connection that is kept. A client that is
 * answered and closed costs the same. The listening socket stays level-triggered. */

/* A read or a write has failed: there is nothing left that it could be told of. */
static bool is_drained(void)
{
    return errno == EAGAIN;
}

/* To ask for the same events again makes epoll look again, and tell of what is left. */
static void client_await(int fd, enum want want)
{
    struct client *client = &clients[fd];
    uint32_t events = (want == WANT_WRITE ? EPOLLOUT : EPOLLIN) | EPOLLET;
    if (want == WANT_CLOSE)
        client_close(fd);
    else if (events == client->watched && is_drained())
        return;
    else if (watch(fd, EPOLL_CTL_MOD, events) == 0)
        client->watched = events;
    else
        client_close(fd);
}

/* A client that sends without end must not hold up the others. */
enum { READS_MAX = 16 };

static void client_step(int fd)
{
    struct client *client = &clients[fd];
    enum want want;
    int reads = 0;
    do {
        errno = 0;
        want = conn_step(&client->conn, fd);
    } while (want != WANT_CLOSE && !is_drained() && ++reads < READS_MAX);
    client_await(fd, want);
}

/* What came before it is in the set is told of when it is added. */
static void client_open(int fd)
{
    if (!room_make(fd) || watch(fd, EPOLL_CTL_ADD, EPOLLIN | EPOLLET) < 0) {
        close(fd);
        return;
    }
    clients[fd].watched = EPOLLIN | EPOLLET;
    conn_open(&clients[fd].conn);
}

const struct server server = {
    .about = "one process, epoll, edge-triggered",
    .serve = serve,
};
