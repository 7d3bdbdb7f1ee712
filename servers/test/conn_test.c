/* conn_test.c - connections: what a client that sends this gets back, and how it ends; then
 * the same over a socket, where reads and writes come up short.
 * SPDX-License-Identifier: MIT */
#include "drive.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cmocka.h>

#define PLAIN     "Content-Type: text/plain;charset=utf-8\r\n"
#define HELLO_1_0 "HTTP/1.0 200 OK\r\nContent-Length: 13\r\n" PLAIN "\r\nHello, World!"
#define KEPT_1_0                                                                         \
    "HTTP/1.0 200 OK\r\nContent-Length: 13\r\n" PLAIN                                    \
    "Connection: keep-alive\r\n\r\nHello, World!"
#define HELLO_1_1 "HTTP/1.1 200 OK\r\nContent-Length: 13\r\n" PLAIN "\r\nHello, World!"
#define CLOSED_1_1                                                                       \
    "HTTP/1.1 200 OK\r\nContent-Length: 13\r\n" PLAIN                                    \
    "Connection: close\r\n\r\nHello, World!"
#define BAD                                                                              \
    "HTTP/1.1 400 Bad Request\r\nContent-Length: 20\r\n" PLAIN                           \
    "Connection: close\r\n\r\nThis is not HTTP/1.\n"
#define GET_1_1  "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
#define LAST_1_1 "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
#define KEEP_1_0 "GET / HTTP/1.0\nConnection: keep-alive\n\n"
#define BODY_1_1 "GET / HTTP/1.1\nHost: a\nContent-Length: 4\n\n"

static const struct transcript {
    const char *name;
    const char *input;
    const char *output;
    bool lingered;
} transcripts[] = {
    {"nothing", "", "", false},
    {"an early end", "GET / HTTP/1.1\r\nHost: a\r\n", "", false},
    {"1.0", "GET / HTTP/1.0\n\n", HELLO_1_0, false},
    {"1.0 kept", KEEP_1_0 KEEP_1_0, KEPT_1_0 KEPT_1_0, false},
    {"1.0 kept, then not", KEEP_1_0 "GET / HTTP/1.0\n\n", KEPT_1_0 HELLO_1_0, false},
    {"1.1 kept", GET_1_1, HELLO_1_1, false},
    {"pipelined", GET_1_1 GET_1_1 "\r\n" GET_1_1 LAST_1_1,
     HELLO_1_1 HELLO_1_1 HELLO_1_1 CLOSED_1_1, false},
    {"half of the second", GET_1_1 "GET / HT", HELLO_1_1, false},
    {"garbage", "garbage\n", BAD, true},
    {"garbage after a request", GET_1_1 "garbage\n" GET_1_1, HELLO_1_1 BAD, true},
    {"a body", BODY_1_1 "body" GET_1_1, CLOSED_1_1, true},
};

/* Plays it with a first piece of that many bytes, and then pieces of that many. */
static void assert_transcript(const struct transcript *expected, size_t first,
                              size_t piece)
{
    size_t length = strlen(expected->output);
    struct drive drive = {.input = expected->input,
                          .length = strlen(expected->input),
                          .first = first,
                          .piece = piece,
                          .take = first};
    struct driven driven = drive_run(&drive);
    assert_int_equal(driven.length, length);
    if (length > 0)
        assert_memory_equal(driven.output, expected->output, length);
    assert_int_equal(driven.lingered, expected->lingered);
    free(driven.output);
}

static void replies(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof transcripts / sizeof *transcripts; i++) {
        print_message("%s\n", transcripts[i].name);
        for (size_t first = 1; first <= strlen(transcripts[i].input) + 1; first++) {
            assert_transcript(&transcripts[i], first, SIZE_MAX);
            assert_transcript(&transcripts[i], first, 1);
        }
    }
}

static const struct {
    const char *input;
    enum want next;
    bool lingers;
} followed[] = {
    {"GET / HTTP/1.0\n\n", WANT_SHUTDOWN, false},
    {KEEP_1_0, WANT_READ, false},
    {GET_1_1, WANT_READ, false},
    {GET_1_1 "GET", WANT_WRITE, true},
    {LAST_1_1, WANT_SHUTDOWN, false},
    {LAST_1_1 "GET", WANT_SHUTDOWN, true},
    {"GET /50k HTTP/1.0\n\n", WANT_SHUTDOWN, false},
    {BODY_1_1, WANT_SHUTDOWN, true},
    {"garbage\n", WANT_SHUTDOWN, true},
};

static void give(struct conn *conn, const char *text)
{
    size_t length = strlen(text);
    struct space space = conn_space(conn);
    assert_true(length <= space.length);
    memcpy(space.bytes, text, length);
    conn_input(conn, (ssize_t)length);
}

/* drive.h, which all tests here use, sees to it that it also comes true. */
static void knows_what_follows(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof followed / sizeof *followed; i++) {
        struct conn conn;
        conn_open(&conn);
        give(&conn, followed[i].input);
        assert_int_equal(conn_next(&conn), followed[i].next);
        assert_int_equal(conn_lingers(&conn), followed[i].lingers);
        assert_int_equal(conn_send_flags(&conn),
                         followed[i].next == WANT_SHUTDOWN ? MSG_MORE : 0);
        conn_close(&conn);
    }
}

/* Where input fills the buffer, or the server knows it, until there is other input. */
static void lingers_where_more_may_wait(void **state)
{
    (void)state;
    char full[REQUEST_MAX + 1];
    struct conn conn;
    snprintf(full, sizeof full, "GET / HTTP/1.1\nHost: a\nX: %0*d\n\n", REQUEST_MAX - 28,
             0);
    conn_open(&conn);
    give(&conn, full);
    assert_int_equal(conn_next(&conn), WANT_READ);
    assert_true(conn_lingers(&conn));
    conn_sent(&conn, conn_output(&conn).length);
    give(&conn, LAST_1_1);
    assert_false(conn_lingers(&conn));
    conn_more_waits(&conn);
    assert_true(conn_lingers(&conn));
    conn_sent(&conn, conn_output(&conn).length);
    conn_shut(&conn);
    assert_int_equal(conn_want(&conn), WANT_READ);
    conn_close(&conn);
}

/* What follows the last request is not answered, but the client must not lose its reply: the
 * server ends its side first. It depends on the pieces whether it sees that there is more. */
static void ignores_what_follows_the_last(void **state)
{
    (void)state;
    struct drive drive = {.input = LAST_1_1 GET_1_1,
                          .length = strlen(LAST_1_1 GET_1_1),
                          .first = SIZE_MAX,
                          .piece = SIZE_MAX,
                          .take = SIZE_MAX};
    struct driven driven = drive_run(&drive);
    assert_int_equal(driven.length, strlen(CLOSED_1_1));
    assert_true(driven.lingered);
    free(driven.output);
}

/* A body is thrown away, but not for ever. */
static void lingers_within_bounds(void **state)
{
    (void)state;
    static char input[3 * 1024 * 1024] = BODY_1_1;
    struct drive drive = {.input = input,
                          .length = sizeof input,
                          .first = strlen(BODY_1_1),
                          .piece = 4096,
                          .take = SIZE_MAX};
    struct driven driven = drive_run(&drive);
    assert_true(driven.lingered);
    assert_in_range(sizeof input - driven.unread, 1024 * 1024, 1024 * 1024 + 2 * 4096);
    free(driven.output);
}

/* A thousand clients that wait have no buffer. */
static void holds_nothing_while_idle(void **state)
{
    (void)state;
    struct conn conn;
    conn_open(&conn);
    assert_non_null(conn_space(&conn).bytes);
    conn_input(&conn, -1);
    assert_null(conn.buffer);
    memcpy(conn_space(&conn).bytes, GET_1_1, strlen(GET_1_1));
    conn_input(&conn, (ssize_t)strlen(GET_1_1));
    assert_non_null(conn.buffer);
    conn_sent(&conn, conn_output(&conn).length);
    assert_int_equal(conn_want(&conn), WANT_READ);
    assert_null(conn.buffer);
    conn_close(&conn);
}

/* A server's side and a client's side. */
static void sockets_make(int fds[2])
{
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
    int small = 4096;
    assert_int_equal(setsockopt(fds[0], SOL_SOCKET, SO_SNDBUF, &small, sizeof small), 0);
}

static void client_send(int fd, const char *text)
{
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
}

/* Everything that is there to read now. */
static size_t client_receive(int fd)
{
    char bytes[4096];
    size_t length = 0;
    ssize_t n;
    while ((n = read(fd, bytes, sizeof bytes)) > 0)
        length += (size_t)n;
    return length;
}

/* The client reads only when the server has nothing left to do. */
static void writes_as_much_as_goes(void **state)
{
    (void)state;
    int fds[2];
    struct conn conn;
    sockets_make(fds);
    conn_open(&conn);
    assert_int_equal(conn_step(&conn, fds[0]), WANT_READ);
    client_send(fds[1], "GET /50k HTTP/1.0\r\n\r\n");
    assert_int_equal(conn_step(&conn, fds[0]), WANT_WRITE);
    size_t length = client_receive(fds[1]);
    size_t turns = 1;
    for (; conn_step(&conn, fds[0]) == WANT_WRITE; turns++)
        length += client_receive(fds[1]);
    length += client_receive(fds[1]);
    assert_int_equal(length, 82 + 51200);
    assert_true(turns > 2);
    conn_close(&conn);
    close(fds[0]);
    close(fds[1]);
}

static void survives_a_client_that_has_gone(void **state)
{
    (void)state;
    int fds[2];
    struct conn conn;
    sockets_make(fds);
    conn_open(&conn);
    client_send(fds[1], GET_1_1 GET_1_1);
    close(fds[1]);
    assert_int_equal(conn_step(&conn, fds[0]), WANT_CLOSE);
    conn_close(&conn);
    close(fds[0]);
}

/* A client that ends its side right after its request still gets the reply. */
static void answers_a_half_closed_client(void **state)
{
    (void)state;
    int fds[2];
    struct conn conn;
    sockets_make(fds);
    conn_open(&conn);
    client_send(fds[1], GET_1_1);
    assert_int_equal(shutdown(fds[1], SHUT_WR), 0);
    assert_int_equal(conn_step(&conn, fds[0]), WANT_READ);
    assert_int_equal(client_receive(fds[1]), strlen(HELLO_1_1));
    assert_int_equal(conn_step(&conn, fds[0]), WANT_CLOSE);
    conn_close(&conn);
    close(fds[0]);
    close(fds[1]);
}

/* A refused client sees the end of the reply while it may still be sending. */
static void ends_its_side_first(void **state)
{
    (void)state;
    int fds[2];
    char byte;
    struct conn conn;
    sockets_make(fds);
    conn_open(&conn);
    client_send(fds[1], "garbage\n");
    assert_int_equal(conn_step(&conn, fds[0]), WANT_READ);
    assert_int_equal(client_receive(fds[1]), strlen(BAD));
    assert_int_equal(read(fds[1], &byte, 1), 0);
    client_send(fds[1], "more garbage\n");
    assert_int_equal(conn_step(&conn, fds[0]), WANT_READ);
    close(fds[1]);
    assert_int_equal(conn_step(&conn, fds[0]), WANT_CLOSE);
    conn_close(&conn);
    close(fds[0]);
}

/* What conn_step sends with, and the client that then sends, too; libc's own is behind it. */
static int send_flags, late_client = -1;

ssize_t send(int fd, const void *bytes, size_t length, int flags)
{
    struct pollfd input = {.fd = fd, .events = POLLIN};
    send_flags = flags;
    if (late_client >= 0) {
        client_send(late_client, "\r\n");
        assert_int_equal(poll(&input, 1, 5000), 1);
    }
    return sendto(fd, bytes, length, flags, NULL, 0);
}

/* The flags that the reply to `request` is sent with. */
static int flags_of_reply(const char *request)
{
    int fds[2];
    struct conn conn;
    sockets_make(fds);
    conn_open(&conn);
    client_send(fds[1], request);
    send_flags = -1;
    conn_step(&conn, fds[0]);
    conn_close(&conn);
    close(fds[0]);
    close(fds[1]);
    return send_flags;
}

static void holds_the_last_reply(void **state)
{
    (void)state;
    assert_int_equal(flags_of_reply("GET / HTTP/1.0\n\n"), MSG_MORE);
    assert_int_equal(flags_of_reply(LAST_1_1), MSG_MORE);
    assert_int_equal(flags_of_reply(GET_1_1), 0);
    assert_int_equal(flags_of_reply("garbage\n"), MSG_MORE);
}

/* Both sides of a TCP connection, the client's second. Reads end after five seconds at most. */
static void connection_make(int fds[2])
{
    const struct timeval wait = {.tv_sec = 5};
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    fds[1] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(listen(listener, 1), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &size), 0);
    assert_int_equal(connect(fds[1], (struct sockaddr *)&address, size), 0);
    fds[0] = accept(listener, NULL, NULL);
    for (int i = 0; i < 2; i++)
        assert_int_equal(setsockopt(fds[i], SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait),
                         0);
    close(listener);
}

/* Input that comes while the reply is sent, so that nobody has read it when the server closes:
 * the close throws away what was not sent before. */
static void answers_before_it_closes(void **state)
{
    (void)state;
    int fds[2];
    struct conn conn;
    connection_make(fds);
    conn_open(&conn);
    client_send(fds[1], LAST_1_1);
    late_client = fds[1];
    assert_int_equal(conn_step(&conn, fds[0]), WANT_CLOSE);
    late_client = -1;
    conn_close(&conn);
    close(fds[0]);
    assert_int_equal(client_receive(fds[1]), strlen(CLOSED_1_1));
    close(fds[1]);
}

/* Whether a socket is corked once its library is to send the reply to `request`. */
static int corked(const char *request)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = -1;
    socklen_t size = sizeof on;
    struct conn conn;
    conn_open(&conn);
    memcpy(conn_space(&conn).bytes, request, strlen(request));
    conn_input(&conn, (ssize_t)strlen(request));
    conn_cork(&conn, fd);
    assert_int_equal(getsockopt(fd, IPPROTO_TCP, TCP_CORK, &on, &size), 0);
    conn_close(&conn);
    close(fd);
    return on;
}

static void corks_for_a_library(void **state)
{
    (void)state;
    assert_int_equal(corked(LAST_1_1), 1);
    assert_int_equal(corked(GET_1_1), 0);
}

static int setup(void **state)
{
    (void)state;
    response_setup();
    return signal(SIGPIPE, SIG_IGN) == SIG_ERR ? -1 : 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(replies),
        cmocka_unit_test(knows_what_follows),
        cmocka_unit_test(lingers_where_more_may_wait),
        cmocka_unit_test(ignores_what_follows_the_last),
        cmocka_unit_test(lingers_within_bounds),
        cmocka_unit_test(holds_nothing_while_idle),
        cmocka_unit_test(writes_as_much_as_goes),
        cmocka_unit_test(survives_a_client_that_has_gone),
        cmocka_unit_test(answers_a_half_closed_client),
        cmocka_unit_test(holds_the_last_reply),
        cmocka_unit_test(answers_before_it_closes),
        cmocka_unit_test(corks_for_a_library),
        cmocka_unit_test(ends_its_side_first),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
