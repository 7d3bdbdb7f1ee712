#!/bin/sh
# fidelity.sh - do slices measure what whole trials would? `make fidelity`.
# SPDX-License-Identifier: MIT
#
# Usage: fidelity.sh BUILD OUT. Measures for some 20 minutes, in which nothing else should run, into
# the new folder OUT. Two questions: do the servers' ratios to epoll depend on the length of a
# slice; and where the server was the limit of a whole trial, did it serve as many requests per
# second as is computed from its CPU time in slices. A machine's speed changes from minute to minute,
# so trial and slices follow each other closely, many times over. Exit status 1 if one of them has
# the wrong answer.
set -u

build=$(realpath "$1") && mkdir -p "$2" && out=$(realpath "$2") || exit 1

"$build/abacus" run --suite fidelity --out "$out/lengths" \
    epoll poll libuv libevent prefork threads >/dev/null || exit 1
"$build/abacus" report --reference epoll "$out/lengths" >/dev/null || exit 1

# pairs NAME SERVER: for each of 16 runs, what was measured and what was computed. The load is what
# standard input says.
pairs() {
    { printf '[suite]\ntrials = 1\nrounds = 1\nround_seconds = 3\ntrial_seconds = 3\n' && cat; } >"$out/$1.ini"
    for run in 01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16; do
        "$build/abacus" run --suite "$out/$1.ini" --out "$out/$1-$run" "$2" >/dev/null || return 1
        awk -F , -v server="$2" '
            NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
            $at["server"] == server && $at["bound"] == "server" {
                print $at["requests_per_second"], $at["capacity"]
            }' "$out/$1-$run/cells.csv"
    done >"$out/$1.txt"
}
pairs fork-ab fork <<'END' || exit 1
[load ab-c50]
requests = 20000
concurrency = 50
END
pairs epoll-wrk epoll <<'END' || exit 1
[load wrk-c50]
tool = wrk
seconds = 2
concurrency = 50
keepalive = yes
END

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

# The Hodges-Lehmann estimate of the ratio and its exact 95 % signed-rank interval, which must lie
# within 10 % of 1. C is that of the interval: its ends are the (C+1)-th smallest and largest Walsh
# averages.
echo 'One core computed from slices, times what whole trials measured where the server was the limit:'
capacity=0
for name in fork-ab epoll-wrk; do
    awk -v name="$name" '
        { x[NR] = log($2 / $1) }
        END {
            if (NR < 6) {
                printf "  %-10s the server was the limit in %d trials of 16: too few\n", name, NR
                exit 0
            }
            split("0 2 3 5 8 10 13 17 21 25 29", c, " ")
            for (i = 1; i <= NR; i++)
                for (j = i; j <= NR; j++) {
                    w = (x[i] + x[j]) / 2
                    for (k = n++; k > 0 && walsh[k - 1] > w; k--) walsh[k] = walsh[k - 1]
                    walsh[k] = w
                }
            low = exp(walsh[c[NR - 5]])
            high = exp(walsh[n - 1 - c[NR - 5]])
            middle = exp((walsh[int((n - 1) / 2)] + walsh[int(n / 2)]) / 2)
            wrong = low > 1.1 || high < 0.9
            sure = low >= 0.9 && high <= 1.1
            printf "  %-10s %.2f (%.2f to %.2f), %d trials  %s\n", name, middle, low, high, NR,
                sure ? "within 10 %" : wrong ? "NOT within 10 %" : "not known more closely"
            exit wrong
        }' "$out/$name.txt" || capacity=1
done
[ $((lengths + capacity)) -eq 0 ]
