/* quote.h - a word as a shell reads it.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_QUOTE_H
#define ABACUS_QUOTE_H

/* In single quotes unless it needs none; one that could not be printed as it is, in $'…' with
 * escapes, which bash, ksh and zsh read. Owned by the caller. */
char *quote_shell(const char *word);

#endif
