#!/bin/sh
# cases.sh - what the tests in shell share: cases that pass, fail or are skipped, and abacus
# as it is to be run where other programs are at work.
# SPDX-License-Identifier: MIT
#
# Sourced, with BUILD as $1: the sanitized programs, which lie in a folder of those that are not. A
# case prints "ok CASE", "FAILED CASE: why" or "skipped CASE: why".
set -u

build=$(realpath "$1")
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP
unset MAKEFLAGS MAKELEVEL MFLAGS

# Every process that a case starts inherits this, and is known by it.
export ABACUS_CASES="$work"

# The status of a case that cannot be tried on this machine.
skipped=77

# calm PROGRAM PATH: makes PATH an abacus that takes servers of a debug build, and whose trials
# may be held up by other programs.
calm() {
    cat >"$2" <<END
#!/bin/sh
if [ "\${1-}" = run ] && [ "\${2-}" != --resume ]; then
    shift
    set -- run --debug-build --limit wall=inf "\$@"
elif [ "\${1-}" = versus ]; then
    shift
    set -- versus --debug-build "\$@"
fi
exec "$1" "\$@"
END
    chmod +x "$2"
}

abacus=$work/abacus
tried=$(realpath "$build/..")
[ -x "$tried/abacus" ] || tried=$build
calm "$tried/abacus" "$abacus"

# try CASE COMMAND...: runs it in a subshell and a folder of its own. `want` ends it; the last
# line that it says is why.
try() {
    case=$1
    shift
    mkdir -p "$work/$case"
    began=$(date +%s)
    (cd "$work/$case" && "$@") >"$work/said" 2>&1
    status=$?
    if [ "$status" -eq 0 ]; then
        echo "ok $case ($(($(date +%s) - began)) s)"
    elif [ "$status" -eq "$skipped" ]; then
        echo "skipped $case: $(tail -n 1 "$work/said")"
    else
        sed "s/^/  /" "$work/said"
        echo "FAILED $case: $(tail -n 1 "$work/said")"
    fi
}

# want WHY COMMAND...: the command must succeed.
want() {
    why=$1
    shift
    "$@" || { echo "$why" && exit 1; }
}

# skip WHY: this case cannot be tried here.
skip() {
    echo "$1"
    exit "$skipped"
}

# The words are in the file, wherever its lines are broken.
contains() {
    tr -s ' \n' ' ' <"$2" | grep -q "$1"
}

# The processes that are still there of those that the cases started.
leftovers() {
    env -u ABACUS_CASES grep -lsaF "ABACUS_CASES=$work" /proc/[0-9]*/environ
}

# A case, for the end.
nothing_left() {
    want "still there: $(leftovers)" [ -z "$(leftovers)" ]
}

# small_suite TRIALS [ROUNDS]: a suite with one small load.
small_suite() {
    printf '[suite]\ntrials = %d\nrounds = %d\nround_seconds = 1\n
[load c10]\nrequests = 200\nconcurrency = 10\npriming = 20\n' "$1" "${2:-1}"
}

# refused STATUS WORDS COMMAND...: the command must fail with that status and say these
# words, in one line on standard error and nothing else.
refused() {
    status=$1
    words=$2
    shift 2
    "$@" >out 2>err </dev/null
    got=$?
    [ "$got" -eq "$status" ] || { echo "$*: status $got, not $status: $(cat err)" && exit 1; }
    [ ! -s out ] || { echo "$*: it also printed: $(head -n 1 out)" && exit 1; }
    [ "$(wc -l <err)" -eq 1 ] || { echo "$*: not one line: $(cat err)" && exit 1; }
    grep -qF -- "$words" err || { echo "$*: '$words' is not in: $(cat err)" && exit 1; }
}
