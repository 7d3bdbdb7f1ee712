/* quote.c - text from outside as one field of a file that another program reads.
 * SPDX-License-Identifier: MIT */
#include "base/quote.h"

#include "base/utf8.h"

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
