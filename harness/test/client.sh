#!/bin/sh
# client.sh - the load tool on another host: two networks that this script makes, joined by a veth
# pair, with sshd in one and abacus in the other.
# SPDX-License-Identifier: MIT
#
# Usage: client.sh BUILD. The exit status is 0 whatever the cases say. All of it happens in networks
# that end with this script's processes.
set -u

[ "${OWN_NETWORK-}" ] || ! unshare --net --mount true 2>/dev/null ||
    OWN_NETWORK=yes exec unshare --net --mount sh "$0" "$@"

# shellcheck source=harness/test/cases.sh
. "$(dirname "$0")/cases.sh"
# shellcheck disable=SC2154 # cases.sh makes it
daemons=$work/daemons
: >"$daemons"
trap 'xargs -r kill <"$daemons" 2>/dev/null; wait; rm -rf "$work"' EXIT

# ---- the other host ----

# daemon COMMAND...: runs until this script ends; it is no leftover.
daemon() {
    env -u ABACUS_CASES "$@" &
    echo $! >>"$daemons"
}

# Why there can be no other host here; nothing: there can.
lacks() {
    [ "${OWN_NETWORK-}" ] || { echo 'not root' && return; }
    for program in ssh ssh-keygen ip nsenter perl; do
        command -v "$program" >/dev/null || { echo "no $program" && return; }
    done
    [ -x /usr/sbin/sshd ] || { echo 'no sshd' && return; }
    ip link add try0 type veth peer name try1 2>/dev/null || { echo 'no veth' && return; }
    ip link del try0
}

there() {
    nsenter --net --target "$there" "$@"
}

# sshd PORT PATH: the one that PATH makes on that port.
sshd() {
    cat >"$work/sshd$1" <<CONFIG
Port $1
HostKey $work/host
AuthorizedKeysFile $work/user.pub
PidFile none
UsePAM no
StrictModes no
PermitRootLogin yes
SetEnv HOME=$work PATH=$2 ABACUS_CASES=$work
CONFIG
    mkfifo "$work/log$1"
    # shellcheck disable=SC2016 # for the inner shell
    daemon nsenter --net --target "$there" sh -c 'exec /usr/sbin/sshd -D -e -f "$0" 2>"$1"' \
        "$work/sshd$1" "$work/log$1"
    timeout 10 cat "$work/log$1" >"$work/said$1" &
    # shellcheck disable=SC2016 # for the inner shell
    timeout 10 sh -c 'until grep -q "listening on" "$0"; do sleep 0.1; done' "$work/said$1"
}

# The names by which the cases know the other host.
names() {
    cat <<CONFIG
Host two
    HostName 10.9.9.3
Host bare
    Port 23
Host closed
    Port 24
Host silent
    HostName 10.9.9.99
Host stranger
    IdentityFile $work/host
Host unknown
    UserKnownHostsFile /dev/null
Host far
    HostName 10.9.8.2
Host * !stranger
    IdentityFile $work/user
Host *
    HostName 10.9.9.2
    User root
    IdentitiesOnly yes
    UserKnownHostsFile $work/known
    GlobalKnownHostsFile /dev/null
CONFIG
}

# Where it is: three addresses, two of which are near.
link() {
    ip link set lo up
    daemon unshare --net sleep 600
    there=$(tail -n 1 "$daemons")
    # shellcheck disable=SC2016 # for the inner shell
    timeout 10 sh -c 'while [ "$(readlink "/proc/$0/ns/net")" = "$(readlink /proc/self/ns/net)" ]; do
        sleep 0.1; done' "$there"
    ip link add near type veth peer name home netns "$there"
    ip addr add 10.9.9.1/24 dev near && ip link set near up
    there ip addr add 10.9.9.2/24 dev home && there ip addr add 10.9.9.3/24 dev home
    there ip link set lo up && there ip link set home up
}

# An ab that begins with its long load when it has said so to the pipe `running`, and then heeds neither
# the server's end nor anything else: somebody has to end it.
install_ab() {
    mkdir "$work/bin" "$work/bare"
    mkfifo "$work/running"
    cat >"$work/bin/ab" <<SCRIPT
#!/bin/sh
case "\$*" in *' -n 10000000 '*) echo yes >"$work/running" && exec sleep 600 ;; esac
exec "$(command -v ab)" "\$@"
SCRIPT
    for program in sh uname; do ln -s "$(command -v "$program")" "$work/bare"; done
}

# The ssh that abacus finds knows the hosts by their names.
install_ssh() {
    for key in host user; do ssh-keygen -q -t ed25519 -N '' -f "$work/$key"; done
    echo "* $(cat "$work/host.pub")" >"$work/known"
    names >"$work/names"
    mkdir "$work/here"
    printf '#!/bin/sh\nexec "%s" -F "%s" "$@"\n' "$(command -v ssh)" "$work/names" >"$work/here/ssh"
    chmod +x "$work/here/ssh" "$work/bin/ab"
}

set_up() {
    install_ab
    install_ssh
    mount -t tmpfs none /run && mkdir /run/sshd # where it changes its root to
    link
    sshd 22 "$work/bin:$PATH"
    sshd 23 "$work/bare"
    PATH="$work/here:$PATH"
    printf '[suite]\ntrials = 1\nrounds = 1\nround_seconds = 1\n
[load c10]\nrequests = 400\nconcurrency = 10\nslice = 50\npriming = 20\n' >"$work/short.ini"
    printf '[suite]\ntrials = 1\nrounds = 0\n
[load c10]\nrequests = 10000000\nconcurrency = 10\npriming = 0\n' >"$work/long.ini"
}

# Within 5 s nothing runs any more, here or there.
nothing_runs() {
    for _ in $(seq 50); do
        [ "$(leftovers)" ] || break
        sleep 0.1
    done
    want "still there: $(for file in $(leftovers); do
        tr '\0' ' ' <"${file%environ}cmdline"; done)" [ -z "$(leftovers)" ]
}

# Those that the runs of these cases have made for their connections.
folders() {
    find /tmp -maxdepth 1 -name 'abacus-*' -newer "$work/names" -exec test -e '{}/0.log' \; -print
}

nothing_left() {
    nothing_runs
    want "a folder is left: $(folders)" [ -z "$(folders)" ]
}

# figure COLUMN SERVER: of the run's cells.csv.
figure() {
    awk -F , -v column="$1" -v server="$2" 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
        $2 == server { print $at[column] }' run/cells.csv
}

# ---- as at home ----

measured() {
    "$abacus" run --suite "$work/short.ini" --out run "$@" epoll poll >out 2>err ||
        { cat out err && exit 1; }
    for name in epoll poll; do
        want "no figures of $name" grep -q "^c10,$name,1,1,[0-9]" run/cells.csv
    done
    nothing_left
}

# Each has its share.
two_clients() {
    measured --client one --client root@two --address 10.9.9.1
    want 'not what is not isolated' contains \
        'The load tools ran on one, root@two: the servers had no network' run/tables.txt
    for name in one root@two; do
        want "not on $name" grep -q "^\$ ssh $name 'ab -q -n 200 -c 5 " run/raw/t01-c10-epoll*.txt
    done
    want 'not all requests' grep -q '"complete":400' run/record.jsonl
    "$abacus" run --resume run --rounds 2 >out 2>err || { cat out err && exit 1; }
    want 'not resumed' grep -q '^c10,epoll,1,2,[0-9]' run/cells.csv
}

# h2load's log of requests is a file, so that it has no percentiles here.
other_tools() {
    for tool in wrk h2load; do
        command -v "$tool" >/dev/null || skip "no $tool"
    done
    "$abacus" run --suite "$work/short.ini" --rounds 0 --tool wrk,h2load --out run --client one \
        epoll >out 2>err || { cat out err && exit 1; }
    for tool in wrk h2load; do
        want "no figures by $tool" grep -q "^c10-$tool,epoll,1,0,[0-9]" run/cells.csv
    done
    nothing_left
}

# Where the kernel can delay no packets: two TUN devices, and each packet 10 ms later.
cat >"$work/delay" <<'END'
use strict; use Fcntl; use Time::HiRes 'time';
sub tun {
    sysopen(my $tun, '/dev/net/tun', O_RDWR) or exit 1;
    ioctl($tun, 0x400454ca, pack('Z16 s x22', $_[0], 0x1001)) or exit 1; # TUNSETIFF
    return $tun;
}
my @tun = map { tun($_) } @ARGV;
my @late;
syswrite(STDOUT, "ready\n");
for (;;) {
    my $bits = '';
    vec($bits, fileno($_), 1) = 1 for @tun;
    select($bits, undef, undef, @late ? ($late[0][0] > time ? $late[0][0] - time : 0) : undef);
    for my $i (0, 1) {
        next unless vec($bits, fileno($tun[$i]), 1);
        my $packet;
        push @late, [time + 0.01, 1 - $i, $packet] if sysread($tun[$i], $packet, 70000);
    }
    syswrite($tun[$late[0][1]], (shift @late)->[2]) while @late && $late[0][0] <= time;
}
END

# A link to the other host with a round trip of 20 ms.
delay() {
    ip link add far type veth peer name faraway netns "$there"
    if tc qdisc add dev far root netem delay 10ms 2>/dev/null &&
        there tc qdisc add dev faraway root netem delay 10ms; then
        return
    fi
    ip link del far
    mkfifo ready
    # shellcheck disable=SC2016 # for the inner shell
    daemon sh -c 'exec perl "$0" far faraway >ready' "$work/delay"
    [ "$(head -n 1 ready)" ] || skip 'neither netem nor TUN'
    ip link set faraway netns "$there"
}

# A request of ab's is two round trips: one for the connection, one for the reply.
one_client_far_away() {
    delay
    ip addr add 10.9.8.1/24 dev far && ip link set far up
    there ip addr add 10.9.8.2/24 dev faraway && there ip link set faraway up
    measured --client far
    want 'another command' grep -q \
        '"command":"ssh far .ab -q -n 400 -c 10 -s 120 -e /dev/stdout http://10.9.8.1:[0-9]*/' \
        run/record.jsonl
    want 'no CPU time of ab' grep -q '"client_cpu_s":[0-9]*\.[0-9]*[1-9]' run/record.jsonl
    want 'a table of its own' [ -z "$(find run/raw -name '*.csv')" ]
    for name in epoll poll; do
        least=$(sed -n 's/^0,//p' "run/raw/t01-c10-$name.txt")
        want "$name: $least ms" awk "BEGIN { exit !($least >= 40 && $least < 60 &&
            $(figure p50_ms "$name") >= 40) }"
    done
}

# ---- what may go wrong ----

await_ab() {
    want "ab was not started: $(cat err)" [ "$(timeout 60 head -n 1 "$work/running")" ]
}

# What sshd has started for each connection.
end_sessions() {
    xargs -r kill -KILL <"/proc/$sshd/task/$sshd/children"
}

# The connection ends under ab, which does not outlive it; the next trial has a new one; and Ctrl-C
# ends that.
lost() {
    "$abacus" run --suite "$work/long.ini" --out run --client one epoll poll >out 2>err &
    run=$!
    await_ab
    end_sessions
    await_ab
    kill -INT "$run"
    wait "$run"
    status=$?
    want "status $status: $(cat err)" [ "$status" -eq 130 ]
    want 'no reason' grep -q '"reason":"the connection to one was lost' run/record.jsonl
    nothing_left
}

# Nobody is there to end anything.
killed() {
    "$abacus" run --suite "$work/long.ini" --out run --client one epoll >out 2>err &
    run=$!
    await_ab
    kill -KILL "$run"
    wait "$run"
    nothing_runs
    want 'no folder' [ "$(folders)" ]
    folders | xargs rm -r
}

# Nothing says that a cable was pulled.
unplugged() {
    "$abacus" run --suite "$work/long.ini" --out run --client one epoll poll >out 2>err &
    run=$!
    await_ab
    ip link set near down
    wait "$run"
    status=$?
    ip link set near up
    end_sessions # sshd has heard nothing
    want "status $status" [ "$status" -eq 1 ]
    want 'no reason' grep -q '"reason":"the connection to one was lost: Timeout' run/record.jsonl
    want 'no reason after that' grep -q '"reason":"cannot reach one: ' run/record.jsonl
    nothing_left
}

no_host() {
    refuse() {
        refused 2 "$2" "$abacus" run --suite "$work/short.ini" --out run --client "$1" epoll
    }
    refuse bare 'bare has no ab (Debian'
    refuse closed 'cannot reach closed: ssh: connect to host 10.9.9.2 port 24: Connection refused'
    refuse silent 'cannot reach silent: ssh: connect to host 10.9.9.99 port 22:'
    refuse stranger 'cannot reach stranger: root@10.9.9.2: Permission denied'
    refuse unknown 'cannot reach unknown: Host key verification failed.'
    want 'a folder for nothing' [ ! -e run ]
    nothing_left
}

odd_names() {
    for name in -oProxyCommand=true root@-oProxyCommand=true '' root@; do
        refused 2 '--client takes a host that ssh knows' "$abacus" run --client="$name" epoll
    done
    refused 2 '--address goes with --client only' "$abacus" run --address 10.9.9.1 epoll
    for address in 0.0.0.0 ::1 10.9.9.77 one; do
        refused 2 "$address" "$abacus" run --suite "$work/short.ini" --client one \
            --address "$address" epoll
    done
    nothing_left
}

cases='two_clients one_client_far_away other_tools lost killed unplugged no_host odd_names'
why=$(lacks)
if [ "$why" ]; then
    for case in $cases; do echo "skipped $case: $why"; done
    exit
fi
set_up >"$work/set_up" 2>&1
sshd=$(sed -n 2p "$daemons")
for case in $cases; do
    try "$case" "$case"
done
