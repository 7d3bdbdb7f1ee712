/* picture.c - an SVG file as a part of an HTML page, with its caption.
 * SPDX-License-Identifier: MIT */
#include "render/picture.h"

#include "base/alloc.h"
#include "base/textfile.h"
#include "render/escape.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* What was cut off would swallow the rest of the page. */
static bool is_whole(const char *text)
{
    const char *end = strstr(text, "</svg>");
    return strncmp(text, "<svg", strlen("<svg")) == 0 && end &&
           strspn(end + strlen("</svg>"), "\r\n") == strlen(end + strlen("</svg>"));
}

int picture_write(FILE *out, const char *path, struct err *err)
{
    char *text = textfile_read(path, SIZE_MAX, err);
    if (!text)
        return -1;
    int failed = is_whole(text) ? 0 : err_set(err, "%s is no whole picture", path);
    if (!failed)
        fputs(text, out);
    free(text);
    return failed;
}

void picture_show(struct page *page, const char *directory, const char *name,
                  const char *caption, const char *file)
{
    struct err err;
    char *path = alloc_format("%s/plots/%s.svg", directory, name);
    page_block(page, BLOCK_OTHER);
    fputs("<figure>\n<div class=\"scroll picture\" tabindex=\"0\">\n", page->out);
    if (picture_write(page->out, path, &err) < 0)
        fputs("<p>This plot could not be drawn.</p>\n", page->out);
    fputs("</div>\n<figcaption>", page->out);
    escape_text(page->out, caption);
    fprintf(page->out, " <a href=\"plots/%s\">%s</a></figcaption>\n</figure>\n", file,
            file);
    free(path);
}
