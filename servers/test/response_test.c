/* response_test.c - the replies, byte for byte.
 * SPDX-License-Identifier: MIT */
#include "../core/response.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HOST  "Host: a\r\n"
#define PLAIN "Content-Type: text/plain;charset=utf-8\r\n"
#define HTML  "Content-Type: text/html;charset=utf-8\r\n"
#define PAGE  "<!DOCTYPE html>\n<title>Your header fields</title>\n<table>\n"

static const struct {
    const char *request;
    bool last;
    const char *reply;
} cases[] = {
    {"GET / HTTP/1.0\r\n\r\n", true,
     "HTTP/1.0 200 OK\r\nContent-Length: 13\r\n" PLAIN "\r\nHello, World!"},
    {"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", false,
     "HTTP/1.0 200 OK\r\nContent-Length: 13\r\n" PLAIN
     "Connection: keep-alive\r\n\r\nHello, World!"},
    {"GET / HTTP/1.1\r\n" HOST "\r\n", false,
     "HTTP/1.1 200 OK\r\nContent-Length: 13\r\n" PLAIN "\r\nHello, World!"},
    {"GET /?q HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n", true,
     "HTTP/1.1 200 OK\r\nContent-Length: 13\r\n" PLAIN
     "Connection: close\r\n\r\nHello, World!"},
    {"HEAD / HTTP/1.1\r\n" HOST "\r\n", false,
     "HTTP/1.1 200 OK\r\nContent-Length: 13\r\n" PLAIN "\r\n"},
    {"HEAD /50k HTTP/1.0\r\n\r\n", true,
     "HTTP/1.0 200 OK\r\nContent-Length: 51200\r\n" PLAIN "\r\n"},
    {"GET /none HTTP/1.0\r\n\r\n", true,
     "HTTP/1.0 404 Not Found\r\nContent-Length: 31\r\n" PLAIN
     "\r\nThere is /, /headers and /50k.\n"},
    {"HEAD /none HTTP/1.1\r\n" HOST "\r\n", false,
     "HTTP/1.1 404 Not Found\r\nContent-Length: 31\r\n" PLAIN "\r\n"},
    {"PUT / HTTP/1.1\r\n" HOST "\r\n", false,
     "HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 32\r\n" PLAIN
     "Allow: GET, HEAD\r\n\r\nOnly GET and HEAD are answered.\n"},
    {"GET / HTTP/1.1\r\n\r\n", true,
     "HTTP/1.1 400 Bad Request\r\nContent-Length: 20\r\n" PLAIN
     "Connection: close\r\n\r\nThis is not HTTP/1.\n"},
    {"GET / HTTP/1.0\r\nConnection: keep-alive\r\nbad\r\n", true,
     "HTTP/1.0 400 Bad Request\r\nContent-Length: 20\r\n" PLAIN
     "\r\nThis is not HTTP/1.\n"},
    {"HEAD / HTTP/1.1\r\n" HOST "Transfer-Encoding: br\r\n", true,
     "HTTP/1.1 501 Not Implemented\r\nContent-Length: 37\r\n" PLAIN
     "Connection: close\r\n\r\n"},
    {"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: br\r\n", true,
     "HTTP/1.1 501 Not Implemented\r\nContent-Length: 37\r\n" PLAIN
     "Connection: close\r\n\r\nThe only transfer coding is chunked.\n"},
    {"GET / HTTP/3.0\r\n", true,
     "HTTP/1.1 505 HTTP Version Not Supported\r\nContent-Length: 39\r\n" PLAIN
     "Connection: close\r\n\r\nOnly HTTP/1.0 and HTTP/1.1 are spoken.\n"},
    {"GET /headers HTTP/1.0\r\n\r\n", true,
     "HTTP/1.0 200 OK\r\nContent-Length: 67\r\n" HTML "\r\n" PAGE "</table>\n"},
    {"HEAD /headers HTTP/1.0\r\n\r\n", true,
     "HTTP/1.0 200 OK\r\nContent-Length: 67\r\n" HTML "\r\n"},
    {"GET /headers HTTP/1.1\n" HOST "X&Y: \t <b a=\"&\"> \nZ:\n\n", false,
     "HTTP/1.1 200 OK\r\nContent-Length: 194\r\n" HTML "\r\n" PAGE
     "<tr><th>Host</th><td>a</td></tr>\n"
     "<tr><th>X&amp;Y</th><td>&lt;b a=&quot;&amp;&quot;&gt; </td></tr>\n"
     "<tr><th>Z</th><td></td></tr>\n</table>\n"},
};

/* A reply, put together again from pieces of at most `take` bytes. */
struct reply {
    char bytes[128 * 1024];
    size_t length;
    bool last;
};

static void reply_to(struct reply *reply, const char *head, size_t length, size_t take)
{
    struct request request;
    struct response response;
    char window[RESPONSE_WINDOW];
    request_open(&request);
    response_open(&response, request_read(&request, head, length), &request, window);
    reply->length = 0;
    reply->last = response.last;
    while (response.ready.length > 0) {
        size_t n = response.ready.length < take ? response.ready.length : take;
        assert_true(reply->length + n <= sizeof reply->bytes);
        memcpy(reply->bytes + reply->length, response.ready.bytes, n);
        reply->length += n;
        response_sent(&response, n, window);
    }
}

static void answers(void **state)
{
    (void)state;
    static struct reply reply;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t take = 1; take <= 64; take *= 8) {
            print_message("%s", cases[i].request);
            reply_to(&reply, cases[i].request, strlen(cases[i].request), take);
            reply.bytes[reply.length] = '\0';
            assert_string_equal(reply.bytes, cases[i].reply);
            assert_int_equal(reply.last, cases[i].last);
        }
}

/* The article's ab run: 9200000 bytes for 100000 requests. */
static void is_92_bytes(void **state)
{
    (void)state;
    static struct reply reply;
    static const char request[] = "GET / HTTP/1.0\r\nHost: localhost:8080\r\n"
                                  "User-Agent: ApacheBench/2.3\r\nAccept: */*\r\n\r\n";
    reply_to(&reply, request, sizeof request - 1, 4096);
    assert_int_equal(reply.length, 92);
}

/* The body that follows a reply's head must be as long as that says. */
static size_t body_length(const struct reply *reply)
{
    const char *end = memmem(reply->bytes, reply->length, "\r\n\r\n", 4);
    const char *field = memmem(reply->bytes, reply->length, "Content-Length: ", 16);
    assert_non_null(end);
    assert_non_null(field);
    size_t length = reply->length - (size_t)(end + 4 - reply->bytes);
    assert_int_equal(strtoul(field + 16, NULL, 10), length);
    return length;
}

static void is_50_kilobytes(void **state)
{
    (void)state;
    static struct reply reply;
    static const char request[] = "GET /50k HTTP/1.1\r\n" HOST "\r\n";
    reply_to(&reply, request, sizeof request - 1, 4096);
    assert_int_equal(body_length(&reply), 51200);
    assert_int_equal(reply.bytes[reply.length - 1], '\n');
}

/* The head that grows most: many short lines, and nothing but what must be escaped. */
static void grows_without_a_buffer(void **state)
{
    (void)state;
    static struct reply reply;
    static char head[REQUEST_MAX + 1];
    static const char *const fill[] = {"X:\n",
                                       "X:\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\n"};
    for (size_t i = 0; i < sizeof fill / sizeof *fill; i++) {
        int length = snprintf(head, sizeof head, "GET /headers HTTP/1.0\n");
        while (length + strlen(fill[i]) < REQUEST_MAX)
            length += snprintf(head + length, sizeof head - length, "%s", fill[i]);
        snprintf(head + length, sizeof head - length, "\n");
        reply_to(&reply, head, strlen(head), 1000);
        assert_true(body_length(&reply) > 5 * strlen(head));
        assert_memory_equal(reply.bytes + reply.length - 9, "</table>\n", 9);
    }
}

static int setup(void **state)
{
    (void)state;
    response_setup();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers),
        cmocka_unit_test(is_92_bytes),
        cmocka_unit_test(is_50_kilobytes),
        cmocka_unit_test(grows_without_a_buffer),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
