# accepts.gp - how steadily each server took connections through a trial: a small panel for each
# server and load, each row with scales of its own, from zero.
# SPDX-License-Identifier: MIT

data = ARG1
output = ARG2
folder = ARG0[: strlen(ARG0) - strlen("accepts.gp")]

set datafile separator tab
stats data using 1 nooutput
loads = int(STATS_max)
stats data using 2 nooutput
servers = int(STATS_max)

array load_name[loads]
array server_name[servers]
array longest[servers]
array highest[servers]
do for [s = 1:servers] {
    longest[s] = 0.1
    highest[s] = 0
}
array timed[loads * servers]
do for [i = 1:loads * servers] { timed[i] = 0 }
name_width = 6
larger(a, b) = b > a ? b : a
smaller(a, b) = b < a ? b : a
place(load, server) = (load - 1) * servers + server
stats data using (s = int($2), load_name[int($1)] = strcol(3), server_name[s] = strcol(4), \
    name_width = larger(name_width, strlen(strcol(4))), \
    timed[place(int($1), s)] = timed[place(int($1), s)] + valid(5), \
    longest[s] = valid(5) ? larger(longest[s], $5) : longest[s], \
    highest[s] = valid(8) ? larger(highest[s], $8) : highest[s], $1) nooutput

heading = "Within a trial: connections accepted per 100 ms"
explanation = "Line: the trial nearest the median. Band: from the lowest to the highest of " \
    ."all rounds. Each row has its own scales, from zero."
top = 88
block = 78
left = 75 + 7.4 * name_width
between = 14
cell = larger(70, (900 - 20 - left) / loads)
width = left + cell * loads + 20
height = top + servers * block + 30
load folder."style.gp"

set format "%g"
set xtics scale 0.5
set ytics scale 0.5
set grid noxtics ytics
short(name) = strlen(name) * 7.4 > cell ? name[: strstrt(name, ":") - 1] : name
set multiplot
do for [s = 1:servers] {
    ceiling = highest[s] > 0 ? 1.08 * highest[s] : 10
    set yrange [0 : ceiling]
    set xrange [0 : longest[s]]
    set xtics 0, smaller(round_up(longest[s] * 45 / cell), round_down(longest[s]))
    top_tic = highest[s] > 0 ? highest[s] : 10
    set tmargin at screen down(top + (s - 1) * block)
    set bmargin at screen down(top + s * block - 28)
    do for [l = 1:loads] {
        set lmargin at screen across(left + (l - 1) * cell)
        set rmargin at screen across(left + l * cell - between)
        set ytics (l == 1 ? "0" : "" 0, l == 1 ? number(top_tic) : "" top_tic)
        if (l == 1) { set label 3 server_name[s] at screen across(12), graph 0.5 left }
        if (s == 1) {
            set label 4 short(load_name[l]) at graph 0, 1 left offset 0, 0.9 textcolor rgb grey
        }
        if (s == servers && l == 1) {
            set label 5 "time since the trial began, s" \
                at screen across(left), down(height - 24) left
        }
        plot data index place(l, s) - 1 using 5:7:8 \
                with filledcurves fillstyle solid noborder linecolor rgb "#C8DDF0", \
             data index place(l, s) - 1 using 5:6 \
                with lines linewidth 1.2 dashtype 1 linecolor rgb "#0072B2"
        do for [tag = 1:5] { unset label tag }
    }
}
unset multiplot
