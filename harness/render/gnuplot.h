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

/* Draws FOLDER/NAME.dat with SCRIPTS/NAME.gp: FOLDER/NAME.svg, which can stand in an HTML page
 * as it is, with `label` as its alternative text (svg.h). Whatever gnuplot says counts as a
 * failure, and the picture is then removed. */
enum drawing gnuplot_render(const char *folder, const char *scripts, const char *name,
                            const char *label, struct err *err);

#endif
