# latency-percentiles.gp - how long requests took, from the median to the longest: a panel
# for each load, a line for each server.
# SPDX-License-Identifier: MIT

data = ARG1
output = ARG2
style = ARG0[: strlen(ARG0) - strlen("latency-percentiles.gp")]."style.gp"

set datafile separator tab
stats data using 1 nooutput
loads = int(STATS_max)
stats data using 2 nooutput
servers = int(STATS_max)
stats data using 5 nooutput
places = int(STATS_max)

array load_name[loads]
array line_name[loads * servers]
array percentile[places]
do for [i = 1:places] { percentile[i] = "" }
array lowest[loads]
array highest[loads]
do for [l = 1:loads] {
    lowest[l] = 1e9
    highest[l] = 0
}
# The nearest of 1, 2, 5, 10, … on either side: where the axis begins, ends and has its tics.
decade(x) = 10.0**floor(log10(x))
round_down(x) = decade(x) * (x >= 5 * decade(x) ? 5 : x >= 2 * decade(x) ? 2 : 1)
round_up(x) = decade(x) * (x <= 2 * decade(x) ? 2 : x <= 5 * decade(x) ? 5 : 10)
line(load, server) = (load - 1) * servers + server
below(other) = (valid(7) && column(7) < other) ? column(7) : other
above(other) = (valid(7) && column(7) > other) ? column(7) : other
stats data using (load_name[int($1)] = strcol(3), \
    line_name[line(int($1), int($2))] = strcol(4), \
    percentile[int($5)] = strcol(6), \
    lowest[int($1)] = below(lowest[int($1)]), \
    highest[int($1)] = above(highest[int($1)]), $1) nooutput

panel = 110 + 18 * servers
if (panel < 330) { panel = 330 }
width = 900
height = 40 + loads * panel
load style

set logscale y
set format y "%g"
set ytics ()
do for [power = -3:6] {
    do for [digit in "1 2 5"] { set ytics add (digit * 10.0**power) }
}
set xrange [0.7 : places + 0.3]
set xtics ()
do for [i = 1:places] {
    if (strlen(percentile[i])) { set xtics add (percentile[i]."%%" i) }
}
set xlabel "percentage of the requests served within that time (not to scale)"
set ylabel "time of a request, ms (log scale)"
set key outside right top Left reverse
set multiplot layout loads, 1 title "How long a request takes: lower is better"
do for [l = 1:loads] {
    set title load_name[l]
    # A range of its own, since gnuplot finds none where every server failed.
    if (lowest[l] > 0 && highest[l] > 0) {
        set yrange [round_down(lowest[l]) : round_up(highest[l])]
    } else {
        set yrange [1 : 10]
    }
    plot for [s = 1:servers] data \
        using (($1 == l && $2 == s) ? $5 : NaN):7 \
        with linespoints linetype s title line_name[line(l, s)]
}
unset multiplot
