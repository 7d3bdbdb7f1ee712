# labels.gp - names the lines of a panel where they end, at its right, so that no key is needed:
# each name stands as near to its line's end as the others leave it room.
# SPDX-License-Identifier: MIT
#
# Loaded before each panel is drawn, once these are set: `lines`; the arrays `line_name` and
# `line_end` (where a line ends, as a share of the panel's height; NaN: it has no point);
# `line_stop` (where lines end, as a share of its width); `panel` (the panel's height in pixels)
# and `line_gap` (between two names, in pixels).

array ranked[lines]
array lowered[lines]
array raised[lines]
gap = line_gap / real(panel)
if (gap * lines > 1) { gap = 1.0 / lines }
height_of(i) = line_end[i] == line_end[i] ? line_end[i] : 0

# By height, the lowest first; equal ones as they come.
before(a, b) = height_of(a) < height_of(b) || (height_of(a) == height_of(b) && a < b)
do for [i = 1:lines] {
    rank = 1 + (sum [j = 1:lines] before(j, i))
    ranked[rank] = i
}

# Pushed up from below, and down from above; halfway between the two, each group of names stands
# around its lines' ends, and no two are nearer than the gap.
do for [k = 1:lines] {
    at = height_of(ranked[k])
    raised[k] = k > 1 && raised[k - 1] + gap > at ? raised[k - 1] + gap : at
}
do for [from_top = 1:lines] {
    k = lines + 1 - from_top
    at = height_of(ranked[k])
    lowered[k] = from_top > 1 && lowered[k + 1] - gap < at ? lowered[k + 1] - gap : at
}

do for [k = 1:lines] {
    i = ranked[k]
    at = (raised[k] + lowered[k]) / 2
    at = at < (k - 1) * gap ? (k - 1) * gap : at
    at = at > 1 - (lines - k) * gap ? 1 - (lines - k) * gap : at
    if (line_end[i] == line_end[i]) {
        set arrow 100 + i from graph line_stop, line_end[i] to graph 1.025, at \
            nohead linewidth 0.7 dashtype 1 linecolor rgb colour(i)
        set label 100 + i line_name[i] at graph 1.035, at left textcolor rgb "#000000" \
            point linetype i offset character 0.9, 0
    } else {
        unset arrow 100 + i
        set label 100 + i line_name[i] at graph 1.035, at left nopoint \
            textcolor rgb grey offset character 0.9, 0
    }
}
