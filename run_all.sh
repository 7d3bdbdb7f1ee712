#!/bin/sh
# run_all.sh - the one command: sets up, builds, checks, measures, and prints the tables.
# SPDX-License-Identifier: MIT
set -u

base='gcc libc6-dev make pkg-config libjansson-dev libinih-dev zlib1g-dev
      apache2-utils gnuplot-nox fonts-dejavu-core'
for_tests='clang clang-format clang-tidy cppcheck shellcheck libcmocka-dev chromium xz-utils'
for_tools='wrk nghttp2-client'
for_profile='valgrind strace bpftrace linux-perf'

help() {
    cat <<'END'
Usage: ./run_all.sh [OPTION]... [SERVER]...

Installs what is missing, builds, checks that each server answers as it must, measures
it with ApacheBench, and prints the tables. Everything is kept under results/.
SERVER is a name from servers/ or the path of an executable; without one, all of servers/.

  --quick       a small load, in less than a minute: a first look, which can miss 10 %
  --rates       each server at the same rates of requests: what one costs, how long it takes
  --knee        the highest rate at which each server still answers in time; --slo TIME: 99 %
                of the requests within that (10ms)
  --idle        beside 0 to 10,000 idle connections: who pays for those
  --suite NAME  what to measure: articles (the default), keepalive, pages, ladder, backends,
                rates, knee, idle, or a file
  --tool T,T    ab, wrk, h2load, pace: a load tool in place of the suite's, or several beside
                each other
  --rounds N    of slices, in which all servers are measured side by side (default: 12)
  --trials N    whole trials of each server and load, by the load's own command (default: 2)
  --minutes N   how long the run is to take: slices fill the time
  --seed N      the order of the trials (default: a new one, which the tables name)
  --out DIR     a new folder for the run (default: results/<UTC time>-<host>)
  --resume DIR  go on with the run in DIR, which was stopped; with --rounds N, to N rounds
  --client U@H  run the load tool on that host, by ssh; several times: they share the connections
  --address A   where the servers listen then (default: where the first client reaches this host)
  --limit R=N   what a rule allows that trials are judged by: see build/abacus rules
  --articles    the articles' own systems, from Debian's packages, beside the figures of
                2009 and 2012
  --profile     afterwards what one request costs, and where its time goes: at most 6
                minutes more for six servers
  --limits      afterwards where each server breaks, tried: two minutes more
  --color WHEN  auto (on a terminal, unless NO_COLOR is set), always, never
  --test        install what the tests need, and run them instead: some minutes
  --help        this text

Ctrl-C ends it in good order, with the tables of what was measured.

Exit status: 0 every server has its figures; 1 a server failed, and the last lines name it;
2 wrong usage; 130 after Ctrl-C.
END
}

say() {
    printf 'run_all.sh: %s\n' "$1" >&2
}

# Runs a step that has nothing to say; if it fails, shows what it said, and ends.
step() {
    name=$1
    shift
    if ! "$@" >"$log" 2>&1; then
        cat "$log" >&2
        say "$name failed"
        exit 1
    fi
}

# What the same packages are called elsewhere.
without_apt() {
    say 'no apt-get here; if a step fails, install what it lacks of these:'
    cat >&2 <<'END'
Fedora: dnf install gcc make pkgconf jansson-devel inih-devel httpd-tools gnuplot dejavu-sans-fonts libev-devel libevent-devel liburing-devel libuv-devel wrk nghttp2 valgrind strace bpftrace perf; for --test: clang clang-tools-extra compiler-rt cppcheck ShellCheck libcmocka-devel chromium xz
Arch: pacman -S gcc make pkgconf jansson libinih apache gnuplot ttf-dejavu libev libevent liburing libuv wrk nghttp2 valgrind strace bpftrace perf; for --test: clang compiler-rt cppcheck shellcheck cmocka chromium xz
END
}

# The runtime of the clang that is installed: each release has another.
clang_runtime() {
    echo "libclang-rt-$(clang -dumpversion | cut -d . -f 1)-dev"
}

# The packages that the servers name in their head comments (" * debian: libuv1-dev").
for_servers() {
    sed -n 's|^ \* debian: *||p' "$here"/servers/*.c
}

# The same of the articles' systems.
for_articles() {
    sed -n 's|^[^ ]* debian: *||p' "$here"/servers/articles/*
}

# The articles' systems are known by their names to their suite only.
check() {
    if [ "$articles" ]; then
        set --
        for system in "$here"/servers/articles/*; do
            [ ! -x "$system" ] || set -- "$@" "$system"
        done
    fi
    "$here"/build/abacus check "$@"
}

missing() {
    printf '%s\n' "$@" | sort -u | while read -r package; do
        dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed ||
            printf '%s ' "$package"
    done
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

apt() {
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get -qq -o DPkg::Lock::Timeout=300 "$@"
}

# Package lists that cannot be fetched may do all the same, so only the install must succeed.
fetch() {
    apt update
    apt install --no-install-recommends "$@"
}

set_up() {
    command -v apt-get >/dev/null || return 0
    wanted=$(missing "$@")
    [ -n "$wanted" ] || return
    if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
        say "needs root, once: apt-get install $wanted"
        exit 1
    fi
    echo "Installing $wanted"
    # shellcheck disable=SC2086 # a list of words
    step 'installing packages' fetch $wanted
}

# One by one: where a package cannot be had, its system's row says so.
set_up_each() {
    for package; do
        [ -n "$(missing "$package")" ] || continue
        echo "Installing $package"
        fetch "$package" >"$log" 2>&1 ||
            say "$package cannot be installed: $(tail -n 1 "$log")"
    done
}

here=$(dirname "$0")
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT

# What is not for this script is for `abacus run`: its options go to the end, and then the servers.
test='' articles='' profile='' more='' tool='' folder='' options=0
names=help,quick,rates,knee,idle,slo:,suite:,tool:,articles,profile,limits,test,rounds:,trials:,minutes:,seed:,out:,resume:,client:,address:,limit:,color:
parsed=$(getopt -n run_all.sh -o h -l "$names" -- "$@" 2>"$log") || {
    echo "$(head -n 1 "$log"); see ./run_all.sh --help" >&2
    exit 2
}
eval set -- "$parsed"
while [ "$1" != -- ]; do
    case $1 in
    -h | --help) help && exit ;;
    --articles) articles=yes && set -- "$@" --suite systems && options=$((options + 2)) ;;
    --quick | --rates | --knee | --idle) set -- "$@" --suite "${1#--}" && options=$((options + 2)) ;;
    --profile) profile=yes more="$more profile" ;;
    --limits) more="$more limits" ;;
    --test) test=yes ;;
    *)
        case $1 in
        --tool) tool=$2 ;;
        --out | --resume) folder=$2 ;;
        esac
        set -- "$@" "$1" "$2"
        options=$((options + 2))
        shift
        ;;
    esac
    shift
done
shift
servers=$(($# - options))
for _ in $(seq "$servers"); do
    set -- "$@" "$1"
    shift
done

command -v apt-get >/dev/null || without_apt
# shellcheck disable=SC2046,SC2086 # lists of words
set_up $base $(for_servers) ${test:+$for_tests $for_tools $for_profile} \
    ${tool:+$for_tools} ${articles:+$for_tools} ${profile:+$for_profile}
if [ "$test" ]; then
    set_up "$(clang_runtime)"
    make -s -j "$(nproc)" -C "$here" test || exit 1
    exit
fi
echo 'Building'
step 'the build' make -s -j "$(nproc)" -C "$here"
if [ "$articles" ]; then
    # shellcheck disable=SC2046 # a list of words
    set_up_each $(for_articles)
    make -s -C "$here" articles
fi

# A server that fails is measured all the same: its row says what is wrong with it. A run that
# goes on has its servers as they were when it began, and they were checked then.
checked=0
case " $* " in
*' --resume '*) ;;
*)
    echo 'Checking what each server answers'
    (shift "$options" && check "$@") >"$log"
    checked=$?
    [ "$checked" -eq 0 ] || grep -v '^[^ ]* *ok ' "$log"
    [ "$checked" -ne 2 ] || exit 2
    ;;
esac

# On Ctrl-C abacus ends its children and prints the tables of what there is: wait for it.
stopped=''
trap 'stopped=yes' INT
# What the articles measured of few systems: runs of their own.
others=0
if [ "$articles" ] && [ ! -e "$folder" ]; then
    for part in pages 2009; do
        [ -z "$stopped" ] || exit 130
        "$here"/build/abacus run --suite "systems-$part" ${folder:+--out "$folder-$part"} ||
            others=1
    done
fi
[ -z "$stopped" ] || exit 130
"$here"/build/abacus run "$@"
measured=$?
[ "$measured" -ne 2 ] || exit 2
[ "$checked" -eq 0 ] || say 'the check of the servers failed'
[ -z "$stopped" ] || exit 130
# What else is to be known of the same servers goes into the run's folder, and onto its page.
added=0
shift "$options"
[ -z "$articles" ] || set -- "${@:-epoll}" "$here/servers/articles/guile"
latest=$here/results/latest
for command in $more; do
    if [ -z "$folder" ] && ! { [ -L "$latest" ] && [ "$(find "$latest/" -newer "$log")" ]; }; then
        say "no $command: $latest is no link to this run; give the run's folder to: abacus $command --out"
        added=1
        continue
    fi
    [ -z "$stopped" ] || exit 130
    "$here"/build/abacus "$command" --out "$(realpath "${folder:-$latest}")" "$@" || added=1
done
[ $((checked + others + measured + added)) -eq 0 ] || exit 1
