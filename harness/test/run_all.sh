#!/bin/sh
# run_all.sh - the one command: what it takes, and what it makes of folders with odd names;
# that `make lint-arrows` finds an include that must not be, and what `make limits-table` writes.
# SPDX-License-Identifier: MIT
#
# Usage: run_all.sh BUILD. The exit status is 0 whatever the cases say.
set -u

# shellcheck source=harness/test/cases.sh
. "$(dirname "$0")/cases.sh"

root=$(realpath "$(dirname "$0")/../..")

usage() {
    refused 2 'unrecognized' "$root/run_all.sh" --bogus
    want 'no help' "$root/run_all.sh" --help
}

# set_up_tree: where each program that run_all.sh runs says its arguments, one a line.
set_up_tree() {
    mkdir -p 'a tree/build' 'a tree/servers/articles' 'a tree/results' bin
    cp "$root/run_all.sh" 'a tree'
    printf '#!/bin/sh\n' | tee 'a tree/servers/articles/one' >'a tree/servers/articles/two'
    echo '/* x.c */' >'a tree/servers/x.c'
    printf 'all articles:\n' >'a tree/Makefile'
    # shellcheck disable=SC2016 # for the script
    printf '#!/bin/sh\nprintf "%%s\\n" "$@" >"%s/said.$1"\n' "$PWD" >'a tree/build/abacus'
    printf '#!/bin/sh\necho installed\n' >bin/dpkg-query
    chmod +x bin/dpkg-query 'a tree/build/abacus' 'a tree/servers/articles/'*
}

blanks() {
    set_up_tree
    PATH=$PWD/bin:$PATH 'a tree/run_all.sh' --articles >out 2>err || { cat out err && exit 1; }
    want "it checked $(xargs <said.check)" cmp said.check - <<'END'
check
a tree/servers/articles/one
a tree/servers/articles/two
END
}

another_host() {
    set_up_tree
    PATH=$PWD/bin:$PATH 'a tree/run_all.sh' --client me@one --client two --address 10.0.0.1 x \
        >out 2>err || { cat out err && exit 1; }
    want "it ran $(xargs <said.run)" [ "$(xargs <said.run)" = \
        'run --client me@one --client two --address 10.0.0.1 x' ]
}

# It is somebody's folder, or an earlier run's.
latest() {
    set_up_tree
    mkdir 'a tree/results/latest'
    PATH=$PWD/bin:$PATH 'a tree/run_all.sh' --profile >out 2>err
    want 'the status is not 1' [ $? -eq 1 ]
    want 'a profile in a folder that is not the run' [ ! -e said.profile ]
    want 'not said' grep -q 'latest is no link to this run' err
}

# Of a tree with one include too many, and one that the table allows.
arrows() {
    mkdir -p harness/stats harness/model
    printf '/* x */\n#include "model/run.h"\n' >harness/stats/x.c
    echo '#include "host/machine.h"' >harness/model/y.h
    sh "$root/harness/tools/arrows.sh" >out && exit 1
    want "it says $(cat out)" \
        grep -qx 'harness/stats/x.c:2: stats must not include model/run.h' out
    want 'it says more' [ "$(wc -l <out)" -eq 1 ]
}

# The columns of servers/README.md that are made from limits.csv, whatever their order there.
# shellcheck disable=SC2016 # Markdown's own
limits_table() {
    cat >limits.csv <<'END'
server,next_client,clients,full_busy,full_back_ms,slow_reader_ms,slow_senders_ms,burst_ms,resets_back_ms,half_closed,memory_kb,client_kb
poll,closed,2044.000,0.004,1.979,inf,2.259,1062.346,66.865,yes,2672.000,0.260
fork,slow,955.000,0.250,inf,99.9,120.4,inf,3950.0,no,,43.724
pool,waits,128.000,0.000,1500,1,inf,4407.5,inf,yes,0.000,0.000
all,answered,3000.000,0.000,0,1,1,1,1,yes,0.000,0.010
lost,,,,,,,,,,,
END
    printf 'before\n<!-- limits:begin -->\n| server | waits | costs | breaks |\n|---|---|---|---|\n' >readme
    printf '| `%s` | `read()` & | old | old |\n' poll fork >>readme
    printf '| `pool` | so | old | old |\n| `all` | | | |\n<!-- limits:end -->\n| `poll` | a | b | c |\n' >>readme
    sh "$root/harness/tools/limits_table.sh" limits.csv readme || exit 1
    cat >expected <<'END'
before
<!-- limits:begin -->
| server | waits | costs | breaks |
|---|---|---|---|
| `poll` | `read()` & | 0.3 KB | at 2,044 clients: the next one is closed; one that does not read holds up all others |
| `fork` | `read()` & | 44 KB | takes more than 955 clients, too slowly to find the last; uses 25 % of a core while it is full; does not answer when some have left; 500 that send half a request hold up others for 120 ms; does not answer 1,000 at once; answers 4.0 s after 5,000 resets; does not answer one that is half-closed |
| `pool` | so | none: its pool is there anyway | at 128 clients: the next one waits; answers 1.5 s after some have left; 500 that send half a request hold up all others; takes 4.4 s for 1,000 at once; does not answer after 5,000 resets |
| `all` | | less than 0.1 KB | holds all 3,000 clients |
<!-- limits:end -->
| `poll` | a | b | c |
END
    want 'another table' diff expected readme
    sh "$root/harness/tools/limits_table.sh" limits.csv readme || exit 1
    want 'not the same when made again' diff expected readme
    sed -i 's/^| `pool`/| `lost`/; s/0.3 KB/old/' readme
    cp readme kept
    refused 1 'no figures of lost' sh "$root/harness/tools/limits_table.sh" limits.csv readme
    want 'changed all the same' cmp kept readme
    echo 'no table' >none
    refused 1 'no table between' sh "$root/harness/tools/limits_table.sh" limits.csv none
    want 'something left behind' [ "$(ls)" = "$(printf '%s\n' err expected kept limits.csv none out readme)" ]
    want 'no table in servers/README.md' [ "$(grep -c '<!-- limits:' "$root/servers/README.md")" -eq 2 ]
}

# An installed abacus needs no source tree, and its words are found by man and by the shells.
installed() {
    cd "$root" || exit 1
    make -s -o all install BUILD="$build" DESTDIR="$work/dest" PREFIX=/usr || exit 1
    cd "$work" || exit 1
    bin=$work/dest/usr/bin
    want 'no servers' [ "$("$bin/abacus" list | wc -l)" -gt 8 ]
    want 'no suites' [ "$("$bin/abacus" suites | wc -l)" -gt 8 ]
    printf '[suite]\ntrials = 1\nrounds = 1\nround_seconds = 1\n[load c5]\nrequests = 100\nconcurrency = 5\npriming = 10\n' >s.ini
    "$bin/abacus" run --debug-build --limit wall=inf --suite ./s.ini epoll >out 2>err || { cat out err && exit 1; }
    want 'not where one is' [ -s results/latest/report.html ]
    want 'no pace' "$bin/pace" --version
    bash -n "$work/dest/usr/share/bash-completion/completions/abacus" || exit 1
    for page in abacus pace; do
        want "no manual of $page" grep -q '^\.It Fl -' "$work/dest/usr/share/man/man1/$page.1"
        command -v mandoc >/dev/null || continue
        mandoc -Tlint -Wwarning "$work/dest/usr/share/man/man1/$page.1" >lint || { cat lint && exit 1; }
    done
}

# What of the workflow can run here: its steps are shell.
workflow() {
    file=$root/.github/workflows/abacus.yml
    awk '/run: \|/ { match($0, /^ */); indent = RLENGTH + 2; inside = 1; next }
        inside && /[^ ]/ { match($0, /^ */); if (RLENGTH < indent) inside = 0 }
        inside { print substr($0, indent + 1) }' "$file" >steps
    want 'no steps' [ "$(wc -l <steps)" -gt 10 ]
    sh -n steps || exit 1
    ! command -v actionlint >/dev/null || actionlint "$file" || exit 1
    grep -o 'versus --[a-z]* --[a-z]*' steps | grep -o -- '--[a-z]*' >options
    want 'no options' [ -s options ]
    while read -r option; do
        want "no option $option" grep -q "\"${option#--}\"" "$root/harness/command/versus.c"
    done <options
}

for case in usage blanks another_host latest arrows limits_table installed workflow; do
    try "run_all_$case" "$case"
done
