#!/bin/sh
# profile.sh - abacus profile as its user meets it: a server of ours, Debian's nginx, tools
# that are missing or forbidden, and everything again from the record.
# SPDX-License-Identifier: MIT
#
# Usage: profile.sh BUILD. The exit status is 0 whatever the cases say. The servers are those
# that are not sanitized where there are such: valgrind runs no other.
set -u

# shellcheck source=harness/test/cases.sh
. "$(dirname "$0")/cases.sh"

here=$(realpath "$(dirname "$0")")
servers=$build/servers
[ ! -x "$build/../servers/epoll" ] || servers=$build/../servers

# figure FILE COLUMN: of the first row of a CSV file.
figure() {
    awk -F , -v name="$2" 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        { print $at[name]; exit }' "$1"
}

# total FILE LOAD COLUMN: the sum of a column over the rows whose second column is LOAD.
total() {
    awk -F , -v load="$2" -v name="$3" 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        $2 == load { sum += $at[name] } END { printf "%.3f\n", sum }' "$1"
}

# near WHY A B SHARE: A and B differ by at most that share of B.
near() {
    awk -v a="$2" -v b="$3" -v share="$4" 'BEGIN { d = a - b; d = d < 0 ? -d : d
        exit !(b > 0 && d <= share * b) }' || { echo "$1: $2, $3" && exit 1; }
}

without() {
    mkdir -p bin
    for tool in ab gnuplot sh unshare mount sha256sum env valgrind strace bpftrace perf; do
        [ "$tool" = "$1" ] || ln -sf "$(command -v "$tool")" bin
    done
    PATH=$PWD/bin "$abacus" profile --out run "$servers/epoll" >out 2>err || { cat out err && exit 1; }
    tr -s ' \n' ' ' <run/profile.txt >words
    want "not why $1 is needed" grep -q "$1 is not installed (Debian's package is $1)" words
}

whole() {
    command -v valgrind strace >tools || skip 'valgrind or strace is not installed'
    "$abacus" profile --out one "$servers/epoll" "$servers/fork" >out 2>err || { cat out err && exit 1; }
    for file in profile.jsonl profile.txt profile.md profile-instructions.csv profile-syscalls.csv \
        profile-phases.csv plots/phases.svg plots/instructions-by-group.svg; do
        want "$file is empty" [ -s "one/$file" ]
    done
    want 'the article is not beside ours' grep -q '^Instructions: c=1.*256,000$' one/profile.txt
    want 'no gap explained' grep -q 'The gap between fork and epoll' one/profile.txt
}

again_from_the_record() {
    [ -d "$work/whole/one" ] || skip 'there is no profile'
    mkdir two
    cp "$work/whole/one/profile.jsonl" two
    "$abacus" report two >out 2>err || { cat out err && exit 1; }
    for file in profile.txt profile.md profile-phases.csv plots/phases.dat; do
        want "$file differs" cmp "two/$file" "$work/whole/one/$file"
    done
}

# The same server once more: what is counted must be the same.
repeatable() {
    [ -d "$work/whole/one" ] || skip 'there is no profile'
    "$abacus" profile --out two "$servers/epoll" >out 2>err || { cat out err && exit 1; }
    grep -e ^server -e ^epoll, "$work/whole/one/profile-instructions.csv" >one.csv
    near 'instructions differ' "$(total one.csv 1 instructions_per_request)" \
        "$(total two/profile-instructions.csv 1 instructions_per_request)" 0.005
    want 'no sum' [ -n "$(figure two/profile-phases.csv sum_us)" ] || skip 'no bpftrace here'
    near 'the phases do not add up' "$(figure two/profile-phases.csv sum_us)" \
        "$(figure two/profile-phases.csv traced_cpu_us)" 0.10
}

nginx() {
    [ -x /usr/sbin/nginx ] || skip 'nginx is not installed'
    "$abacus" profile --out run "$here/../../servers/articles/nginx" >out 2>err || { cat out err && exit 1; }
    want 'no instructions of nginx' grep -q '^nginx,1,server.s own code,ngx_' run/profile-instructions.csv
    want 'no system calls of nginx' grep -q '^nginx,c1,accept4,1' run/profile-syscalls.csv
}

forbidden() {
    mkdir bin
    printf '#!/bin/sh\necho "strace: attach: ptrace(PTRACE_SEIZE, 1): Operation not permitted" >&2\nexit 1\n' >bin/strace
    printf '#!/bin/sh\necho "ERROR: bpftrace currently only supports running as the root user."\nexit 1\n' >bin/bpftrace
    chmod +x bin/*
    PATH=$PWD/bin:$PATH "$abacus" profile --out run "$servers/epoll" >out 2>err || { cat out err && exit 1; }
    tr -s ' \n' ' ' <run/profile.txt >words
    want 'not why strace failed' grep -q 'ptrace is forbidden' words
    want 'not why bpftrace failed' grep -q 'only supports running as the root user' words
    want 'the instructions are lost, too' grep -q '^epoll,1,' run/profile-instructions.csv
}

wrong_usage() {
    "$abacus" profile --bogus >out 2>err
    want 'the status is not 2' [ $? -eq 2 ]
    "$abacus" profile nosuch >out 2>err
    want 'the status is not 2' [ $? -eq 2 ]
}

nothing_left() {
    want "still there: $(leftovers)" [ -z "$(leftovers)" ]
}

try wrong_usage wrong_usage
for tool in valgrind strace bpftrace; do
    try "without_$tool" without "$tool"
done
for case in whole again_from_the_record repeatable nginx forbidden nothing_left; do
    try "$case" "$case"
done
