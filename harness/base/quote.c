/* quote.c - text from outside as one field of what another program reads.
 * SPDX-License-Identifier: MIT */
#include "base/quote.h"

#include "base/alloc.h"
#include "base/utf8.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

void quote_csv(FILE *out, const char *text)
{
    const char *quote = strpbrk(text, ",\"\r\n") ? "\"" : "";
    fputs(quote, out);
    for (; *text; text++)
        fprintf(out, "%s%c", *text == '"' ? "\"" : "", *text);
    fputs(quote, out);
}

/* gnuplot reads a quoted string up to the next quote, and takes a backslash for the beginning
 * of an escape. */
void quote_gnuplot(FILE *out, const char *text)
{
    char *clean = utf8_clean(text);
    for (char *c = clean; *c; c++)
        if (*c == '"')
            *c = '\'';
        else if (*c == '\\')
            *c = '/';
    fprintf(out, "\"%s\"", clean);
    free(clean);
}

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
