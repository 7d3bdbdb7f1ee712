#!/bin/sh
# big_record.sh - a record of as many trials as wanted, made of those of a real one.
# SPDX-License-Identifier: MIT
#
# Usage: big_record.sh RECORD TRIALS >BIG. The rounds of RECORD follow each other again and
# again; the two figures that are compared vary by up to 5 % from those that were measured.
set -eu

[ $# -eq 2 ] || { echo "usage: ${0##*/} RECORD TRIALS" >&2 && exit 2; }

grep '"type":"trial"' "$1" | awk -v wanted="$2" -v head="$(head -n 1 "$1")" '
    # The line with the number that follows the name changed by up to 5 %.
    function vary(line, name, start, rest) {
        start = index(line, name)
        rest = substr(line, start + length(name))
        match(rest, /^[0-9.]+/)
        return substr(line, 1, start + length(name) - 1) \
            sprintf("%.6f", substr(rest, 1, RLENGTH) * (0.95 + 0.1 * rand())) \
            substr(rest, RLENGTH + 1)
    }

    {
        match($0, /"round":[0-9]+/)
        round = substr($0, RSTART + 8, RLENGTH - 8)
        rounds = round > rounds ? round : rounds
        lines[NR] = $0
        round_of[NR] = round
    }

    END {
        srand(1)
        last = int((wanted - 1) / NR * rounds) + 1
        sub(/"rounds":[0-9]+/, "\"rounds\":" last, head)
        print head
        for (made = 0; made < wanted; made++) {
            from = made % NR + 1
            line = vary(lines[from], "\"cpu_us_per_request\":")
            line = vary(line, "\"requests_per_second\":")
            round = round_of[from] + int(made / NR) * rounds
            sub(/"round":[0-9]+/, "\"round\":" round, line)
            print line
        }
        print "{\"type\":\"end\",\"wall_s\":" wanted * 3 "}"
    }'
