# style.gp - what the pictures have in common: the terminal, the fonts, the heading, and
# colours that the colour-blind can tell apart (Okabe and Ito 2008, "Color Universal Design"),
# each with a point and a dash of its own, so that they can be told apart in grey too.
# SPDX-License-Identifier: MIT
#
# Every script is run as `gnuplot -c NAME.gp DATA PICTURE`, PICTURE being an SVG. It
# sets `output`, `width`, `height` (in pixels), `heading` and `explanation` (of one or more
# lines) before it loads this.

set terminal svg size width, height dynamic font "sans-serif,13" background "white" noenhanced
big = "sans-serif,17"
set output output
set encoding utf8

# Places in the picture, from pixels counted from its left and from its top.
across(x) = x / real(width)
down(y) = 1 - y / real(height)

# Numbers as the labels have them: "20,000". No locale is needed.
number(x) = x < 1000 ? sprintf("%g", x) : x < 1e6 ? \
    sprintf("%d,%03d", int(x + 0.5) / 1000, int(x + 0.5) % 1000) : \
    sprintf("%d,%03d,%03d", int(x + 0.5) / 1000000, int(x + 0.5) / 1000 % 1000, int(x + 0.5) % 1000)

# The nearest of 1, 2, 5, 10, … on either side: where an axis begins, ends and has its tics.
decade(x) = 10.0**floor(log10(x))
round_up(x) = decade(x) * (x <= 2 * decade(x) ? 2 : x <= 5 * decade(x) ? 5 : 10)
round_down(x) = decade(x) * (x >= 5 * decade(x) ? 5 : x >= 2 * decade(x) ? 2 : 1)

grey = "#606060"
set label 1 heading at screen across(12), down(20) left font big
set label 2 explanation at screen across(12), down(43) left textcolor rgb grey

colours = "#0072B2 #D55E00 #009E73 #CC79A7 #E69F00 #56B4E9 #000000 #8A7400"
points = "7 5 9 13 11 15 2 1 3"
colour(i) = word(colours, 1 + (i - 1) % words(colours))
do for [i = 1:40] {
    set linetype i linewidth 1.5 pointsize 0.7 linecolor rgb colour(i) \
        pointtype int(word(points, 1 + (i - 1) % words(points))) dashtype 1 + (i - 1) % 5
}
set linetype cycle 40

set border 3 linecolor rgb grey
set tics nomirror
set grid linetype -1 linewidth 0.5 linecolor rgb "#D8D8D8" dashtype 1
set key noautotitle
