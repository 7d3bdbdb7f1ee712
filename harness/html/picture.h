/* picture.h - an SVG file that gnuplot drew, as a part of an HTML page.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_PICTURE_H
#define ABACUS_PICTURE_H

#include "base/err.h"

#include <stdio.h>

/* Writes the picture of a file as an <svg> element. `name` (letters, digits, '-') is put
 * before each of its ids, since those of all pictures share the page; `about` is what it shows,
 * in words. 0; or -1 with the reason, and nothing written: the file cannot be read, or is no
 * whole SVG. */
int picture_write(FILE *out, const char *path, const char *name, const char *about,
                  struct err *err);

#endif
