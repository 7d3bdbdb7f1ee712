# paired-ratios.gp - each server against one, round by round: a forest plot, CPU time on the
# left and requests per second on the right.
# SPDX-License-Identifier: MIT

data = ARG1
output = ARG2
folder = ARG0[: strlen(ARG0) - strlen("paired-ratios.gp")]

set datafile separator tab
stats data using 1 nooutput
rows = int(STATS_max)
stats data using 2 nooutput
loads = int(STATS_max)
larger(a, b) = b > a ? b : a
smaller(a, b) = b < a ? b : a
name_width = 6
# 1: the requests per second, 2: the CPU time.
array lowest[2] = [1.0, 1.0]
array highest[2] = [1.0, 1.0]
array floors[2] = [NaN, NaN]
stats data using (name_width = larger(name_width, strlen(strcol(4))), \
    lowest[1] = valid(6) ? smaller(lowest[1], $6) : lowest[1], \
    highest[1] = valid(8) ? larger(highest[1], $8) : highest[1], \
    lowest[2] = valid(11) ? smaller(lowest[2], $11) : lowest[2], \
    highest[2] = valid(13) ? larger(highest[2], $13) : highest[2], \
    floors[1] = valid(16) ? $16 : NaN, floors[2] = valid(17) ? $17 : NaN, $1) nooutput

heading = "Paired ratios: each server's figure, divided by the reference's in the same block"
explanation = "Point: Hodges-Lehmann estimate. Whisker: exact 95 % interval (with fewer than " \
    ."six rounds, the range). Filled: significantly\ndifferent from the reference. Hollow: not significant. " \
    ."Diamond: tied within the noise floor." \
    .(floors[2] == floors[2] ? sprintf(" Grey: the noise floor, ±%.1f and ±%.1f %%.", \
                                       100 * floors[2], 100 * floors[1]) : "")
top = 100
width = 900
left = 30 + 7.4 * name_width
numbers = 130
panel = (width - left - 2 * numbers - 20) / 2.0
height = top + 21 * (rows + 1.6 * loads) + 70
load folder."style.gp"

row(number, load) = number + 1.6 * load - 0.8
set yrange [rows + 1.6 * loads + 0.2 : 0]
unset ytics
set border 1
set logscale x
set format x "%g"
set grid xtics noytics
set errorbars 0.6
set tmargin at screen down(top)
set bmargin at screen down(height - 60)
wide = "0.01 0.02 0.05 0.1 0.2 0.5 1 2 5 10 20 50 100"
narrow = "0.5 0.6 0.7 0.8 0.9 1 1.1 1.2 1.4 1.6 1.8 2"
if_relation(word, at, value) = strcol(at) eq word ? value : NaN
is_dot(at) = strcol(at) eq "open"

set multiplot
do for [p = 1:2] {
    of = p == 1 ? 11 : 6
    from = p == 1 ? left : left + panel + numbers
    which = 3 - p
    spread = highest[which] / lowest[which]
    set xrange [lowest[which] / spread**0.05 / 1.02 : highest[which] * spread**0.05 * 1.02]
    set xtics ()
    do for [tic in spread > 2.2 ? wide : narrow] { set xtics add (tic tic + 0.0) }
    set xlabel p == 1 ? "CPU time per request, ratio (log)" : "requests per second, ratio (log)"
    set lmargin at screen across(from)
    set rmargin at screen across(from + panel)
    set label 3 p == 1 ? "CPU time per request: less is better" \
                       : "Requests per second: more is better" \
        at graph 0, 1 left offset -0.8, 0.6
    unset object 1
    if (floors[which] == floors[which]) {
        set object 1 rectangle from first 1 / (1 + floors[which]), graph 0 \
            to first 1 + floors[which], graph 1 behind fillstyle solid noborder \
            fillcolor rgb "#E4E4E4"
    }
    set arrow 1 from first 1, graph 0 to first 1, graph 1 nohead linewidth 1 dashtype 1 \
        linecolor rgb grey
    edge = lowest[which] / spread**0.05 / 1.02
    end = highest[which] * spread**0.05 * 1.02
    plot data using (column(of + 1)):(row($1, $2)):(column(of)):(column(of + 2)) \
            with xerrorbars pointtype 0 linewidth 1.5 dashtype 1 linecolor rgb "#000000", \
         data using (if_relation("apart", of + 3, column(of + 1))):(row($1, $2)) \
            with points pointtype 7 pointsize 0.9 linecolor rgb "#0072B2", \
         data using (if_relation("open", of + 3, column(of + 1))):(row($1, $2)) \
            with points pointtype 7 pointsize 0.9 linecolor rgb "#FFFFFF", \
         data using (if_relation("open", of + 3, column(of + 1))):(row($1, $2)) \
            with points pointtype 6 pointsize 0.9 linecolor rgb "#0072B2", \
         data using (if_relation("tie", of + 3, column(of + 1))):(row($1, $2)) \
            with points pointtype 13 pointsize 1.2 linecolor rgb "#FFFFFF", \
         data using (if_relation("tie", of + 3, column(of + 1))):(row($1, $2)) \
            with points pointtype 12 pointsize 1.2 linecolor rgb "#0072B2", \
         data using (end):(row($1, $2)):(strcol(of + 4)) with labels left offset 0.8, 0, \
         data using (($5 == 1) ? 1 : NaN):(row($1, $2)) \
            with points pointtype 2 linewidth 1.5 linecolor rgb grey, \
         data using (p == 1 ? edge : NaN):(row($1, $2)):4 with labels right offset -0.8, 0, \
         data using (p == 1 ? edge : NaN):(row($1, $2) - 1.1): \
                (($1 == 1 || $2 != shown) ? (shown = $2, strcol(3)) : "") \
            with labels left offset -0.8, 0 textcolor rgb grey
    unset label 1
    unset label 2
}
unset multiplot
