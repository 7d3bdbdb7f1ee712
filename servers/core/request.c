/* request.c - the request reader. It takes the head line by line, each as soon as it is whole,
 * so that what is not HTTP is refused without waiting for its end.
 * SPDX-License-Identifier: MIT */
#include "request.h"

#include <string.h>
#include <strings.h>

/* RFC 9110, 5.6.2: the characters of a token, such as a method or a field's name. */
static const bool token_chars[256] = {
    ['!'] = true,         ['#' ... '\''] = true, ['*'] = true,
    ['+'] = true,         ['-'] = true,          ['.'] = true,
    ['0' ... '9'] = true, ['A' ... 'Z'] = true,  ['^' ... 'z'] = true,
    ['|'] = true,         ['~'] = true,
};

/* What a target may hold: RFC 3986 allows less, but nothing outside of this. A fragment, which
 * begins with '#', is never sent. */
static const bool target_chars[256] = {['!' ... '"'] = true, ['$' ... '~'] = true};

/* RFC 9110, 5.5: no control characters but the tab. A bare CR and a NUL are refused by this. */
static const bool value_chars[256] = {
    ['\t'] = true, [' ' ... '~'] = true, [0x80 ... 0xff] = true};

/* RFC 9110, 7.2 and RFC 3986, 3.2: host and port. */
static const bool host_chars[256] = {
    ['!'] = true, ['$' ... '.'] = true, ['0' ... ';'] = true,
    ['='] = true, ['A' ... '['] = true, [']'] = true,
    ['_'] = true, ['a' ... 'z'] = true, ['~'] = true,
};

/* Cuts the leading run of `chars` off `rest` and returns it. `rest` must be a part of a line
 * whose LF has come: no set holds it, so every run ends by itself, and the loop in which most
 * of a request's instructions are spent needs no second condition. */
static struct slice cut_run(struct slice *rest, const bool chars[256])
{
    size_t n = 0;
    while (chars[(unsigned char)rest->bytes[n]])
        n++;
    if (n > rest->length)
        n = rest->length;
    struct slice run = {rest->bytes, n};
    *rest = (struct slice){rest->bytes + n, rest->length - n};
    return run;
}

/* Cuts one character off `rest`, if it is `c`. */
static bool cut_char(struct slice *rest, char c)
{
    if (rest->length == 0 || rest->bytes[0] != c)
        return false;
    *rest = (struct slice){rest->bytes + 1, rest->length - 1};
    return true;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static struct slice trimmed(struct slice text)
{
    while (text.length > 0 && is_blank(text.bytes[0]))
        text = (struct slice){text.bytes + 1, text.length - 1};
    while (text.length > 0 && is_blank(text.bytes[text.length - 1]))
        text.length--;
    return text;
}

/* Most texts differ in their first letter, and need no call: 0x20 is what makes it a small one. */
static bool is_word(struct slice text, const char *word, size_t length)
{
    return text.length == length && ((text.bytes[0] ^ word[0]) & ~0x20) == 0 &&
           strncasecmp(text.bytes, word, length) == 0;
}

static enum status refused_unless(bool good)
{
    return good ? STATUS_NONE : STATUS_BAD_REQUEST;
}

/* A second Host is refused even where it says the same (RFC 9112, 3.2). */
static enum status host_read(struct request *request, struct slice value)
{
    (void)value;
    return refused_unless(++request->hosts == 1);
}

static enum status connection_read(struct request *request, struct slice list)
{
    while (list.length > 0) {
        const char *comma = memchr(list.bytes, ',', list.length);
        size_t n = comma ? (size_t)(comma - list.bytes) : list.length;
        struct slice option = trimmed((struct slice){list.bytes, n});
        request->close |= is_word(option, "close", 5);
        request->keep_alive |= is_word(option, "keep-alive", 10);
        n += comma != NULL;
        list = (struct slice){list.bytes + n, list.length - n};
    }
    return STATUS_NONE;
}

/* Only whether it is zero matters, and that it is a number: 18 digits fit into 64 bits. A second
 * Content-Length is refused: two opinions on where a body ends are how requests are smuggled (RFC
 * 9112, 11.2). */
static enum status content_length_read(struct request *request, struct slice value)
{
    static const bool zero[256] = {['0'] = true}, digits[256] = {['0' ... '9'] = true};
    struct slice zeros = cut_run(&value, zero), rest = cut_run(&value, digits);
    request->body |= rest.length > 0;
    return refused_unless(value.length == 0 && zeros.length + rest.length > 0 &&
                          rest.length <= 18 && ++request->content_lengths == 1);
}

/* RFC 9112, 6.1: a coding that is not understood is 501. */
static enum status transfer_encoding_read(struct request *request, struct slice value)
{
    request->body = true;
    return is_word(value, "chunked", 7) ? STATUS_NONE : STATUS_NOT_IMPLEMENTED;
}

/* The fields that mean something to the connection. No two of these names are equally long, so
 * a name's length is its index. */
static const struct field {
    const char *name;
    const bool *chars; /* that its value may hold */
    enum status (*read)(struct request *request, struct slice value);
} fields[] = {
    [4] = {"Host", host_chars, host_read},
    [10] = {"Connection", value_chars, connection_read},
    [14] = {"Content-Length", value_chars, content_length_read},
    [17] = {"Transfer-Encoding", value_chars, transfer_encoding_read},
};

/* NULL: it means nothing here. */
static const struct field *field_find(struct slice name)
{
    if (name.length >= sizeof fields / sizeof *fields)
        return NULL;
    const struct field *field = &fields[name.length];
    return field->name && is_word(name, field->name, name.length) ? field : NULL;
}

/* RFC 9112, 5: no blank before the colon; a line that begins with one would be an obs-fold. */
static enum status field_read(struct request *request, struct slice line)
{
    struct slice name = cut_run(&line, token_chars);
    if (name.length == 0 || !cut_char(&line, ':'))
        return STATUS_BAD_REQUEST;
    const struct field *field = field_find(name);
    struct slice value = field ? trimmed(line) : line, rest = value;
    cut_run(&rest, field ? field->chars : value_chars);
    if (rest.length > 0)
        return STATUS_BAD_REQUEST;
    return field ? field->read(request, value) : STATUS_NONE;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* RFC 9110, 2.5: a higher minor version is answered as the highest that is known. */
static enum status version_read(struct request *request, struct slice version)
{
    const char *text = version.bytes;
    if (version.length != 8 || memcmp(text, "HTTP/", 5) != 0 || !is_digit(text[5]) ||
        text[6] != '.' || !is_digit(text[7]))
        return STATUS_BAD_REQUEST;
    if (text[5] != '1')
        return STATUS_VERSION_NOT_SUPPORTED;
    request->minor = text[7] > '0';
    return STATUS_NONE;
}

static enum method method_find(struct slice name)
{
    if (name.length == 3 && memcmp(name.bytes, "GET", 3) == 0)
        return METHOD_GET;
    if (name.length == 4 && memcmp(name.bytes, "HEAD", 4) == 0)
        return METHOD_HEAD;
    return METHOD_OTHER;
}

static enum status request_line_read(struct request *request, const char *head,
                                     struct slice line)
{
    struct slice method = cut_run(&line, token_chars);
    if (method.length == 0 || !cut_char(&line, ' '))
        return STATUS_BAD_REQUEST;
    struct slice target = cut_run(&line, target_chars);
    if (target.length == 0 || !cut_char(&line, ' '))
        return STATUS_BAD_REQUEST;
    request->method = method_find(method);
    request->target_at = (size_t)(target.bytes - head);
    request->target_length = target.length;
    request->fields_at = request->length;
    return version_read(request, line);
}

/* Cuts the scheme and the authority off a target in absolute-form (RFC 9112, 3.2.2). */
static bool authority_cut(struct slice *target)
{
    static const char scheme[] = "http://";
    size_t n = sizeof scheme - 1;
    if (target->length < n || strncasecmp(target->bytes, scheme, n) != 0)
        return false;
    struct slice rest = {target->bytes + n, target->length - n};
    if (cut_run(&rest, host_chars).length == 0)
        return false;
    *target = rest;
    return true;
}

/* Any other method is going to be refused, whatever form its target has. */
static bool path_find(struct request *request, struct slice target)
{
    bool absolute = target.bytes[0] != '/' && authority_cut(&target);
    const char *query = memchr(target.bytes, '?', target.length);
    if (query)
        target.length = (size_t)(query - target.bytes);
    if (absolute && target.length == 0)
        target = (struct slice){"/", 1};
    request->path = target;
    return request->method == METHOD_OTHER || (target.length > 0 && *target.bytes == '/');
}

/* The empty line has come: what can only be judged from the whole head. */
static enum status head_end(struct request *request, const char *head, struct slice line)
{
    const char *first = head + request->fields_at;
    request->fields = (struct slice){first, (size_t)(line.bytes - first)};
    struct slice target = {head + request->target_at, request->target_length};
    bool host_missing = request->minor == 1 && request->hosts == 0;
    if (host_missing || !path_find(request, target))
        return STATUS_BAD_REQUEST;
    request->persistent =
        !request->close && !request->body && (request->minor == 1 || request->keep_alive);
    return STATUS_OK;
}

/* Empty lines before the request are no error (RFC 9112, 2.2); the head's limit is theirs. */
static enum status line_read(struct request *request, const char *head, struct slice line)
{
    if (request->target_length == 0)
        return line.length == 0 ? STATUS_NONE : request_line_read(request, head, line);
    if (line.length == 0)
        return head_end(request, head, line);
    return field_read(request, line);
}

/* The line from `start` to the LF at `end`, without its line end: CR LF or a bare LF. */
static struct slice line_between(const char *start, const char *end)
{
    size_t n = (size_t)(end - start);
    return (struct slice){start, n > 0 && end[-1] == '\r' ? n - 1 : n};
}

/* Whether a line that has not come to its end begins with what no request line and no empty line
 * does. TLS and other binary protocols are found out by that, and need not send a LF. */
static bool is_no_request(const struct request *request, const char *head, size_t n)
{
    if (request->target_length > 0 || request->length == n)
        return false;
    unsigned char first = (unsigned char)head[request->length];
    return first != '\r' && !token_chars[first];
}

void request_open(struct request *request)
{
    *request = (struct request){.minor = 1};
}

enum status request_read(struct request *request, const char *head, size_t n)
{
    if (n > REQUEST_MAX)
        n = REQUEST_MAX;
    const char *end;
    while ((end = memchr(head + request->scanned, '\n', n - request->scanned))) {
        struct slice line = line_between(head + request->length, end);
        request->length = request->scanned = (size_t)(end + 1 - head);
        enum status status = line_read(request, head, line);
        if (status != STATUS_NONE)
            return status;
    }
    request->scanned = n;
    if (is_no_request(request, head, n))
        return STATUS_BAD_REQUEST;
    return n < REQUEST_MAX ? STATUS_NONE : STATUS_FIELDS_TOO_LARGE;
}
