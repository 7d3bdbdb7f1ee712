#!/bin/sh
# bench_report.sh - how long a report takes, and what memory: `make bench-report`.
# SPDX-License-Identifier: MIT
#
# Usage: bench_report.sh BUILD. Prints each figure with its goal; exit status 1 if one is missed.
set -u

build=$1
here=$(dirname "$0")
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' INT TERM HUP

# shellcheck source=harness/tools/goals.sh
. "$here/goals.sh"

# Sets $seconds and $megabytes to what the report of a run takes: without its record there is
# nothing in the folder.
cost() {
    "$build/test/cost" "$build/abacus" report "$1" >"$folder/cost" || fail "the report failed"
    read -r seconds megabytes <"$folder/cost"
}

# A run as it is by default, of those that are kept.
set -- "$here"/../../results/reference/*/2*/record.jsonl.gz
[ -f "$1" ] || fail 'no run in results/reference'
mkdir "$folder/default" "$folder/big"
gunzip -c "$1" >"$folder/default/record.jsonl" || exit 1
sh "$here/../test/big_record.sh" "$folder/default/record.jsonl" 100000 >"$folder/big/record.jsonl" || exit 1

goals_head 'abacus report'
cost "$folder/default"
report 'of a default run, s' "$seconds" 3
cost "$folder/big"
report 'of 100,000 slices, s' "$seconds" 8
report 'of 100,000 slices, MB' "$megabytes" 300
exit "$missed"
