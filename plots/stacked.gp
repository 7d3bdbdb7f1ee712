# stacked.gp - a bar for each server, lying, in pieces that add up.
# SPDX-License-Identifier: MIT
#
# Loaded by scripts that have set `data`, `output`, `folder`, `heading`, `explanation` and
# `axis`, the label of the axis. The first line of the data names the pieces, the first column
# of each further line the server.

set datafile separator tab
set datafile columnheaders
stats data using 0 nooutput
servers = int(STATS_records)
pieces = int(STATS_columns) - 1

sum(first, last) = last < first ? 0 : column(last) + sum(first, last - 1)
total(x) = sum(2, pieces + 1)
figure(x) = x < 1000 ? sprintf("%.3g", x) : sprintf("%d,%03d", int(x) / 1000, int(x) % 1000)
stats data using (total(0)) nooutput
longest = STATS_max

width = 900
rows = (pieces + 2) / 3
top = 66 + 25 * rows
height = top + 34 * servers + 62
load folder."style.gp"

set tmargin at screen down(top)
set bmargin at screen down(top + 34 * servers)
set key at screen across(12), down(58) left top horizontal maxrows rows Left reverse
set xlabel axis
set yrange [servers + 0.5 : 0.5]
# Room for the label behind the longest bar.
set xrange [0 : longest > 0 ? 1.15 * longest : 10]
set grid xtics noytics
set xtics format longest < 10 ? "%g" : "%.0f"
set ytics scale 0

plot for [p = 2:pieces + 1] data \
        using (0):($0 + 1):(sum(2, p - 1)):(sum(2, p)):($0 + 0.65):($0 + 1.35) \
        with boxxyerror fillstyle solid 0.9 noborder linecolor rgb colour(p - 1) \
        title columnheader(p), \
     data using (total(0)):($0 + 1):(figure(total(0))) \
        with labels left offset 0.7, 0 notitle, \
     data using (0):($0 + 1):ytic(1) with points pointtype 0 linecolor bgnd notitle
