/* epoll-poll-first.c - epoll, which reads nothing before it is told to.
 * SPDX-License-Identifier: MIT
 * model: epoll
 * question: What does it cost to wait for the first event, as most event loops do?
 *
 * Each client is one epoll_ctl and one turn more. */

static void client_accept(void)
{
    int fd = listen_accept(listen_fd);
    if (fd == LISTEN_FULL)
        listen_watch(false);
    if (fd < 0)
        return;
    if (!room_make(fd) || watch(fd, EPOLL_CTL_ADD, EPOLLIN) < 0) {
        close(fd);
        return;
    }
    clients[fd].watched = EPOLLIN;
    conn_open(&clients[fd].conn);
}

const struct server server = {
    .about = "one process, epoll, level-triggered; the first read waits for its event",
    .serve = serve,
};
