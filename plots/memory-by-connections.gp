# memory-by-connections.gp - what servers have in memory as connections are opened: dirty
# memory of all their processes, with the page tables for it.
# SPDX-License-Identifier: MIT

data = ARG1
output = ARG2
folder = ARG0[: strlen(ARG0) - strlen("memory-by-connections.gp")]

set datafile separator tab
stats data using 1 nooutput
servers = int(STATS_max)
array name[servers]
do for [i = 1:servers] { name[i] = "" }
stats data using (name[int($1)] = strcol(2), $1) nooutput

heading = "Memory by open connections: less is better"
explanation = "Dirty memory of all of a server's processes, with their page tables."
width = 900
height = 480
load folder."style.gp"

set tmargin at screen down(75)
set xlabel "open connections, each answered once and then silent"
set ylabel "dirty memory and page tables, MB"
set xtics ()
do for [i = 0:5] { set xtics add (number(200 * i) 200 * i) }
set logscale y
set format y "%g"
set key outside right top
plot for [i = 1:servers] data \
    using 3:($1 == i ? ($4 + $5) / 1024 : NaN) with linespoints linetype i \
    linecolor rgb colour(i) title name[i]
