/* utf8.h - text from outside, made safe to print, and how wide it is.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_UTF8_H
#define ABACUS_UTF8_H

#include <stddef.h>
#include <stdio.h>

/* A copy, owned by the caller, in which every control character (C0, DEL and C1: newlines,
 * tabs and escape sequences too) and every byte that is not UTF-8 is a '?'. */
char *utf8_clean(const char *text);

/* Prints the same. */
void utf8_print(FILE *out, const char *text);

/* How many columns clean text takes: one for each character, which is not so for East Asian
 * wide and for combining characters. */
size_t utf8_width(const char *text);

/* A copy of clean text, owned by the caller, of at most `columns` (3 or more): where that is
 * too few, "…" stands for its middle, since the ends of names tell more apart. */
char *utf8_shorten(const char *text, size_t columns);

#endif
