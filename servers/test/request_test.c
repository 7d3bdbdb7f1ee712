/* request_test.c - the request reader: each case whole, cut in two at every byte, and byte by
 * byte; always at the end of a page with nothing behind it, so that reading too far faults.
 * SPDX-License-Identifier: MIT */
#include "../core/request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#define BYTES(text) .bytes = (text), .length = sizeof(text) - 1
#define HOST        "Host: a\r\n"
#define GET_1_1     "GET / HTTP/1.1\r\n"
#define GET_1_0     "GET / HTTP/1.0\r\n"

struct accepted {
    const char *name;
    const char *bytes;
    size_t length;
    enum method method;
    int minor;
    bool persistent;
    bool body;
    const char *path;
    size_t rest; /* bytes at the end that are not this request's */
};

static const struct accepted accepted[] = {
    {"1.1", BYTES(GET_1_1 HOST "\r\n"), METHOD_GET, 1, true, false, "/", 0},
    {"1.0", BYTES(GET_1_0 "\r\n"), METHOD_GET, 0, false, false, "/", 0},
    {"bare LF", BYTES("GET / HTTP/1.0\nHost: localhost:8080\nAccept: */*\n\n"),
     METHOD_GET, 0, false, false, "/", 0},
    {"LF and CR LF mixed", BYTES("GET / HTTP/1.1\nHost: a\r\nX: y\n\r\n"), METHOD_GET, 1,
     true, false, "/", 0},
    {"HEAD", BYTES("HEAD /50k HTTP/1.1\r\n" HOST "\r\n"), METHOD_HEAD, 1, true, false,
     "/50k", 0},
    {"another method", BYTES("BREW /pot HTTP/1.1\r\n" HOST "\r\n"), METHOD_OTHER, 1, true,
     false, "/pot", 0},
    {"methods are case-sensitive", BYTES("get / HTTP/1.1\r\n" HOST "\r\n"), METHOD_OTHER,
     1, true, false, "/", 0},
    {"OPTIONS *", BYTES("OPTIONS * HTTP/1.1\r\n" HOST "\r\n"), METHOD_OTHER, 1, true,
     false, "*", 0},
    {"CONNECT", BYTES("CONNECT a:443 HTTP/1.1\r\n" HOST "\r\n"), METHOD_OTHER, 1, true,
     false, "a:443", 0},
    {"query", BYTES("GET /headers?a=/b?c HTTP/1.1\r\n" HOST "\r\n"), METHOD_GET, 1, true,
     false, "/headers", 0},
    {"absolute", BYTES("GET http://a:80/50k?x HTTP/1.1\r\n" HOST "\r\n"), METHOD_GET, 1,
     true, false, "/50k", 0},
    {"absolute, scheme in capitals", BYTES("GET HTTP://[::1]/ HTTP/1.1\r\n" HOST "\r\n"),
     METHOD_GET, 1, true, false, "/", 0},
    {"absolute, no path", BYTES("GET http://a HTTP/1.1\r\n" HOST "\r\n"), METHOD_GET, 1,
     true, false, "/", 0},
    {"absolute, only a query", BYTES("GET http://a?b HTTP/1.1\r\n" HOST "\r\n"),
     METHOD_GET, 1, true, false, "/", 0},
    {"higher minor version", BYTES("GET / HTTP/1.9\r\n" HOST "\r\n"), METHOD_GET, 1, true,
     false, "/", 0},
    {"1.0 keep-alive", BYTES(GET_1_0 "Connection: Keep-Alive\r\n\r\n"), METHOD_GET, 0,
     true, false, "/", 0},
    {"1.0 keep-alive in a list", BYTES(GET_1_0 "connection:foo ,\tkeep-ALIVE\t,\r\n\r\n"),
     METHOD_GET, 0, true, false, "/", 0},
    {"close beats keep-alive",
     BYTES(GET_1_0 "Connection: keep-alive\r\nConnection: close\r\n\r\n"), METHOD_GET, 0,
     false, false, "/", 0},
    {"1.1 close", BYTES(GET_1_1 HOST "Connection: x, CLOSE\r\n\r\n"), METHOD_GET, 1,
     false, false, "/", 0},
    {"not quite close", BYTES(GET_1_1 HOST "Connection: closer\r\n\r\n"), METHOD_GET, 1,
     true, false, "/", 0},
    {"body", BYTES(GET_1_1 HOST "Content-Length: 5\r\n\r\nhello"), METHOD_GET, 1, false,
     true, "/", 5},
    {"huge body", BYTES(GET_1_1 HOST "Content-Length: 00999999999999999999\r\n\r\n"),
     METHOD_GET, 1, false, true, "/", 0},
    {"no body", BYTES(GET_1_1 HOST "Content-Length: 00\r\n\r\n"), METHOD_GET, 1, true,
     false, "/", 0},
    {"chunked", BYTES(GET_1_1 HOST "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
     METHOD_GET, 1, false, true, "/", 5},
    {"chunked in capitals", BYTES(GET_1_1 HOST "Transfer-Encoding:\tCHUNKED \r\n\r\n"),
     METHOD_GET, 1, false, true, "/", 0},
    {"chunked 1.0 is not kept",
     BYTES(GET_1_0 "Connection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n"),
     METHOD_GET, 0, false, true, "/", 0},
    {"empty lines first", BYTES("\r\n\n\r\n" GET_1_1 HOST "\r\n"), METHOD_GET, 1, true,
     false, "/", 0},
    {"pipelined", BYTES(GET_1_1 HOST "\r\nGET /50k"), METHOD_GET, 1, true, false, "/", 8},
    {"empty host", BYTES(GET_1_1 "Host:\r\n\r\n"), METHOD_GET, 1, true, false, "/", 0},
    {"blanks around a value", BYTES(GET_1_1 "hOsT: \t a:80 \t \r\n\r\n"), METHOD_GET, 1,
     true, false, "/", 0},
    {"odd but allowed", BYTES(GET_1_1 HOST "!#$%&'*+-.^_`|~: \"\x80\xff\t\"\r\n\r\n"),
     METHOD_GET, 1, true, false, "/", 0},
};

struct refused {
    const char *name;
    const char *bytes;
    size_t length;
    enum status status;
};

static const struct refused refused[] = {
    {"an early end", BYTES("GET / HTTP/1.1\r\nHost: a\r\n"), STATUS_NONE},
    {"nothing", BYTES(""), STATUS_NONE},
    {"only empty lines", BYTES("\r\n\r\n\n"), STATUS_NONE},
    {"garbage", BYTES("garbage\n"), STATUS_BAD_REQUEST},
    {"TLS", BYTES("\x16\x03\x01\x02\n"), STATUS_BAD_REQUEST},
    {"TLS without a line end", BYTES("\x16"), STATUS_BAD_REQUEST},
    {"TLS after an empty line", BYTES("\r\n\x16"), STATUS_BAD_REQUEST},
    {"a blank first", BYTES(" "), STATUS_BAD_REQUEST},
    {"half an empty line", BYTES("\r"), STATUS_NONE},
    {"half an empty line in a request", BYTES(GET_1_0 "\r"), STATUS_NONE},
    {"0.9 without a version", BYTES("GET /\r\n"), STATUS_BAD_REQUEST},
    {"0.9", BYTES("GET / HTTP/0.9\r\n"), STATUS_VERSION_NOT_SUPPORTED},
    {"2.0", BYTES("GET / HTTP/2.0\r\n"), STATUS_VERSION_NOT_SUPPORTED},
    {"preface of 2.0", BYTES("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
     STATUS_VERSION_NOT_SUPPORTED},
    {"two digits", BYTES("GET / HTTP/1.10\r\n"), STATUS_BAD_REQUEST},
    {"no digits", BYTES("GET / HTTP/x.y\r\n"), STATUS_BAD_REQUEST},
    {"version in small letters", BYTES("GET / http/1.1\r\n"), STATUS_BAD_REQUEST},
    {"no method", BYTES(" / HTTP/1.1\r\n"), STATUS_BAD_REQUEST},
    {"method is no token", BYTES("G(T / HTTP/1.1\r\n"), STATUS_BAD_REQUEST},
    {"two blanks", BYTES("GET  / HTTP/1.1\r\n"), STATUS_BAD_REQUEST},
    {"tab for a blank", BYTES("GET\t/ HTTP/1.1\r\n"), STATUS_BAD_REQUEST},
    {"blank at the end", BYTES("GET / HTTP/1.1 \r\n"), STATUS_BAD_REQUEST},
    {"blank in the target", BYTES("GET /a b HTTP/1.1\r\n"), STATUS_BAD_REQUEST},
    {"NUL in the target", BYTES("GET /\0 HTTP/1.1\r\n"), STATUS_BAD_REQUEST},
    {"fragment", BYTES("GET /#a HTTP/1.1\r\n"), STATUS_BAD_REQUEST},
    {"target without a slash", BYTES("GET foo HTTP/1.1\r\n" HOST "\r\n"),
     STATUS_BAD_REQUEST},
    {"GET *", BYTES("GET * HTTP/1.1\r\n" HOST "\r\n"), STATUS_BAD_REQUEST},
    {"other scheme", BYTES("GET ftp://a/ HTTP/1.1\r\n" HOST "\r\n"), STATUS_BAD_REQUEST},
    {"no authority", BYTES("GET http:/// HTTP/1.1\r\n" HOST "\r\n"), STATUS_BAD_REQUEST},
    {"no host", BYTES(GET_1_1 "\r\n"), STATUS_BAD_REQUEST},
    {"two hosts", BYTES(GET_1_1 HOST HOST "\r\n"), STATUS_BAD_REQUEST},
    {"two hosts in 1.0", BYTES(GET_1_0 HOST HOST "\r\n"), STATUS_BAD_REQUEST},
    {"two hosts in one", BYTES(GET_1_1 "Host: a, b\r\n"), STATUS_BAD_REQUEST},
    {"path in the host", BYTES(GET_1_1 "Host: a/b\r\n"), STATUS_BAD_REQUEST},
    {"no colon", BYTES(GET_1_1 "Host\r\n"), STATUS_BAD_REQUEST},
    {"no name", BYTES(GET_1_1 ": a\r\n"), STATUS_BAD_REQUEST},
    {"blank before the colon", BYTES(GET_1_1 "Host : a\r\n"), STATUS_BAD_REQUEST},
    {"obs-fold", BYTES(GET_1_1 HOST "X: a\r\n b\r\n"), STATUS_BAD_REQUEST},
    {"obs-fold first", BYTES(GET_1_1 " Host: a\r\n"), STATUS_BAD_REQUEST},
    {"line of blanks", BYTES(GET_1_1 HOST " \r\n\r\n"), STATUS_BAD_REQUEST},
    {"bare CR in a value", BYTES(GET_1_1 "X: a\rb\r\n"), STATUS_BAD_REQUEST},
    {"two CR", BYTES(GET_1_1 "X: a\r\r\n"), STATUS_BAD_REQUEST},
    {"CR CR LF for the end", BYTES(GET_1_1 HOST "\r\r\n"), STATUS_BAD_REQUEST},
    {"NUL in a value", BYTES(GET_1_1 "X: \0\r\n"), STATUS_BAD_REQUEST},
    {"DEL in a value", BYTES(GET_1_1 "X: \x7f\r\n"), STATUS_BAD_REQUEST},
    {"8-bit name", BYTES(GET_1_1 "\xe4: a\r\n"), STATUS_BAD_REQUEST},
    {"length is no number", BYTES(GET_1_1 "Content-Length: 5x\r\n"), STATUS_BAD_REQUEST},
    {"negative length", BYTES(GET_1_1 "Content-Length: -5\r\n"), STATUS_BAD_REQUEST},
    {"length is a list", BYTES(GET_1_1 "Content-Length: 5, 5\r\n"), STATUS_BAD_REQUEST},
    {"no length", BYTES(GET_1_1 "Content-Length:\r\n"), STATUS_BAD_REQUEST},
    {"a length beyond any number",
     BYTES(GET_1_1 "Content-Length: 1000000000000000000\r\n"), STATUS_BAD_REQUEST},
    {"unknown coding", BYTES(GET_1_1 "Transfer-Encoding: gzip\r\n"),
     STATUS_NOT_IMPLEMENTED},
    {"two codings", BYTES(GET_1_1 "Transfer-Encoding: gzip, chunked\r\n"),
     STATUS_NOT_IMPLEMENTED},
    {"no coding", BYTES(GET_1_1 "Transfer-Encoding:\r\n"), STATUS_NOT_IMPLEMENTED},
    {"two lengths", BYTES(GET_1_1 "Content-Length: 5\r\nContent-Length: 5\r\n"),
     STATUS_BAD_REQUEST},
};

/* Some pages that can be read and written, and one behind them that cannot. */
enum { ROOM = 5 * 4096 };
static char *room_end;

static int room_make(void **state)
{
    (void)state;
    char *room = mmap(NULL, ROOM + 4096, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (room == MAP_FAILED || mprotect(room + ROOM, 4096, PROT_NONE) < 0)
        return -1;
    room_end = room + ROOM;
    return 0;
}

/* Gives the first `n` bytes to the reader, at the very end of the room: so the head also moves
 * from one call to the next. */
static enum status read_prefix(struct request *request, const char *bytes, size_t n)
{
    memcpy(room_end - n, bytes, n);
    return request_read(request, room_end - n, n);
}

/* The first `first` bytes, then `step` more in each call. */
static enum status read_pieces(struct request *request, const char *bytes, size_t length,
                               size_t first, size_t step)
{
    request_open(request);
    enum status status = STATUS_NONE;
    size_t n = first < length ? first : length;
    while ((status = read_prefix(request, bytes, n)) == STATUS_NONE && n < length)
        n = n + step < length ? n + step : length;
    return status;
}

static void assert_accepted(const struct accepted *expected,
                            const struct request *request)
{
    assert_int_equal(request->method, expected->method);
    assert_int_equal(request->minor, expected->minor);
    assert_int_equal(request->persistent, expected->persistent);
    assert_int_equal(request->body, expected->body);
    assert_int_equal(request->length, expected->length - expected->rest);
    assert_int_equal(request->path.length, strlen(expected->path));
    assert_memory_equal(request->path.bytes, expected->path, request->path.length);
}

static void accepts(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof accepted / sizeof *accepted; i++) {
        const struct accepted *each = &accepted[i];
        print_message("%s\n", each->name);
        for (size_t cut = 0; cut <= each->length; cut++) {
            struct request request;
            assert_int_equal(
                read_pieces(&request, each->bytes, each->length, cut, each->length),
                STATUS_OK);
            assert_accepted(each, &request);
        }
        struct request request;
        assert_int_equal(read_pieces(&request, each->bytes, each->length, 0, 1),
                         STATUS_OK);
        assert_accepted(each, &request);
    }
}

static void refuses_in_any_pieces(const char *bytes, size_t length, enum status status)
{
    struct request request;
    for (size_t cut = 0; cut <= length; cut++)
        assert_int_equal(read_pieces(&request, bytes, length, cut, length), status);
    assert_int_equal(read_pieces(&request, bytes, length, 0, 1), status);
}

static void refuses(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        print_message("%s\n", refused[i].name);
        refuses_in_any_pieces(refused[i].bytes, refused[i].length, refused[i].status);
    }
}

/* Heads that are filled up with one letter to a size. */
static const struct {
    const char *name;
    const char *before;
    char fill;
    const char *after;
    size_t size;
    enum status status;
} sized[] = {
    {"the longest head", GET_1_0 "X: ", 'a', "\r\n\r\n", REQUEST_MAX, STATUS_OK},
    {"one byte more", GET_1_0 "X: ", 'a', "\r\n\r\n", REQUEST_MAX + 1,
     STATUS_FIELDS_TOO_LARGE},
    {"a long target", "GET /", 'a', " HTTP/1.0\r\n\r\n", REQUEST_MAX + 1,
     STATUS_FIELDS_TOO_LARGE},
    {"a line without an end", "", 'a', "", 2 * REQUEST_MAX, STATUS_FIELDS_TOO_LARGE},
    {"bytes without an end", "\x16", 'a', "", 2 * REQUEST_MAX, STATUS_BAD_REQUEST},
    {"empty lines without an end", "", '\n', "", 2 * REQUEST_MAX,
     STATUS_FIELDS_TOO_LARGE},
    {"wrong before it is too long", GET_1_0 "X: \x01\r\n", 'a', "", 2 * REQUEST_MAX,
     STATUS_BAD_REQUEST},
    {"wrong after it is too long", GET_1_0 "X: ", 'a', "\x01\r\n", 2 * REQUEST_MAX,
     STATUS_FIELDS_TOO_LARGE},
};

static void keeps_to_the_limit(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof sized / sizeof *sized; i++) {
        static char bytes[2 * REQUEST_MAX];
        size_t size = sized[i].size, after = strlen(sized[i].after);
        print_message("%s\n", sized[i].name);
        memset(bytes, sized[i].fill, size);
        memcpy(bytes, sized[i].before, strlen(sized[i].before));
        memcpy(bytes + size - after, sized[i].after, after);
        refuses_in_any_pieces(bytes, size, sized[i].status);
    }
}

static void finds_the_fields(void **state)
{
    (void)state;
    static const char head[] = "\r\nGET / HTTP/1.0\nA: 1\r\nB: 2\n\r\nrest";
    struct request request;
    assert_int_equal(read_pieces(&request, head, sizeof head - 1, 20, 3), STATUS_OK);
    assert_int_equal(request.fields.length, strlen("A: 1\r\nB: 2\n"));
    assert_memory_equal(request.fields.bytes, "A: 1\r\nB: 2\n", request.fields.length);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accepts),
        cmocka_unit_test(refuses),
        cmocka_unit_test(keeps_to_the_limit),
        cmocka_unit_test(finds_the_fields),
    };
    return cmocka_run_group_tests(tests, room_make, NULL);
}
