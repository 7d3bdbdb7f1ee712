/* epoll-read-first.c - epoll, which reads from a client as soon as it is accepted.
 * SPDX-License-Identifier: MIT
 * model: epoll
 * question: Is it worth to read from a client at once, without waiting for its event?
 *
 * One that is answered and closed in this first step is never in the set, and saves an epoll_ctl and
 * a turn. But a client that has just connected has seldom sent its request yet: then it is a
 * system call more. */

/* 0 is a client that is not in the set yet. */
static void client_await(int fd, enum want want)
{
    struct client *client = &clients[fd];
    uint32_t events = want == WANT_WRITE ? EPOLLOUT : EPOLLIN;
    int operation = client->watched ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
    if (want == WANT_CLOSE)
        client_close(fd);
    else if (events == client->watched)
        return;
    else if (watch(fd, operation, events) == 0)
        client->watched = events;
    else
        client_close(fd);
}

static void client_open(int fd)
{
    if (!room_make(fd)) {
        close(fd);
        return;
    }
    clients[fd].watched = 0;
    conn_open(&clients[fd].conn);
    client_step(fd);
}

const struct server server = {
    .about = "one process, epoll, level-triggered; reads before it waits",
    .serve = serve,
};
