/* reply_test.c - replies as pace takes them apart: whole ones, in any pieces, and those that are not.
 * SPDX-License-Identifier: MIT */
#include "pace/reply.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define HEAD "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n"

struct expectation {
    const char *bytes;
    enum reply_state state;
    int status;
    bool keeps;
    long body;
};

static const struct expectation expectations[] = {
    {HEAD "\r\nhello", REPLY_WHOLE, 200, true, 5},
    {HEAD "Connection: close\r\n\r\nhello", REPLY_WHOLE, 200, false, 5},
    {"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", REPLY_WHOLE, 200, false, 5},
    {"HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\ncontent-length:5\r\n\r\nhello",
     REPLY_WHOLE, 200, true, 5},
    {"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", REPLY_WHOLE, 404, true, 0},
    {HEAD "\r\nhell", REPLY_BODY, 200, true, 4},
    {HEAD "\r\nhello!", REPLY_WRONG, 200, true, 5},
    {"HTTP/1.1 200 OK\r\n\r\nhello", REPLY_UNTIL_CLOSE, 200, false, 5},
    {"HTTP/1.1 200 OK\r\n", REPLY_HEAD, 0, false, 0},
    {"", REPLY_HEAD, 0, false, 0},
    {"SSH-2.0-OpenSSH\r\n\r\n", REPLY_WRONG, 0, false, 0},
    {"HTTP/1.1 20 OK\r\n\r\n", REPLY_WRONG, 0, false, 0},
    {"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", REPLY_WRONG, 200, true, 0},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", REPLY_WRONG, 200,
     true, 0},
};

enum { EXPECTATIONS = sizeof expectations / sizeof *expectations };

static void check(const struct reply *reply, const struct expectation *expected)
{
    if (reply->state != expected->state || reply->status != expected->status ||
        reply->body != expected->body)
        fail_msg("\"%s\" came to state %d, status %d, %ld bytes", expected->bytes,
                 reply->state, reply->status, reply->body);
    if (reply->state != REPLY_WRONG)
        assert_int_equal(reply->keeps, expected->keeps);
}

static void at_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < EXPECTATIONS; i++) {
        struct reply reply;
        reply_begin(&reply);
        reply_input(&reply, expectations[i].bytes, strlen(expectations[i].bytes));
        check(&reply, &expectations[i]);
    }
}

static void byte_by_byte(void **state)
{
    (void)state;
    for (size_t i = 0; i < EXPECTATIONS; i++) {
        struct reply reply;
        reply_begin(&reply);
        for (const char *byte = expectations[i].bytes; *byte; byte++)
            if (reply.state != REPLY_WRONG)
                reply_input(&reply, byte, 1);
        check(&reply, &expectations[i]);
    }
}

/* Only one that lasts until the close is whole by it. */
static void the_close_ends_it(void **state)
{
    (void)state;
    struct reply reply;
    reply_begin(&reply);
    reply_input(&reply, "HTTP/1.1 200 OK\r\n\r\nhello", 24);
    reply_end(&reply);
    assert_int_equal(reply.state, REPLY_WHOLE);
    reply_begin(&reply);
    reply_input(&reply, HEAD "\r\nhell", strlen(HEAD "\r\nhell"));
    reply_end(&reply);
    assert_int_equal(reply.state, REPLY_BODY);
}

static void a_head_has_an_end(void **state)
{
    (void)state;
    struct reply reply;
    char bytes[REPLY_HEAD_MAX + 10];
    memset(bytes, 'x', sizeof bytes);
    for (size_t i = 0; HEAD[i]; i++)
        bytes[i] = HEAD[i];
    reply_begin(&reply);
    reply_input(&reply, bytes, sizeof bytes);
    assert_int_equal(reply.state, REPLY_WRONG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(at_once),
        cmocka_unit_test(byte_by_byte),
        cmocka_unit_test(the_close_ends_it),
        cmocka_unit_test(a_head_has_an_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
