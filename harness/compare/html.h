/* html.h - what stands around the body of an HTML document.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_COMPARE_HTML_H
#define ABACUS_COMPARE_HTML_H

#include <stdio.h>

/* Everything up to the body's first line, and all after its last: a document of one file
 * that needs no network and no script. `title` is not escaped. */
void html_begin(FILE *out, const char *title);
void html_end(FILE *out);

#endif
