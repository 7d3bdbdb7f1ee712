/* epoll-reuseport.c - several processes, each with a listening socket of its own (SO_REUSEPORT).
 * SPDX-License-Identifier: MIT
 * model: epoll-shared
 * beside: epoll-exclusive
 * question: Is a listening socket for each of four processes (SO_REUSEPORT) cheaper than EPOLLEXCLUSIVE?
 *
 * The kernel chooses by a hash of the client's address: nobody is woken in vain, but a client waits
 * for its process, even if another one is idle. */

/* The parent has the first socket, so that a port in use is still an error; each child opens another
 * one, and the parent leaves it to that. */
static void serve(const struct listener *listener)
{
    pid_t parent = getpid();
    for (int i = 1; i < PROCESSES; i++) {
        struct listener own;
        if (listen_again(&own, listener) < 0)
            fail("a further listening socket");
        listen_fd = own.fd;
        loop_open();
        pid_t pid = fork();
        if (pid == 0)
            child_run(parent);
        if (pid < 0)
            fail("fork");
        close(listen_fd);
        close(epoll_fd);
    }
    listen_fd = listener->fd;
    loop_open();
    listen_announce(listener);
    loop_run();
}

const struct server server = {
    .about = "4 processes, each with its own listening socket (SO_REUSEPORT), epoll",
    .serve = serve,
};
