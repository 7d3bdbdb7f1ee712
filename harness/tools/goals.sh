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

# ratio RUN LOAD SERVER OTHER: of the CPU time per request, paired by round.
ratio() {
    "$build/abacus" report --reference "$4" "$1" >/dev/null || fail "no report of $1"
    awk -F '\t' -v load="\"$2: " -v server="\"$3\"" '
        NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        index($at["load name"], load) == 1 && $at["server name"] == server {
            print $at["cpu mid"]
        }' "$1/plots/paired-ratios.dat"
}

# goals_head TITLE
goals_head() {
    printf '%-54s %10s %10s  %s\n' "$1" 'figure' 'at most' 'reached'
}

# report FIGURE VALUE GOAL: the goal is an upper limit.
report() {
    awk -v figure="$1" -v value="$2" -v goal="$3" 'BEGIN {
        reached = value != "" && value + 0 <= goal + 0
        printf "%-54s %10s %10s  %s\n", figure, value, goal, reached ? "yes" : "NO"
        exit !reached
    }' || missed=1
}
