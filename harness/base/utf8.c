/* utf8.c - text from outside, made safe to print, and how wide it is.
 * SPDX-License-Identifier: MIT */
#include "base/utf8.h"

#include "base/alloc.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static size_t announced_length(unsigned char first)
{
    if (first < 0x80)
        return 1;
    if (first >= 0xC2 && first < 0xE0)
        return 2;
    if (first >= 0xE0 && first < 0xF0)
        return 3;
    return first >= 0xF0 && first < 0xF5 ? 4 : 0;
}

/* The bytes of the first character of a text that is not empty; 0 if they are not UTF-8. */
static size_t character_length(const char *text)
{
    size_t length = announced_length((unsigned char)text[0]);
    for (size_t i = 1; i < length; i++)
        if (((unsigned char)text[i] & 0xC0) != 0x80)
            return 0;
    return length;
}

static bool is_control(const char *text)
{
    unsigned char first = (unsigned char)text[0], second = (unsigned char)text[1];
    return first < 0x20 || first == 0x7F || (first == 0xC2 && second < 0xA0);
}

char *utf8_clean(const char *text)
{
    char *clean = alloc_zeroed(strlen(text) + 1, 1);
    for (char *end = clean; *text;) {
        size_t length = character_length(text);
        if (length == 0 || is_control(text)) {
            *end++ = '?';
            text += length ? length : 1;
        } else {
            memcpy(end, text, length);
            end += length;
            text += length;
        }
    }
    return clean;
}

void utf8_print(FILE *out, const char *text)
{
    char *clean = utf8_clean(text);
    fputs(clean, out);
    free(clean);
}

/* Every byte but those that continue a character. */
size_t utf8_width(const char *text)
{
    size_t width = 0;
    for (; *text; text++)
        width += ((unsigned char)*text & 0xC0) != 0x80;
    return width;
}

static const char *skip_characters(const char *text, size_t count)
{
    for (; count > 0; count--)
        text += character_length(text);
    return text;
}

char *utf8_shorten(const char *text, size_t columns)
{
    size_t width = utf8_width(text);
    if (width <= columns)
        return alloc_copy(text);
    size_t tail = (columns - 1) / 2;
    size_t head = columns - 1 - tail;
    return alloc_format("%.*s…%s", (int)(skip_characters(text, head) - text), text,
                        skip_characters(text, width - tail));
}
