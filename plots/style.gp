# style.gp - what the pictures have in common: the terminal, the fonts, and colours that the
# colour-blind can tell apart (Okabe and Ito 2008, "Color Universal Design"), each with a
# point and a dash of its own, so that they can be told apart in grey too.
# SPDX-License-Identifier: MIT
#
# Every script is run as `gnuplot -c NAME.gp DATA PICTURE`, PICTURE ending in .svg or .png,
# and sets `width` and `height`, in pixels, before it loads this.

if (output[strlen(output) - 3:] eq ".svg") {
    set terminal svg size width, height font "DejaVu Sans,13" background "white" noenhanced
} else {
    set terminal pngcairo size width, height font "DejaVu Sans,10" noenhanced
}
set output output

colours = "#0072B2 #E69F00 #009E73 #D55E00 #56B4E9 #CC79A7 #000000 #A08A00"
colour(i) = word(colours, 1 + (i - 1) % words(colours))
do for [i = 1:24] {
    set linetype i linewidth 1.5 pointsize 0.8 pointtype 1 + (i - 1) % 13 \
        dashtype 1 + (i - 1) % 5 linecolor rgb colour(i)
}
set linetype cycle 24

set border 3 linecolor rgb "#606060"
set tics nomirror
set grid linetype -1 linewidth 0.5 linecolor rgb "#D8D8D8" dashtype 1
