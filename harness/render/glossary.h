/* glossary.h - what the words and the figures of tables mean: texts that stand in one file,
 * glossary.txt, whatever page or terminal they are written to.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_GLOSSARY_H
#define ABACUS_GLOSSARY_H

#include "render/page.h"

/* The text of that entry, each {} in it replaced by the next of the strings that follow, of which
 * the last is NULL. Owned by the caller. An entry that is not there, or has another number of {},
 * is a mistake of the program, which ends. */
char *glossary_entry(const char *key, ...) __attribute__((sentinel));

/* The same as a paragraph, and as an item of a list. */
void glossary_text(struct page *page, const char *key, ...) __attribute__((sentinel));
void glossary_item(struct page *page, const char *key, ...) __attribute__((sentinel));

#endif
