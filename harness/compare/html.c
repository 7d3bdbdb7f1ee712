/* html.c - what stands around the body of an HTML document.
 * SPDX-License-Identifier: MIT */
#include "compare/html.h"

static const char style[] =
    ":root { color-scheme: light dark }\n"
    "body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto;"
    " padding: 1rem; overflow-wrap: anywhere }\n"
    ".table { overflow-x: auto }\n"
    "table { border-collapse: collapse; font-variant-numeric: tabular-nums;"
    " overflow-wrap: normal }\n"
    "th, td { padding: 0.2rem 0.6rem; text-align: left; white-space: nowrap;"
    " border-bottom: 1px solid #8888 }\n"
    "th.number, td.number { text-align: right }\n";

void html_begin(FILE *out, const char *title)
{
    fprintf(out,
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
            "<meta name=\"viewport\" content=\"width=device-width\">\n"
            "<title>%s</title>\n<style>\n%s</style>\n</head>\n<body>\n",
            title, style);
}

void html_end(FILE *out)
{
    fputs("</body>\n</html>\n", out);
}
