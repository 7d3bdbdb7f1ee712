#!/bin/sh
# pack_run.sh - makes a finished run, or a calibration, fit to be kept: one archive of all that
# the load tools printed, the record compressed, and nothing that a report can make again.
# SPDX-License-Identifier: MIT
#
# Usage: pack_run.sh RUN OUT [PICTURE...]. OUT, a new folder, gets the run's last screen, its tables as
# Markdown, record.jsonl.gz, raw.tar.xz where there are raw files, and of its plots the pictures named,
# as SVG. If one is `page`, it gets the other tables and the page, too, and the first screen of that,
# page.png, for which chromium is needed. `abacus report OUT` makes all that is not kept, and `tar -xf
# raw.tar.xz` there brings the raw files back. A calibration has several runs: their records are in its
# one archive, too. A profile is kept, compressed; its pictures are most of a page, so that a page made
# before the profile was is a smaller one to keep.
set -eu

fail() {
    echo "pack_run.sh: $1" >&2
    exit 1
}

[ $# -ge 2 ] || fail 'which run, and where to?'
[ ! -e "$2" ] || fail "$2 is there already"
out=$(realpath "$2")
cd "$1"
shift 2

# Of files of one kind and server after the other less is left than by their names, and the
# same files always give the same archive.
archive() {
    find . -type f \( -path '*/raw/*' -o -path './*/record.jsonl' \) >"$out/names"
    [ ! -s "$out/names" ] ||
        awk '{
            key = $0
            sub(/.*\/([rt][0-9b]*-)?/, "", key)
            count = split(key, part, ".")
            print part[count] " " key "\t" substr($0, 3)
        }' "$out/names" | LC_ALL=C sort | cut -f 2- |
        tar --no-recursion --owner=0 --group=0 --numeric-owner --mtime=@0 \
            --mode=u=rw,go=r -cf - -T - | xz -9e >"$out/raw.tar.xz"
    rm "$out/names"
}

for record in record.jsonl */record.jsonl; do
    [ ! -f "$record" ] || grep -q '"type":"end"' "$record" || fail "$record: not finished"
done
if [ -f record.jsonl ]; then
    kept='summary.txt tables.md profile.txt profile.md limits.*'
elif [ -f calibration.md ]; then
    kept='calibration.md */summary.txt'
else
    fail "$PWD: neither a run nor a calibration"
fi
mkdir "$out"
archive
for data in record.jsonl profile.jsonl; do
    [ ! -f $data ] || gzip -9nc $data >"$out/$data.gz"
done
keep() {
    for file; do
        [ ! -f "$file" ] || cp --parents "$file" "$out"
    done
}

# shellcheck disable=SC2086 # patterns
keep $kept
for picture; do
    if [ "$picture" = page ]; then
        keep summary.json tables.txt cells.csv report.html
        chromium --headless --no-sandbox --hide-scrollbars --window-size=1200,900 \
            --screenshot="$out/page.png" "file://$out/report.html" 2>/dev/null
    else
        cp --parents "plots/$picture.svg" "$out"
    fi
done
