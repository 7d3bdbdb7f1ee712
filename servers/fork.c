/* fork.c - one child process per client.
 * SPDX-License-Identifier: MIT
 *
 * The oldest model, and the easiest to read: every client has a process of its own, which
 * simply waits in read() and write(), and the kernel's scheduler does the rest. Nobody can hold
 * up anybody else. The price is a fork() and an exit per connection, some tens of
 * microseconds, and a process's page tables and stack while it lasts. It breaks at the limit
 * of processes: then clients wait in the backlog until a child has ended. */
#include "core/conn.h"
#include "core/fail.h"
#include "core/listen.h"
#include "core/server.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* Collects the children that have ended. To ignore SIGCHLD would do so, too, but then the CPU
 * time that they used is missing from their parent's account. */
static void on_child(int signal)
{
    (void)signal;
    int saved = errno;
    while (waitpid(-1, NULL, WNOHANG) > 0)
        ;
    errno = saved;
}

/* No process or no descriptor to be had: until a child ends, which interrupts this, or for a
 * moment, since they may be used up by others. */
static void wait_for_resources(void)
{
    poll(NULL, 0, LISTEN_RETRY_MS);
}

/* The child: one client, until it is done or the server ends. */
static _Noreturn void client_serve(int fd, pid_t parent)
{
    static struct conn conn;
    if (prctl(PR_SET_PDEATHSIG, SIGTERM) < 0 || getppid() != parent)
        _exit(1);
    conn_open(&conn);
    while (conn_step(&conn, fd) != WANT_CLOSE)
        ;
    _exit(0);
}

static void client_fork(int listen_fd, int fd, pid_t parent)
{
    pid_t pid;
    while ((pid = fork()) < 0)
        wait_for_resources();
    if (pid == 0) {
        close(listen_fd);
        client_serve(fd, parent);
    }
    close(fd);
}

static void serve(const struct listener *listener)
{
    struct sigaction child = {.sa_handler = on_child,
                              .sa_flags = SA_NOCLDSTOP | SA_RESTART};
    if (sigaction(SIGCHLD, &child, NULL) < 0)
        fail("sigaction");
    pid_t parent = getpid();
    listen_announce(listener);
    for (;;) {
        int fd = accept4(listener->fd, NULL, NULL, SOCK_CLOEXEC);
        if (fd >= 0)
            client_fork(listener->fd, fd, parent);
        else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
                 errno == ENOMEM)
            wait_for_resources();
    }
}

const struct server server = {
    .about = "one blocking child process per client",
    .blocking = true,
    .serve = serve,
};
