/* gnuplot.h - draws a picture: runs gnuplot on a script.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_GNUPLOT_H
#define ABACUS_GNUPLOT_H

#include "base/err.h"

enum drawing {
    DRAWING_DONE,
    DRAWING_FAILED, /* the script or its data; others may do better */
    DRAWING_CANNOT, /* gnuplot is missing, or hangs: nothing can be drawn */
};

/* Runs `gnuplot -c SCRIPT DATA PICTURE`; the script draws an SVG or a PNG, as the picture's
 * name says. Whatever gnuplot says counts as a failure, and the picture is then removed. */
enum drawing gnuplot_draw(const char *script, const char *data, const char *picture,
                          struct err *err);

/* Draws FOLDER/NAME.dat with SCRIPTS/NAME.gp: one SVG, which can stand in an HTML page as it
 * is, with `label` as its alternative text (svg.h), and one PNG. */
enum drawing gnuplot_render(const char *folder, const char *scripts, const char *name,
                            const char *label, struct err *err);

#endif
