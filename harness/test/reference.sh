#!/bin/sh
# reference.sh - runs that are kept: packed, small, read as they are, and the same as before.
# SPDX-License-Identifier: MIT
#
# Usage: reference.sh BUILD. The exit status is 0 whatever the cases say.
set -u

# shellcheck source=harness/test/cases.sh
. "$(dirname "$0")/cases.sh"

root=$(realpath "$(dirname "$0")/../..")
reference=$root/results/reference

pack() {
    sh "$root/harness/tools/pack_run.sh" "$@"
}

# A run, and the same packed.
packed() {
    small_suite 1 >small.ini
    "$abacus" run --suite small.ini --out run epoll fork >out 2>err || { cat err && exit 1; }
    pack run packed paired-ratios || exit 1
    (cd packed && find . -type f | sort | tr '\n' ' ') >files
    want "other files: $(cat files)" [ "$(cat files)" = './plots/paired-ratios.svg ./raw.tar.xz ./record.jsonl.gz ./summary.txt ./tables.md ' ]
    "$abacus" report packed >out || exit 1
    want 'other tables' cmp run/tables.txt packed/tables.txt
    "$abacus" explain packed c10 epoll >out || exit 1
    want 'not where the raw file is' grep -q 'raw/t01-c10-epoll.txt in raw.tar.xz$' out
    want 'not on the page' grep -q 'It is in raw.tar.xz' packed/report.html
    tar -C packed -xf packed/raw.tar.xz
    want 'other raw files' diff -r run/raw packed/raw
    "$abacus" explain packed c10 epoll >out || exit 1
    want 'not that it is unpacked' grep -q 'raw/t01-c10-epoll.txt$' out
    pack run again
    want 'another archive' cmp packed/raw.tar.xz again/raw.tar.xz
    "$abacus" run --suite small.ini --out again epoll 2>err
    want "measured into it: $(cat err)" grep -q 'there is a run in it already' err
}

pack_refuses() {
    mkdir run calibration none
    printf '{"type":"run"}\n' | tee run/record.jsonl >calibration/record.jsonl
    pack run out 2>err
    want "unfinished: $(cat err)" grep -qx 'pack_run.sh: record.jsonl: not finished' err
    pack none out 2>err
    want "nothing: $(cat err)" grep -q 'neither a run nor a calibration' err
    pack none run 2>err
    want "in use: $(cat err)" grep -q 'run is there already' err
    want 'it has made something' [ ! -e out ]
}

# A byte changed, and the end cut off.
damaged_record() {
    mkdir changed cut
    set -- "$reference"/*/2*/record.jsonl.gz
    { head -c 50000 "$1" && printf 'abacus' && tail -c +50007 "$1"; } >changed/record.jsonl.gz
    "$abacus" report changed >out 2>err
    want 'the status is not 1' [ $? -eq 1 ]
    want "not said: $(cat err)" grep -q 'changed/record.jsonl: cannot be read' err
    head -c 50000 "$1" >cut/record.jsonl.gz
    "$abacus" report cut >out 2>err
    want 'not what is missing' contains 'cut off at the end' cut/tables.txt
}

small_enough() {
    want 'more than 60 files' [ "$(find "$reference" -type f | wc -l)" -le 60 ]
    want 'more than 3 MB' [ "$(find "$reference" -type f -printf '%s\n' |
        awk '{ sum += $1 } END { print sum }')" -le 3000000 ]
}

# With the words of today: after a change of them, `abacus report` and keep its tables.
reports_the_same() {
    for folder in "$reference"/*/*/; do
        [ -f "$folder/record.jsonl.gz" ] || continue
        cp -R "$folder" run
        "$abacus" report run >out || exit 1
        for table in "$folder"/tables.* "$folder"/summary.txt; do
            want "$table is another one now" cmp "$table" "run/${table##*/}"
        done
        rm -r run
    done
    set -- "$reference"/*/calibration
    [ -d "$1" ] || skip 'no calibration is kept'
    mkdir unpacked
    tar -C unpacked -xf "$1/raw.tar.xz"
    "$tried/calibration" unpacked >out
    want 'another calibration' cmp "$1/calibration.md" unpacked/calibration.md
}

# What a README shows, or leads to.
readme_links() {
    for readme in "$root"/README.md "$root"/*/README.md "$root"/*/*/README.md; do
        grep -o '](\([^)#]*\)[^)]*)' "$readme" | sed 's/^](//; s/[)#].*$//' |
            grep -v '^http\|^$' >links
        while read -r link; do
            want "$readme: $link leads nowhere" [ -e "$(dirname "$readme")/$link" ]
            echo "$link" >>followed
        done <links
    done
    want 'hardly any link' [ "$(wc -l <followed)" -gt 10 ]
}

for case in packed pack_refuses damaged_record small_enough reports_the_same readme_links; do
    try "$case" "$case"
done
