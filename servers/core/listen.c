/* listen.c - the listening socket, and the clients that come through it.
 * SPDX-License-Identifier: MIT */
#include "listen.h"

#include "fail.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

/* TCP_NODELAY is inherited by every accepted socket: all servers have it, and it costs none
 * of them a system call per client. */
static int socket_listen(int fd, const struct addrinfo *address, int backlog)
{
    int on = 1;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0 ||
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) < 0 ||
        bind(fd, address->ai_addr, address->ai_addrlen) < 0)
        return -1;
    return listen(fd, backlog);
}

int listen_open(struct listener *listener, const char *address, const char *port,
                bool blocking)
{
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
                             .ai_socktype = SOCK_STREAM};
    struct addrinfo *found;
    if (getaddrinfo(address, port, &hints, &found) != 0) {
        errno = EINVAL;
        return -1;
    }
    int type = SOCK_STREAM | SOCK_CLOEXEC | (blocking ? 0 : SOCK_NONBLOCK);
    listener->fd = socket(found->ai_family, type, 0);
    int result =
        listener->fd < 0 ? -1 : socket_listen(listener->fd, found, listener->backlog);
    int reason = errno;
    if (listener->fd >= 0 && result < 0)
        close(listener->fd);
    freeaddrinfo(found);
    errno = reason;
    return result;
}

void listen_announce(const struct listener *listener)
{
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    char host[NI_MAXHOST], port[NI_MAXSERV];
    if (getsockname(listener->fd, (struct sockaddr *)&address, &length) < 0 ||
        getnameinfo((struct sockaddr *)&address, length, host, sizeof host, port,
                    sizeof port, NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        fail("getsockname");
    bool brackets = strchr(host, ':') != NULL;
    printf("listening on %s%s%s:%s\n", brackets ? "[" : "", host, brackets ? "]" : "",
           port);
    if (fflush(stdout) != 0)
        fail("standard output");
}

void listen_fit_select(const struct listener *listener)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
        fail("getrlimit");
    if (limit.rlim_cur > FD_SETSIZE)
        limit.rlim_cur = FD_SETSIZE;
    if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
        fail("setrlimit");
    int client = fcntl(listener->fd, F_DUPFD_CLOEXEC, 0);
    if (client < 0)
        fail("no descriptor below FD_SETSIZE is left for a client");
    close(client);
}

int listen_again(struct listener *again, const struct listener *first)
{
    int on = 1;
    struct sockaddr_storage bound;
    struct addrinfo address = {.ai_addr = (struct sockaddr *)&bound,
                               .ai_addrlen = sizeof bound};
    *again = (struct listener){.backlog = first->backlog};
    if (getsockname(first->fd, address.ai_addr, &address.ai_addrlen) < 0)
        return -1;
    int nonblocking = fcntl(first->fd, F_GETFL) & O_NONBLOCK;
    again->fd = socket(bound.ss_family, SOCK_STREAM | SOCK_CLOEXEC | nonblocking, 0);
    if (again->fd < 0)
        return -1;
    if (setsockopt(first->fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) == 0 &&
        setsockopt(again->fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) == 0 &&
        socket_listen(again->fd, &address, first->backlog) == 0)
        return 0;
    int reason = errno;
    close(again->fd);
    errno = reason;
    return -1;
}

static int client_accept(int listen_fd, int flags)
{
    int fd = accept4(listen_fd, NULL, NULL, flags | SOCK_CLOEXEC);

    if (fd >= 0)
        return fd;
    bool full = errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM;
    return full ? LISTEN_FULL : LISTEN_NONE;
}

int listen_accept(int listen_fd)
{
    return client_accept(listen_fd, SOCK_NONBLOCK);
}

int listen_accept_blocking(int listen_fd)
{
    return client_accept(listen_fd, 0);
}
