/* epoll-accept-many.c - epoll, which accepts until nobody waits.
 * SPDX-License-Identifier: MIT
 * model: epoll
 * question: Is it cheaper to accept until EAGAIN than one client a turn?
 *
 * It saves the turns between two clients that come together, and costs the call that fails. */

/* No more than that in a turn: others would wait for as long as new ones come. */
enum { ACCEPTS_MAX = EVENTS };

static void client_accept(void)
{
    int fd = 0;
    for (int i = 0; i < ACCEPTS_MAX && fd >= 0; i++) {
        fd = listen_accept(listen_fd);
        if (fd >= 0)
            client_open(fd);
    }
    if (fd == LISTEN_FULL)
        listen_watch(false);
}

const struct server server = {
    .about = "one process, epoll, level-triggered; accepts until nobody waits",
    .serve = serve,
};
