/* finding.c - what is wrong, in words: what was sent, what was expected, and what came.
 * SPDX-License-Identifier: MIT */
#include "subject/finding.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Bytes that a quotation shows before and after the place of interest. A byte takes four
 * characters at most, so that a whole quotation fits in a finding. */
enum { SHOWN_BEFORE = 48, SHOWN_AFTER = 112 };

/* ---- quoting ---- */

/* One byte as C has it: "\r", "\016", "a". */
static const char *escape(char out[8], unsigned char byte)
{
    static const char named[][2] = {
        {'\r', 'r'}, {'\n', 'n'}, {'\t', 't'}, {'"', '"'}, {'\\', '\\'}};
    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        if (byte == (unsigned char)named[i][0]) {
            snprintf(out, 8, "\\%c", named[i][1]);
            return out;
        }
    snprintf(out, 8, byte >= ' ' && byte < 0x7f ? "%c" : "\\%03o", byte);
    return out;
}

/* Appends, and cuts what does not fit. */
static void append(char *text, size_t size, const char *more)
{
    size_t used = strlen(text);
    snprintf(text + used, size - used, "%s", more);
}

void finding_quote(char *text, size_t size, const char *bytes, size_t count, size_t at)
{
    size_t first = at > SHOWN_BEFORE ? at - SHOWN_BEFORE : 0;
    size_t last = count - first > SHOWN_BEFORE + SHOWN_AFTER
                      ? first + SHOWN_BEFORE + SHOWN_AFTER
                      : count;
    char piece[40];
    text[0] = '\0';
    append(text, size, first > 0 ? "…\"" : "\"");
    for (size_t i = first; i < last; i++)
        append(text, size, escape(piece, (unsigned char)bytes[i]));
    append(text, size, last < count ? "\"…" : "\"");
    if (last - first == count)
        return;
    snprintf(piece, sizeof piece, " (%zu bytes)", count);
    append(text, size, piece);
}

/* ---- findings ---- */

void finding_sent(struct finding *finding, const char *how, const char *bytes,
                  size_t count)
{
    char quoted[sizeof finding->sent];
    finding_quote(quoted, sizeof quoted, bytes, count, 0);
    finding->sent[0] = '\0';
    append(finding->sent, sizeof finding->sent, quoted);
    if (how) {
        append(finding->sent, sizeof finding->sent, ", ");
        append(finding->sent, sizeof finding->sent, how);
    }
}

static size_t first_difference(const char *a, size_t a_count, const char *b,
                               size_t b_count)
{
    size_t i = 0;
    while (i < a_count && i < b_count && a[i] == b[i])
        i++;
    return i;
}

int finding_differs(struct finding *finding, const char *expected, size_t expected_count,
                    const char *came, size_t came_count)
{
    char place[64];
    size_t at = first_difference(expected, expected_count, came, came_count);
    finding_quote(finding->expected, sizeof finding->expected, expected, expected_count,
                  at);
    finding_quote(finding->came, sizeof finding->came, came, came_count, at);
    snprintf(place, sizeof place, ", other from byte %zu on", at);
    append(finding->came, sizeof finding->came, place);
    return -1;
}

int finding_says(struct finding *finding, const char *expected, const char *came_format,
                 ...)
{
    va_list args;
    va_start(args, came_format);
    vsnprintf(finding->came, sizeof finding->came, came_format, args);
    va_end(args);
    snprintf(finding->expected, sizeof finding->expected, "%s", expected);
    return -1;
}

int finding_shows(struct finding *finding, const char *expected, const char *problem,
                  const char *came, size_t came_count)
{
    char quoted[sizeof finding->came];
    finding_quote(quoted, sizeof quoted, came, came_count, 0);
    snprintf(finding->came, sizeof finding->came, "%s%s", problem, quoted);
    snprintf(finding->expected, sizeof finding->expected, "%s", expected);
    return -1;
}
