/* escape.h - text from outside as HTML text, attribute values and addresses.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_ESCAPE_H
#define ABACUS_ESCAPE_H

#include <stdio.h>

/* Text, or the value of an attribute in double quotes: cleaned (base/utf8.h), and with the
 * characters of HTML as references. */
void escape_text(FILE *out, const char *text);

/* The path of a file below the page's own folder, as the value of href: never another
 * address, whatever it looks like. */
void escape_path(FILE *out, const char *path);

/* Any two texts as the value of an id, which has only letters, digits, '-', '.' and '_';
 * different texts make different ids. Owned by the caller. */
char *escape_id(const char *first, const char *second);

#endif
