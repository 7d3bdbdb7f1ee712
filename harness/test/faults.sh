#!/bin/sh
# faults.sh - abacus on a machine that lacks something, among programs that get in its way, and
# killed at its work: it measures what it can, says what is weaker, and leaves nothing behind.
# SPDX-License-Identifier: MIT
#
# Usage: faults.sh BUILD. The exit status is 0 whatever the cases say.
set -u

# shellcheck source=harness/test/cases.sh
. "$(dirname "$0")/cases.sh"

# One load of some milliseconds, and one that lasts until it is ended.
suites() {
    printf '[suite]\nrounds = 1\n[load c10]\nrequests = 2000\nconcurrency = 10\npriming = 20\n' >short.ini
    printf '[suite]\nrounds = 1\n[load c10]\nrequests = 10000000\nconcurrency = 10\npriming = 20\n' >long.ini
}

# measured WORDS COMMAND...: a run that comes out well, and says these words in its record.
measured() {
    words=$1
    shift
    "$@" run --suite short.ini --out run epoll fork >out 2>err || { cat out err && exit 1; }
    want "'$words' is not in the record" grep -q "\"notes\":\[.*$words" run/record.jsonl
    want "'$words' is not in the tables" contains "$words" run/tables.txt
    for name in epoll fork; do
        want "no figures of $name" grep -q "^c10,$name,1,[0-9]" run/cells.csv
    done
    want "still there: $(leftovers)" [ -z "$(leftovers)" ]
}

# The words are in the file, wherever its lines are broken.
contains() {
    tr -s ' \n' ' ' <"$2" | grep -q "$1"
}

as_root() {
    [ "$(id -u)" -eq 0 ] || skip "not root"
}

# ---- what a machine may lack ----

no_cgroup() {
    as_root
    suites
    # shellcheck disable=SC2016 # for the inner shell
    hidden='umount -a -t cgroup2 && ! grep -q " - cgroup2 " /proc/self/mountinfo && exec "$0" "$@"'
    unshare --mount sh -c "$hidden" true || skip "cgroup v2 cannot be hidden"
    measured 'no cgroup v2 is mounted' unshare --mount sh -c "$hidden" "$abacus"
}

# In a user namespace of its own, whose limits are its own, too.
without_network_namespaces() {
    # shellcheck disable=SC2016 # for the inner shell
    unshare --user --map-root-user sh -c \
        'echo 0 >/proc/sys/user/max_net_namespaces && exec "$0" "$@"' "$@"
}

no_network_namespace() {
    without_network_namespaces true || skip "no user namespaces"
    suites
    measured 'no network namespace' without_network_namespaces "$abacus"
    # each trial had an address of its own instead
    want 'two trials at one address' [ "$(grep -ho 'http://127[0-9.]*' run/raw/*.txt |
        sort | uniq -d | wc -l)" -eq 0 ]
}

# The server says that it listens where another program does; all networks are one.
port_of_another() {
    without_network_namespaces true || skip "no user namespaces"
    suites
    mkfifo ready
    "$build/servers/epoll" -a 0.0.0.0 >ready &
    other=$!
    read -r line <ready
    printf '#!/bin/sh\nBROKEN_PORT=%s exec %s "$@"\n' "${line##*:}" \
        "$build/test/broken_server" >liar
    chmod +x liar
    without_network_namespaces "$abacus" run --suite short.ini --out run epoll ./liar >out 2>err
    status=$?
    kill "$other" && wait "$other"
    want "status $status" [ "$status" -eq 1 ]
    want 'no reason in the tables' contains "is not the server.s" run/tables.txt
    want 'it has figures' grep -q '^c10,liar,0,,' run/cells.csv
    want 'epoll has none' grep -q '^c10,epoll,1,[0-9]' run/cells.csv
}

# As a user without any right: its own network all the same, but no cgroup.
plain_user() {
    as_root
    user='setpriv --reuid=65534 --regid=65534 --clear-groups'
    suites
    chmod 711 "$work" && chown 65534 .
    $user test -x "$build/abacus" || skip "$build is not for other users"
    $user unshare --user true || skip "users may not make namespaces"
    # shellcheck disable=SC2086 # its words
    measured 'no cgroup' $user "$abacus"
    want 'not in a network of its own' grep -q '"http://127\.0\.0\.1:\|http://127\.0\.0\.1:' \
        run/raw/r01-c10-epoll.txt
}

one_core() {
    suites
    measured 'share one core' taskset -c "$(taskset -cp $$ | sed 's/.*: *\([0-9]*\).*/\1/')" "$abacus"
}

# Whoever may lock memory without a limit gives that right up.
no_lockable_memory() {
    "$build/servers/io_uring" -i >out 2>&1 || skip "$(cat out)"
    bounded=
    ! setpriv --bounding-set=-ipc_lock true || bounded='setpriv --bounding-set=-ipc_lock'
    # shellcheck disable=SC2086 # its words
    prlimit --memlock=0 $bounded "$build/servers/io_uring" -i >out 2>err
    status=$?
    [ "$status" -ne 0 ] || skip "this kernel does not count what io_uring locks"
    want "status $status" [ "$status" -eq 69 ]
    want "not why: $(cat err)" grep -q 'ulimit -l' err
}

# ---- what may get in the way ----

# No trial is let pass: the run ends in bounded time, and the tables say why.
# A limit that every trial breaks.
always_disturbed() {
    small_suite 4 >small.ini
    "$abacus" run --suite small.ini --limit client-delay=-1 --out run epoll >out 2>err
    want "the status is not 1" [ $? -eq 1 ]
    trials=$(grep -c '"type":"trial"' run/record.jsonl)
    # 8 slots, and half as many and 6 for those that are disturbed
    want "$trials trials" [ "$trials" -eq 18 ]
    want 'not all are disturbed' [ "$(grep -c '"verdict":"disturbed"' run/record.jsonl)" -eq 18 ]
    want 'it has figures' grep -q '^c10,epoll,0,,' run/cells.csv
    want 'no reason in the tables' contains 'the load tool had to wait for its CPU' run/tables.txt
}

# In PATH before the true one: an ab that says its process id to the pipe `running` when it
# begins with a load that is measured.
announcing_ab() {
    mkfifo running
    mkdir bin
    cat >bin/ab <<END
#!/bin/sh
case "\$*" in *' -e '*) echo \$\$ >"$PWD/running" ;; esac
exec "$(command -v ab)" "\$@"
END
    chmod +x bin/ab
}

# Begins a long run and waits until ab is at work: $run and $ab are their process ids.
long_run() {
    suites
    announcing_ab
    PATH="$PWD/bin:$PATH" "$abacus" run --suite long.ini --out run "$@" >out 2>err &
    run=$!
    read -r ab <running
    cgroup=$(find_cgroup "$run")
}

# The folder of the cgroup of a run; nothing if it has none.
find_cgroup() {
    mount=$(sed -n '/ - cgroup2 /{s/^\([^ ]* \)\{4\}\([^ ]*\).*/\2/p;q}' /proc/self/mountinfo)
    ls -d "$mount$(sed -n 's/^0::\(\/.\)/\1/p' /proc/self/cgroup)/abacus-$1" 2>/dev/null
}

# Ends by itself once there is no such process, or after five seconds.
await_end() {
    timeout 5 tail --pid="$1" -f /dev/null
}

ab_killed() {
    long_run epoll fork
    kill -KILL "$ab"
    while read -r next; do kill -KILL "$next"; done <>running &
    killer=$!
    wait "$run"
    status=$?
    kill "$killer"
    want "status $status" [ "$status" -eq 1 ]
    want 'no reason in the tables' contains 'ab was killed by signal 9' run/tables.txt
    want 'a figure all the same' [ "$(grep -c '^c10,[a-z]*,0,,' run/cells.csv)" -eq 2 ]
    want "still there: $(leftovers)" [ -z "$(leftovers)" ]
}

# With -9 abacus has no say: its children die of it, and the next run removes the cgroup.
run_killed() {
    long_run epoll
    started=$(leftovers)
    want "not three processes: $started" [ "$(echo "$started" | wc -l)" -ge 3 ]
    kill -KILL "$run"
    wait "$run"
    for path in $started; do
        pid=${path#/proc/}
        await_end "${pid%%/*}"
    done
    want "still there: $(leftovers)" [ -z "$(leftovers)" ]
    "$abacus" report run >out 2>err # 1: the trial that it began has no figures
    want 'the record cannot be read' [ -s run/tables.txt ]
    [ -n "$cgroup" ] || skip "no cgroup to be left behind"
    "$abacus" run --suite short.ini --out next epoll >out 2>err || { cat out err && exit 1; }
    want "$cgroup is still there" [ ! -d "$cgroup" ]
}

run_interrupted() {
    long_run epoll
    kill -INT "$run"
    wait "$run"
    status=$?
    want "status $status" [ "$status" -eq 1 ]
    want "still there: $(leftovers)" [ -z "$(leftovers)" ]
    want "$cgroup is still there" [ ! -d "$cgroup" ]
}

for case in no_cgroup no_network_namespace port_of_another plain_user one_core \
    no_lockable_memory always_disturbed ab_killed run_killed run_interrupted; do
    try "$case" "$case"
done
