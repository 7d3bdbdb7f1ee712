/* picture.c - an SVG file as a part of an HTML page.
 * SPDX-License-Identifier: MIT */
#include "html/picture.h"

#include "base/textfile.h"

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
