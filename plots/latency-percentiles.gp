# latency-percentiles.gp - how long requests took, from the median to the longest: a panel
# for each load, a line for each server.
# SPDX-License-Identifier: MIT

data = ARG1
output = ARG2
style = ARG0[: strlen(ARG0) - strlen("latency-percentiles.gp")]."style.gp"

set datafile separator tab
stats data using 1:2 nooutput
loads = int(STATS_max_x)
servers = int(STATS_max_y)
array load_name[loads]
array line_name[loads * servers]
line(load, server) = (load - 1) * servers + server
stats data using (load_name[int($1)] = strcol(3), \
    line_name[line(int($1), int($2))] = strcol(4), $1) nooutput

panel = 110 + 18 * servers
if (panel < 330) { panel = 330 }
width = 900
height = 40 + loads * panel
load style

set logscale y
set format y "%g"
set xrange [0.7 : 9.3]
set xlabel "percentage of the requests served within that time"
set ylabel "time of a request, ms (log scale)"
set key outside right top Left reverse
set multiplot layout loads, 1 title "How long a request takes: lower is better"
do for [l = 1:loads] {
    set title load_name[l]
    plot for [s = 1:servers] data \
        using (($1 == l && $2 == s) ? $5 : NaN):7:xticlabels(6) \
        with linespoints linetype s title line_name[line(l, s)]
}
unset multiplot
