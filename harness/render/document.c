/* document.c - one HTML page that needs no other file.
 * SPDX-License-Identifier: MIT */
#include "render/document.h"

#include "base/alloc.h"
#include "render/escape.h"

#include <stdlib.h>

/* report.css and report.js as the linker put them into the program: see the Makefile. */
extern const char style_start[] __asm__("_binary_harness_render_report_css_start");
extern const char style_end[] __asm__("_binary_harness_render_report_css_end");
extern const char script_start[] __asm__("_binary_harness_render_report_js_start");
extern const char script_end[] __asm__("_binary_harness_render_report_js_end");

static void write_asset(FILE *out, const char *tag, const char *start, const char *end)
{
    fprintf(out, "<%s>\n", tag);
    fwrite(start, 1, (size_t)(end - start), out);
    fprintf(out, "</%s>\n", tag);
}

/* The policy holds the page to its word: nothing is ever fetched. */
void document_open(struct page *page, FILE *out, const char *title)
{
    *page = (struct page){.out = out, .format = FORMAT_HTML};
    fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
          "style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
          "<meta name=\"color-scheme\" content=\"light dark\">\n<title>",
          out);
    escape_text(out, title);
    fputs("</title>\n", out);
    write_asset(out, "style", style_start, style_end);
    fputs("</head>\n<body>\n<main>\n", out);
}

void document_contents(struct page *page, const struct section *sections, size_t count)
{
    page_block(page, BLOCK_OTHER);
    fputs("<nav aria-label=\"Contents\">\n<ul>\n", page->out);
    for (size_t i = 0; i < count; i++) {
        fprintf(page->out, "<li><a href=\"#%s\">", sections[i].id);
        escape_text(page->out, sections[i].title);
        fputs("</a></li>\n", page->out);
    }
    fputs("</ul>\n</nav>\n", page->out);
}

void document_section_open(struct page *page, const char *id, const char *title)
{
    if (page->format == FORMAT_HTML) {
        page_block(page, BLOCK_OTHER);
        fprintf(page->out, "<section id=\"%s\">\n", id);
    }
    page_heading(page, 2, "%s", title);
}

void document_section_close(struct page *page)
{
    if (page->format != FORMAT_HTML)
        return;
    page_block(page, BLOCK_OTHER);
    fputs("</section>\n", page->out);
}

void document_close(struct page *page)
{
    page_block(page, BLOCK_NONE);
    fputs("</main>\n", page->out);
    write_asset(page->out, "script", script_start, script_end);
    fputs("</body>\n</html>\n", page->out);
}

void document_fold(struct page *page, const char *id, const char *line)
{
    page_block(page, BLOCK_OTHER);
    fputs("<details>\n<summary>", page->out);
    escape_text(page->out, line);
    fputs("</summary>\n<div", page->out);
    if (id)
        fprintf(page->out, " id=\"%s\"", id);
    fputs(">\n", page->out);
}

void document_unfold(struct page *page)
{
    page_block(page, BLOCK_OTHER);
    fputs("</div>\n</details>\n", page->out);
}

void document_notes(struct page *page, void (*write)(struct page *page, const void *what),
                    const void *what)
{
    char *text = NULL;
    size_t size = 0;
    if (page->format != FORMAT_HTML) {
        write(page, what);
        return;
    }
    struct page notes = {.out = open_memstream(&text, &size), .format = page->format};
    if (!notes.out)
        return;
    write(&notes, what);
    page_block(&notes, BLOCK_NONE);
    fclose(notes.out);
    if (notes.items > 0) {
        char *line = alloc_format("%u note%s", notes.items, notes.items > 1 ? "s" : "");
        document_fold(page, NULL, line);
        fputs(text, page->out);
        document_unfold(page);
        free(line);
    }
    free(text);
}
