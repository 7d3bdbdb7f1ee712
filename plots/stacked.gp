# stacked.gp - a bar for each server, lying, in pieces that add up.
# SPDX-License-Identifier: MIT
#
# Loaded by scripts that have set `data`, `output`, `style`, the title and the axis label. The
# first line of the data names the pieces, the first column of each further line the server.

set datafile separator tab
stats data using 0 nooutput skip 1
servers = int(STATS_records)
pieces = int(system(sprintf("awk -F '\t' 'NR == 1 { print NF - 1 }' '%s'", data)))

width = 900
height = 150 + 34 * servers
load style

array edge[servers + 1]
longest = 0
do for [s = 1:servers] {
    edge[s] = 0
    do for [p = 1:pieces] {
        stats data using (column(p + 1)) every ::s - 1::s - 1 skip 1 nooutput
        edge[s] = edge[s] + STATS_max
    }
    longest = edge[s] > longest ? edge[s] : longest
}

sum(first, last) = last < first ? 0 : column(last) + sum(first, last - 1)

set key tmargin left horizontal maxrows 2 Left reverse
set yrange [servers + 0.5 : 0.5]
set xrange [0 : longest > 0 ? 1.15 * longest : 10]
set grid xtics noytics
set xtics format "%g"
set ytics scale 0

plot for [p = 1:pieces] data skip 1 \
        using (0):($0 + 1):(sum(2, p)):(sum(2, p + 1)):($0 + 0.65):($0 + 1.35) \
        with boxxyerror fillstyle solid 0.9 noborder linecolor rgb colour(p) \
        title system(sprintf("awk -F '\t' 'NR == 1 { gsub(/\"/, \"\", $%d); print $%d }' '%s'", p + 1, p + 1, data)), \
     data skip 1 using (sum(2, pieces + 1)):($0 + 1):(sprintf("%.4g", sum(2, pieces + 1))) \
        with labels left offset 0.7, 0 notitle, \
     data skip 1 using (0):($0 + 1):ytic(1) with points pointtype 0 linecolor bgnd notitle
