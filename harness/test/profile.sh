#!/bin/sh
# profile.sh - abacus profile as its user meets it: servers of ours, Debian's nginx, tools that
# are missing or forbidden, a run's own folder, and everything again from the record.
# SPDX-License-Identifier: MIT
#
# Usage: profile.sh BUILD. The exit status is 0 whatever the cases say. The servers are those
# that are not sanitized, where BUILD lies in such a build: valgrind runs no other.
set -u

# shellcheck source=harness/test/cases.sh
. "$(dirname "$0")/cases.sh"

here=$(realpath "$(dirname "$0")")
servers=$tried/servers

# What is only for a while goes here; nginx is no longer root when it writes.
TMPDIR=$work/tmp
export TMPDIR
chmod 755 "$work" && mkdir -m 1777 "$TMPDIR" || exit 1

# profile FOLDER ARGUMENT...: what it said if it fails.
profile() {
    folder=$1
    shift
    "$abacus" profile --out "$folder" "$@" >out 2>err || { cat out err && exit 1; }
}

# sum FILE FIRST SECOND COLUMN: of a column over the rows that begin with the two cells.
sum() {
    awk -F , -v first="$2" -v second="$3" -v name="$4" '
        NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        $1 == first && $2 == second { sum += $at[name] } END { printf "%.4f\n", sum }' "$1"
}

# near WHY A B DISTANCE: A and B are there, and not further apart.
near() {
    awk -v a="$2" -v b="$3" -v far="$4" 'BEGIN { d = a - b; d = d < 0 ? -d : d
        exit !(a > 0 && b > 0 && d <= far) }' || { echo "$1: $2, $3" && exit 1; }
}

share() {
    awk -v a="$1" -v b="$2" 'BEGIN { print a * b }'
}

needs() {
    for tool; do
        command -v "$tool" >/dev/null || skip "$tool is not installed"
    done
}

wrong_usage() {
    for wrong in --bogus --part=nosuch nosuch; do
        "$abacus" profile "$wrong" >out 2>err
        want "$wrong: the status is not 2" [ $? -eq 2 ]
        want "$wrong: not one line" [ "$(wc -l <err)" -eq 1 ]
    done
}

# without TOOL PACKAGE PART: a tool that is missing costs its own part, which says so.
without() {
    mkdir -p bin
    for tool in ab gnuplot sh unshare mount sha256sum env cat valgrind strace bpftrace perf; do
        [ "$tool" = "$1" ] || ! command -v "$tool" >/dev/null || ln -sf "$(command -v "$tool")" bin
    done
    PATH=$PWD/bin profile run --part "$3" "$servers/epoll"
    tr -s ' \n' ' ' <run/profile.txt >words
    want "not why $1 is needed" grep -q "$1 is not installed (Debian's package is $2)" words
}

# As where ptrace and BPF are not for everybody.
forbidden() {
    needs valgrind
    mkdir bin
    printf '#!/bin/sh\necho "strace: attach: ptrace(PTRACE_SEIZE, 1): Operation not permitted" >&2\nexit 1\n' >bin/strace
    printf '#!/bin/sh\necho "ERROR: bpftrace currently only supports running as the root user."\nexit 1\n' >bin/bpftrace
    chmod +x bin/*
    PATH=$PWD/bin:$PATH profile run --part phases,syscalls,instructions "$servers/epoll"
    tr -s ' \n' ' ' <run/profile.txt >words
    want 'not why strace failed' grep -q 'ptrace is forbidden' words
    want 'the instructions are lost, too' grep -q '^epoll,1,' run/profile-instructions.csv
}

# All but memory, which takes as long as all the rest.
whole() {
    needs valgrind strace perf
    profile one --part phases,instructions,syscalls,allocation,stacks "$servers/epoll" "$servers/select"
    for file in profile.jsonl profile.txt profile.md report.html plots/phases.svg \
        plots/instructions-by-group.svg plots/flame-1-epoll.svg plots/flame-2-select.svg; do
        [ -s "one/$file" ] || grep -i -A 4 'stacks' one/profile.txt
        want "$file is empty" [ -s "one/$file" ]
    done
    for part in phases instructions syscalls allocation stacks; do
        want "no $part of epoll" grep -q '^epoll,' "one/profile-$part.csv"
        want "no $part of select" grep -q '^select,' "one/profile-$part.csv"
    done
    want 'the article is not beside ours' grep -q '^Instructions: c=1 .*256,000$' one/profile.txt
    want 'a path of this machine' grep -q '"file":"servers/epoll.c"' one/profile.jsonl
    want 'no gap explained' grep -q '^The gap between .* and ' one/profile.txt
    want 'control characters' awk '/\033/ { exit 1 }' out err
    want 'a number with an exponent' awk '/[0-9]e[+]/ { exit 1 }' one/plots/phases.svg \
        one/plots/instructions-by-group.svg
}

# By strace, the threads that wait for the others have done nothing.
waiting_threads() {
    needs strace
    mkdir bin
    printf '#!/bin/sh\necho "ERROR: bpftrace currently only supports running as the root user."\nexit 1\n' >bin/bpftrace
    chmod +x bin/bpftrace
    PATH=$PWD/bin:$PATH profile run --part phases "$servers/threads"
    # shellcheck disable=SC2016 # awk's own
    want 'most of it is in other calls' awk -F , 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        $at["tool"] != "strace" || $at["other_us"] > 0.2 * $at["cpu_us"] { exit 1 }' run/profile-phases.csv
}

# One call does most of what io_uring does: its time is not divided, and nothing is computed from that.
undivided() {
    "$servers/io_uring" -i >about 2>&1 || skip "$(cat about)"
    profile run --part phases "$servers/io_uring" "$servers/epoll"
    want 'not said' grep -q '^- io_uring: io_uring_enter does most of it' run/profile.txt
    want 'no CPU time of it' grep -q '^CPU µs: all  *[1-9]' run/profile.txt
    want 'divided' grep -q '^io_uring,[a-z]*,,,,,,,,,[1-9]' run/profile-phases.csv
}

# What is promised of epoll, and of every sum. Of three counts of instructions the least: where
# the machine is busy, a request is late more often, and epoll asks for it in vain.
within_bounds() {
    [ -s "$work/whole/one/profile.txt" ] || skip 'there is no profile'
    cd "$work/whole/one" || exit 1
    near 'instructions' "$(sed -n '/"epoll","part":"instructions"/s/.*"concurrency":1,[^[]*"low":\([0-9]*\).*/\1/p' profile.jsonl)" 750 750
    near 'system calls' "$(sum profile-syscalls.csv epoll c1 calls_per_request)" 4 4
    near 'system calls with -k' "$(sum profile-syscalls.csv epoll c50-keep-alive calls_per_request)" 1.1 1.1
    # shellcheck disable=SC2016 # awk's own
    want 'epoll allocates' awk -F , '$1 == "epoll" && $3 == "(all)" && $5 > 0.01 { exit 1 }' profile-allocation.csv
}

# Where bpftrace cannot trace, there is nothing to add up. A server that had to wait for its CPU, as
# beside other tests, was switched out and in, and that is in its CPU time, but in no phase.
phases_add_up() {
    [ -s "$work/whole/one/profile.txt" ] || skip 'there is no profile'
    cd "$work/whole/one" || exit 1
    untraced=$(sed -n '/"epoll","part":"phases"/s/.*"untraced":"\([^"\\]*\).*/\1/p' profile.jsonl)
    [ -z "$untraced" ] || skip "$untraced"
    for server in epoll select; do
        cpu=$(sum profile-phases.csv $server bpftrace traced_cpu_us)
        waited=$(sum profile-phases.csv $server bpftrace delay_us)
        near "the phases of $server do not add up" "$(sum profile-phases.csv $server bpftrace sum_us)" \
            "$cpu" "$(awk -v cpu="$cpu" -v waited="$waited" \
            'BEGIN { print cpu * (waited > 0.1 * cpu ? 0.4 : 0.1) }')"
    done
}

# A server that waits in read() meets no request that is late: what it does is the same each
# time, and so must be what is counted. Neither forks for a request, for which callgrind needs a
# tenth of a second; one client after the other is all that the first of them can serve.
repeatable() {
    needs valgrind strace
    printf '#!/bin/sh\nBROKEN="one at a time" exec %s "$@"\n' "$build/test/broken_server" >single
    chmod +x single
    for run in one two; do
        profile "$run" --part instructions ./single
        profile "$run-syscalls" --part syscalls "$servers/prefork"
    done
    # At c=10 what a turn finds ready depends on time; only a client after the other is exact.
    before=$(sum one/profile-instructions.csv single 1 instructions_per_request)
    near 'instructions at c=1' "$before" \
        "$(sum two/profile-instructions.csv single 1 instructions_per_request)" \
        "$(share "$before" 0.005)"
    near 'system calls' "$(sum one-syscalls/profile-syscalls.csv prefork c1 calls_per_request)" \
        "$(sum two-syscalls/profile-syscalls.csv prefork c1 calls_per_request)" 0.01
}

again_from_the_record() {
    [ -s "$work/whole/one/profile.txt" ] || skip 'there is no profile'
    mkdir again
    cp "$work/whole/one/profile.jsonl" again
    "$abacus" report again >out 2>err || { cat out err && exit 1; }
    (cd "$work/whole/one" && find . -type f ! -path './raw/*') >files
    want 'hardly any files' [ "$(wc -l <files)" -gt 12 ]
    while read -r file; do
        want "$file differs" cmp "again/$file" "$work/whole/one/$file"
    done <files
}

memory() {
    profile run --part memory "$servers/epoll"
    want 'no memory' grep -q '^epoll,' run/profile-memory.csv
    want 'no plot' [ -s run/plots/memory-by-connections.svg ]
    want 'epoll leaks' grep -q '^epoll .* none ≥' run/profile.txt
}

# Run and profile share a folder and a page.
beside_a_run() {
    needs strace
    small_suite 2 >small.ini
    "$abacus" run --suite small.ini --out run "$servers/epoll" "$servers/select" >out 2>err || { cat out err && exit 1; }
    profile run --part syscalls "$servers/epoll"
    for id in answer ranking costs syscalls evidence; do
        want "no section $id" grep -q "<section id=\"$id\">" run/report.html
    done
    cp run/report.html before
    "$abacus" report run >out 2>err || { cat out err && exit 1; }
    want 'the page is another' cmp before run/report.html
    want 'not the profile first' grep -q '^What one request costs' out
    want 'not the summary, too' grep -q 'needs the least CPU' out
    "$abacus" profile --out run "$servers/epoll" >out 2>err
    want 'a second profile in one folder' [ $? -eq 1 ]
}

# All of a pool have had a request before those that count, and give their account at the end,
# though they end by their parent's.
pool() {
    needs valgrind
    profile run --part allocation "$servers/prefork"
    want 'a pool allocates for a request' grep -q '^prefork,closing,(all),,0\.0000,' run/profile-allocation.csv
}

nginx() {
    needs valgrind strace
    [ -x /usr/sbin/nginx ] || skip 'nginx is not installed'
    profile run --part instructions,syscalls "$here/../../servers/articles/nginx"
    want 'no instructions of nginx' grep -q '^nginx,1,server.s own code,ngx_' run/profile-instructions.csv
    want 'no system calls of nginx' grep -q '^nginx,c1,accept4,1' run/profile-syscalls.csv
}

# On Ctrl-C it shows what it has.
interrupted() {
    needs strace
    mkfifo progress
    "$abacus" profile --out run --part syscalls,memory "$servers/epoll" >out 2>progress &
    running=$!
    exec 3<progress
    read -r line <&3
    kill -INT "$running"
    cat <&3 >rest
    wait "$running"
    want 'the status is not 1' [ $? -eq 1 ]
    want "not the first part: $line" [ "${line%% (*}" = 'epoll: syscalls' ]
    want 'no table of it' grep -q '^epoll  *all ' run/profile.txt
}

# The same program needs no more of anything, also beside others that keep both cores busy.
counted_twice() {
    needs valgrind strace
    "$abacus" versus --counts --out same "$servers/epoll" "$servers/epoll" >out 2>err || { cat out err && exit 1; }
    want 'not the same' grep -q 'takes no more for a request' out
    want 'not that both are one' grep -q '^Both are the same executable' out
}

# One more system call in each request is found and named.
counted() {
    needs valgrind strace
    sed 's|conn_step(&client|(syscall(SYS_getpid), conn_step)(\&client|; s|^#include <unistd.h>|&\n#include <sys/syscall.h>|' \
        "$here/../../servers/epoll.c" >more.c
    sh "$here/../../servers/core/compile" more.c ./more "$servers/../core.a" -- -std=gnu11 -D_GNU_SOURCE -O2 -MMD \
        -iquote "$here/../../servers" || exit 1
    "$abacus" versus --counts --out more_calls "$servers/epoll" ./more >out 2>err
    want 'not worse' [ $? -eq 1 ]
    want 'not which call' grep -q '^getpid  *c1 ' out
    "$abacus" versus --counts "$servers/epoll" ./nosuch >out 2>err
    want 'a program that is not there' [ $? -eq 2 ]
}

nothing_left() {
    want "still there: $(leftovers)" [ -z "$(leftovers)" ]
    want "still in TMPDIR: $(ls "$TMPDIR")" [ -z "$(ls "$TMPDIR")" ]
    mount=$(sed -n '/ - cgroup2 /{s/^\([^ ]* \)\{4\}\([^ ]*\).*/\2/p;q}' /proc/self/mountinfo)
    for group in "$mount$(sed -n 's/^0::\(\/.\)/\1/p' /proc/self/cgroup)"/abacus-*; do
        pid=${group##*/abacus-}
        # One of a run that goes on beside this test is not ours.
        [ -d "/proc/${pid%-*}" ] || want "still there: $group" [ ! -d "$group" ]
    done
}

if [ "${LONG-}" ]; then
    cases='repeatable pool nginx undivided counted counted_twice'
else
    try profile_wrong_usage wrong_usage
    try profile_without_valgrind without valgrind valgrind instructions
    try profile_without_strace without strace strace syscalls
    try profile_without_bpftrace without bpftrace bpftrace phases
    try profile_without_perf without perf linux-perf stacks
    cases='forbidden waiting_threads whole within_bounds phases_add_up again_from_the_record memory beside_a_run interrupted'
fi
for case in $cases nothing_left; do
    try "$case" "$case"
done
