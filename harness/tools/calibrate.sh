#!/bin/sh
# calibrate.sh - can abacus' verdicts be trusted? Copies of a server with a known extra cost
# beside all servers, and copies without any: `make calibrate`.
# SPDX-License-Identifier: MIT
#
# Usage: calibrate.sh BUILD OUT [OPTION...]. Measures for some 40 minutes, in which nothing else
# should run, into the new folder OUT; the options go to every `abacus run`. With TRY=1 in the
# environment it takes some minutes, only shows that it works, and gives no rates worth the name.
# At the end it prints the result and the goals, and says it once more in OUT/calibration.md;
# exit status 1 if something could not be measured or a goal is missed.
set -u

build=$(realpath "$1") && mkdir "$2" && out=$(realpath "$2") || exit 1
shift 2
entries=$build/calibrate
hog=
trap 'stop_hog; rm -rf "$entries"' EXIT
trap 'exit 1' INT TERM HUP

# Seconds for a load in each round of all servers, and rounds, from which default runs of 12 are
# drawn; and the same of copies of one. A default run has 15.5 s for twelve servers, its control
# included, on the machine of the kept run: so much for the sixteen here. The probe is shorter, for
# what it looks for is large.
if [ "${TRY:-}" ]; then
    probe=1 lineup=2 rounds=13 seconds=1 null=13
else
    probe=3 lineup=21 rounds=28 seconds=8 null=16
fi

fail() {
    echo "calibrate.sh: $1" >&2
    exit 1
}

# entry NAME STEPS: makes a server of that name, epoll that works so many steps more for each
# connection. All copies are made this way, also those without an extra cost.
entry() {
    cat >"$entries/$1" <<END && chmod +x "$entries/$1" || exit 1
#!/bin/sh
exec env LD_PRELOAD='$build/test/burn.so' ABACUS_BURN_STEPS=$2 '$build/servers/epoll' "\$@"
END
}

# measure NAME OPTION...: a run into OUT/NAME. What tells whether it was whole is the last line of
# its record.
measure() {
    name=$1
    shift
    echo "== $name" >&2
    "$build/abacus" run --trials 0 --out "$out/$name" "$@" >"$out/$name.txt"
    grep -q '"type":"end"' "$out/$name/record.jsonl" ||
        fail "the run '$name' did not end well"
}

# Another program: busy for 2 to 6 s, then not for 2 to 6 s, as a seed has it, so that a
# calibration meets the same one again: on every CPU, half of the time. It ends with this script,
# however that ends.
start_hog() {
    perl -we '
        my $script = getppid;
        for my $seed (2 .. $ARGV[0]) { last if !fork; srand $seed }
        srand 20090309 + $$;
        while (kill 0, $script) {
            select undef, undef, undef, 2 + rand 4;
            my $end = time + 2 + rand 4;
            1 while time < $end;
        }' "$(nproc)" &
    hog=$!
}

stop_hog() {
    [ -z "$hog" ] || { kill "$hog" && wait "$hog"; } 2>/dev/null
    hog=
}

# articles SECONDS: the suite of that name, with so many for a load in each round.
articles() {
    sed "s/^minutes = .*/round_seconds = $1/" "$build/../harness/suites/articles.ini"
}

# The steps that cost one per cent, all loads together, out of the run "probe": what 5,000 of them
# cost.
steps_of_a_percent() {
    awk -F , '
        NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i }
        $column["table"] == "all loads" && $column["server"] == "plus-5000-steps" {
            extra = $column["cpu_ratio"] - 1
            if (extra > 0) printf "%.0f\n", 5000 * 0.01 / extra
        }
    ' "$out/probe/cells.csv"
}

rm -rf "$entries" && mkdir "$entries" || exit 1
cat >"$out/c50.ini" <<END
[suite]
round_seconds = $seconds

[load c50]
title = ab -c 50 -n 100000
requests = 100000
concurrency = 50
END
entry epoll 0
entry plus-5000-steps 5000
articles $probe >"$out/probe.ini"
articles $lineup >"$out/lineup.ini"
measure probe --suite "$out/probe.ini" "$@" "$entries/epoll" "$entries/plus-5000-steps"
percent=$(steps_of_a_percent)
[ "$percent" ] || fail 'the extra cost cannot be seen: see probe.txt'
echo "calibrate: $percent steps of work for 1 %" >&2
for extra in 1 2 3 5; do
    entry "plus-$extra" $((extra * percent))
done

# All servers, with the copies in place of epoll: they differ in the work alone.
servers=
for path in "$build"/servers/*; do
    [ -f "$path" ] && [ -x "$path" ] && [ "${path##*/}" != epoll ] && servers="$servers $path"
done
copies="$entries/epoll $entries/plus-1 $entries/plus-2 $entries/plus-3 $entries/plus-5"
alike=
for _ in 1 2 3 4 5 6 7 8 9 10 11; do
    alike="$alike $entries/epoll"
done
# shellcheck disable=SC2086 # lists of paths of ours, without blanks
{
    measure lineup --suite "$out/lineup.ini" --rounds $rounds "$@" $copies $servers
    measure null --suite "$out/c50.ini" --rounds $null "$@" $alike
    start_hog
    measure busy --suite "$out/c50.ini" --rounds $null "$@" $alike
    stop_hog
}
"$build/calibration" "$out"
