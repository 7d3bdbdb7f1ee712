/* page.c - headings, paragraphs and lists, as text for a terminal, as Markdown or as HTML.
 * SPDX-License-Identifier: MIT */
#include "report/page.h"

#include "base/alloc.h"
#include "base/utf8.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Items stand in a list. */
static void part_lists(struct page *page, enum block block)
{
    if (page->last == BLOCK_ITEM && block != BLOCK_ITEM)
        fputs("</ul>\n", page->out);
    if (page->last != BLOCK_ITEM && block == BLOCK_ITEM)
        fputs("<ul>\n", page->out);
}

void page_block(struct page *page, enum block block)
{
    bool same_list = block == BLOCK_ITEM && page->last == BLOCK_ITEM;
    if (page->format == FORMAT_HTML)
        part_lists(page, block);
    else if (page->last != BLOCK_NONE && !same_list)
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

/* "" for a character that stands for itself. */
static const char *html_entity(char character)
{
    switch (character) {
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '&':
        return "&amp;";
    case '"':
        return "&quot;";
    default:
        return "";
    }
}

static void write_escaped(struct page *page, const char *text)
{
    bool markdown = page->format == FORMAT_MARKDOWN;
    for (; *text; text++) {
        const char *entity = html_entity(*text);
        if (*entity && !(markdown && *text == '"'))
            fputs(entity, page->out);
        else if (markdown && strchr("\\`*_[]|~$#", *text))
            fprintf(page->out, "\\%c", *text);
        else
            fputc(*text, page->out);
    }
}

void page_words(struct page *page, const char *text)
{
    char *clean = utf8_clean(text);
    if (page->format == FORMAT_TEXT)
        fputs(clean, page->out);
    else
        write_escaped(page, clean);
    free(clean);
}

/* `start` and `end` stand around it: marks of the format. */
static void write_paragraph(struct page *page, const char *start, const char *text,
                            const char *end)
{
    char *clean = utf8_clean(text);
    fputs(start, page->out);
    if (page->format == FORMAT_TEXT)
        page_wrap(page->out, clean, strlen(start), PAGE_WIDTH);
    else
        write_escaped(page, clean);
    fprintf(page->out, "%s\n", end);
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
    if (page->format == FORMAT_HTML)
        fprintf(page->out, "<h%d>", level);
    page_words(page, text);
    if (page->format == FORMAT_HTML)
        fprintf(page->out, "</h%d>", level);
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

    bool html = page->format == FORMAT_HTML;
    page_block(page, BLOCK_OTHER);
    write_paragraph(page, html ? "<p>" : "", text, html ? "</p>" : "");
    free(text);
}

void page_item(struct page *page, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = alloc_vformat(format, args);
    va_end(args);

    bool html = page->format == FORMAT_HTML;
    page_block(page, BLOCK_ITEM);
    write_paragraph(page, html ? "<li>" : "- ", text, html ? "</li>" : "");
    free(text);
}
