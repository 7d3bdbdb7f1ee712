#!/bin/sh
# systems.sh - the articles' systems and the peers: each keeps the contract for GET /, and
# the articles' tables are made of them.
# SPDX-License-Identifier: MIT
#
# Usage: systems.sh BUILD. Those whose packages are not installed are skipped. The exit status
# is 0 whatever the cases say.
set -u

# shellcheck source=harness/test/cases.sh
. "$(dirname "$0")/cases.sh"

systems=$(realpath "$(dirname "$0")/../../servers/articles")

checked() {
    "$systems/$1" -i >out 2>err
    status=$?
    [ "$status" -ne 69 ] || skip "$(cat err)"
    want "its -i line fails: $(cat err)" [ "$status" -eq 0 ]
    want "not for GET / only: $(cat out)" grep -qx 'only: GET /' out
    "$abacus" check "$systems/$1" >out || { cat out && exit 1; }
    want 'not tried' grep -q ' ok .*Hello, World!' out
}

# Without its package it says so, in one line, and does not start.
unavailable() {
    mkdir bin
    for tool in perl env sh dirname cat; do
        ln -s "$(command -v "$tool")" bin
    done
    for system in h2o guile; do
        sed '/ENV{PATH}/d' "$systems/Daemon.pm" >Daemon.pm
        cp "$systems/$system" .
        for options in -i "-b 1"; do
            # shellcheck disable=SC2086 # an option and its value
            PATH=$PWD/bin "./$system" $options >out 2>err
            want "$system: the status is not 69" [ $? -eq 69 ]
            want "$system: it printed something" [ ! -s out ]
            want "$system: not why: $(cat err)" grep -q 'not installed (Debian: ' err
        done
    done
}

# The second article's two further pages.
guile_pages() {
    "$systems/guile" -i >about 2>&1 || skip "$(cat about)"
    mkfifo ready
    "$systems/guile" >ready &
    guile=$!
    read -r line <ready
    url=http://${line##* }
    ab -q -v 4 -H 'X-Test: <b>' "$url/headers" >headers
    ab -q -n 20 "$url/50k" >big
    kill "$guile" && wait "$guile"
    want "status $?" [ $? -eq 0 ]
    want 'no table of the headers' grep -q '<td><tt>x-test</tt></td><td><tt>&quot;&lt;b&gt;&quot;' headers
    want 'not 50 KiB' grep -q '^Document Length: *51200 ' big
    want 'not every request' grep -q '^Complete requests: *20$' big
}

# Its column stands beside the article's.
guile_profile() {
    "$systems/guile" -i >about 2>&1 || skip "$(cat about)"
    command -v valgrind >/dev/null || skip 'valgrind is not installed'
    "$abacus" profile --part instructions --out run "$systems/guile" >out 2>err ||
        { cat out err && exit 1; }
    want 'no figure of both' grep -qE '^Instructions: c=1 +[0-9,]+ +256,000' out
}

# A run of two of them: what is not in it, and what is not there, keeps its row.
tables() {
    sed "s|\.\./\.\./servers|$systems/..|; s/^requests = .*/requests = 200/
        s/^concurrency = .*/concurrency = 10/; s/^priming = .*/priming = 20/" \
        "$systems/../../harness/suites/systems.ini" >systems.ini
    "$systems/nginx" -i >nginx.about 2>&1 || skip 'nginx is not installed'
    "$abacus" run --suite systems.ini --rounds 1 --out run nginx libev >out 2>err ||
        { cat out err && exit 1; }
    want 'no section' grep -q "^The articles' systems, then and today" run/tables.txt
    want 'no figure of 2012 or of today' \
        grep -qE '^nginx +~20,000 +1.00 +– +nginx +[0-9,]+ ' run/tables.txt
    want 'fapws3 has not the figures of libev' \
        grep -qE '^fapws3-based server +5,733 .* libev +[0-9,]+ ' run/tables.txt
    want 'a row is not there' grep -qE '^Scala server .*not in this run' run/tables.txt
    want 'not on the page' grep -q '<section id="articles"' run/report.html
}

# It waits for whoever is silent, and is done all the same; a client that is lost comes again when
# the kernel's timer says so.
socketserver_2009() {
    command -v wrk >/dev/null || skip 'wrk is not installed'
    sed "s|\.\./\.\./servers|$systems/..|; s/^seconds = .*/seconds = 6/" \
        "$systems/../../harness/suites/systems-2009.ini" >systems-2009.ini
    "$abacus" run --suite systems-2009.ini --out run >out 2>err || { cat out err && exit 1; }
    # shellcheck disable=SC2016 # awk's
    want 'no retry in its longest request' awk -F , 'NR == 1 { for (i = 1; i <= NF; i++)
        at[$i] = i } $1 == "waits-c1000" && $at["max_ms"] >= 200 { found = 1 }
        END { exit !found }' run/cells.csv
    want 'no figure of 2009' \
        grep -qE '^Python SocketServer +4,761 .* 15,819 +socketserver-2009 +[0-9,]+ ' run/tables.txt
}

if [ "${LONG-}" ]; then
    cases='tables guile_profile socketserver_2009'
else
    for system in "$systems"/*; do
        [ ! -x "$system" ] || try "system_${system##*/}" checked "${system##*/}"
    done
    cases='unavailable guile_pages'
fi
for case in $cases nothing_left; do
    try "$case" "$case"
done
