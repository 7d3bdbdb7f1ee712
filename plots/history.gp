# history.gp - CPU per request beside a reference, run by run: a panel for each machine and suite, a
# line for each server.
# SPDX-License-Identifier: MIT

data = ARG1
output = ARG2
folder = ARG0[: strlen(ARG0) - strlen("history.gp")]

set datafile separator tab
stats data using 1 nooutput
panels = int(STATS_max)
stats data using 2 nooutput
lines = int(STATS_max)
larger(a, b) = b > a ? b : a
name_width = 6
array runs[panels]
array first_block[panels]
array line_count[panels]
array names[panels * lines]
do for [p = 1:panels] { runs[p] = 1; line_count[p] = 0 }
stats data using (runs[int($1)] = larger(runs[int($1)], $3), \
    line_count[int($1)] = larger(line_count[int($1)], $2), \
    names[(int($1) - 1) * lines + int($2)] = strcol(4), \
    name_width = larger(name_width, strlen(strcol(4))), $1) nooutput
first_block[1] = 0
do for [p = 2:panels] { first_block[p] = first_block[p - 1] + line_count[p - 1] }

heading = "CPU per request beside the reference, run by run"
explanation = "Whisker: the 95 % interval. A step whose intervals do not overlap is a change."
panel = 260
top = 80
block = panel + 70
width = 900
height = top + panels * block
load folder."style.gp"

set lmargin at screen across(90)
set rmargin at screen across(width - 60 - 7.4 * name_width)
set logscale y
set format "%g"
set xlabel "run"
set ylabel "times the reference (log)"
set key at graph 1.01, 1 left top reverse Left
set multiplot
do for [p = 1:panels] {
    set xrange [0.5 : runs[p] + 0.5]
    set xtics 1
    set tmargin at screen down(top + (p - 1) * block + 25)
    set bmargin at screen down(top + (p - 1) * block + 25 + panel)
    plot for [i = 1:line_count[p]] data index first_block[p] + i - 1 \
            using 3:6:5:7 with yerrorbars linetype i pointtype 0 linewidth 1 notitle, \
         for [i = 1:line_count[p]] data index first_block[p] + i - 1 \
            using 3:6 with linespoints linetype i pointsize 0.8 title names[(p - 1) * lines + i]
}
unset multiplot
