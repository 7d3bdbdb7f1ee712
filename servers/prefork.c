/* prefork.c - a fixed set of child processes, which all accept from one listening socket.
 * SPDX-License-Identifier: MIT
 *
 * What fork.c pays for each client is paid once, at the start. The kernel gives each client to
 * one of the children that wait in accept(), and that child waits in read() and write() until
 * it is done. The price is the memory of all the processes, however few clients there are. It
 * breaks where all children have a client that does not go: then the others wait in the
 * backlog. */
#include "core/conn.h"
#include "core/fail.h"
#include "core/listen.h"
#include "core/server.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CHILDREN = 128 };

/* No process or no descriptor to be had: a moment later there may be one. */
static void wait_for_resources(void)
{
    poll(NULL, 0, LISTEN_RETRY_MS);
}

/* One client after the other, until the server ends, and the kernel tells its children. */
static _Noreturn void child_serve(int listen_fd, pid_t parent)
{
    static struct conn conn;
    if (prctl(PR_SET_PDEATHSIG, SIGTERM) < 0 || getppid() != parent)
        _exit(1);
    for (;;) {
        int fd = listen_accept_blocking(listen_fd);
        if (fd == LISTEN_FULL)
            wait_for_resources();
        if (fd < 0)
            continue;
        conn_open(&conn);
        while (conn_step(&conn, fd) != WANT_CLOSE)
            ;
        conn_close(&conn);
        close(fd);
    }
}

/* False: there can be no further process now. */
static bool child_start(int listen_fd, pid_t parent)
{
    pid_t pid = fork();
    if (pid == 0)
        child_serve(listen_fd, parent);
    return pid > 0;
}

/* A child ends only if somebody kills it: another one takes its place. */
static void serve(const struct listener *listener)
{
    pid_t parent = getpid();
    for (int i = 0; i < CHILDREN; i++)
        if (!child_start(listener->fd, parent))
            fail("fork");
    listen_announce(listener);
    for (;;) {
        if (wait(NULL) < 0)
            fail("wait");
        while (!child_start(listener->fd, parent))
            wait_for_resources();
    }
}

const struct server server = {
    .about = "128 blocking child processes on one listening socket; further clients wait",
    .blocking = true,
    .serve = serve,
};
