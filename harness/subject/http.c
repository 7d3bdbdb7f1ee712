/* http.c - the small HTTP client that tries a server out.
 * SPDX-License-Identifier: MIT */
#include "subject/http.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/interrupt.h"

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

/* More than any page here has; a server that sends without end is stopped there. */
enum { REPLY_MAX = 16 << 20, RECEIVE_STEP = 64 << 10 };

/* ---- the connection ---- */

static int wait_ready(const struct http_conn *conn, short events, double deadline,
                      struct err *err)
{
    for (;;) {
        struct pollfd fds[2] = {{.fd = conn->fd, .events = events},
                                {.fd = interrupt_fd(), .events = POLLIN}};
        int ready = poll(fds, 2, clock_left_ms(deadline));
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready < 0)
            return err_set(err, "poll: %s", strerror(errno));
        if (fds[1].revents)
            return err_set(err, "interrupted");
        if (ready == 0)
            return err_set(err, "timed out with %zu bytes received", conn->size);
        return 0;
    }
}

/* Without TCP_NODELAY the kernel would join the pieces that a test sends one by one. */
static int set_options(int fd, int window)
{
    int on = 1;
    if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) < 0)
        return -1;
    if (window == 0)
        return 0;
    return setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &window, sizeof window);
}

static int connect_outcome(const struct http_conn *conn, double deadline, struct err *err)
{
    int error = 0;
    socklen_t size = sizeof error;
    if (wait_ready(conn, POLLOUT, deadline, err) < 0)
        return -1;
    if (getsockopt(conn->fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0)
        return err_set(err, "getsockopt: %s", strerror(errno));
    return error == 0 ? 0 : err_set(err, "cannot connect: %s", strerror(error));
}

int http_open(struct http_conn *conn, const char *host, int port, int window,
              double deadline, struct err *err)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((in_port_t)port)};
    *conn = (struct http_conn){.fd = -1};
    if (inet_pton(AF_INET, host, &address.sin_addr) != 1)
        return err_set(err, "'%s' is not an IPv4 address", host);
    conn->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (conn->fd < 0)
        return err_set(err, "socket: %s", strerror(errno));
    if (set_options(conn->fd, window) < 0)
        return err_set(err, "setsockopt: %s", strerror(errno));
    if (connect(conn->fd, (struct sockaddr *)&address, sizeof address) == 0)
        return 0;
    if (errno != EINPROGRESS)
        return err_set(err, "cannot connect: %s", strerror(errno));
    return connect_outcome(conn, deadline, err);
}

void http_close(struct http_conn *conn)
{
    if (conn->fd >= 0)
        close(conn->fd);
    free(conn->bytes);
    *conn = (struct http_conn){.fd = -1};
}

int http_send(struct http_conn *conn, const char *bytes, size_t size, double deadline,
              struct err *err)
{
    while (size > 0) {
        ssize_t n = send(conn->fd, bytes, size, MSG_NOSIGNAL);
        if (n >= 0) {
            bytes += n;
            size -= (size_t)n;
        } else if (errno == EAGAIN) {
            if (wait_ready(conn, POLLOUT, deadline, err) < 0)
                return -1;
        } else if (errno != EINTR) {
            return err_set(err, "cannot send: %s", strerror(errno));
        }
    }
    return 0;
}

/* Appends some of what came, or learns that the server has closed. */
static int receive_some(struct http_conn *conn, double deadline, struct err *err)
{
    if (conn->size > REPLY_MAX)
        return err_set(err, "more than %d bytes came", REPLY_MAX);
    if (wait_ready(conn, POLLIN, deadline, err) < 0)
        return -1;
    conn->bytes = alloc_resize(conn->bytes, conn->size + RECEIVE_STEP + 1, 1);
    ssize_t n = recv(conn->fd, conn->bytes + conn->size, RECEIVE_STEP, 0);
    if (n > 0)
        conn->size += (size_t)n;
    conn->bytes[conn->size] = '\0';
    if (n == 0)
        conn->closed = true;
    if (n >= 0 || errno == EAGAIN || errno == EINTR)
        return 0;
    return err_set(err, "%s after %zu bytes", strerror(errno), conn->size);
}

/* ---- the reply ---- */

bool http_field(const struct http_reply *reply, const char *name, char *value,
                size_t size)
{
    size_t length = strlen(name);
    const char *end = reply->bytes + reply->head_size;
    const char *line = reply->bytes;
    while ((line = memmem(line, (size_t)(end - line), "\r\n", 2)) != NULL) {
        line += 2;
        if ((size_t)(end - line) <= length || line[length] != ':' ||
            strncasecmp(line, name, length) != 0)
            continue;
        const char *start = line + length + 1;
        start += strspn(start, " \t");
        size_t n = strcspn(start, "\r\n");
        n = n < size ? n : size - 1;
        memcpy(value, start, n);
        value[n] = '\0';
        return true;
    }
    return false;
}

/* The body's length as its head has it; -1: it lasts until the connection closes. */
static long body_length(const struct http_reply *reply, bool bodyless)
{
    char value[32];
    char *end;
    if (bodyless || reply->status == 204 || reply->status == 304)
        return 0;
    if (!http_field(reply, "Content-Length", value, sizeof value))
        return -1;
    errno = 0;
    long length = strtol(value, &end, 10);
    return errno || end == value || length < 0 ? -1 : length;
}

/* Persistence as RFC 9112, 9.3 has it. */
static bool reply_keeps_connection(const struct http_reply *reply)
{
    char value[64] = "";
    http_field(reply, "Connection", value, sizeof value);
    if (strncmp(reply->bytes, "HTTP/1.0", 8) == 0)
        return strcasecmp(value, "keep-alive") == 0;
    return strcasecmp(value, "close") != 0;
}

/* Reads the head that has begun to come. It stays cleared until it is whole, and then
 * borrows the connection's bytes. -1: it is none. */
static int head_parse(struct http_reply *head, const struct http_conn *conn,
                      struct err *err)
{
    static const char version[] = "HTTP/1.";
    if (!conn->bytes)
        return 0;
    size_t known = conn->size < strlen(version) ? conn->size : strlen(version);
    if (known > 0 && memcmp(conn->bytes, version, known) != 0)
        return err_set(err, "what came is not an HTTP/1 reply");
    const char *end = memmem(conn->bytes, conn->size, "\r\n\r\n", 4);
    if (!end)
        return 0;
    /* The version's digit and a space lie between. */
    const char *code = conn->bytes + strlen(version) + 2;
    if (strspn(code, "0123456789") != 3 || code[-1] != ' ')
        return err_set(err, "the status line has no status of three digits");
    *head = (struct http_reply){
        .bytes = conn->bytes,
        .status = (int)strtol(code, NULL, 10),
        .head_size = (size_t)(end - conn->bytes) + 4,
    };
    return 0;
}

/* Moves the first bytes of what came into a reply of their own. */
static void reply_take(struct http_reply *reply, const struct http_reply *head,
                       struct http_conn *conn, size_t size)
{
    *reply = *head;
    reply->bytes = alloc_zeroed(size + 1, 1);
    memcpy(reply->bytes, head->bytes, size);
    reply->size = size;
    reply->body_size = size - reply->head_size;
    reply->closed = conn->closed;
    conn->size -= size;
    memmove(head->bytes, head->bytes + size, conn->size + 1);
}

static void reply_cut_off(const struct http_conn *conn, size_t head_size, long length,
                          struct err *err)
{
    if (conn->size == 0)
        err_set(err, "the server closed the connection without a reply");
    else if (head_size == 0)
        err_set(err, "the server closed the connection %zu bytes into the head",
                conn->size);
    else
        err_set(err,
                "the server closed the connection after %zu bytes of the body; its "
                "Content-Length says %ld",
                conn->size - head_size, length);
}

int http_receive(struct http_conn *conn, struct http_reply *reply, bool bodyless,
                 double deadline, struct err *err)
{
    *reply = (struct http_reply){.bytes = NULL};
    for (;;) {
        struct http_reply head = {.bytes = NULL};
        if (head_parse(&head, conn, err) < 0)
            return -1;
        long length = head.bytes ? body_length(&head, bodyless) : -1;
        if (length >= 0 && conn->size - head.head_size >= (size_t)length) {
            reply_take(reply, &head, conn, head.head_size + (size_t)length);
            return 0;
        }
        if (conn->closed && head.bytes && length < 0) {
            reply_take(reply, &head, conn, conn->size);
            return 0;
        }
        if (conn->closed) {
            reply_cut_off(conn, head.head_size, length, err);
            return -1;
        }
        if (receive_some(conn, deadline, err) < 0)
            return -1;
    }
}

int http_receive_end(struct http_conn *conn, double deadline, struct err *err)
{
    while (!conn->closed && conn->size == 0)
        if (receive_some(conn, deadline, err) < 0)
            return -1;
    if (conn->size > 0)
        return err_set(err, "%zu bytes came after the end of the reply", conn->size);
    return 0;
}

/* ---- one request, one reply ---- */

static int exchange_on(struct http_conn *conn, struct http_reply *reply,
                       const char *request, size_t size, bool ends, double deadline,
                       struct err *err)
{
    struct err why;
    bool bodyless = size >= 5 && memcmp(request, "HEAD ", 5) == 0;
    if (http_send(conn, request, size, deadline, err) < 0 ||
        http_receive(conn, reply, bodyless, deadline, err) < 0)
        return -1;
    ends = ends || !reply_keeps_connection(reply);
    if ((ends || conn->size > 0) && http_receive_end(conn, deadline, &why) < 0) {
        http_reply_free(reply);
        if (conn->size > 0)
            return err_set(err, "%s", why.text);
        return err_set(err,
                       "the connection, which was to be closed, stayed open behind the "
                       "reply: %s",
                       why.text);
    }
    reply->closed = conn->closed;
    return 0;
}

int http_exchange(struct http_reply *reply, const char *host, int port,
                  const char *request, size_t size, bool ends, int timeout_ms,
                  struct err *err)
{
    struct http_conn conn;
    double deadline = clock_now() + timeout_ms / 1000.0;
    int failed = http_open(&conn, host, port, 0, deadline, err);
    if (!failed)
        failed = exchange_on(&conn, reply, request, size, ends, deadline, err);
    http_close(&conn);
    return failed;
}

void http_reply_free(struct http_reply *reply)
{
    free(reply->bytes);
    *reply = (struct http_reply){.bytes = NULL};
}

/* ---- what the peer has not read, by sock_diag(7) ---- */

/* No event tells that another process has read, so it is asked this often. */
enum { POLL_MS = 1 };

struct question {
    struct nlmsghdr header;
    struct inet_diag_req_v2 request;
};

struct answer {
    struct nlmsghdr header;
    struct inet_diag_msg message;
    char attributes[1024];
};

/* Names the peer's socket: its own address is our peer's, its peer's is ours. */
static bool question_make(struct question *question, int fd)
{
    struct sockaddr_in near;
    struct sockaddr_in far;
    socklen_t near_size = sizeof near;
    socklen_t far_size = sizeof far;
    if (getsockname(fd, (struct sockaddr *)&near, &near_size) < 0 ||
        getpeername(fd, (struct sockaddr *)&far, &far_size) < 0)
        return false;
    *question = (struct question){
        .header = {.nlmsg_len = sizeof *question,
                   .nlmsg_type = SOCK_DIAG_BY_FAMILY,
                   .nlmsg_flags = NLM_F_REQUEST},
        .request = {.sdiag_family = AF_INET,
                    .sdiag_protocol = IPPROTO_TCP,
                    .idiag_states = ~0U,
                    .id = {.idiag_sport = far.sin_port,
                           .idiag_dport = near.sin_port,
                           .idiag_src = {far.sin_addr.s_addr},
                           .idiag_dst = {near.sin_addr.s_addr},
                           .idiag_cookie = {INET_DIAG_NOCOOKIE, INET_DIAG_NOCOOKIE}}},
    };
    return true;
}

/* The bytes in the receive queue of the socket asked for; -1: not known. */
static long unread_bytes(int netlink, const struct question *question)
{
    struct answer answer;
    if (send(netlink, question, sizeof *question, 0) < 0)
        return -1;
    ssize_t n = recv(netlink, &answer, sizeof answer, 0);
    if (n < (ssize_t)(sizeof answer.header + sizeof answer.message) ||
        answer.header.nlmsg_type != SOCK_DIAG_BY_FAMILY)
        return -1;
    return (long)answer.message.idiag_rqueue;
}

bool http_await_read(const struct http_conn *conn, int timeout_ms)
{
    struct question question;
    double deadline = clock_now() + timeout_ms / 1000.0;
    long unread = -1;
    int netlink = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
    if (netlink >= 0 && question_make(&question, conn->fd))
        unread = unread_bytes(netlink, &question);
    while (unread > 0 && clock_now() < deadline) {
        poll(NULL, 0, POLL_MS);
        unread = unread_bytes(netlink, &question);
    }
    if (netlink >= 0)
        close(netlink);
    return unread == 0;
}
