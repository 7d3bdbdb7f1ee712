/* glossary.c - texts out of glossary.txt, which is part of the program.
 * SPDX-License-Identifier: MIT */
#include "render/glossary.h"

#include "base/alloc.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Named by the linker (ld -b binary); not ended by a zero. */
extern const char glossary_start[] __asm__("_binary_harness_render_glossary_txt_start");
extern const char glossary_end[] __asm__("_binary_harness_render_glossary_txt_end");

enum { INDENT = 4 };

static _Noreturn void mistaken(const char *key, const char *what)
{
    fprintf(stderr, "abacus: glossary.txt: '%s' %s\n", key, what);
    abort();
}

/* What is left of it to be read, line by line. */
struct lines {
    const char *at;
    size_t left;
};

static struct lines all_lines(void)
{
    return (struct lines){glossary_start,
                          (uintptr_t)glossary_end - (uintptr_t)glossary_start};
}

/* The next line, without its end; NULL: there is none. */
static const char *next_line(struct lines *lines, size_t *length)
{
    const char *line = lines->at;
    if (lines->left == 0)
        return NULL;
    const char *end = memchr(line, '\n', lines->left);
    *length = end ? (size_t)(end - line) : lines->left;
    size_t taken = *length + (end != NULL);
    lines->at += taken;
    lines->left -= taken;
    return line;
}

/* What stands behind the line that is the key. */
static struct lines find(const char *key)
{
    struct lines lines = all_lines();
    const char *line;
    size_t length;
    while ((line = next_line(&lines, &length)))
        if (length == strlen(key) && memcmp(line, key, length) == 0)
            return lines;
    mistaken(key, "is missing");
}

/* Its indented lines, as one. */
static char *text_of(const char *key)
{
    struct lines lines = find(key);
    char *text = alloc_copy("");
    const char *line;
    size_t length;
    while ((line = next_line(&lines, &length)) && length > INDENT && *line == ' ') {
        char *longer = alloc_format("%s%s%.*s", text, *text ? " " : "",
                                    (int)(length - INDENT), line + INDENT);
        free(text);
        text = longer;
    }
    return text;
}

static char *entry(const char *key, va_list figures)
{
    char *text = text_of(key);
    const char *figure;
    size_t from = 0;
    while ((figure = va_arg(figures, const char *))) {
        char *place = strstr(text + from, "{}");
        if (!place)
            mistaken(key, "has fewer {} than figures");
        from = (size_t)(place - text);
        char *longer =
            alloc_format("%.*s%s%s", (int)from, text, figure, place + strlen("{}"));
        from += strlen(figure);
        free(text);
        text = longer;
    }
    if (strstr(text + from, "{}"))
        mistaken(key, "has more {} than figures");
    return text;
}

char *glossary_entry(const char *key, ...)
{
    va_list figures;
    va_start(figures, key);
    char *text = entry(key, figures);
    va_end(figures);
    return text;
}

void glossary_text(struct page *page, const char *key, ...)
{
    va_list figures;
    va_start(figures, key);
    char *text = entry(key, figures);
    va_end(figures);
    page_text(page, "%s", text);
    free(text);
}

void glossary_item(struct page *page, const char *key, ...)
{
    va_list figures;
    va_start(figures, key);
    char *text = entry(key, figures);
    va_end(figures);
    page_item(page, "%s", text);
    free(text);
}
