/* quote.h - text from outside as one field of what another program reads.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_QUOTE_H
#define ABACUS_QUOTE_H

#include <stdio.h>

/* As CSV (RFC 4180): in quotes only where it needs them. */
void quote_csv(FILE *out, const char *text);

/* As a string in gnuplot's data, always in quotes: one line, without control characters. */
void quote_gnuplot(FILE *out, const char *text);

/* As a word of a shell: in single quotes unless it needs none; one that could not be printed as it
 * is, in $'…' with escapes, which bash, ksh and zsh read. Owned by the caller. */
char *quote_shell(const char *word);

#endif
