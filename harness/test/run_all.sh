#!/bin/sh
# run_all.sh - the one command: what it takes, and what it makes of folders with odd names;
# and that `make lint-arrows` finds an include that must not be.
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

for case in usage blanks latest arrows; do
    try "run_all_$case" "$case"
done
