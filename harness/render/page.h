/* page.h - headings, paragraphs and lists, as text for a terminal, as Markdown or as HTML.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_PAGE_H
#define ABACUS_PAGE_H

#include <stddef.h>
#include <stdio.h>

enum format { FORMAT_TEXT, FORMAT_MARKDOWN, FORMAT_HTML };

enum block { BLOCK_NONE, BLOCK_ITEM, BLOCK_OTHER };

/* Starts as {.out = …, .format = …}. All text may come from outside: it is cleaned of control
 * characters and, for Markdown and HTML, escaped. */
struct page {
    FILE *out;
    enum format format;
    enum block last; /* what has been written last: blocks are parted by an empty line */
    char heading[128]; /* the last one, for tables that have no caption of their own */
    unsigned tables;   /* written so far: they are numbered */
    unsigned items;    /* likewise */
    const char
        *section; /* in HTML: where it is, the beginning of its headings' ids; or NULL */
    int deeper;   /* levels by which headings are lower than said: a page within a page */
};

enum { PAGE_WIDTH = 80 }; /* columns of running text */

void page_heading(struct page *page, int level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void page_text(struct page *page, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void page_item(struct page *page, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* An item that names a file of the run's folder: in HTML a link to it. */
void page_item_file(struct page *page, const char *label, const char *path);

/* What the others are made of, for a block with a shape of its own: what ends the block
 * before, and the text of one line. BLOCK_NONE ends the page. */
void page_block(struct page *page, enum block block);
void page_words(struct page *page, const char *text);

/* Writes words, each line but the first `indent` columns in, none wider than `width` unless a
 * single word is. The first line starts at column `indent` already. */
void page_wrap(FILE *out, const char *text, size_t indent, size_t width);

#endif
