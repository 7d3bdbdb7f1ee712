/* svg.h - gnuplot's SVG made fit to stand in a page beside others.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_SVG_H
#define ABACUS_SVG_H

#include "base/err.h"

#include <stdio.h>

/* Writes a picture that gnuplot drew so that it begins with <svg, has `label` as its
 * alternative text, and ids that all begin with `name`: several such pictures in one page do
 * not take each other's patterns and points. Titles, which browsers show as tool tips, are left
 * out: gnuplot's are names of its own. */
void svg_write(FILE *out, const char *svg, const char *name, const char *label);

/* The same with the file FOLDER/NAME.svg, in its place. 0, or -1 with the reason. */
int svg_adopt(const char *folder, const char *name, const char *label, struct err *err);

#endif
