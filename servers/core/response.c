/* response.c - the pages and the replies. All but the dynamic page's are made once, at the
 * start, so that answering is no more than choosing.
 * SPDX-License-Identifier: MIT */
#include "response.h"

#include "fail.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum page {
    PAGE_HELLO,
    PAGE_BIG,
    PAGE_BAD_REQUEST,
    PAGE_NOT_FOUND,
    PAGE_METHOD_NOT_ALLOWED,
    PAGE_FIELDS_TOO_LARGE,
    PAGE_NOT_IMPLEMENTED,
    PAGE_VERSION_NOT_SUPPORTED,
    PAGE_HEADERS, /* the dynamic one: it has no reply made in advance */
    PAGES,
};

#define PLAIN "text/plain;charset=utf-8"

static const struct {
    const char *status;
    const char *type;
    const char *fields; /* further ones */
    const char *body;   /* NULL: made by the program */
} pages[PAGES] = {
    [PAGE_HELLO] = {"200 OK", PLAIN, "", "Hello, World!"},
    [PAGE_BIG] = {"200 OK", PLAIN, "", NULL},
    [PAGE_BAD_REQUEST] = {"400 Bad Request", PLAIN, "", "This is not HTTP/1.\n"},
    [PAGE_NOT_FOUND] = {"404 Not Found", PLAIN, "", "There is /, /headers and /50k.\n"},
    [PAGE_METHOD_NOT_ALLOWED] = {"405 Method Not Allowed", PLAIN, "Allow: GET, HEAD\r\n",
                                 "Only GET and HEAD are answered.\n"},
    [PAGE_FIELDS_TOO_LARGE] = {"431 Request Header Fields Too Large", PLAIN, "",
                               "A request's head must fit into 8 KiB.\n"},
    [PAGE_NOT_IMPLEMENTED] = {"501 Not Implemented", PLAIN, "",
                              "The only transfer coding is chunked.\n"},
    [PAGE_VERSION_NOT_SUPPORTED] = {"505 HTTP Version Not Supported", PLAIN, "",
                                    "Only HTTP/1.0 and HTTP/1.1 are spoken.\n"},
    [PAGE_HEADERS] = {"200 OK", "text/html;charset=utf-8", "", NULL},
};

/* A reply with its body. HEAD is answered with the head's bytes alone. */
struct reply {
    char *bytes;
    size_t head;
    size_t length;
};

static struct reply replies[PAGE_HEADERS][2][2]; /* [page][minor version][persistent] */

/* Lines of 63 letters, each line turned by some places, so that a piece that is lost or comes
 * twice does not go unnoticed. */
static void big_write(char *to)
{
    for (size_t i = 0; i < RESPONSE_BIG; i++)
        to[i] = i % 64 == 63 ? '\n' : (char)('a' + i % 26);
}

/* RFC 9112, 9.3: what the version does by itself is not said. */
static const char *connection_field(int minor, bool persistent)
{
    if (minor == 1)
        return persistent ? "" : "Connection: close\r\n";
    return persistent ? "Connection: keep-alive\r\n" : "";
}

/* The fields' order is that of the article, whose 92 bytes this makes of PAGE_HELLO. There is
 * no Date, which would make two replies differ. */
static size_t head_write(char *to, size_t room, enum page page, int minor,
                         bool persistent, size_t body)
{
    int n = snprintf(
        to, room, "HTTP/1.%d %s\r\nContent-Length: %zu\r\nContent-Type: %s\r\n%s%s\r\n",
        minor, pages[page].status, body, pages[page].type, pages[page].fields,
        connection_field(minor, persistent));
    return n > 0 ? (size_t)n : 0;
}

static void reply_make(enum page page, int minor, bool persistent)
{
    struct reply *reply = &replies[page][minor][persistent];
    size_t body = page == PAGE_BIG ? RESPONSE_BIG : strlen(pages[page].body);
    reply->head = head_write(NULL, 0, page, minor, persistent, body);
    reply->length = reply->head + body;
    reply->bytes = malloc(reply->length + 1);
    if (!reply->bytes)
        fail("malloc");
    head_write(reply->bytes, reply->head + 1, page, minor, persistent, body);
    if (page == PAGE_BIG)
        big_write(reply->bytes + reply->head);
    else
        memcpy(reply->bytes + reply->head, pages[page].body, body);
}

void response_setup(void)
{
    for (enum page page = 0; page < PAGE_HEADERS; page++)
        for (int minor = 0; minor <= 1; minor++)
            for (int persistent = 0; persistent <= 1; persistent++)
                reply_make(page, minor, persistent);
}

static bool is_path(struct slice path, const char *name, size_t length)
{
    return path.length == length && memcmp(path.bytes, name, length) == 0;
}

static enum page page_at(struct slice path)
{
    if (is_path(path, "/", 1))
        return PAGE_HELLO;
    if (is_path(path, "/headers", 8))
        return PAGE_HEADERS;
    if (is_path(path, "/50k", 4))
        return PAGE_BIG;
    return PAGE_NOT_FOUND;
}

/* A method that nobody has heard of is refused like one that is not allowed here: 501 would
 * ask for a list of all methods (RFC 9110, 15.6.2). */
static enum page page_for(enum status status, const struct request *request)
{
    switch (status) {
    case STATUS_OK:
        return request->method == METHOD_OTHER ? PAGE_METHOD_NOT_ALLOWED
                                               : page_at(request->path);
    case STATUS_FIELDS_TOO_LARGE:
        return PAGE_FIELDS_TOO_LARGE;
    case STATUS_NOT_IMPLEMENTED:
        return PAGE_NOT_IMPLEMENTED;
    case STATUS_VERSION_NOT_SUPPORTED:
        return PAGE_VERSION_NOT_SUPPORTED;
    default:
        return PAGE_BAD_REQUEST;
    }
}

static void headers_open(struct response *response, const struct request *request,
                         char *window)
{
    echo_open(&response->echo, request->fields);
    size_t n = head_write(window, RESPONSE_WINDOW, PAGE_HEADERS, request->minor,
                          request->persistent, echo_length(&response->echo));
    if (request->method == METHOD_HEAD)
        response->echo.part = ECHO_DONE;
    n += echo_fill(&response->echo, window + n, RESPONSE_WINDOW - n);
    response->ready = (struct slice){window, n};
}

void response_open(struct response *response, enum status status,
                   const struct request *request, char *window)
{
    bool persistent = status == STATUS_OK && request->persistent;
    enum page page = page_for(status, request);
    response->last = !persistent;
    if (page == PAGE_HEADERS) {
        headers_open(response, request, window);
        return;
    }
    const struct reply *reply = &replies[page][request->minor][persistent];
    size_t n = request->method == METHOD_HEAD ? reply->head : reply->length;
    response->ready = (struct slice){reply->bytes, n};
    response->echo.part = ECHO_DONE;
}

void response_sent(struct response *response, size_t n, char *window)
{
    struct slice *ready = &response->ready;
    *ready = (struct slice){ready->bytes + n, ready->length - n};
    if (ready->length == 0 && response->echo.part != ECHO_DONE)
        *ready =
            (struct slice){window, echo_fill(&response->echo, window, RESPONSE_WINDOW)};
}
