/* document.h - one HTML page that needs no other file: its head with the stylesheet and the
 * script, its contents, its sections, its end.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_DOCUMENT_H
#define ABACUS_DOCUMENT_H

#include "render/page.h"

#include <stddef.h>

/* A part of the page: `id` is where it is found (a letter, then letters and '-'), `title` its
 * heading. */
struct section {
    const char *id;
    const char *title;
};

/* Writes everything up to the first heading, which page_heading (level 1) is to write next. */
void document_open(struct page *page, FILE *out, const char *title);

/* Writes the contents: a link to each section. */
void document_contents(struct page *page, const struct section *sections, size_t count);

/* What is written between the two is a section, with a heading of level 2; in a page of
 * FORMAT_HTML it is found by `id`. */
void document_section_open(struct page *page, const char *id, const char *title);
void document_section_close(struct page *page);

void document_close(struct page *page);

/* Items that `write` writes of `what`: in HTML folded away, under how many they are. */
void document_notes(struct page *page, void (*write)(struct page *page, const void *what),
                    const void *what);

/* What is written between the two is folded away under a line of text. `id` is that of what is
 * in it, so that a link unfolds it; or NULL. */
void document_fold(struct page *page, const char *id, const char *line);
void document_unfold(struct page *page);

#endif
