# bars.gp - a bar for each server and load, lying, so that names of any length and number
# stay readable; the whisker reaches from low to high.
# SPDX-License-Identifier: MIT
#
# Loaded by scripts that have set `data`, `output`, `style` and `hatched` (whether bars where
# the load tool was the limit are hatched), the title and the axis label.

set datafile separator tab
stats data using 1 nooutput
loads = int(STATS_max)
stats data using 2 nooutput
servers = int(STATS_max)
array load_name[loads]
limited = 0
longest = 0
stats data using (load_name[int($1)] = strcol(3), \
    longest = (valid(7) && $7 > longest) ? $7 : longest, \
    limited = limited + (hatched && strcol(9) eq "client"), $1) nooutput

width = 900
height = 130 + 20 * (loads + 1) + servers * (12 + 18 * loads)
load style

thick = 0.84 / loads
row(server, load) = server + (load - (loads + 1) / 2.0) * thick
top(server, load) = row(server, load) - 0.45 * thick
bottom(server, load) = row(server, load) + 0.45 * thick
if_solid(value) = (hatched && strcol(9) eq "client") ? NaN : value
if_hatched(value) = (hatched && strcol(9) eq "client") ? value : NaN

set key tmargin left vertical maxcols 1 Left reverse
set yrange [servers + 0.5 : 0.5]
# Room for the label behind the longest bar.
set xrange [0 : longest > 0 ? 1.15 * longest : 10]
set grid xtics noytics
set xtics format "%g"
set ytics scale 0
set errorbars small

plot for [l = 1:loads] data \
        using (0):($1 == l ? row($2, l) : NaN):(0):(if_solid($6)): \
              (top($2, l)):(bottom($2, l)) \
        with boxxyerror fillstyle solid 0.9 noborder linecolor rgb colour(l) \
        title load_name[l], \
     for [l = 1:loads] data \
        using (0):($1 == l ? row($2, l) : NaN):(0):(if_hatched($6)): \
              (top($2, l)):(bottom($2, l)) \
        with boxxyerror fillstyle pattern 4 linecolor rgb colour(l) dashtype 1 notitle, \
     for [once = 1:limited > 0] keyentry \
        with boxes fillstyle pattern 4 linecolor rgb "#404040" dashtype 1 \
        title "hatched: the load tool, not the server, was the limit", \
     data using 6:(row($2, $1)):5:7 \
        with xerrorbars pointtype 0 linewidth 1.5 dashtype 1 linecolor rgb "#000000" notitle, \
     data using (valid(7) ? $7 : 0):(row($2, $1)):8 \
        with labels left offset 0.7, 0 notitle, \
     data using (0):2:ytic(4) with points pointtype 0 linecolor bgnd notitle
