#!/bin/sh
# page.sh - the report page in a real browser: it fits, sorts, can be read, and complains of
# nothing.
# SPDX-License-Identifier: MIT
#
# Usage: page.sh BUILD. The exit status is 0 whatever the cases say.
set -u

# shellcheck source=harness/test/cases.sh
. "$(dirname "$0")/cases.sh"

here=$(realpath "$(dirname "$0")")

# The run that is kept as an example, unpacked.
copy_run() {
    cp -R "$here"/../../results/reference/*/*-vm "$1"
    tar -C "$1" -xf "$1/raw.tar.xz"
    gunzip "$1/record.jsonl.gz"
}

# Its page, made anew.
page() {
    [ ! -e "$work/run/report.html" ] || return
    copy_run "$work/run"
    "$abacus" report "$work/run" >/dev/null || { echo 'no report' && exit 1; }
}

# browse RUN OPTION...: the frame with its page in it, as the browser has it in the end, in
# `found`, and what it had to say in `log`. Virtual time ends once nothing more is to happen.
browse() {
    {
        cat "$1/report.html"
        echo '<script>'
        cat "$here/page_probe.js"
        echo '</script>'
    } >probed.html
    shift
    cp "$here/page_frame.html" frame.html
    HOME=$PWD timeout 120 chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --disable-extensions \
        --disable-background-networking --no-first-run --user-data-dir="$PWD/profile" \
        --virtual-time-budget=20000 --enable-logging=stderr "$@" --dump-dom \
        "file://$PWD/frame.html" >found 2>log </dev/null ||
        { tail -n 3 log && exit 1; }
}

# At both widths.
finds() {
    for width in 360 1400; do
        want "$(grep -o "$width ${1%%:*}: .*" found)" grep -qF "<p>$width $1</p>" found
    done
}

# fine RUN OPTION...
fine() {
    browse "$@"
    finds 'overflow: none'
    finds 'faint: none'
    finds "pictures: $(find "$1/plots" -name '*.svg' ! -name 'flame-*' | wc -l)"
    finds 'fetched: 0'
    finds 'sorting: as it says'
    want "console: $(grep CONSOLE log)" [ "$(grep -c CONSOLE log)" -eq 0 ]
}

fine_page() {
    command -v chromium >/dev/null || skip 'chromium is not installed'
    page
    fine "$work/run" "$@"
}

# A server whose name, about line and printouts are markup that would call the script's
# console, and too long for any column.
hostile() {
    command -v chromium >/dev/null || skip 'chromium is not installed'
    copy_run run
    name="</title></pre><img src=x onerror=console.log(1)><script>console.log(2)</script>"
    name="$name$(printf '%0300d' 0)"
    sed -i "s|\"libuv\"|\"$name\"|g; s|one blocking child|$name|" run/record.jsonl
    for file in run/raw/*-fork.txt; do
        echo "$name" >>"$file"
    done
    "$abacus" report run >/dev/null || { echo 'no report' && exit 1; }
    fine "$PWD/run"
}

# 3 MB is what opens at once, on a phone too.
small_enough() {
    page
    want "$(wc -c <"$work/run/report.html") bytes" \
        [ "$(wc -c <"$work/run/report.html")" -le 3000000 ]
}

# Whatever leads to a file of the run leads to one that is there.
links_lead_to_files() {
    page
    cd "$work/run" || exit 1
    grep -o 'href="[^"#]*"' report.html | sed 's/^href="//; s/"$//' | sort -u >links
    want 'hardly any links' [ "$(wc -l <links)" -gt 40 ]
    # Of all that is escaped in these names there are only blanks and the sign itself.
    sed 's/%20/ /g; s/%25/%/g' links | while read -r link; do
        want "$link leads nowhere" [ -e "$link" ]
    done
}

try page_light fine_page
try page_dark fine_page --blink-settings=preferredColorScheme=0
try page_hostile hostile
try page_small_enough small_enough
try page_links_lead_to_files links_lead_to_files
