#!/bin/sh
# calibrate.sh - can abacus' verdicts be trusted? The same server against itself, and
# against copies of it with a known extra cost: `make calibrate`.
# SPDX-License-Identifier: MIT
#
# Usage: calibrate.sh BUILD OUT [OPTION...]. Measures for about an hour, in which
# nothing else should run, into the new folder OUT; the options go to every `abacus run`.
# With TRY=1 in the environment it takes two minutes, only shows that it works, and gives no
# rates worth the name. At the end it prints the result and the goals, and says it once more
# in OUT/calibration.md; exit status 1 if something could not be measured or a goal is
# missed.
set -u

build=$(realpath "$1") && mkdir "$2" && out=$(realpath "$2") || exit 1
shift 2
entries=$build/calibrate
hog=
trap 'stop_hog; rm -rf "$entries"' EXIT
trap 'exit 1' INT TERM HUP

# How many rounds, so that they can be cut into blocks of 6 and of 11: 10 default and 5
# thorough runs; and 2 runs beside another program.
if [ "${TRY:-}" ]; then
    suite=calibrate-try usual=quick base=2 quiet=11 loaded=6 minutes=2
else
    suite=calibrate usual=articles base=6 quiet=60 loaded=12 minutes=60
fi

fail() {
    echo "calibrate.sh: $1" >&2
    exit 1
}

# entry NAME NANOSECONDS: makes a server of that name, epoll that spends so much CPU time
# more on each request. All entries are made this way, also those without an extra cost.
entry() {
    cat >"$entries/$1" <<END && chmod +x "$entries/$1" || exit 1
#!/bin/sh
exec env LD_PRELOAD='$build/test/burn.so' ABACUS_BURN_NS=$2 '$build/servers/epoll' "\$@"
END
}

# measure NAME OPTION...: a run into OUT/NAME. Its status is 1 also if a trial was
# disturbed, so what tells whether it was whole is the last line of its record.
measure() {
    name=$1
    shift
    echo "== $name" >&2
    "$build/abacus" run --out "$out/$name" "$@" >"$out/$name.txt"
    grep -q '"type":"end"' "$out/$name/record.jsonl" ||
        fail "the run '$name' did not end well"
}

# Another program: busy for 2 to 6 s, then not for 5 to 15 s, as a seed has it, so that a
# calibration meets the same one again. It ends with this script, however that ends.
start_hog() {
    perl -we '
        my $parent = getppid;
        srand 20090309;
        while (getppid == $parent) {
            select undef, undef, undef, 5 + rand 10;
            my $end = time + 2 + rand 4;
            1 while time < $end && getppid == $parent;
        }' &
    hog=$!
}

stop_hog() {
    [ -z "$hog" ] || { kill "$hog" && wait "$hog"; } 2>/dev/null
    hog=
}

# CPU time per request of the entry without extra cost, µs, out of the run "base": the mean
# over its loads.
base_cost() {
    awk -F , '
        NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i }
        $column["server"] == "epoll" && $column["table"] != "all loads" {
            sum += $column["cpu_us_per_request"]
            loads++
        }
        END { if (sum > 0) print sum / loads }
    ' "$out/base/cells.csv"
}

echo "calibrate: about $minutes minutes, in which nothing else should run" >&2
rm -rf "$entries" && mkdir "$entries" || exit 1
entry epoll 0
epoll=$entries/epoll

measure base --suite $suite --rounds $base "$@" "$epoll"
cost=$(base_cost)
[ "$cost" ] || fail 'epoll has no CPU time per request: see base.txt'
for percent in 2 5 10 20; do
    entry "plus-$percent" "$(awk -v cost="$cost" -v percent="$percent" \
        'BEGIN { printf "%.0f", cost * 1000 * percent / 100 }')"
done

measure quiet --suite $suite --rounds $quiet "$@" "$epoll" "$epoll" \
    "$entries/plus-2" "$entries/plus-5" "$entries/plus-10" "$entries/plus-20"
measure six --suite $usual --rounds 1 "$@"
start_hog
measure loaded --suite $suite --rounds $loaded --wait 0 "$@" \
    "$epoll" "$epoll" "$epoll" "$epoll"
stop_hog
"$build/calibration" "$out"
