#!/bin/sh
# all.sh - the tests, one line each, and how many passed: `make test`, and with LONG=1 in the
# environment those that take minutes each and `make test-long` runs.
# SPDX-License-Identifier: MIT
#
# Usage: all.sh BUILD, where BUILD holds the sanitized programs. A test that fails does not
# keep the others from running; what it said stands above its line. First those that measure nothing,
# one for each CPU at a time; then those that measure, or wait for what they measure, which a busy machine
# holds up, but does not change: one more than there are CPUs, since each waits a third of its time.
set -u

build=$1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# Those of the programs that start servers, or look at the time that something takes.
later='burn check conn limits proc proof shortage usage'

# A make of their own: the jobs of the one that runs this are taken.
unset MAKEFLAGS MAKELEVEL MFLAGS

measures() {
    case " $later " in
    *" $1 "*) return 0 ;;
    esac
    return 1
}

# The arguments of try.sh, a line for each test; what takes longest first.
first() {
    for rule in tidy cppcheck; do
        echo "lint-$rule make -s lint-$rule"
    done
    echo "cases page.sh $build"
    echo 'fuzz make -s -j2 fuzz FUZZ_SECONDS=10'
    for test in "$build"/test/*_test; do
        name=${test##*/}
        measures "${name%_test}" || echo "$name $test"
    done
    echo "cases run_all.sh $build"
    for rule in arrows shellcheck format style; do
        echo "lint-$rule make -s lint-$rule"
    done
}

then_those_that_measure() {
    for script in e2e faults profile servers client; do
        echo "cases $script.sh $build"
    done
    for name in $later; do
        [ "$name" = proof ] || [ "$name" = check ] || echo "${name}_test $build/test/${name}_test"
    done
    for script in systems reference; do
        echo "cases $script.sh $build"
    done
    echo "tsan make -s tsan CHECKER=$build/abacus"
}

tests() {
    # This one waits most of the time, for servers that do not answer.
    sh harness/test/try.sh check_test "$build/test/check_test" &
    first | xargs -P "$(nproc)" -L 1 sh harness/test/try.sh
    wait
    then_those_that_measure | xargs -P "$(($(nproc) + 1))" -L 1 sh harness/test/try.sh
    # A second in which nothing moves is seen only by an abacus that is not held up itself.
    sh harness/test/try.sh proof_test "$build/test/proof_test"
}

# The scripts leave the short cases out where they find LONG.
long_tests() {
    sh harness/test/try.sh lint-analyze make -s lint-analyze
    for script in systems profile; do
        sh harness/test/try.sh cases "$script.sh" "$build"
    done
}

if [ "${LONG-}" ]; then long_tests; else tests; fi 2>&1 | tee "$work/lines"
count() {
    grep -c "^$1 " "$work/lines"
}
failed=$(count FAILED)
skipped=$(count skipped)
[ "$skipped" -eq 0 ] && skipped="" || skipped=", $skipped skipped"
echo "$(count ok) passed, $failed failed$skipped"
[ "$failed" -eq 0 ]
