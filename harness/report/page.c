/* page.c - headings, paragraphs and lists, as text for a terminal or as Markdown.
 * SPDX-License-Identifier: MIT */
#include "report/page.h"

#include "base/alloc.h"
#include "base/utf8.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

void page_block(struct page *page, enum block block)
{
    bool same_list = block == BLOCK_ITEM && page->last == BLOCK_ITEM;
    if (page->last != BLOCK_NONE && !same_list)
        fputc('\n', page->out);
    page->last = block;
}

void page_wrap(FILE *out, const char *text, size_t indent, size_t width)
{
    size_t column = indent;
    char *words = alloc_copy(text), *rest = words;
    for (char *word; (word = strtok_r(rest, " ", &rest));) {
        size_t wide = utf8_width(word);
        if (column > indent && column + 1 + wide > width) {
            fprintf(out, "\n%*s", (int)indent, "");
            column = indent;
        }
        column += (size_t)fprintf(out, "%s", column > indent ? " " : "") + wide;
        fputs(word, out);
    }
    free(words);
}

static void write_escaped(FILE *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '<')
            fputs("&lt;", out);
        else if (*text == '>')
            fputs("&gt;", out);
        else if (*text == '&')
            fputs("&amp;", out);
        else if (strchr("\\`*_[]|~$#", *text))
            fprintf(out, "\\%c", *text);
        else
            fputc(*text, out);
    }
}

void page_words(struct page *page, const char *text)
{
    char *clean = utf8_clean(text);
    if (page->format == FORMAT_MARKDOWN)
        write_escaped(page->out, clean);
    else
        fputs(clean, page->out);
    free(clean);
}

static void write_paragraph(struct page *page, const char *text, size_t indent)
{
    char *clean = utf8_clean(text);
    if (page->format == FORMAT_MARKDOWN)
        write_escaped(page->out, clean);
    else
        page_wrap(page->out, clean, indent, PAGE_WIDTH);
    fputc('\n', page->out);
    free(clean);
}

static void underline(struct page *page, const char *text, char with)
{
    for (size_t width = utf8_width(text); width > 0; width--)
        fputc(with, page->out);
    fputc('\n', page->out);
}

void page_heading(struct page *page, int level, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = alloc_vformat(format, args);
    va_end(args);

    page_block(page, BLOCK_OTHER);
    if (page->format == FORMAT_MARKDOWN)
        fprintf(page->out, "%.*s ", level, "######");
    page_words(page, text);
    fputc('\n', page->out);
    if (page->format == FORMAT_TEXT && level <= 2)
        underline(page, text, level == 1 ? '=' : '-');
    free(text);
}

void page_text(struct page *page, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = alloc_vformat(format, args);
    va_end(args);

    page_block(page, BLOCK_OTHER);
    write_paragraph(page, text, 0);
    free(text);
}

void page_item(struct page *page, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = alloc_vformat(format, args);
    va_end(args);

    page_block(page, BLOCK_ITEM);
    fputs("- ", page->out);
    write_paragraph(page, text, strlen("- "));
    free(text);
}
