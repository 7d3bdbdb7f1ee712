#!/bin/sh
# bench_peers.sh - epoll and io_uring beside nginx, lighttpd, h2o and Apache: `make bench-peers`.
# SPDX-License-Identifier: MIT
#
# Usage: bench_peers.sh BUILD [OUT]. All in one run, side by side, one core each, and in another one by
# the page of 50 KB; they are kept in the new folders OUT and OUT-page. Prints each figure, then the
# goals; exit status 1 if one is missed.
set -u

build=$(realpath "$1") || exit 1
here=$(dirname "$0")
folder=$(mktemp -d) || exit 1
run=${2:-$folder/run}
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' INT TERM HUP

# shellcheck source=harness/tools/goals.sh
. "$here/goals.sh"

# figures RUN: those of each server, by CPU per request; of the columns only names are known.
figures() {
    awk -F , 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        function column(name) { return $at[name] }
        function spread(name) {
            return sprintf("%.1f,%.1f–%.1f", column(name), column(name "_low"), column(name "_high"))
        }
        column("table") != "all loads" { print column("table") "," column("server") "," spread("cpu_us_per_request") "," \
              sprintf("%.0f", column("requests_per_second")) "," column("bound") }' \
        "$1/cells.csv" | sort -t , -k 1,1 -k 3,3g |
        awk -F , 'BEGIN { printf "%-8s  %-21s  %15s  %12s  %13s  %s\n", "load", "server",
                "CPU µs/request", "low–high", "requests/s", "bound" }
            { printf "%-8s  %-21s  %14s  %12s  %13s  %s\n", $1, $2, $3, $4, $5, $6 }'
}

# ratio_to_best LOAD SERVER: to the peer that needs the least, so the largest of the ratios.
ratio_to_best() {
    for peer in nginx lighttpd h2o apache; do
        ratio "$run" "$1" "$2" "$peer"
    done | sort -g | tail -n 1
}

PATH=$PATH:/usr/sbin
for tool in ab wrk nginx lighttpd h2o apache2; do
    command -v "$tool" >/dev/null ||
        fail "$tool is missing: apt-get install apache2-utils wrk nginx-light lighttpd h2o apache2-bin"
done

"$build/abacus" run --suite peers --out "$run" \
    epoll "$build/servers/variants/epoll-plain-close" "$build/servers/variants/epoll-defer-accept" \
    "$build/test/bare_epoll" io_uring "$build/servers/variants/io_uring-defer-accept" \
    "$build/test/bare_io_uring" nginx nginx-deferred lighttpd h2o apache || fail 'the measurement failed'
"$build/abacus" run --suite peers-page --out "$run-page" epoll "$build/servers/variants/epoll-sendfile" \
    io_uring nginx lighttpd h2o apache || fail 'the measurement of the page failed'

echo
figures "$run"
figures "$run-page"
echo
goals_head 'CPU per request'
report 'io_uring / the best peer, ab -c 50' "$(ratio_to_best ab-c50 io_uring)" 0.80
report 'io_uring / epoll, ab -c 50' "$(ratio "$run" ab-c50 io_uring epoll)" 0.80
report 'io_uring / epoll, wrk -c 50, keep-alive' "$(ratio "$run" wrk-c50 io_uring epoll)" 0.85
report 'io_uring / nginx, wrk -c 50, keep-alive' "$(ratio "$run" wrk-c50 io_uring nginx)" 0.65
report 'epoll / nginx, wrk -c 50, keep-alive' "$(ratio "$run" wrk-c50 epoll nginx)" 0.80
report 'epoll-plain-close / nginx, ab -c 50' "$(ratio "$run" ab-c50 epoll-plain-close nginx)" 0.90
report 'io_uring-defer-accept / nginx-deferred, ab -c 50' "$(ratio "$run" ab-c50 io_uring-defer-accept nginx-deferred)" 0.80
for load in ab-c50 wrk-c50; do
    report "epoll / a bare loop without HTTP, $load" "$(ratio "$run" $load epoll bare_epoll)" 1.03
    report "io_uring / a bare loop without HTTP, $load" "$(ratio "$run" $load io_uring bare_io_uring)" 1.05
done
exit "$missed"
