#!/bin/sh
# all.sh - every test there is, one line each, and how many passed: `make test`.
# SPDX-License-Identifier: MIT
#
# Usage: all.sh BUILD, where BUILD holds the sanitized programs. A test that fails does not
# keep the others from running; what it said stands above its line. One after the other: most of
# them measure, and wait for what they measure.
set -u

build=$1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# Runs a command as the test NAME. One that takes minutes hangs, and one that writes more
# than 20 MB (40,960 blocks) runs wild; the end of what it said will do.
try() {
    name=$1
    shift
    if (ulimit -f 40960 && exec timeout 600 "$@") >"$work/said" 2>&1; then
        echo "ok $name"
    else
        status=$?
        tail -n 60 "$work/said" | sed 's/^/  /'
        echo "FAILED $name: exit status $status"
    fi
}

tests() {
    for test in "$build"/test/*_test; do
        try "${test##*/}" "$test"
    done
    for fuzzer in request record; do
        try "fuzz $fuzzer" "${MAKE:-make}" -s "fuzz-$fuzzer" FUZZ_SECONDS=10
    done
    try "tsan" "${MAKE:-make}" -s tsan BUILD="$build"
    for script in e2e faults page profile reference run_all systems; do
        sh "harness/test/$script.sh" "$build" || echo "FAILED $script.sh: exit status $?"
    done
    for rule in arrows tidy cppcheck shellcheck format style; do
        try "lint $rule" "${MAKE:-make}" -s "lint-$rule"
    done
}

tests 2>&1 | tee "$work/lines"
count() {
    grep -c "^$1 " "$work/lines"
}
failed=$(count FAILED)
skipped=$(count skipped)
[ "$skipped" -eq 0 ] && skipped="" || skipped=", $skipped skipped"
echo "$(count ok) passed, $failed failed$skipped"
[ "$failed" -eq 0 ]
