#!/bin/sh
# big_record.sh - a record of as many slices as wanted, made of those of a real one.
# SPDX-License-Identifier: MIT
#
# Usage: big_record.sh RECORD SLICES >BIG. The rounds of RECORD follow each other again and again;
# what a slice cost its server varies by up to 5 % from what was measured.
set -eu

[ $# -eq 2 ] || { echo "usage: ${0##*/} RECORD SLICES" >&2 && exit 2; }

grep -v '"type":"end"' "$1" | awk -v wanted="$2" '
    !/"type":"slice"/ && NR > 1 { others[++other] = $0; next }
    NR == 1 { head = $0; next }
    {
        match($0, /"round":[0-9]+/)
        round_of[++count] = substr($0, RSTART + 8, RLENGTH - 8)
        rounds = round_of[count] > rounds ? round_of[count] : rounds
        lines[count] = $0
    }
    # The line with the server CPU time changed by up to 5 %.
    function vary(line, start, rest) {
        start = index(line, "\"server_cpu\":")
        rest = substr(line, start + 13)
        match(rest, /^[0-9.]+/)
        return substr(line, 1, start + 12) \
            sprintf("%.6f", substr(rest, 1, RLENGTH) * (0.95 + 0.1 * rand())) \
            substr(rest, RLENGTH + 1)
    }
    END {
        srand(1)
        sub(/"rounds":[0-9]+/, "\"rounds\":" int((wanted - 1) / count + 1) * rounds, head)
        print head
        for (i = 1; i <= other; i++) print others[i]
        for (made = 0; made < wanted; made++) {
            from = made % count + 1
            line = vary(lines[from])
            sub(/"round":[0-9]+/, "\"round\":" round_of[from] + int(made / count) * rounds, line)
            print line
        }
        print "{\"type\":\"end\",\"wall_s\":" wanted * 0.1 "}"
    }'
