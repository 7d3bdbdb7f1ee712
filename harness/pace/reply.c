/* reply.c - a reply as it comes in: how far it is, and whether it is whole.
 * SPDX-License-Identifier: MIT */
#include "pace/reply.h"

#include "base/number.h"

#include <limits.h>
#include <string.h>
#include <strings.h>

void reply_begin(struct reply *reply)
{
    reply->state = REPLY_HEAD;
    reply->status = 0;
    reply->keeps = false;
    reply->body = reply->left = 0;
    reply->head_size = 0;
}

/* The value of a header field, cut to `size`. False: there is none of that name. */
static bool field(const struct reply *reply, const char *name, char *value, size_t size)
{
    for (const char *line = strchr(reply->head, '\n'); line; line = strchr(line, '\n')) {
        size_t length = strlen(name);
        line++;
        if (strncasecmp(line, name, length) != 0 || line[length] != ':')
            continue;
        const char *start = line + length + 1 + strspn(line + length + 1, " \t");
        length = strcspn(start, "\r\n \t");
        length = length < size ? length : size - 1;
        memcpy(value, start, length);
        value[length] = '\0';
        return true;
    }
    return false;
}

/* A chunked body is none that these servers send: its length is not known, so it is wrong. */
static bool body_begin(struct reply *reply)
{
    char value[32];
    if (field(reply, "Transfer-Encoding", value, sizeof value))
        return false;
    if (field(reply, "Content-Length", value, sizeof value)) {
        reply->state = REPLY_BODY;
        return number_long(&reply->left, value, 0, LONG_MAX);
    }
    reply->state = REPLY_UNTIL_CLOSE;
    reply->keeps = false;
    return true;
}

/* "HTTP/1.1 200 OK" and the fields that matter. */
static bool head_parse(struct reply *reply)
{
    static const char version[] = "HTTP/1.";
    char code[4] = "", value[32] = "";
    long status;
    const char *digits = reply->head + strlen(version) + 2;
    if (strncmp(reply->head, version, strlen(version)) != 0 || digits[-1] != ' ')
        return false;
    memcpy(code, digits, 3);
    if (!number_long(&status, code, 100, 599))
        return false;
    reply->status = (int)status;
    field(reply, "Connection", value, sizeof value);
    reply->keeps = digits[-2] == '0' ? strcasecmp(value, "keep-alive") == 0
                                     : strcasecmp(value, "close") != 0;
    return body_begin(reply);
}

/* Takes bytes until the head is whole. Returns how many of them were the head's. */
static size_t head_input(struct reply *reply, const char *bytes, size_t size)
{
    size_t before = reply->head_size;
    size_t room = REPLY_HEAD_MAX - before;
    size_t taken = size < room ? size : room;
    memcpy(reply->head + before, bytes, taken);
    reply->head[before + taken] = '\0';
    const char *end = memmem(reply->head, before + taken, "\r\n\r\n", 4);
    if (end)
        reply->head_size = (size_t)(end - reply->head) + 4;
    else
        reply->head_size = before + taken;
    if (!end && reply->head_size == REPLY_HEAD_MAX)
        reply->state = REPLY_WRONG;
    if (end)
        reply->head[reply->head_size] = '\0';
    if (end && !head_parse(reply))
        reply->state = REPLY_WRONG;
    return end ? reply->head_size - before : taken;
}

void reply_input(struct reply *reply, const char *bytes, size_t size)
{
    if (reply->state == REPLY_HEAD)
        size -= head_input(reply, bytes, size);
    if (reply->state == REPLY_UNTIL_CLOSE)
        reply->body += (long)size;
    if (reply->state == REPLY_BODY) {
        long taken = (long)size < reply->left ? (long)size : reply->left;
        reply->body += taken;
        reply->left -= taken;
        size -= (size_t)taken;
        if (reply->left == 0)
            reply->state = REPLY_WHOLE;
    }
    if (reply->state == REPLY_WHOLE && size > 0)
        reply->state = REPLY_WRONG;
}

void reply_end(struct reply *reply)
{
    if (reply->state == REPLY_UNTIL_CLOSE)
        reply->state = REPLY_WHOLE;
}
