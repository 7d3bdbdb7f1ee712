/* epoll-accept-many.c - epoll, which accepts until nobody waits.
 * SPDX-License-Identifier: MIT
 * model: epoll
 * question: Is it cheaper to accept until EAGAIN than one client a turn?
 *
 * It saves the turns between two clients that come together, and costs the call that fails. */

/* No more than that in a turn: others would wait for as long as new ones come. */
enum { ACCEPTS_MAX = EVENTS };

/* False: nobody waits, or there is no descriptor for whoever does. */
static bool client_accept_one(void)
{
    int fd = listen_accept(listen_fd);
    if (fd == LISTEN_FULL)
        listen_watch(false);
    if (fd < 0)
        return false;
    if (!room_make(fd)) {
        close(fd);
        return false;
    }
    clients[fd].watched = 0;
    conn_open(&clients[fd].conn);
    client_step(fd);
    return true;
}

static void client_accept(void)
{
    for (int i = 0; i < ACCEPTS_MAX && client_accept_one(); i++)
        ;
}

const struct server server = {
    .about = "one process, epoll, level-triggered; accepts until nobody waits",
    .serve = serve,
};
