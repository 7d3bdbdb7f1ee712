/* glossary.c - texts out of glossary.txt, which is part of the program.
 * SPDX-License-Identifier: MIT */
#include "render/glossary.h"

#include "base/alloc.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Named by the linker (ld -b binary); not ended by a zero. */
extern const char glossary_start[] __asm__("_binary_harness_render_glossary_txt_start");
extern const char glossary_end[] __asm__("_binary_harness_render_glossary_txt_end");

static _Noreturn void mistaken(const char *key, const char *what)
{
    fprintf(stderr, "abacus: glossary.txt: '%s' %s\n", key, what);
    abort();
}

static const char *line_end(const char *line)
{
    const char *end = memchr(line, '\n', (size_t)(glossary_end - line));
    return end ? end : glossary_end;
}

/* Behind the line that is the key. */
static const char *find(const char *key)
{
    size_t length = strlen(key);
    for (const char *line = glossary_start; line < glossary_end;) {
        const char *end = line_end(line);
        const char *next = end < glossary_end ? end + 1 : end;
        if ((size_t)(end - line) == length && memcmp(line, key, length) == 0)
            return next;
        line = next;
    }
    mistaken(key, "is missing");
}

/* Its indented lines, as one. */
static char *text_of(const char *key)
{
    char *text = alloc_copy("");
    const char *line = find(key);
    while (line < glossary_end && *line == ' ') {
        const char *end = line_end(line);
        line += strspn(line, " ");
        char *longer =
            alloc_format("%s%s%.*s", text, *text ? " " : "", (int)(end - line), line);
        free(text);
        text = longer;
        line = end < glossary_end ? end + 1 : end;
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
