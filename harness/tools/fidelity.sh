#!/bin/sh
# fidelity.sh - do slices measure what whole trials would? `make fidelity`.
# SPDX-License-Identifier: MIT
#
# Usage: fidelity.sh BUILD OUT. Measures for some 15 minutes, in which nothing else should run, into
# the new folder OUT. Two questions: do the servers' ratios to epoll depend on the length of a
# slice; and where the server was the limit of a whole trial, did it serve as many requests per
# second as is computed from its CPU time. Exit status 1 if one of them has the wrong answer.
set -u

build=$(realpath "$1") && mkdir -p "$2" && out=$(realpath "$2") || exit 1

"$build/abacus" run --suite fidelity --out "$out/lengths" \
    epoll poll libuv libevent prefork threads >/dev/null || exit 1
"$build/abacus" report --reference epoll "$out/lengths" >/dev/null || exit 1
cat >"$out/capacity.ini" <<'END'
[suite]
trials = 3
rounds = 6
round_seconds = 4

[load ab-c50]
title = ab -c 50 -n 20000
requests = 20000
concurrency = 50

[load wrk-c50]
title = wrk -c 50 -d 3s, keep-alive
tool = wrk
seconds = 3
concurrency = 50
keepalive = yes
END
"$build/abacus" run --suite "$out/capacity.ini" --out "$out/capacity" epoll fork >/dev/null || exit 1

echo 'CPU time per request, times that of epoll, in slices of 1,000, 4,000 and 16,000 requests:'
awk -F '\t' '
    NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    $at["is_reference"] == 1 { next }
    {
        name = $at["server_name"]
        if (!(name in loads)) order[++servers] = name
        n = ++loads[name]
        low[name, n] = $at["cpu_low"]; mid[name, n] = $at["cpu"]; high[name, n] = $at["cpu_high"]
    }
    END {
        for (s = 1; s <= servers; s++) {
            name = order[s]; most = 0; least = 1e9; lows = 0; highs = 1e9
            line = sprintf("  %-10s", name)
            for (n = 1; n <= loads[name]; n++) {
                line = line sprintf("  %.3f (%.3f to %.3f)", mid[name, n], low[name, n], high[name, n])
                if (mid[name, n] > most) most = mid[name, n]
                if (mid[name, n] < least) least = mid[name, n]
                if (low[name, n] > lows) lows = low[name, n]
                if (high[name, n] < highs) highs = high[name, n]
            }
            agree = lows <= highs || most / least <= 1.02
            print line "  " (agree ? "agree" : "DISAGREE")
            wrong += !agree
        }
        exit wrong > 0
    }' "$out/lengths/plots/paired-ratios.dat"
lengths=$?

echo 'Requests per second where the server was the limit, and as computed from its CPU time:'
awk -F , '
    NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    $at["bound"] == "server" {
        ratio = $at["capacity"] / $at["requests_per_second"]
        printf "  %-8s %-6s %.0f measured, %.0f computed: %.2f times\n", $at["table"],
            $at["server"], $at["requests_per_second"], $at["capacity"], ratio
        rows++
        wrong += ratio < 0.9 || ratio > 1.1
    }
    END {
        if (!rows) print "  none"
        exit rows == 0 || wrong > 0
    }' "$out/capacity/cells.csv"
[ $((lengths + $?)) -eq 0 ]
