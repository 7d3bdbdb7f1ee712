/* picture.h - an SVG file as a part of an HTML page.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_PICTURE_H
#define ABACUS_PICTURE_H

#include "base/err.h"

#include <stdio.h>

/* Copies the picture of a file that was made fit for a page (report/svg.h). 0; or -1 with the
 * reason, and nothing written: the file cannot be read, or is no whole SVG. */
int picture_write(FILE *out, const char *path, struct err *err);

#endif
