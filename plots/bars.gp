# bars.gp - a bar for each server, in a block for each load, lying, so that names of any length
# and number stay readable; the whisker reaches from low to high.
# SPDX-License-Identifier: MIT
#
# Loaded by scripts that have set `data`, `output`, `folder`, `heading`, `axis`, `hatched`
# (whether bars where the load tool was the limit are hatched) and `banded`
# (whether the noise floor is shown), and `explanation`.

set datafile separator tab
stats data using 1 nooutput
rows = int(STATS_max)
stats data using 2 nooutput
loads = int(STATS_max)
larger(a, b) = b > a ? b : a
limited = 0
name_width = 6
longest = 0
band = NaN
stats data using (name_width = larger(name_width, strlen(strcol(4))), $1) nooutput
stats data using (longest = valid(7) ? larger(longest, $7) : longest, \
    longest = valid(6) ? larger(longest, $6) : longest, \
    longest = banded && valid(11) ? larger(longest, $11) : longest, \
    limited = limited + (hatched && strcol(9) eq "client"), \
    band = banded && valid(11) && $6 > 0 ? $11 / $6 - 1 : band, $1) nooutput

keys = 0
if (limited > 0) { keys = keys + 1 }
if (band == band) { keys = keys + 1 }
top = 62 + 19 * keys
width = 900
height = top + 21 * (rows + 1.6 * loads) + 70
load folder."style.gp"

# A load's heading takes a row and a bit.
row(number, load) = number + 1.6 * load - 0.8
if_solid(value) = (hatched && strcol(9) eq "client") ? NaN : value
if_hatched(value) = (hatched && strcol(9) eq "client") ? value : NaN

set lmargin at screen across(30 + 7.4 * name_width)
set rmargin at screen across(width - 20)
set tmargin at screen down(top)
set bmargin at screen down(height - 60)
set yrange [rows + 1.6 * loads + 0.2 : 0]
# Room for the label behind the longest bar.
set xrange [0 : longest > 0 ? (limited ? 1.6 : 1.12) * longest : 10]
unset ytics
set border 1
set grid xtics noytics
last_tic = longest > 0 ? longest : 10
between_tics = round_up(last_tic / 8.0)
set xtics ()
do for [i = 0:int(last_tic / between_tics)] { set xtics add (number(i * between_tics) i * between_tics) }
set xlabel axis
set errorbars 0.6
set key at screen across(12), down(53) left top vertical maxcols 1 Left reverse samplen 2.5

plot data using (banded ? $6 : NaN):(row($1, $2)):10:11:(row($1, $2) - 0.5):(row($1, $2) + 0.5) \
        with boxxyerror fillstyle solid noborder linecolor rgb "#D0D0D0", \
     data using (0):(row($1, $2)):(0):(if_solid($6)): \
              (row($1, $2) - 0.34):(row($1, $2) + 0.34) \
        with boxxyerror fillstyle solid noborder linecolor rgb "#5B9BD5", \
     data using (0):(row($1, $2)):(0):(if_hatched($6)): \
              (row($1, $2) - 0.34):(row($1, $2) + 0.34) \
        with boxxyerror fillstyle pattern 4 linecolor rgb "#5B9BD5" dashtype 1, \
     data using (valid(5) ? $6 : NaN):(row($1, $2)):5:7 \
        with xerrorbars pointtype 0 linewidth 1.5 dashtype 1 linecolor rgb "#000000", \
     data using (larger(valid(7) ? $7 : valid(6) ? $6 : 0, banded && valid(11) ? $11 : 0)):(row($1, $2)):8 \
        with labels left offset 0.7, 0, \
     data using (0):(row($1, $2)):4 with labels right offset -0.8, 0, \
     data using (0):(row($1, $2) - 1.1): \
              (($1 == 1 || $2 != shown) ? (shown = $2, strcol(3)) : "") \
        with labels left offset -0.8, 0 textcolor rgb grey, \
     for [once = 1:limited > 0] keyentry \
        with boxes fillstyle pattern 4 linecolor rgb "#5B9BD5" dashtype 1 \
        title "hatched: the load tool was the limit; what one core could serve, by its CPU time", \
     for [once = 1:band == band] keyentry \
        with boxes fillstyle solid noborder linecolor rgb "#D0D0D0" \
        title sprintf("grey: the noise floor of the run, ±%.1f %%", 100 * band)
