#!/bin/sh
# servers.sh - the servers, their variants and the examples: each keeps the contract, and a variant is
# what it says it is.
# SPDX-License-Identifier: MIT
#
# Usage: servers.sh BUILD. The exit status is 0 whatever the cases say.
set -u

# shellcheck source=harness/test/cases.sh
. "$(dirname "$0")/cases.sh"

root=$(realpath "$(dirname "$0")/../..")
hello=$root/servers/examples/hello.pl
servers=$(cd "$root/servers" && printf '%s ' *.c | sed 's/\.c / /g')
variants=$(cd "$root/servers/variants" && printf '%s ' *.c | sed 's/\.c / /g')

# ---- the contract ----

checked() {
    "$build/abacus" check "$1" >out || { grep -v " ok " out && exit 1; }
}

check_tells() {
    sed 's/\\nonly: GET/\\nabout: GET/' "$hello" >all.pl
    chmod +x all.pl
    "$abacus" check ./all.pl >out 2>err
    want 'a server that cannot keep alive passed, though it should' [ $? -eq 1 ]
    want 'nothing said' grep -q '^all\.pl *FAIL ' out
}

# The models for servers in other languages do all that they say.
example() {
    case $1 in
    *.py) command -v python3 >/dev/null || skip 'python3 is not installed' ;;
    *.go)
        command -v go >/dev/null || skip 'go is not installed'
        GOCACHE=$PWD/cache HOME=$PWD go build -o hello-go "$1" || exit 1
        set -- ./hello-go
        ;;
    *.rs)
        rustc --version >/dev/null 2>&1 || skip 'rustc is not installed'
        rustc -O -D warnings -o hello-rs "$1" || exit 1
        set -- ./hello-rs
        ;;
    *.c)
        # shellcheck disable=SC2046 # the flags are several words
        sh "$root/servers/core/compile" "$1" ./hello-c "$build/core.a" -- -std=gnu11 -D_GNU_SOURCE -MMD \
            $(sed -n 2p "$build/flags") || exit 1
        set -- ./hello-c
        ;;
    esac
    "$abacus" check "$1" >out || { grep -v " ok " out && exit 1; }
}

# ---- variants ----

# A function in place of its model's, with its comment; one that is new, with an include; the rest.
woven() {
    cat >model.c <<'END'
/* model.c - the model. */
#include "a.h"

enum { SIZE = 1 };

/* Of the model. */
static int first(int n)
{
    return n;
}

static int second;
END
    cat >variant.c <<'END'
/* variant.c - the variant.
 * model: model */
#include <b.h>

static void helper(void)
{
}

/* Of the variant. */
static int first(int n)
{
    helper();
    return 2 * n;
}
END
    cat >expected <<'END'
/* variant.c - the variant.
 * model: model */
#include <b.h>
#include "a.h"

enum { SIZE = 1 };

static void helper(void)
{
}

/* Of the variant. */
static int first(int n)
{
    helper();
    return 2 * n;
}

static int second;
END
    awk -f "$root/servers/core/weave.awk" variant.c model.c >whole || exit 1
    want 'not woven as expected' diff expected whole
    sed -i 's/first/fist/' variant.c
    awk -f "$root/servers/core/weave.awk" variant.c model.c >whole 2>err
    want 'a variant without a place in its model' [ $? -eq 1 ]
    want "not named: $(cat err)" grep -qx 'weave.awk: not in the model: helper' err
}

# None is forgotten in the suite, nor in what says what they show.
variants_listed() {
    for variant in $variants; do
        want "$variant is not in the suite" grep -qx "\[server $variant\]" "$root/harness/suites/variants.ini"
        want "$variant is not in servers/README.md" grep -q "^| \`$variant\` | " "$root/servers/README.md"
        want "$variant asks nothing" grep -q '^ \* question: .*?$' "$root/servers/variants/$variant.c"
        want "$variant is beside nothing" grep -Eq '^ \* (model|beside): ' "$root/servers/variants/$variant.c"
    done
}

# One that does not would leave all clients to the others, and nobody would see it by the replies.
each_process_listens() {
    for variant in epoll-shared epoll-exclusive epoll-reuseport; do
        rm -f ready
        mkfifo ready
        "$build/servers/variants/$variant" >ready &
        parent=$!
        timeout 30 head -n 1 ready >line
        for pid in $parent $(cat "/proc/$parent/task/$parent/children"); do
            cat "/proc/$pid/fdinfo"/* | grep '^tfd:'
        done >watched
        kill "$parent"
        wait "$parent"
        want "$variant: not ready" grep -q '^listening on ' line
        want "$variant: not one descriptor watched by each of four processes" [ "$(wc -l <watched)" -eq 4 ]
    done
}

# From ratios that are made up: a saving, a cost, a tie, what is open, and what is not there.
variants_table() {
    mkdir variants run run/plots build
    echo made-up >run/record.jsonl
    printf '/* a.c - a.\n * model: m\n * question: Is a cheaper?\n */\n' >variants/a.c
    printf '/* b.c - b.\n * model: m\n * beside: a\n * question: And b?\n */\n' >variants/b.c
    for reference in m a; do
        printf '# row\tload_name\tserver_name\tcpu\tcpu_low\tcpu_high\tcpu_relation\n' >"$reference.dat"
    done
    printf '1\t"%s: title, against m"\t"a"\t%s\t"%s"\n' \
        c50 '0.969\t0.963\t0.975' apart kept '1.001\t0.998\t1.003' tie \
        50k '0.995\t0.980\t1.010' open | sed 's/\\t/\t/g' >>m.dat
    printf '1\t"%s: title, against a"\t"b"\t%s\t"%s"\n' \
        c50 '1.5\t1.4\t1.6' apart kept '1.004\t0.998\t1.012' open | sed 's/\\t/\t/g' >>a.dat
    cat >build/abacus <<'END' && chmod +x build/abacus
#!/bin/sh
mkdir -p "$4/plots" && cp "$3.dat" "$4/plots/paired-ratios.dat"
END
    printf 'before\n<!-- variants -->\nold\n<!-- /variants -->\nbehind\n' >README.md
    cat >expected <<'END'
before
<!-- variants -->

| variant | beside | question | answer |
|---|---|---|---|
| `a` | `m` | Is a cheaper? | worth 3.1 % ± 0.6 % (c = 50), nothing with keep-alive, not told apart: −0.5 % ± 1.5 % for 50 KB |
| `b` | `a` | And b? | costs 50.0 % ± 10.0 % (c = 50), not told apart: +0.4 % ± 0.7 % with keep-alive, not measured for 50 KB |

<!-- /variants -->
behind
END
    table="$root/harness/tools/variants_table.sh"
    for turn in 1 2; do
        sh "$table" build run README.md variants || exit 1
        want "not as expected, turn $turn" diff expected README.md
    done
    grep -v '/variants' expected >README.md
    cp README.md before
    sh "$table" build run README.md variants 2>err
    want 'a table without a place' [ $? -eq 1 ]
    want "not said: $(cat err)" grep -q 'README.md has no place' err
    want 'it has changed the file' cmp before README.md
}

for server in $servers; do
    try "check_$server" checked "$server"
done
for variant in $variants; do
    try "check_$variant" checked "$build/servers/variants/$variant"
done
for file in "$root"/servers/examples/*; do
    try "example_${file##*.}" example "$file"
done
for case in check_tells woven variants_listed each_process_listens variants_table nothing_left; do
    try "$case" "$case"
done
