/* exchange.c - the contract on the wire, as data: what is sent to a server, and what must
 * come back.
 * SPDX-License-Identifier: MIT */
#include "subject/exchange.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "subject/http.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

/* ---- the contract ---- */

#define HELLO "Hello, World!"
#define HELLO_HEAD                                                                       \
    "HTTP/1.0 200 OK\r\n"                                                                \
    "Content-Length: 13\r\n"                                                             \
    "Content-Type: text/plain;charset=utf-8\r\n"                                         \
    "\r\n"
#define AB_REQUEST                                                                       \
    "GET / HTTP/1.0\r\n"                                                                 \
    "Host: localhost:8080\r\n"                                                           \
    "User-Agent: ApacheBench/2.3\r\n"                                                    \
    "Accept: */*\r\n"                                                                    \
    "\r\n"
#define GET_KEEP  "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
#define GET_CLOSE "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"

enum { PAGE_50K = 50 * 1024 };

const struct exchange exchanges[] = {
    {
        .name = "GET /, HTTP/1.0: Hello, World! as plain text, then close",
        .hello = true,
        .steps = {{AB_REQUEST, .replies = {{200, .lines = {"Content-Type: text/plain"},
                                            .body = HELLO}}}},
    },
    {
        .name = "GET /, HTTP/1.0: the 92 bytes, then close",
        .steps = {{AB_REQUEST, .replies = {{200, .bytes = HELLO_HEAD HELLO}}}},
    },
    {
        .name = "GET /, each line ended by a bare LF",
        .steps = {{"GET / HTTP/1.0\n"
                   "Host: localhost:8080\n"
                   "User-Agent: ApacheBench/2.3\n"
                   "Accept: */*\n"
                   "\n",
                   .replies = {{200, .bytes = HELLO_HEAD HELLO}}}},
    },
    {
        .name = "GET /, HTTP/1.1, Connection: close",
        .steps = {{GET_CLOSE,
                   .replies = {{200,
                                .lines = {"HTTP/1.1 200 ", "Connection: close",
                                          "Content-Length: 13",
                                          "Content-Type: text/plain;charset=utf-8"},
                                .body = HELLO}}}},
    },
    {
        .name = "keep-alive, HTTP/1.0",
        .steps = {{"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
                   .replies = {{200, .lines = {"HTTP/1.0 200 ", "Connection: keep-alive"},
                                .body = HELLO}}},
                  {"GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n",
                   .replies = {{200, .lines = {"Connection: keep-alive"},
                                .body = HELLO}}},
                  {AB_REQUEST, .replies = {{200, .bytes = HELLO_HEAD HELLO}}}},
    },
    {
        .name = "keep-alive, HTTP/1.1",
        .steps = {{GET_KEEP, .replies = {{200, .body = HELLO}}},
                  {GET_KEEP, .replies = {{200, .body = HELLO}}},
                  {GET_CLOSE, .replies = {{200, .body = HELLO}}}},
    },
    {
        .name = "pipelining, answered in order",
        .steps = {{GET_KEEP "GET /50k HTTP/1.1\r\nHost: a\r\n\r\n"
                            "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n"
                            "GET /headers HTTP/1.1\r\nHost: pipelined\r\n\r\n" GET_CLOSE,
                   .replies = {{200, .body = HELLO},
                               {200, .body_size = PAGE_50K},
                               {200, .bodyless = true},
                               {200, .contains = {"<table", "pipelined"}},
                               {200, .body = HELLO}}}},
    },
    {
        .name = "HEAD /, HTTP/1.0: the same head, no body",
        .steps = {{"HEAD / HTTP/1.0\r\n\r\n",
                   .replies = {{200, .bytes = HELLO_HEAD, .bodyless = true}}}},
    },
    {
        .name = "HEAD /50k, HTTP/1.1, and GET / after it",
        .steps = {{"HEAD /50k HTTP/1.1\r\nHost: a\r\n\r\n",
                   .replies = {{200, .lines = {"Content-Length: 51200"},
                                .bodyless = true}}},
                  {GET_CLOSE, .replies = {{200, .body = HELLO}}}},
    },
    {
        .name = "/headers: the request's own fields, escaped, in an HTML table",
        .steps = {{"GET /headers HTTP/1.0\r\nX-Abacus: <script>&\"\r\n\r\n",
                   .replies = {{200,
                                .lines = {"HTTP/1.0 200 ", "Content-Type: text/html"},
                                .contains = {"<table", "X-Abacus", "&lt;script&gt;&amp;"},
                                .lacks = "<script"}}}},
    },
    {
        .name = "/headers: the fields of the request before are forgotten",
        .steps = {{"GET /headers HTTP/1.1\r\nHost: a\r\nX-One: first\r\n\r\n",
                   .replies = {{200, .contains = {"X-One"}}}},
                  {"GET /headers HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
                   .replies = {{200, .contains = {"Connection"}, .lacks = "X-One"}}}},
    },
    {
        .name = "/50k: 51200 bytes",
        .steps = {{"GET /50k HTTP/1.0\r\n\r\n",
                   .replies = {{200, .lines = {"HTTP/1.0 200 ", "Content-Length: 51200"},
                                .body_size = PAGE_50K}}}},
    },
    {
        .name = "a request in two pieces",
        .delivery = DELIVERY_HALVES,
        .steps = {{AB_REQUEST, .replies = {{200, .bytes = HELLO_HEAD HELLO}}}},
    },
    {
        .name = "a request that comes byte by byte",
        .delivery = DELIVERY_BYTEWISE,
        .steps = {{AB_REQUEST, .replies = {{200, .bytes = HELLO_HEAD HELLO}}}},
    },
    {
        .name = "two requests on a connection, byte by byte",
        .delivery = DELIVERY_BYTEWISE,
        .steps = {{GET_KEEP, .replies = {{200, .body = HELLO}}},
                  {GET_CLOSE, .replies = {{200, .body = HELLO}}}},
    },
    {
        .name = "a body of announced length: answered, not read as a request, closed",
        .steps = {{"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 27\r\n\r\n" GET_KEEP,
                   .replies = {{200, .body = HELLO}}}},
    },
    {
        .name = "a chunked body: answered, not read as a request, closed",
        .steps = {{"GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                   "1b\r\n" GET_KEEP "\r\n0\r\n\r\n",
                   .replies = {{200, .body = HELLO}}}},
    },
    {
        .name = "a client that closes its side behind the request",
        .delivery = DELIVERY_SHUT,
        .steps = {{GET_KEEP, .replies = {{200, .body = HELLO}}}},
    },
    {
        .name = "a client that connects and leaves",
        .hello = true,
        .delivery = DELIVERY_SHUT,
    },
    {
        .name = "404: no such page",
        .steps = {{"GET /nothing HTTP/1.0\r\n\r\n", .replies = {{404}}}},
    },
    {
        .name = "405, with Allow: another method",
        .steps = {{"DELETE / HTTP/1.0\r\n\r\n",
                   .replies = {{405, .lines = {"Allow: "}}}}},
    },
    {
        .name = "501: an unknown transfer coding",
        .steps = {{"GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: x\r\n\r\n",
                   .replies = {{501}}}},
    },
    {
        .name = "505: HTTP/2.0",
        .steps = {{"GET / HTTP/2.0\r\nHost: a\r\n\r\n", .replies = {{505}}}},
    },
    {
        .name = "a head of nearly 8 KiB",
        .steps = {{"GET / HTTP/1.0\r\nX-Long: ", .padding = 8000, .replies = {{200}}}},
    },
    {
        .name = "431: a head over 8 KiB",
        .steps = {{"GET / HTTP/1.0\r\nX-Long: ", .padding = 9000, .replies = {{431}}}},
    },
    {
        .name = "400: HTTP/1.1 without Host",
        .steps = {{"GET / HTTP/1.1\r\n\r\n", .replies = {{400}}}},
    },
    {
        .name = "400: HTTP/1.1 with two Hosts",
        .steps = {{"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", .replies = {{400}}}},
    },
    {
        .name = "400: words that are no request line",
        .steps = {{"Is this HTTP\r\n\r\n", .replies = {{400}}}},
    },
    {
        .name = "400: the hello of TLS, without a line feed",
        .steps = {{"\x16\x03\x01\x02\x00\x01\x00", 7, .replies = {{400}}}},
    },
    {
        .name = "400: a field without a colon",
        .steps = {{"GET / HTTP/1.0\r\nHost\r\n\r\n", .replies = {{400}}}},
    },
    {
        .name = "400: a space before the colon",
        .steps = {{"GET / HTTP/1.0\r\nHost : a\r\n\r\n", .replies = {{400}}}},
    },
};

const size_t exchange_count = sizeof exchanges / sizeof *exchanges;

/* ---- what must come, against what came ---- */

/* Does one of the head's lines begin so? */
static bool head_has_line(const struct http_reply *reply, const char *beginning)
{
    const char *end = reply->bytes + reply->head_size;
    const char *line = reply->bytes;
    while (line < end) {
        if (strncasecmp(line, beginning, strlen(beginning)) == 0)
            return true;
        line += strcspn(line, "\n") + 1;
    }
    return false;
}

static int judge_head(const struct wanted *wanted, const struct http_reply *reply,
                      struct finding *finding)
{
    char text[128];
    if (reply->status != wanted->status) {
        snprintf(text, sizeof text, "a reply of status %d", wanted->status);
        return finding_shows(finding, text, "", reply->bytes, reply->size);
    }
    for (size_t i = 0; i < 4 && wanted->lines[i]; i++)
        if (!head_has_line(reply, wanted->lines[i])) {
            snprintf(text, sizeof text, "a line \"%s\" in the head", wanted->lines[i]);
            return finding_shows(finding, text, "", reply->bytes, reply->head_size);
        }
    return 0;
}

static int judge_body(const struct wanted *wanted, const struct http_reply *reply,
                      struct finding *finding)
{
    char text[128];
    const char *body = reply->bytes + reply->head_size;
    if (wanted->body && strcmp(wanted->body, body) != 0)
        return finding_differs(finding, wanted->body, strlen(wanted->body), body,
                               reply->body_size);
    if (wanted->body_size > 0 && reply->body_size != wanted->body_size) {
        snprintf(text, sizeof text, "a body of %zu bytes", wanted->body_size);
        return finding_says(finding, text, "a body of %zu bytes", reply->body_size);
    }
    for (size_t i = 0; i < 3 && wanted->contains[i]; i++)
        if (!strcasestr(body, wanted->contains[i])) {
            snprintf(text, sizeof text, "\"%s\" in the body", wanted->contains[i]);
            return finding_shows(finding, text, "", body, reply->body_size);
        }
    if (wanted->lacks && strcasestr(body, wanted->lacks)) {
        snprintf(text, sizeof text, "no \"%s\" in the body", wanted->lacks);
        return finding_shows(finding, text, "", body, reply->body_size);
    }
    return 0;
}

static int judge_reply(const struct wanted *wanted, const struct http_reply *reply,
                       struct finding *finding)
{
    if (wanted->bytes && (reply->size != strlen(wanted->bytes) ||
                          memcmp(reply->bytes, wanted->bytes, reply->size) != 0))
        return finding_differs(finding, wanted->bytes, strlen(wanted->bytes),
                               reply->bytes, reply->size);
    if (judge_head(wanted, reply, finding) < 0)
        return -1;
    return judge_body(wanted, reply, finding);
}

/* ---- the conversation ---- */

static int finding_of_err(struct finding *finding, const char *expected,
                          const struct err *err, const struct http_conn *conn)
{
    char problem[sizeof err->text + 2];
    if (conn->size == 0)
        return finding_says(finding, expected, "%s", err->text);
    snprintf(problem, sizeof problem, "%s: ", err->text);
    return finding_shows(finding, expected, problem, conn->bytes, conn->size);
}

static int receive_reply(struct http_conn *conn, const struct wanted *wanted,
                         struct finding *finding)
{
    struct http_reply reply;
    struct err err;
    char expected[64];
    double deadline = clock_now() + REPLY_TIMEOUT_MS / 1000.0;
    if (http_receive(conn, &reply, wanted->bodyless, deadline, &err) < 0) {
        snprintf(expected, sizeof expected, "a reply of status %d", wanted->status);
        return finding_of_err(finding, expected, &err, conn);
    }
    int failed = judge_reply(wanted, &reply, finding);
    http_reply_free(&reply);
    return failed;
}

/* Sends one piece after the other, each when the one before has been read: only then is it
 * sure that the server meets the request in pieces. One that leaves bytes unread for a while
 * may well wait for more, and gets the rest at once. */
static int send_pieces(struct http_conn *conn, const char *bytes, size_t size,
                       size_t piece, struct finding *finding)
{
    struct err err;
    bool reads = true;
    double deadline = clock_now() + REPLY_TIMEOUT_MS / 1000.0;
    for (size_t sent = 0; sent < size; sent += piece) {
        size_t n = size - sent < piece ? size - sent : piece;
        if (http_send(conn, bytes + sent, n, deadline, &err) < 0)
            return finding_says(finding, "the request taken", "%s after %zu bytes",
                                err.text, sent);
        if (sent + n < size)
            reads = reads && http_await_read(conn, READ_TIMEOUT_MS);
    }
    return 0;
}

static int send_request(struct http_conn *conn, enum delivery delivery, const char *bytes,
                        size_t size, struct finding *finding)
{
    size_t piece = delivery == DELIVERY_BYTEWISE ? 1
                   : delivery == DELIVERY_HALVES ? (size + 1) / 2
                                                 : size;
    return send_pieces(conn, bytes, size, piece, finding);
}

/* The bytes of a step, padding included; owned by the caller. */
static char *step_bytes(const struct step *step, size_t *size)
{
    static const char blank_line[] = "\r\n\r\n";
    size_t length = step->size > 0 ? step->size : strlen(step->request);
    char *bytes = alloc_zeroed(length + step->padding + sizeof blank_line, 1);
    memcpy(bytes, step->request, length);
    *size = length;
    if (step->padding > 0) {
        memset(bytes + length, 'a', step->padding);
        memcpy(bytes + length + step->padding, blank_line, sizeof blank_line);
        *size = length + step->padding + strlen(blank_line);
    }
    return bytes;
}

static int step_try(struct http_conn *conn, const struct step *step,
                    enum delivery delivery, struct finding *finding)
{
    static const char *const how[] = {[DELIVERY_HALVES] = "in two pieces",
                                      [DELIVERY_BYTEWISE] = "byte by byte",
                                      [DELIVERY_SHUT] = "then end of file"};
    size_t size;
    char *bytes = step_bytes(step, &size);
    finding_sent(finding, how[delivery], bytes, size);
    int failed = send_request(conn, delivery, bytes, size, finding);
    free(bytes);
    if (!failed && delivery == DELIVERY_SHUT)
        shutdown(conn->fd, SHUT_WR);
    for (size_t i = 0; !failed && step->replies[i].status; i++)
        failed = receive_reply(conn, &step->replies[i], finding);
    return failed;
}

static int end_try(struct http_conn *conn, struct finding *finding)
{
    struct err err;
    double deadline = clock_now() + REPLY_TIMEOUT_MS / 1000.0;
    if (http_receive_end(conn, deadline, &err) == 0)
        return 0;
    return finding_of_err(finding, "the connection closed by the server, in good order",
                          &err, conn);
}

static int conversation_try(struct http_conn *conn, const struct exchange *exchange,
                            struct finding *finding)
{
    for (size_t i = 0; i < 3 && exchange->steps[i].request; i++)
        if (step_try(conn, &exchange->steps[i], exchange->delivery, finding) < 0)
            return -1;
    if (!exchange->steps[0].request)
        shutdown(conn->fd, SHUT_WR);
    return end_try(conn, finding);
}

int exchange_try(const struct exchange *exchange, const char *host, int port,
                 struct finding *finding)
{
    struct http_conn conn;
    struct err err;
    double deadline = clock_now() + REPLY_TIMEOUT_MS / 1000.0;
    int failed = http_open(&conn, host, port, 0, deadline, &err);
    if (failed)
        finding_says(finding, "a connection", "%s", err.text);
    else
        failed = conversation_try(&conn, exchange, finding);
    http_close(&conn);
    return failed;
}

int exchange_probe(const char *host, int port, struct finding *finding)
{
    return exchange_try(&exchanges[0], host, port, finding);
}
