/* picture.h - an SVG file as a part of an HTML page, with its caption.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_PICTURE_H
#define ABACUS_PICTURE_H

#include "base/err.h"
#include "render/page.h"

#include <stdio.h>

/* Copies the picture of a file that was made fit for a page (render/svg.h). 0; or -1 with the
 * reason, and nothing written: the file cannot be read, or is no whole SVG. */
int picture_write(FILE *out, const char *path, struct err *err);

/* Shows DIRECTORY/plots/NAME.svg with a caption, and where the file plots/FILE is: its data, or
 * the picture by itself. */
void picture_show(struct page *page, const char *directory, const char *name,
                  const char *caption, const char *file);

#endif
