/* page.c - headings, paragraphs and lists, as text for a terminal, as Markdown or as HTML.
 * SPDX-License-Identifier: MIT */
#include "render/page.h"

#include "base/alloc.h"
#include "base/utf8.h"
#include "render/escape.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static void part_blocks(struct page *page, enum block block)
{
    if (page->format == FORMAT_HTML && page->last == BLOCK_ITEM)
        fputs("</ul>\n", page->out);
    else if (page->format != FORMAT_HTML && page->last != BLOCK_NONE &&
             block != BLOCK_NONE)
        fputc('\n', page->out);
    if (page->format == FORMAT_HTML && block == BLOCK_ITEM)
        fputs("<ul>\n", page->out);
}

void page_block(struct page *page, enum block block)
{
    if (block != BLOCK_ITEM || page->last != BLOCK_ITEM)
        part_blocks(page, block);
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

static void escape_markdown(FILE *out, const char *text)
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
        escape_markdown(page->out, clean);
    else if (page->format == FORMAT_HTML)
        escape_text(page->out, clean);
    else
        fputs(clean, page->out);
    free(clean);
}

static void write_paragraph(struct page *page, const char *text, size_t indent)
{
    char *clean = utf8_clean(text);
    if (page->format == FORMAT_TEXT)
        page_wrap(page->out, clean, indent, PAGE_WIDTH);
    else
        page_words(page, clean);
    fputc('\n', page->out);
    free(clean);
}

static void write_tagged(struct page *page, const char *tag, const char *text)
{
    fprintf(page->out, "<%s>", tag);
    page_words(page, text);
    fprintf(page->out, "</%s>\n", tag);
}

static void underline(struct page *page, const char *text, char with)
{
    for (size_t width = utf8_width(text); width > 0; width--)
        fputc(with, page->out);
    fputc('\n', page->out);
}

/* "tables-c50" for "c50: ab -c 50 -n 100000" in the section of the tables: a link to it lasts, as long
 * as its first words do. */
static void write_id(struct page *page, const char *text)
{
    fprintf(page->out, " id=\"%s-", page->section);
    for (; *text && *text != ':'; text++)
        fputc(isalnum((unsigned char)*text) ? tolower((unsigned char)*text) : '-',
              page->out);
    fputc('"', page->out);
}

static void write_html_heading(struct page *page, int level, const char *text)
{
    fprintf(page->out, "<h%d", level);
    if (page->section && level > 2)
        write_id(page, text);
    fputc('>', page->out);
    page_words(page, text);
    fprintf(page->out, "</h%d>\n", level);
}

static void write_heading(struct page *page, int level, const char *text)
{
    if (page->format == FORMAT_HTML) {
        write_html_heading(page, level, text);
        return;
    }
    if (page->format == FORMAT_MARKDOWN)
        fprintf(page->out, "%.*s ", level, "######");
    page_words(page, text);
    fputc('\n', page->out);
    if (page->format == FORMAT_TEXT && level <= 2)
        underline(page, text, level == 1 ? '=' : '-');
}

void page_heading(struct page *page, int level, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = alloc_vformat(format, args);
    va_end(args);

    page_block(page, BLOCK_OTHER);
    write_heading(page, level + page->deeper, text);
    snprintf(page->heading, sizeof page->heading, "%s", text);
    free(text);
}

void page_text(struct page *page, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = alloc_vformat(format, args);
    va_end(args);

    page_block(page, BLOCK_OTHER);
    if (page->format == FORMAT_HTML)
        write_tagged(page, "p", text);
    else
        write_paragraph(page, text, 0);
    free(text);
}

static void write_item(struct page *page, const char *text)
{
    page_block(page, BLOCK_ITEM);
    page->items++;
    if (page->format == FORMAT_HTML) {
        write_tagged(page, "li", text);
        return;
    }
    fputs("- ", page->out);
    write_paragraph(page, text, strlen("- "));
}

void page_item(struct page *page, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = alloc_vformat(format, args);
    va_end(args);

    write_item(page, text);
    free(text);
}

void page_item_file(struct page *page, const char *label, const char *path)
{
    if (page->format != FORMAT_HTML) {
        page_item(page, "%s: %s", label, path);
        return;
    }
    page_block(page, BLOCK_ITEM);
    fputs("<li>", page->out);
    page_words(page, label);
    fputs(": <a href=\"", page->out);
    escape_path(page->out, path);
    fputs("\">", page->out);
    page_words(page, path);
    fputs("</a></li>\n", page->out);
}
