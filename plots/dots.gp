# dots.gp - a figure of each server: a dot with its interval, and letters beside it.
# SPDX-License-Identifier: MIT
#
# Loaded by scripts that have set `data`, `output`, `folder`, `heading` and `axis`.

set datafile separator tab
stats data using 1 nooutput
rows = int(STATS_max)
larger(a, b) = b > a ? b : a
smaller(a, b) = b < a ? b : a
name_width = 6
lowest = 1e9
highest = 0
stats data using (name_width = larger(name_width, strlen(strcol(2))), \
    lowest = valid(4) ? smaller(lowest, $4) : lowest, \
    lowest = valid(3) ? smaller(lowest, $3) : lowest, \
    highest = valid(4) ? larger(highest, $4) : highest, \
    highest = valid(5) ? larger(highest, $5) : highest, $1) nooutput
if (highest == 0) { lowest = 1; highest = 10 }

explanation = "Dot: Hodges-Lehmann estimate. Whisker: 95 % interval. Servers that share a letter " \
    ."do not differ significantly."
top = 66
width = 900
height = top + 24 * rows + 70
load folder."style.gp"

set lmargin at screen across(30 + 7.4 * name_width)
set rmargin at screen across(width - 130)
set tmargin at screen down(top)
set bmargin at screen down(height - 62)
set yrange [rows + 0.7 : 0.3]
unset ytics
set border 1
set grid xtics noytics
set logscale x
set xrange [lowest / 1.12 : highest * 1.12]
set format x "%g"
set xtics ()
do for [power = -2:6] {
    do for [digit in "1 2 5"] { set xtics add (number(digit * 10.0**power) digit * 10.0**power) }
}
set xlabel axis
set errorbars 0.6

plot data using (lowest / 1.12):1:2 with labels right offset -0.8, 0, \
     data using (valid(3) ? $4 : NaN):1:3:5 with xerrorbars pointtype 0 linewidth 1.5 dashtype 1 \
        linecolor rgb "#000000", \
     data using 4:1 with points pointtype 7 pointsize 1 linecolor rgb "#0072B2", \
     data using (highest * 1.12):1:6 with labels left offset 0.8, 0
