# ladders.gp - what more of something does: connections at a time, requests per second, or idle
# connections. For each ladder of loads a panel of CPU time per request, and one of the time of all
# but the slowest hundredth of the requests, if it is known.
# SPDX-License-Identifier: MIT

data = ARG1
output = ARG2
folder = ARG0[: strlen(ARG0) - strlen("ladders.gp")]

set datafile separator tab
stats data using 1 nooutput
ladders = int(STATS_max)
stats data using 2 nooutput
lines = int(STATS_max)

panels = 2 * ladders
array panel_name[ladders]
array axis[ladders]
array none[ladders] # whether a load has none of what grows: it has no place on a log axis
array lowest[panels]
array highest[panels]
array least[ladders]
array most[ladders]
array names[panels * lines]
array ends[panels * lines]
do for [p = 1:panels] {
    lowest[p] = 1e9
    highest[p] = 0
}
do for [n = 1:ladders] {
    least[n] = 1e9
    most[n] = 1
    none[n] = 0
}
name_width = 6
limited = 0
smaller(a, b) = b < a ? b : a
larger(a, b) = b > a ? b : a
cpu(ladder) = 2 * ladder - 1
p99(ladder) = 2 * ladder
place(panel, line) = (panel - 1) * lines + line
# The end of a whisker; where there is none, the point.
whisker(at, point) = valid(at) ? column(at) : valid(point) ? column(point) : NaN
least_of(old, new) = new > 0 ? smaller(old, new) : old
most_of(old, new) = new > 0 ? larger(old, new) : old
low(panel, at) = least_of(lowest[panel], whisker(at, at + 1))
high(panel, at) = most_of(highest[panel], whisker(at, at - 1))
# A line ends at its last point that there is.
end(panel, line, at) = valid(at) ? column(at) : \
    (exists_end(panel, line) ? ends[place(panel, line)] : NaN)
exists_end(panel, line) = ends[place(panel, line)] == ends[place(panel, line)]
do for [i = 1:panels * lines] { ends[i] = NaN }
stats data using (n = int($1), s = int($2), panel_name[n] = strcol(3), \
    names[place(cpu(n), s)] = strcol(4), names[place(p99(n), s)] = strcol(4), \
    name_width = larger(name_width, strlen(strcol(4))), \
    axis[n] = strcol(13), none[n] = none[n] || $5 == 0, \
    least[n] = $5 > 0 ? smaller(least[n], $5) : least[n], most[n] = larger(most[n], $5), \
    lowest[cpu(n)] = low(cpu(n), 6), highest[cpu(n)] = high(cpu(n), 8), \
    lowest[p99(n)] = low(p99(n), 9), highest[p99(n)] = high(p99(n), 11), \
    ends[place(cpu(n), s)] = end(cpu(n), s, 7), \
    ends[place(p99(n), s)] = end(p99(n), s, 10), \
    limited = limited + (strcol(12) eq "client"), $1) nooutput

heading = "As the load grows"
times = 0
do for [n = 1:ladders] { times = times || highest[p99(n)] > 0 }
explanation = "CPU time: the estimate from the slices, with its 95 % interval." \
    .(times ? "\nTimes: the median of the whole trials and their range; at a rate, over the rounds." : "") \
    .(limited > 0 ? "\nPoints with a white centre: the load tool, not the server, was " \
                    ."the limit." : "")

panel = larger(230, 17 * lines)
line_gap = 15
line_stop = 0.985
top = 62 + 18 * (times + (limited > 0))
block = panel + 88
width = 900
# Panels without a figure are left out; the others close the gap.
array position[panels]
shown = 0
do for [p = 1:panels] {
    position[p] = highest[p] > 0 ? shown : -1
    shown = shown + (highest[p] > 0)
}
height = top + shown * block
load folder."style.gp"

array line_name[lines]
array line_end[lines]
set lmargin at screen across(90)
set rmargin at screen across(width - 60 - 7.4 * name_width)
set logscale x
set format "%g"
set errorbars 0.6

# None is a step to the left of the least.
step(n) = least[n] / 10.0
x(n, value) = value > 0 ? value : step(n)

# Side by side, so that whiskers do not hide each other.
beside(i) = 1.14**((i - (lines + 1) / 2.0) / lines)

set multiplot
do for [p = 1:panels] {
    if (position[p] < 0) { continue }
    n = (p + 1) / 2
    is_cpu = p == cpu(n)
    set xlabel axis[n]." (log)"
    set xrange [0.88 * (none[n] ? step(n) : least[n]) : 1.13 * most[n]]
    set xtics ()
    do for [power = 0:6] {
        do for [digit in "1 2 5"] {
            if (digit * 10.0**power >= 0.99 * least[n]) { set xtics add (number(digit * 10.0**power) digit * 10.0**power) }
        }
    }
    if (none[n]) { set xtics add ("none" step(n)) }
    set logscale y
    bottom = highest[p] > 0 ? round_down(lowest[p]) : 1
    ceiling = highest[p] > 0 ? round_up(highest[p]) : 10
    if (bottom >= ceiling) { ceiling = 10 * bottom }
    set ytics ()
    do for [power = -3:6] {
        do for [digit in "1 2 5"] { set ytics add (number(digit * 10.0**power) digit * 10.0**power) }
    }
    set ylabel is_cpu ? "µs of CPU per request (log)" : "ms, 99th percentile (log)"
    # A trifle more, so that rounding does not take the tics at the ends.
    set yrange [0.999 * bottom : 1.001 * ceiling]
    do for [i = 1:lines] {
        line_name[i] = names[place(p, i)]
        value = ends[place(p, i)]
        line_end[i] = log10(value / bottom) / log10(ceiling / bottom)
    }
    load folder."labels.gp"
    set tmargin at screen down(top + position[p] * block + 25)
    set bmargin at screen down(top + position[p] * block + 25 + panel)
    set label 3 panel_name[n].(is_cpu ? ": CPU time per request, less is better" \
                                        : ": 99th percentile of the times, less is better") \
        at graph 0, 1 left offset 0, 0.8
    of = is_cpu ? 6 : 9
    plot for [i = 1:lines] data index place(n, i) - 1 \
            using (x(n, $5) * beside(i)):(column(of + 1)): \
                  (column(of)):(column(of + 2)) \
            with yerrorbars linetype i pointtype 0 linewidth 1 dashtype 1, \
         for [i = 1:lines] data index place(n, i) - 1 \
            using (x(n, $5) * beside(i)):(column(of + 1)) \
            with linespoints linetype i pointsize 0.9, \
         data using (($1 == n && strcol(12) eq "client") ? x(n, $5) * beside($2) : NaN): \
                  (column(of + 1)) \
            with points pointtype 7 pointsize 0.28 linecolor rgb "#FFFFFF"
    unset label 1
    unset label 2
}
unset multiplot
