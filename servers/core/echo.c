/* echo.c - the header fields as an HTML table: a machine that turns each character of the
 * fields into a short piece of HTML.
 * SPDX-License-Identifier: MIT */
#include "echo.h"

#include <string.h>

static struct slice text(const char *string)
{
    return (struct slice){string, strlen(string)};
}

static struct slice escaped(const char *c)
{
    switch (*c) {
    case '&':
        return text("&amp;");
    case '<':
        return text("&lt;");
    case '>':
        return text("&gt;");
    case '"':
        return text("&quot;");
    case '\r':
        return text("");
    default:
        return (struct slice){c, 1};
    }
}

static struct slice turn_to(struct echo *echo, enum echo_part part, const char *piece)
{
    echo->part = part;
    return text(piece);
}

/* What the next character of a field becomes. */
static struct slice field_piece(struct echo *echo)
{
    const char *c = echo->fields.bytes;
    echo->fields = (struct slice){c + 1, echo->fields.length - 1};
    if (*c == '\n')
        return turn_to(echo, ECHO_ROW, "</td></tr>\n");
    if (echo->part == ECHO_NAME && *c == ':')
        return turn_to(echo, ECHO_BLANK, "</th><td>");
    if (echo->part == ECHO_BLANK && (*c == ' ' || *c == '\t'))
        return text("");
    if (echo->part == ECHO_BLANK)
        echo->part = ECHO_VALUE;
    return escaped(c);
}

static struct slice piece_next(struct echo *echo)
{
    switch (echo->part) {
    case ECHO_START:
        return turn_to(echo, ECHO_ROW,
                       "<!DOCTYPE html>\n<title>Your header fields</title>\n<table>\n");
    case ECHO_ROW:
        if (echo->fields.length == 0)
            return turn_to(echo, ECHO_DONE, "</table>\n");
        return turn_to(echo, ECHO_NAME, "<tr><th>");
    case ECHO_NAME:
    case ECHO_BLANK:
    case ECHO_VALUE:
        return field_piece(echo);
    case ECHO_DONE:
        break;
    }
    return text("");
}

void echo_open(struct echo *echo, struct slice fields)
{
    *echo = (struct echo){.part = ECHO_START, .fields = fields};
}

size_t echo_length(const struct echo *echo)
{
    struct echo rest = *echo;
    size_t length = 0;
    while (rest.part != ECHO_DONE)
        length += piece_next(&rest).length;
    return length;
}

size_t echo_fill(struct echo *echo, char *to, size_t room)
{
    size_t length = 0;
    while (echo->part != ECHO_DONE && room - length >= ECHO_ROOM) {
        struct slice piece = piece_next(echo);
        memcpy(to + length, piece.bytes, piece.length);
        length += piece.length;
    }
    return length;
}
