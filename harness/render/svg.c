/* svg.c - gnuplot's SVG made fit to stand in a page beside others.
 * SPDX-License-Identifier: MIT */
#include "render/svg.h"

#include "base/alloc.h"
#include "base/outfile.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* What stands before an id, where it is given and where it is used. */
static size_t before_id(const char *at)
{
    static const char *const marks[] = {" id='", " id=\"", "href='#", "href=\"#",
                                        "url(#"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (begins(at, marks[i]))
            return strlen(marks[i]);
    return 0;
}

static void write_tag(FILE *out, const char *tag, const char *end, const char *name)
{
    while (tag < end) {
        size_t mark = before_id(tag);
        fwrite(tag, 1, mark ? mark : 1, out);
        if (mark)
            fprintf(out, "%s-", name);
        tag += mark ? mark : 1;
    }
}

static void write_escaped(FILE *out, const char *text)
{
    for (; *text; text++)
        if (strchr("<>&\"", *text))
            fprintf(out, "&#%d;", *text);
        else
            fputc(*text, out);
}

static void write_root(FILE *out, const char *label)
{
    fputs("<svg role=\"img\" aria-label=\"", out);
    write_escaped(out, label);
    fputc('"', out);
}

/* Behind `end`, or behind all if it does not occur. */
static const char *skip_past(const char *text, const char *end)
{
    const char *found = strstr(text, end);
    return found ? found + strlen(end) : text + strlen(text);
}

static void write_element(FILE *out, const char *tag, const char *end, const char *name,
                          const char *label)
{
    static const char root[] = "<svg";
    if (begins(tag, root)) {
        write_root(out, label);
        tag += strlen(root);
    }
    if (!begins(tag, "<title>"))
        write_tag(out, tag, end, name);
}

void svg_write(FILE *out, const char *svg, const char *name, const char *label)
{
    const char *root = strstr(svg, "<svg");
    for (const char *at = root ? root : svg; *at;) {
        const char *end = at + strcspn(at, "<");
        fwrite(at, 1, (size_t)(end - at), out);
        at = end;
        end = skip_past(at, begins(at, "<title>") ? "</title>" : ">");
        write_element(out, at, end, name, label);
        at = end;
    }
}

/* All of a text file, owned by the caller; or NULL with the reason. */
static char *read_text(const char *path, struct err *err)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = fopen(path, "re");
    if (!file || getdelim(&text, &size, '\0', file) < 0) {
        err_set(err, "%s: cannot read: %s", path, strerror(errno));
        free(text);
        text = NULL;
    }
    if (file)
        fclose(file);
    return text;
}

int svg_adopt(const char *folder, const char *name, const char *label, struct err *err)
{
    struct outfile file;
    char *base = alloc_format("%s.svg", name);
    char *path = alloc_format("%s/%s", folder, base);
    char *drawn = read_text(path, err);
    int failed = -1;
    if (drawn && outfile_open(&file, folder, base, err) == 0) {
        svg_write(file.stream, drawn, name, label);
        failed = outfile_close(&file, err);
    }
    free(drawn);
    free(path);
    free(base);
    return failed;
}
