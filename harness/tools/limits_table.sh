#!/bin/sh
# limits_table.sh - puts what `abacus limits` found into the table of servers/README.md: what an open
# connection costs, and where each server breaks. `make limits-table`.
# SPDX-License-Identifier: MIT
#
# Usage: limits_table.sh LIMITS.CSV README. Between the lines that hold "limits:begin" and
# "limits:end" the last two cells of each row are made anew; all else stays, byte for byte. Where a
# server of the table has no figures it names it, and changes nothing. The words for what is slow:
# 10 % of a core while full, 100 ms beside others, 1 s to come back, and 3 s for 1,000 at once, which
# is more than one SYN that was sent again.
set -eu

fail() {
    echo "limits_table.sh: $1" >&2
    exit 1
}

[ $# -eq 2 ] || fail 'which limits.csv, and which README?'
new=$(mktemp "$2.XXXXXX") || exit 1
trap 'rm -f "$new"' EXIT
cp -p "$2" "$new"

awk -F , '
function figure(name) {
    return value[server, name]
}

function none(name) {
    return figure(name) == "inf"
}

function number(x, text) {
    text = sprintf("%.0f", x)
    return length(text) > 3 ? substr(text, 1, length(text) - 3) "," substr(text, length(text) - 2) : text
}

function seconds(ms) {
    return sprintf("%.1f s", ms / 1000)
}

function cost(    kb) {
    kb = figure("client_kb")
    if (kb == 0)
        return "none: its pool is there anyway"
    return kb < 0.05 ? "less than 0.1 KB" : sprintf(kb < 9.95 ? "%.1f KB" : "%.0f KB", kb)
}

# Another thing that breaks it.
function also(words) {
    breaks = breaks (breaks == "" ? "" : "; ") words
}

function beside(name, whom) {
    if (none(name))
        also(whom " up all others")
    else if (figure(name) >= 100)
        also(whom " up others for " number(figure(name)) " ms")
}

# Clients that are served, but late, or not at all.
function late(name, least_ms, words, never) {
    if (none(name))
        also(never)
    else if (figure(name) >= least_ms)
        also(sprintf(words, seconds(figure(name))))
}

function next_one() {
    if (figure("next_client") == "answered")
        return "holds all " number(figure("clients")) " clients"
    if (figure("next_client") == "slow")
        return "takes more than " number(figure("clients")) " clients, too slowly to find the last"
    return "at " number(figure("clients")) " clients: the next one " \
        (figure("next_client") == "waits" ? "waits" : "is closed")
}

function where() {
    breaks = next_one()
    if (figure("full_busy") >= 0.1)
        also(sprintf("uses %.0f %% of a core while it is full", 100 * figure("full_busy")))
    late("full_back_ms", 1000, "answers %s after some have left", "does not answer when some have left")
    beside("slow_reader_ms", "one that does not read holds")
    beside("slow_senders_ms", "500 that send half a request hold")
    late("burst_ms", 3000, "takes %s for 1,000 at once", "does not answer 1,000 at once")
    late("resets_back_ms", 1000, "answers %s after 5,000 resets", "does not answer after 5,000 resets")
    if (figure("half_closed") == "no")
        also("does not answer one that is half-closed")
    return breaks
}

FNR == 1 { file++ }

file == 1 && FNR == 1 { for (i = 1; i <= NF; i++) name[i] = $i }
file == 1 { for (i = 2; i <= NF; i++) value[$1, name[i]] = $i; next }

/limits:begin/ { inside = 1 }
/limits:end/ { inside = 0; ended = 1 }

inside && /^\| `/ {
    cells = split($0, cell, "|")
    server = cell[2]
    gsub(/[ `]/, "", server)
    if (figure("clients") == "" || figure("client_kb") == "") {
        print "limits_table.sh: no figures of " server >"/dev/stderr"
        failed = 1
        exit 1
    }
    for (i = 2; i < cells - 2; i++)
        printf "|%s", cell[i]
    print "| " cost() " | " where() " |"
    rows++
    next
}

{ print }

END {
    if (!failed && !(rows && ended)) {
        print "limits_table.sh: no table between limits:begin and limits:end" >"/dev/stderr"
        exit 1
    }
}' "$1" "$2" >"$new"
mv "$new" "$2"
