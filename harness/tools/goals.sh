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
    "$build/abacus" explain "$1" "$2" "$3" | awk -v other="$4" '
        /^By / { by_cpu = /CPU/ }
        by_cpu && $1 == other { print $2; exit }'
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
