# lines.gp - how long requests took: a panel for each load, a line for each server, the time on
# a logarithmic scale; the kernel's retry times are marked where they occur.
# SPDX-License-Identifier: MIT
#
# Loaded by scripts that have set `data`, `output`, `folder`, `heading`, `explanation`, `axis`,
# `place_of(percent)` (where a percentage stands on the axis), `from` and `to` (the axis' ends),
# `tic_percents` (the percentages named there), `last_tic` (the
# name of the end) and `every` (how many points apart are drawn).

set datafile separator tab
stats data using 1 nooutput
loads = int(STATS_max)
stats data using 2 nooutput
lines = int(STATS_max)

array load_name[loads]
array lowest[loads]
array highest[loads]
array names[loads * lines]
array ends[loads * lines]
do for [l = 1:loads] {
    lowest[l] = 1e9
    highest[l] = 0
}
place(load, line) = (load - 1) * lines + line
name_width = 6
rungs = ""
smaller(a, b) = b < a ? b : a
larger(a, b) = b > a ? b : a
add_rung(list, rung) = strstrt(list." ", " ".rung." ") ? list : list." ".rung
# In the order of the columns: the last point of each line is its end.
stats data using (load_name[int($1)] = strcol(3), \
    names[place(int($1), int($2))] = strcol(4), \
    name_width = larger(name_width, strlen(strcol(4))), \
    ends[place(int($1), int($2))] = valid(6) ? $6 : NaN, \
    lowest[int($1)] = valid(6) && $6 > 0 ? smaller(lowest[int($1)], $6) : lowest[int($1)], \
    highest[int($1)] = valid(6) ? larger(highest[int($1)], $6) : highest[int($1)], \
    rungs = valid(7) ? add_rung(rungs, sprintf("%.0f", $7)) : rungs, $1) nooutput

panel = larger(210, 17 * lines)
line_gap = 15
line_stop = 1
top = 62
block = panel + 88
width = 900
height = top + loads * block
load folder."style.gp"

array line_name[lines]
array line_end[lines]
set logscale y
set format y "%g"
set ytics ()
do for [power = -3:6] {
    do for [digit in "1 2 5"] { set ytics add (number(digit * 10.0**power) digit * 10.0**power) }
}
set xrange [from : to]
set xtics (last_tic to)
do for [percent in tic_percents] { set xtics add (percent place_of(percent)) }
set xlabel axis
set ylabel "time of a request, ms (log)"
set lmargin at screen across(90)
set rmargin at screen across(width - 60 - 7.4 * name_width)

set multiplot
do for [l = 1:loads] {
    # A range of its own, since gnuplot finds none where every server failed.
    bottom = highest[l] > 0 ? round_down(lowest[l]) : 1
    ceiling = highest[l] > 0 ? round_up(highest[l]) : 10
    if (bottom >= ceiling) { ceiling = 10 * bottom }
    # A trifle more, so that rounding does not take the tics at the ends.
    set yrange [0.999 * bottom : 1.001 * ceiling]
    do for [i = 1:lines] {
        line_name[i] = names[place(l, i)]
        line_end[i] = log10(ends[place(l, i)] / bottom) / log10(ceiling / bottom)
    }
    load folder."labels.gp"
    do for [r = 1:words(rungs)] {
        rung = word(rungs, r) + 0
        unset arrow 10 + r
        unset label 10 + r
        if (rung >= bottom && rung <= ceiling) {
            set arrow 10 + r from first from, rung to first to, rung nohead \
                linewidth 1 dashtype 3 linecolor rgb "#000000"
            set label 10 + r sprintf("the kernel's retry after %g ms", rung) \
                at first from, rung left offset character 0.5, 0.5 textcolor rgb grey
        }
    }
    set tmargin at screen down(top + (l - 1) * block + 25)
    set bmargin at screen down(top + (l - 1) * block + 25 + panel)
    set label 3 load_name[l] at graph 0, 1 left offset 0, 0.8
    plot for [i = 1:lines] data index place(l, i) - 1 using (place_of($5)):6 \
        with linespoints linetype i pointinterval every
    unset label 1
    unset label 2
}
unset multiplot
