#!/bin/sh
# goals.sh - figures and what they may be at most, as a table: for the scripts that measure.
# SPDX-License-Identifier: MIT
#
# Sourced, by a script that has the folder of what is built in $build. `missed` is 0 until a
# goal is.
# shellcheck disable=SC2034,SC2154 # for those that source this, and of them
missed=0

fail() {
    echo "${0##*/}: $1" >&2
    exit 1
}

# ratio RUN LOAD SERVER OTHER: of the CPU time per request, paired by block: "MID LOW HIGH".
ratio() {
    "$build/abacus" report --reference "$4" "$1" >/dev/null || fail "no report of $1"
    awk -F '\t' -v load="\"$2: " -v server="\"$3\"" '
        NR == 1 { sub(/^# /, ""); for (i = 1; i <= NF; i++) at[$i] = i; next }
        index($at["load_name"], load) == 1 && $at["server_name"] == server {
            print $at["cpu"], $at["cpu_low"], $at["cpu_high"]
        }' "$1/plots/paired-ratios.dat"
}

# goals_head TITLE
goals_head() {
    printf '%-54s %22s %8s  %s\n' "$1" 'figure' 'at most' 'reached'
}

# report FIGURE VALUE GOAL: the goal is an upper limit; a value with an interval, "MID LOW HIGH",
# has reached it if all of the interval has.
report() {
    echo "$2" | awk -v figure="$1" -v goal="$3" '{
        reached = NF > 0 && $NF + 0 <= goal + 0
        shown = NF == 3 ? sprintf("%s (%s to %s)", $1, $2, $3) : $1
        printf "%-54s %22s %8s  %s\n", figure, shown, goal, reached ? "yes" : "NO"
        exit !reached
    }' || missed=1
}
