#!/bin/sh
# all.sh - every test there is, one line each, and how many passed: `make test`.
# SPDX-License-Identifier: MIT
#
# Usage: all.sh BUILD, where BUILD holds the sanitized programs. A test that fails does not
# keep the others from running; what it said stands above its line. The suites in shell run
# beside everything else, but never two of them, so that what one leaves behind is its own.
set -u

build=$1
work=$(mktemp -d) || exit 1
lanes=
# shellcheck disable=SC2086 # two of them
trap '[ -z "$lanes" ] || kill $lanes 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP

# Runs a command as the test NAME. One that takes minutes hangs, and one that writes more
# than 20 MB (40,960 blocks) runs wild; the end of what it said will do.
try() {
    name=$1
    shift
    (ulimit -f 40960 && exec timeout 600 "$@") >"$work/said" 2>&1 &
    wait $!
    status=$?
    if [ "$status" -eq 0 ]; then
        echo "ok $name"
    else
        tail -n 60 "$work/said" | sed 's/^/  /'
        echo "FAILED $name: exit status $status"
    fi
}

programs() {
    trap 'kill $! 2>/dev/null; exit 1' TERM
    for test in "$build"/test/*_test; do
        try "${test##*/}" "$test"
    done
    for fuzzer in request record; do
        try "fuzz $fuzzer" "${MAKE:-make}" -s "fuzz-$fuzzer" FUZZ_SECONDS=10
    done
    try "tsan" "${MAKE:-make}" -s tsan BUILD="$build"
    for rule in arrows tidy cppcheck shellcheck format style; do
        try "lint $rule" "${MAKE:-make}" -s "lint-$rule"
    done
}

suites() {
    trap 'kill $! 2>/dev/null; exit 1' TERM
    for script in e2e faults page profile reference run_all systems; do
        sh "harness/test/$script.sh" "$build" &
        wait $! || echo "FAILED $script.sh: exit status $?"
    done
}

# Both in the background: a shell heeds signals while it waits, but not while it runs something.
mkfifo "$work/shown"
tee "$work/programs" <"$work/shown" &
shown=$!
suites >"$work/suites" 2>&1 &
lanes=$!
programs >"$work/shown" 2>&1 &
lanes="$lanes $!"
# shellcheck disable=SC2086 # two of them
wait $lanes "$shown"
lanes=
cat "$work/suites"
count() {
    cat "$work/programs" "$work/suites" | grep -c "^$1 "
}
failed=$(count FAILED)
skipped=$(count skipped)
[ "$skipped" -eq 0 ] && skipped="" || skipped=", $skipped skipped"
echo "$(count ok) passed, $failed failed$skipped"
[ "$failed" -eq 0 ]
