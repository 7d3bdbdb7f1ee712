#!/bin/sh
# try.sh - one test of all.sh: runs it, and then says at once how it went.
# SPDX-License-Identifier: MIT
#
# Usage: try.sh NAME COMMAND... prints "ok NAME", or the end of what the command said and
# "FAILED NAME: why". try.sh cases SCRIPT BUILD: what the script prints of its cases, and how it
# failed, if it did. Several may run side by side: each speaks when it is done, and alone.
set -u

said=$(mktemp) || exit 1
trap 'rm -f "$said"' EXIT
trap 'exit 1' INT TERM HUP
name=$1
shift
cases=''
if [ "$name" = cases ]; then
    cases=yes
    name=$1
    shift
    set -- sh "harness/test/$name" "$@"
fi

began=$(date +%s)
# One that takes minutes hangs; and a program that writes more than 20 MB (40,960 blocks) runs wild:
# the end of what it said will do. A script's cases may: perf writes more.
([ "$cases" ] || ulimit -f 40960; exec timeout 900 "$@") >"$said" 2>&1
status=$?

{
    flock 9
    if [ "$cases" ]; then
        cat "$said"
    elif [ "$status" -eq 0 ]; then
        echo "ok $name ($(($(date +%s) - began)) s)"
    else
        tail -n 60 "$said" | sed 's/^/  /'
    fi
    [ "$status" -eq 0 ] || echo "FAILED $name: exit status $status"
} 9<"$0"
