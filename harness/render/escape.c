/* escape.c - text from outside as HTML text, attribute values and addresses.
 * SPDX-License-Identifier: MIT */
#include "render/escape.h"

#include "base/alloc.h"
#include "base/utf8.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static void write_reference(FILE *out, char c)
{
    switch (c) {
    case '<':
        fputs("&lt;", out);
        break;
    case '>':
        fputs("&gt;", out);
        break;
    case '&':
        fputs("&amp;", out);
        break;
    case '"':
        fputs("&quot;", out);
        break;
    case '\'':
        fputs("&#39;", out);
        break;
    default:
        fputc(c, out);
    }
}

void escape_text(FILE *out, const char *text)
{
    char *clean = utf8_clean(text);
    for (const char *c = clean; *c; c++)
        write_reference(out, *c);
    free(clean);
}

/* What an address (RFC 3986, "unreserved") and an id both take as it is. The language of the
 * machine does not count, as it does in isalnum. */
static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '-' || c == '.';
}

void escape_path(FILE *out, const char *path)
{
    fputs("./", out); /* so that "javascript:" is the name of a file */
    for (; *path; path++)
        if (is_plain(*path) || *path == '_' || *path == '/')
            fputc(*path, out);
        else
            fprintf(out, "%%%02X", (unsigned char)*path);
}

static char *append_id(char *end, const char *text)
{
    for (; *text; text++)
        if (is_plain(*text))
            *end++ = *text;
        else
            end += sprintf(end, "_%02X", (unsigned char)*text);
    return end;
}

char *escape_id(const char *first, const char *second)
{
    char *id = alloc_zeroed(3 * (strlen(first) + strlen(second)) + sizeof "__", 1);
    char *end = append_id(id, first);
    end = stpcpy(end, "__"); /* which no escape makes */
    append_id(end, second);
    return id;
}
