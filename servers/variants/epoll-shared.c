/* epoll-shared.c - several processes, each with epoll, on one listening socket.
 * SPDX-License-Identifier: MIT
 * model: epoll
 * question: What do four processes on one core cost beside one?
 *
 * Each client wakes all that wait, and all but one find nobody to accept: the thundering herd. Its
 * model for epoll-exclusive.c and epoll-reuseport.c, which wake one. */
#include <signal.h>
#include <sys/prctl.h>

enum { PROCESSES = 4 };

/* It ends when its parent does. */
static _Noreturn void child_run(pid_t parent)
{
    if (prctl(PR_SET_PDEATHSIG, SIGTERM) < 0 || getppid() != parent)
        _exit(1);
    loop_run();
}

/* A set is made before its process: what that lacks is an error of the start. */
static void serve(const struct listener *listener)
{
    pid_t parent = getpid();
    listen_fd = listener->fd;
    for (int i = 1; i < PROCESSES; i++) {
        loop_open();
        pid_t pid = fork();
        if (pid == 0)
            child_run(parent);
        if (pid < 0)
            fail("fork");
        close(epoll_fd);
    }
    loop_open();
    listen_announce(listener);
    loop_run();
}

const struct server server = {
    .about = "4 processes on one listening socket, epoll, level-triggered",
    .serve = serve,
};
