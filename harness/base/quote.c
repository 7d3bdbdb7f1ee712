/* quote.c - a word as a shell reads it.
 * SPDX-License-Identifier: MIT */
#include "base/quote.h"

#include "base/alloc.h"
#include "base/utf8.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_plain(const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789-_./:=@%+,";
    return word[0] != '\0' && word[strspn(word, plain)] == '\0';
}

static bool is_printable(const char *word)
{
    char *clean = utf8_clean(word);
    bool same = strcmp(clean, word) == 0;
    free(clean);
    return same;
}

char *quote_shell(const char *word)
{
    if (is_plain(word))
        return alloc_copy(word);
    bool printable = is_printable(word);
    char *quoted = alloc_zeroed(4 * strlen(word) + 4, 1);
    char *end = stpcpy(quoted, printable ? "'" : "$'");
    for (; *word; word++)
        if (*word == '\'' && printable)
            end = stpcpy(end, "'\\''");
        else if (!printable && (*word < ' ' || *word > '~' || strchr("'\\", *word)))
            end += sprintf(end, "\\%03o", (unsigned)(unsigned char)*word);
        else
            *end++ = *word;
    stpcpy(end, "'");
    return quoted;
}
