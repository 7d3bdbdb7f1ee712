/* picture.c - an SVG file that gnuplot drew, as a part of an HTML page.
 * SPDX-License-Identifier: MIT */
#include "html/picture.h"

#include "base/textfile.h"
#include "html/escape.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* What stands before an id or a reference to one, in a tag. */
static const char *const id_marks[] = {
    " id=\"", " id='", "href=\"#", "href='#", "url(#", "url('#", "url(\"#",
};

/* The length of the mark that a text begins with, or 0. */
static size_t mark_length(const char *text)
{
    for (size_t i = 0; i < sizeof id_marks / sizeof *id_marks; i++)
        if (strncmp(text, id_marks[i], strlen(id_marks[i])) == 0)
            return strlen(id_marks[i]);
    return 0;
}

/* Copies elements up to `end`, each id with the name before it. */
static void write_renamed(FILE *out, const char *from, const char *end, const char *name)
{
    bool in_tag = false;
    while (from < end) {
        size_t mark = in_tag ? mark_length(from) : 0;
        if (mark > 0)
            fprintf(out, "%.*s%s-", (int)mark, from, name);
        else
            fputc(*from, out);
        if (*from == '<' || *from == '>')
            in_tag = *from == '<';
        from += mark > 0 ? mark : 1;
    }
}

/* Where an element that may follow is over: gnuplot puts its own name into <title>, which
 * browsers show over the picture. */
static const char *skip_element(const char *text, const char *open, const char *close)
{
    const char *start = text + strspn(text, " \t\r\n");
    const char *end = strstr(start, close);
    if (strncmp(start, open, strlen(open)) != 0 || !end)
        return text;
    return end + strlen(close);
}

static void write_picture(FILE *out, const char *svg, const char *end, const char *name,
                          const char *about)
{
    const char *content = strchr(svg, '>') + 1;
    fputs("<svg role=\"img\" aria-label=\"", out);
    escape_text(out, about);
    fputc('"', out);
    fwrite(svg + strlen("<svg"), 1, (size_t)(content - svg) - strlen("<svg"), out);
    content = skip_element(content, "<title>", "</title>");
    content = skip_element(content, "<desc>", "</desc>");
    write_renamed(out, content, end, name);
    fputs("</svg>\n", out);
}

int picture_write(FILE *out, const char *path, const char *name, const char *about,
                  struct err *err)
{
    char *text = textfile_read(path, SIZE_MAX, err);
    if (!text)
        return -1;
    const char *svg = strstr(text, "<svg"), *end = NULL;
    for (const char *next = svg; next && (next = strstr(next, "</svg>")); next++)
        end = next;
    int failed = end ? 0 : err_set(err, "%s is no whole picture", path);
    if (end)
        write_picture(out, svg, end, name, about);
    free(text);
    return failed;
}
