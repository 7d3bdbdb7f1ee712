/* epoll-exclusive.c - several processes on one listening socket, which wakes one (EPOLLEXCLUSIVE).
 * SPDX-License-Identifier: MIT
 * model: epoll-shared
 * question: Of four processes that wait for one socket, is it cheaper to wake one (EPOLLEXCLUSIVE)?
 *
 * The kernel wakes the first of those that wait, and further ones only while that is not back. */

/* What is exclusive cannot be changed, so it is taken out and added again. */
static void listen_watch(bool on)
{
    int operation = on ? EPOLL_CTL_ADD : EPOLL_CTL_DEL;
    if (on != listening && watch(listen_fd, operation, EPOLLIN | EPOLLEXCLUSIVE) == 0)
        listening = on;
}

static void loop_open(void)
{
    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    listening = false;
    listen_watch(true);
    if (!listening)
        fail("epoll");
}

const struct server server = {
    .about = "4 processes on one listening socket, epoll, EPOLLEXCLUSIVE",
    .serve = serve,
};
