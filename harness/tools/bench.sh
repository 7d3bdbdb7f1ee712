#!/bin/sh
# bench.sh - what the epoll server must reach, beside Debian's nginx: `make bench`.
# SPDX-License-Identifier: MIT
#
# Usage: bench.sh BUILD. Prints each figure with its goal; exit status 1 if one is missed.
set -u

build=$1
here=$(dirname "$0")
epoll=$build/servers/epoll
folder=$(mktemp -d) || exit 1
pid=
trap 'stop; rm -rf "$folder"' EXIT
trap 'exit 1' INT TERM HUP

# shellcheck source=harness/tools/goals.sh
. "$here/goals.sh"

# Starts a server, here called by a command line that may begin with valgrind's; sets $pid
# and $address.
start() {
    rm -f "$folder/ready"
    mkfifo "$folder/ready" || exit 1
    "$@" >"$folder/ready" &
    pid=$!
    line=$(timeout 30 head -n 1 "$folder/ready")
    address=${line#listening on }
    [ "$address" != "$line" ] || fail "$* is not ready"
}

stop() {
    [ -z "$pid" ] || { kill "$pid" && wait "$pid"; }
    pid=
}

# Sets $instructions to what epoll runs in user space to answer so many requests, start and
# end included. LD_BIND_NOW: symbols are bound at the start, not at the first request.
count_instructions() {
    start env LD_BIND_NOW=1 valgrind --tool=callgrind --callgrind-out-file=/dev/null \
        --log-file="$folder/callgrind" "$epoll"
    ab -q -n "$1" -c 50 "http://$address/" >"$folder/ab" 2>&1 || fail "$(cat "$folder/ab")"
    stop
    instructions=$(sed -n 's/.*Collected : //p' "$folder/callgrind")
}

# Prints the server's resident memory, MB, once it has answered on each of so many
# connections that are kept open.
resident() {
    perl -MIO::Socket::INET -we '
        my ($pid, $address, $count) = @ARGV;
        my @open;
        for (1 .. $count) {
            my $socket = IO::Socket::INET->new($address) or die "connect: $!\n";
            print $socket "GET / HTTP/1.1\r\nHost: $address\r\n\r\n";
            my $reply = "";
            $socket->recv($reply, 4096);
            length $reply or die "no reply\n";
            push @open, $socket;
        }
        open my $status, "<", "/proc/$pid/status" or die "/proc/$pid/status: $!\n";
        /^VmRSS:\s+(\d+) kB/ and printf "%.2f\n", $1 / 1024 for <$status>;
    ' "$pid" "$address" "$1"
}

for tool in ab wrk valgrind /usr/sbin/nginx; do
    command -v "$tool" >/dev/null ||
        fail "$tool is missing: apt-get install apache2-utils wrk valgrind nginx-light"
done

"$build/abacus" run --suite bench --out "$folder/run" "$epoll" "$here/../../servers/articles/nginx" ||
    fail 'the measurement failed'
"$build/abacus" run --suite bare --out "$folder/bare" "$epoll" "$build/test/bare_epoll" ||
    fail 'the measurement failed'
count_instructions 1000
few=$instructions
count_instructions 5000
start "$epoll"
idle=$(resident 0)
open=$(resident 1000)
stop

echo
goals_head 'epoll'
report 'CPU per request / nginx, ab -c 50' "$(ratio "$folder/run" ab-c50 epoll nginx)" 1.0
report 'CPU per request / nginx, wrk -c 50, keep-alive' "$(ratio "$folder/run" wrk-c50 epoll nginx)" 0.85
report 'CPU per request / a bare loop without HTTP, ab -c 50' \
    "$(ratio "$folder/bare" ab-c50 epoll bare_epoll)" 1.05
report 'user-space instructions per request' "$(((instructions - few) / 4000))" 1300
report 'resident memory, idle, MB' "$idle" 2
report 'resident memory, 1000 connections open, MB' "$open" 6
exit "$missed"
