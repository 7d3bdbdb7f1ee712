#!/bin/sh
# faults.sh - abacus on a machine that lacks something, among programs that get in its way, and
# killed at its work: it measures what it can, says what is weaker, and leaves nothing behind.
# SPDX-License-Identifier: MIT
#
# Usage: faults.sh BUILD. The exit status is 0 whatever the cases say.
set -u

# shellcheck source=harness/test/cases.sh
. "$(dirname "$0")/cases.sh"

# What goes wrong takes the ways that are walked least: here all is sanitized.
calm "$build/abacus" "$abacus"

# One load of some milliseconds, also of a server that forks, which takes 5 ms if it is sanitized;
# and one that lasts until it is ended: a server that was not primed is not found to be too slow for so
# many requests.
suites() {
    printf '[suite]\ntrials = 1\nrounds = 1\nround_seconds = 1\n
[load c10]\nrequests = 200\nconcurrency = 10\nslice = 50\npriming = 20\n' >short.ini
    printf '[suite]\ntrials = 1\nrounds = 0\n
[load c10]\nrequests = 10000000\nconcurrency = 10\npriming = 0\n' >long.ini
}

# measured WORDS COMMAND...: a run that comes out well, and says these words in its record.
measured() {
    words=$1
    shift
    "$@" run --suite short.ini --out run epoll fork >out 2>err || { cat out err && exit 1; }
    want "'$words' is not in the record" grep -q "\"notes\":\[.*$words" run/record.jsonl
    want "'$words' is not in the tables" contains "$words" run/tables.txt
    for name in epoll fork; do
        want "no figures of $name" grep -q "^c10,$name,1,1,[0-9]" run/cells.csv
    done
    want "still there: $(leftovers)" [ -z "$(leftovers)" ]
}

as_root() {
    [ "$(id -u)" -eq 0 ] || skip "not root"
}

# ---- what a machine may lack ----

without_cgroups() {
    # shellcheck disable=SC2016 # for the inner shell
    unshare --mount sh -c 'umount -a -t cgroup2 &&
        ! grep -q " - cgroup2 " /proc/self/mountinfo && exec "$0" "$@"' "$@"
}

no_cgroup() {
    as_root
    without_cgroups true || skip "cgroup v2 cannot be hidden"
    suites
    measured 'no cgroup v2 is mounted' without_cgroups "$abacus"
}

# in_cgroup FILE WORD COMMAND...: in a cgroup of its own, with that word in that file of it.
in_cgroup() {
    # shellcheck disable=SC2016 # for the inner shell
    sh -c 'echo "$2" >"$0/$1" && echo $$ >"$0/cgroup.procs" && shift 2 && exec "$@"' \
        "$outer" "$@"
}

# A cgroup can be made, but nothing can join it, or none can be made within it.
cgroup_of_no_use() {
    as_root
    outer=$(find_cgroups)/test-$$
    mkdir "$outer" || skip "no cgroup can be made"
    trap 'rmdir "$outer"' EXIT
    in_cgroup "$1" "$2" true || skip "$1 cannot be set"
    suites
    measured "no cgroup (.*$3" in_cgroup "$1" "$2" "$abacus"
    want "still there: $outer/abacus-*" [ -z "$(find "$outer" -mindepth 1 -type d)" ]
}

# A living run is not of our PID namespace: to whoever looks there it seems to be dead.
run_beside() {
    as_root
    long_run epoll
    [ -n "$cgroup" ] || skip "no cgroup"
    unshare --pid --fork --kill-child --mount-proc "$abacus" run --suite short.ini \
        --out beside epoll >out 2>err || { cat out err && exit 1; }
    kill -0 "$run" || { cat long.log && echo 'the living run has ended' && exit 1; }
    want "$cgroup was removed" [ -d "$cgroup" ]
    kill -INT "$run"
    wait "$run"
    want "still there: $(leftovers)" [ -z "$(leftovers)" ]
}

# The server's work is done by a process in a session of its own, which outlives it.
process_in_its_own_session() {
    as_root
    without_cgroups true || skip "cgroup v2 cannot be hidden"
    suites
    printf '#!/bin/sh\ntrap "exit 0" TERM\nsetsid %s "$@" &\nwait\n' \
        "$build/servers/epoll" >leaver
    chmod +x leaver
    without_cgroups "$abacus" run --suite short.ini --out run ./leaver >out 2>err
    want "still there: $(leftovers)" [ -z "$(leftovers)" ]
    want 'no figures' grep -q '^c10,leaver,1,1,[0-9]' run/cells.csv
    want 'no CPU time' grep -q '"server_cpu_s":0\?\.[0-9]*[1-9]' run/record.jsonl
}

# As in a container whose first process waits for its own child alone.
nobody_waits_for_orphans() {
    as_root
    suites
    # shellcheck disable=SC2016 # for perl
    unshare --pid --fork --mount-proc perl -e '
        system @ARGV; print STDERR scalar(grep { /^State:\tZ/ } map { `cat $_` } glob
        "/proc/[0-9]*/status"), " zombies\n"' \
        "$abacus" run --suite short.ini --out run prefork >out 2>err
    want "no figures: $(cat err)" grep -q '^c10,prefork,1,1,[0-9]' run/cells.csv
    want "$(tail -n 1 err)" [ "$(tail -n 1 err)" = '0 zombies' ]
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
    want 'it has figures' grep -q '^c10,liar,0,0,,' run/cells.csv
    want 'epoll has none' grep -q '^c10,epoll,1,1,[0-9]' run/cells.csv
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
        run/raw/t01-c10-epoll.txt
}

one_core() {
    suites
    measured 'share one core' taskset -c "$(taskset -cp $$ | sed 's/.*: *\([0-9]*\).*/\1/')" "$abacus"
}

# ---- what abacus may be started with ----

# Who ignores SIGCHLD has no children to ask what they used. (A shell between would reset it.)
inherited_signals() {
    suites
    printf '#!/bin/sh\nexec env --ignore-signal=CHLD --block-signal=TERM %s "$@"\n' \
        "$build/abacus" >odd
    chmod +x odd
    calm "$PWD/odd" calm_odd
    ./calm_odd run --suite short.ini --out run epoll select >out 2>err || { cat out err && exit 1; }
    sed -n 's/.*"client_cpu_s":\([^,]*\).*/\1/p' run/record.jsonl >used
    # shellcheck disable=SC2016 # awk's own
    want "ab used: $(xargs <used)" awk '!($1 > 0 && $1 < 60) { exit 1 } END { exit NR != 2 }' used
}

# What nohup asked for holds: the run goes on.
hangup() {
    suites
    announcing_ab
    PATH="$PWD/bin:$PATH" env --ignore-signal=HUP "$abacus" run --suite short.ini --out run \
        epoll select >out 2>err &
    run=$!
    read -r ab <running
    kill -HUP "$run"
    while read -r next; do :; done <>running &
    reader=$!
    wait "$run"
    status=$?
    kill "$reader"
    want "status $status: $(cat err)" [ "$status" -eq 0 ]
}

# Then the record would be standard error.
closed_descriptors() {
    suites
    "$abacus" run --suite short.ini --out run epoll select <&- >&- 2>&-
    want "the status is not 0" [ $? -eq 0 ]
    want "not a record: $(grep -v '^{' run/record.jsonl | head -n 1)" \
        [ "$(grep -vc '^{' run/record.jsonl)" -eq 0 ]
}

# As with "2>&1 | head".
nobody_reads() {
    suites
    { "$abacus" run --suite short.ini --out run epoll select 2>&1 >out; echo $? >status; } |
        head -n 1 >first
    want "status $(cat status)" [ "$(cat status)" -eq 0 ]
    want 'no tables' grep -q epoll out
}

priority() {
    suites
    measured 'nice 5 and the policy SCHED_BATCH' nice -n 5 chrt --batch 0 "$abacus"
}

# The least time, in ms, that the server needed for each of five big pages over sockets that take
# 24,000 bytes at most.
cat >"$work/big_page" <<'END'
#!/bin/sh
ip link set lo up && echo '4096 16384 24000' >/proc/sys/net/ipv4/tcp_wmem || exit 77
mkfifo ready
"$1" >ready &
server=$!
read -r line <ready && rm ready
ab -q -n 5 "http://${line##* }/50k" | awk '/^Total:/ { print $2 }'
kill "$server"
END

# A piece that is held back until more comes is sent after 200 ms, each time.
small_send_buffer() {
    namespaces='unshare --user --map-root-user --net'
    $namespaces true || skip "no user namespaces"
    for server in "$build"/servers/*; do
        if [ -d "$server" ] || [ ! -x "$server" ]; then continue; fi
        least=$($namespaces sh "$work/big_page" "$server")
        [ $? -ne 77 ] || skip "tcp_wmem cannot be set"
        want "${server##*/} needs ${least:-?} ms" [ "${least:-200}" -lt 200 ]
    done
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

# older INJECTION...: makes ./older, io_uring where the kernel refuses what is newer. Sets $features.
older() {
    cat >older <<END
#!/bin/sh
ASAN_OPTIONS=detect_leaks=0 # which cannot be under strace
export ASAN_OPTIONS
exec strace -Df -qqq -o/dev/null -etrace=io_uring_setup,io_uring_register $* "$build/servers/io_uring" "\$@"
END
    chmod +x older
    features=$(./older -i 2>err | sed -n 's/^features: //p')
}

# The whole contract, with each set of features. For one newer liburing asks twice, so how often it
# must be refused is not known.
older_kernels() {
    "$build/servers/io_uring" -i >out 2>&1 || skip "$(cat out)"
    strace -Df -o/dev/null true || skip "no strace, or it may not trace"
    : >seen
    for refused in '' 1 2 3 4 5 6; do
        for register in '' -einject=io_uring_register:error=EINVAL; do
            # shellcheck disable=SC2086 # one word or none
            older ${refused:+-einject=io_uring_setup:error=EINVAL:when=1..$refused} $register
            if [ -z "$features" ]; then
                want "not why: $(cat err)" grep -q 'older than' err
            elif ! grep -qFx "$features" seen; then
                echo "$features" >>seen
                "$abacus" check ./older >out || { grep FAIL out && exit 1; }
            fi
        done
    done
    for features in 'task work cooperative' 'task work interrupting'; do
        want "never: $features" grep -qFx "$features" seen
        want "never: $features, with all else" grep -qFx "$features, multishot accept, buffer ring" seen
    done
}

# ---- what may get in the way ----

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
    PATH="$PWD/bin:$PATH" "$abacus" run --suite long.ini --out run "$@" >long.log 2>&1 &
    run=$!
    read -r ab <running
    cgroup=$(find_cgroup "$run")
}

# The folder of the cgroup of a run; nothing if it has none.
find_cgroup() {
    ls -d "$(find_cgroups)/abacus-$1-"* 2>/dev/null
}

# Where they are made.
find_cgroups() {
    mount=$(sed -n '/ - cgroup2 /{s/^\([^ ]* \)\{4\}\([^ ]*\).*/\2/p;q}' /proc/self/mountinfo)
    echo "$mount$(sed -n 's/^0::\(\/.\)/\1/p' /proc/self/cgroup)"
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
    want 'a figure all the same' [ "$(grep -c '^c10,[a-z]*,0,0,,' run/cells.csv)" -eq 2 ]
    want "still there: $(leftovers)" [ -z "$(leftovers)" ]
}

# In the middle of a round a server goes wrong: its row says why and when, the others go on. The first
# time that it is started, before the rounds, it does nothing wrong.
# wrong_server BROKEN LIMIT WORDS
wrong_server() {
    printf '[suite]\ntrials = 0\nrounds = 2\nround_seconds = 1\n
[load c10]\nrequests = 2000\nconcurrency = 10\npriming = 20\nslice = 100\n' >slices.ini
    cat >wrong <<END
#!/bin/sh
[ "\$1" = -i ] || echo >>"$PWD/starts"
if [ "\$(wc -l <"$PWD/starts")" -gt 1 ]; then
    ulimit -n $2
    export BROKEN="$1" BROKEN_WHEN=80
fi
exec $build/test/broken_server "\$@"
END
    : >starts
    chmod +x wrong
    "$abacus" run --suite slices.ini --out run epoll ./wrong >out 2>err
    status=$?
    want "status $status" [ "$status" -eq 1 ]
    want "no reason in the tables" contains "wrong FAILED in round [12], block [0-9]*: .*$3" \
        run/tables.txt
    want 'it has figures' grep -q '^c10,wrong,0,0,,' run/cells.csv
    want 'epoll has none' grep -q '^c10,epoll,0,2,.*,[0-9]' run/cells.csv
    want 'it was the last of the blocks' awk '
        /"type":"slice"/ && /"last":true/ { wrong = NR }
        /"type":"slice"/ { last = NR }
        END { exit wrong > last - 2 }' run/record.jsonl
    want "still there: $(leftovers)" [ -z "$(leftovers)" ]
}

server_dies() {
    wrong_server 'ends under load' 1024 'the server ended under the load'
}

server_falls_silent() {
    wrong_server 'falls silent' 1024 'the server did not answer any more'
}

server_leaks() {
    wrong_server leaks 80 'the server did not answer any more'
}

# Once: the slice does not count, and its printout is kept.
ab_killed_in_a_slice() {
    printf '[suite]\ntrials = 0\nrounds = 2\nround_seconds = 2\n
[load c10]\nrequests = 2000\nconcurrency = 10\npriming = 20\n' >slices.ini
    mkdir bin
    cat >bin/ab <<END
#!/bin/sh
echo \$\$ >>"$PWD/started"
[ "\$(wc -l <"$PWD/started")" -ne 12 ] || kill -KILL \$\$
exec "$(command -v ab)" "\$@"
END
    chmod +x bin/ab
    PATH="$PWD/bin:$PATH" "$abacus" run --suite slices.ini --out run epoll select >out 2>err
    want 'not in the record' grep -q '"reason":"ab was killed by signal 9' run/record.jsonl
    want 'not one printout kept' [ "$(find run/raw -name 'r0*.txt' | wc -l)" -eq 1 ]
    want 'it was the last' grep -q '"round":2,.*"type":"slice"' run/record.jsonl
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
    want "status $status" [ "$status" -eq 130 ]
    want "still there: $(leftovers)" [ -z "$(leftovers)" ]
    want "$cgroup is still there" [ ! -d "$cgroup" ]
}

# Stopped, as by Ctrl-Z or with the machine, while ab goes on to its end: the trial's time is then
# not ab's.
run_stopped() {
    suites
    announcing_ab
    PATH="$PWD/bin:$PATH" "$abacus" run --limit wall=10 --suite short.ini --out run epoll \
        >out 2>err &
    run=$!
    read -r ab <running
    kill -STOP "$run"
    while read -r _; do :; done <>running &
    reader=$!
    # shellcheck disable=SC2016 # for the inner shell
    timeout 60 sh -c 'until grep -q "^State:.Z" "/proc/$0/status"; do sleep 0.1; done' "$ab"
    sleep 3
    kill -CONT "$run"
    wait "$run"
    kill "$reader"
    grep '"type":"trial"' run/record.jsonl | head -n 1 >first
    want 'the first trial is valid' grep -q '"verdict":"invalid"' first
    want 'not for that' grep -q '"reason":"abacus was stopped meanwhile' first
}

try cgroup_threaded cgroup_of_no_use cgroup.type threaded 'cannot be joined'
try cgroup_of_one_level cgroup_of_no_use cgroup.max.depth 1 'Resource temporarily'
for case in no_cgroup run_beside process_in_its_own_session nobody_waits_for_orphans \
    no_network_namespace port_of_another plain_user one_core \
    inherited_signals hangup closed_descriptors nobody_reads priority \
    server_dies server_falls_silent server_leaks ab_killed ab_killed_in_a_slice run_killed run_interrupted run_stopped small_send_buffer \
    no_lockable_memory older_kernels; do
    try "$case" "$case"
done
