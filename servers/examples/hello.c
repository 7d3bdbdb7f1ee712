/* hello.c - one client after the other.
 * SPDX-License-Identifier: MIT
 *
 * The simplest model, and what it breaks at is the second client. A server that needs a library
 * names it here, " * library: libuv" and " * debian: libuv1-dev": make reads that. */
#include "../core/conn.h"
#include "../core/server.h"

#include <sys/socket.h>
#include <unistd.h>

/* The core takes bytes in and gives bytes out; conn_step reads and writes one socket, and says what
 * to wait for next. On a blocking socket there is nothing to wait for. */
static void client_serve(int fd)
{
    struct conn conn;
    conn_open(&conn);
    while (conn_step(&conn, fd) != WANT_CLOSE)
        ;
    conn_close(&conn);
    close(fd);
}

/* The ready line comes when all is there that serves; then it waits for clients, in its own way. */
static void serve(const struct listener *listener)
{
    listen_announce(listener);
    for (;;) {
        int fd = accept4(listener->fd, NULL, NULL, SOCK_CLOEXEC);
        if (fd >= 0)
            client_serve(fd);
    }
}

/* What -i says of it: a line, and at what a client holds up the others. */
const struct server server = {
    .about = "one process, one client at a time",
    .blocks = "request, reply",
    .blocking = true,
    .serve = serve,
};
