#!/bin/sh
# e2e.sh - abacus as its user meets it: a real run of every server, what is kept of it, a
# server added, everything that can be wrong, and Ctrl-C.
# SPDX-License-Identifier: MIT
#
# Usage: e2e.sh BUILD. The exit status is 0 whatever the cases say.
set -u

# shellcheck source=harness/test/cases.sh
. "$(dirname "$0")/cases.sh"

root=$(realpath "$(dirname "$0")/../..")
hello=$root/servers/examples/hello.pl
servers=$(cd "$root/servers" && printf '%s ' *.c | sed 's/\.c / /g')

# ---- a real run ----

whole_run() {
    cat >e2e.ini <<'END'
[suite]
about = small loads for a test
trials = 2
rounds = 3
round_seconds = 1

[load c50]
requests = 500
concurrency = 50
priming = 50

[load c5]
requests = 500
concurrency = 5
priming = 50
END
    "$abacus" run --suite e2e.ini --out run >out 2>err || { cat out err && exit 1; }
    for file in record.jsonl summary.txt summary.json tables.txt tables.md cells.csv report.html; do
        want "$file is empty" [ -s "run/$file" ]
    done
    want 'no plots' ls run/plots/*.dat run/plots/*.svg
    head -n "$(wc -l <run/summary.txt)" out >printed
    want "what was printed is not summary.txt" cmp printed run/summary.txt
    want 'more than a screen' awk 'length > 100 { exit 1 } END { exit NR > 60 }' out
    # shellcheck disable=SC2016 # awk's own
    want 'the answer touches a table' awk '/^- / && !answer++ && before != "" { exit 1 } { before = $0 }' out
    want 'not the page at the end' [ "$(tail -n 1 out)" = 'The page: run/report.html' ]
    want 'control characters, but this is no terminal' awk '/\033/ { exit 1 }' out err
    "$abacus" report --color always run >coloured
    want 'no colours, though asked for' grep -q "$(printf '^\033\\[1mab -c 50 ')" coloured
    sed 's/\x1b\[[0-9;]*m//g' coloured >plain
    want 'other words in colour' cmp plain run/summary.txt
}

# The middle one of the lines.
median() {
    sort -g | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

# From the raw files of one load and server: the figures of its row in cells.csv.
raw_figures() {
    printf '%s,%s' "$1" "$2"
    for label in 'Requests per second:' 'Time per request:'; do
        printf ',%s' "$(for file in raw/t*-"$1-$2".txt; do
            awk -v label="$label" 'index($0, label) { print $4; exit }' "$file"
        done | median)"
    done
    for percent in 50 66 75 80 90 95 98 99; do
        printf ',%s' "$(awk -F , -v p="$percent" '$1 == p { print $2 }' \
            raw/t*-"$1-$2".csv | median)"
    done
    printf ',%s\n' "$(awk -F , '$1 == 100 { print $2 }' raw/t*-"$1-$2".csv | sort -g | tail -n 1)"
}

# The same figures as cells.csv has them.
shown_figures() {
    awk -F , -v OFS=, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next } {
        print $at["table"], $at["server"], $at["requests_per_second"],
            $at["time_per_request_ms"], $at["p50_ms"], $at["p66_ms"], $at["p75_ms"],
            $at["p80_ms"], $at["p90_ms"], $at["p95_ms"], $at["p98_ms"], $at["p99_ms"],
            $at["max_ms"]
    }' cells.csv | grep -v '^all loads,' | sort
}

figures_from_raw_files() {
    cd "$work/whole_run/run" || exit 1
    for load in c50 c5; do
        for server in $servers; do
            raw_figures "$load" "$server"
        done
    done | sort >../expected.csv
    shown_figures >../shown.csv
    want 'cells.csv does not have two rows a server' \
        [ "$(wc -l <../shown.csv)" -eq "$(echo "$servers" | awk '{ print 2 * NF }')" ]
    paste -d , ../expected.csv ../shown.csv | awk -F , '{
        for (i = 1; i <= NF / 2; i++) {
            a = $i; b = $(i + NF / 2)
            near = i < 3 ? a == b : a > 0 && (a - b) ^ 2 <= (a / 1000 + 0.0006) ^ 2
            if (!near) { print $1, $2 ": field " i " is " b ", the raw files say " a; exit 1 }
        }
    }' || exit 1
}

# From the slices in the record: each server's CPU µs per request, as cells.csv must have it. In
# each round the 20 % trimmed mean of the logarithms, over the rounds the median of their Walsh
# averages.
cpu_figures() {
    perl -MJSON::PP -ne '
        my $line = decode_json($_);
        $head = $line if $line->{type} eq "run";
        next if $line->{type} ne "slice" || $line->{reason};
        my $name = $head->{suite}{loads}[$line->{load}]{name} . "," .
            $head->{servers}[$line->{server}]{name};
        push @{$logs{$name}{$line->{round}}},
            log($line->{server_cpu} / $line->{accepted} * 1e6);
        sub trimmed {
            my @s = sort { $a <=> $b } @_;
            my ($cut, $sum) = (int(0.2 * @s), 0);
            $sum += $_ for @s[$cut .. $#s - $cut];
            $sum / (@s - 2 * $cut);
        }
        sub walsh {
            my @w;
            for my $i (0 .. $#_) { push @w, ($_[$i] + $_[$_]) / 2 for $i .. $#_ }
            @w = sort { $a <=> $b } @w;
            ($w[int($#w / 2)] + $w[int(@w / 2)]) / 2;
        }
        END {
            for my $name (sort keys %logs) {
                next if $name =~ / again$/;
                my @rounds = map { trimmed(@$_) } values %{$logs{$name}};
                printf "%s,%.4f\n", $name, exp walsh(@rounds);
            }
        }' record.jsonl
}

cpu_from_slices() {
    perl -MJSON::PP -e 1 2>/dev/null || skip 'no perl with JSON::PP'
    cd "$work/whole_run/run" || exit 1
    cpu_figures | sort >../expected.csv
    awk -F , 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        $1 != "all loads" { print $1 "," $2 "," $at["cpu_us_per_request"] }' cells.csv |
        sort >../shown.csv
    want 'no figures' [ -s ../expected.csv ]
    paste -d , ../expected.csv ../shown.csv | awk -F , '
        $1 != $4 || $2 != $5 || ($3 - $6) ^ 2 > 0.001 ^ 2 { print "not the same: " $0; exit 1 }' ||
        exit 1
}

# However short a trial is: all the connections that the kernel counted are in its timeline.
timelines_are_whole() {
    cd "$work/whole_run/run" || exit 1
    sed -n 's/.*"passive_opens":\([0-9.]*\).*"accepts":\[\([^]]*\)\].*/\1,\2/p' record.jsonl >../timelines
    awk -F , '{ sum = 0; for (i = 2; i <= NF; i++) sum += $i }
        NF < 2 || sum != $1 { print "connections: " $1 ", in the timeline: " sum; exit 1 }
        END { exit NR < 2 }' ../timelines || exit 1
}

# Requests per second as the tables print them, without a separator of thousands.
tables_from_cells() {
    cd "$work/whole_run/run" || exit 1
    for tables in tables.txt tables.md; do
        shown_figures | while IFS=, read -r load server rate _; do
            tr -d ",\\\\" <"$tables" | awk -v server="$server" -v rate="$(printf %.0f "$rate")" '
                $0 ~ "(^|[^a-z_-])" server "([^a-z_-]|$)" {
                    for (i = 1; i <= NF; i++) found += $i == rate
                }
                END { exit !found }' ||
                { echo "$tables: no $rate for $server at $load" && exit 1; }
        done || exit 1
    done
}

report_again() {
    cp -R "$work/whole_run/run" run
    rm -r run/tables.* run/cells.csv run/report.html run/plots
    "$abacus" report run >out || exit 1
    for file in tables.txt tables.md cells.csv report.html; do
        want "$file differs" cmp "run/$file" "$work/whole_run/run/$file"
    done
    for file in "$work"/whole_run/run/plots/*; do
        want "${file##*/} is missing" [ -s "run/plots/${file##*/}" ]
    done
    for file in run/plots/*.dat; do
        want "$file differs" cmp "$file" "$work/whole_run/$file"
    done
    refused 1 nosuch "$abacus" report --reference nosuch run
    "$abacus" report --reference select run >out || exit 1
    want 'another reference' grep -q 'against select' run/plots/paired-ratios.dat
}

same_seed_same_order() {
    for run in one two; do
        small_suite 2 >"$run.ini"
        "$abacus" run --suite "$run.ini" --seed 7 --out "$run" epoll select poll \
            >out 2>err || { cat out err && exit 1; }
        trials "$run/record.jsonl" >"$run.trials"
        slices "$run/record.jsonl" | head -n 4 >"$run.slices"
    done
    want 'no trials in the record' [ -s one.trials ]
    want 'another order' cmp one.trials two.trials
    want 'no slices in the record' [ -s one.slices ]
    want 'another order of slices' cmp one.slices two.slices
}

# ---- servers of one's own ----

# Into a copy of the tree goes one new file, and nothing else is touched.
seventh_server() {
    mkdir tree
    # With what is built already, as it was: only what comes on top is compiled.
    (cd "$root" && tar -c --exclude=./build/sanitized --exclude=./build/tsan --exclude=./build/test \
        --exclude=./build/fuzz --exclude=./results --exclude=./.git .) | tar -x -C tree
    cd tree || exit 1
    awk '/^```/ { inside = $0 == "```c" && !done++; next } inside' servers/README.md \
        >servers/iterative.c
    want 'no server in servers/README.md' grep -q '^const struct server server' servers/iterative.c
    small_suite 1 >small.ini
    make -s -j "$(nproc)" || exit 1
    build/abacus new mine >said || exit 1
    want 'not where make finds it' grep -q '^/.*/servers/mine\.c: .* mine$' said
    make -s servers || exit 1
    build/abacus check iterative mine >checked || { cat checked && exit 1; }
    refused 1 'mine.c: File exists' build/abacus new mine
    want 'not two notes, as it says' [ "$(grep -c '^iterative *note ' checked)" -eq 2 ]
    calm "$PWD/build/abacus" abacus
    ./abacus run --suite small.ini --out run >out 2>err || { cat out err && exit 1; }
    for file in tables.txt tables.md cells.csv; do
        want "not in $file" grep -q iterative "run/$file"
    done
    for file in run/plots/*.dat; do
        want "not in $file" grep -q iterative "$file"
    done
}

# Without its library a server is left out, the rest is built, and the tables say why.
library_missing() {
    cd "$work/seventh_server/tree" || exit 1
    sed "s/^ \* library: .*/ * library: nosuch/" servers/libuv.c >servers/lost.c
    make -s || exit 1
    build/abacus list >listed || exit 1
    want "not in the list" grep -q "^lost .*left out: .*nosuch" listed
    ./abacus run --suite small.ini --out lost >out 2>err || { cat out err && exit 1; }
    want "no row" grep -q "^c10,lost,0,0,,," lost/cells.csv
    want "the tables do not say why" grep -q "lost .*nosuch" lost/tables.txt
    sed "s/^ \* library: .*/ * library: nosuch/" servers/variants/io_uring-poll.c >servers/variants/lost-poll.c
    make -s build/servers/variants/lost-poll || exit 1
    ./abacus run --suite small.ini --out path epoll ./build/servers/variants/lost-poll >out 2>err || { cat out err && exit 1; }
    want "no row of a path" grep -q "^c10,lost-poll,0,0,,," path/cells.csv
}

# Two tools beside each other, and a page that shows what they ask with: their bytes are counted.
other_tools() {
    small_suite 2 >small.ini
    echo 'path = /headers' >>small.ini
    "$abacus" run --suite small.ini --tool h2load,ab --out run epoll select >out 2>err ||
        { cat out err && exit 1; }
    want 'they are not compared' grep -q '^Do the tools agree' run/tables.txt
    for load in c10-h2load c10-ab; do
        want "no figures of $load" grep -q "^$load,epoll,2,1,[0-9]" run/cells.csv
    done
    # shellcheck disable=SC2016 # awk's own
    want 'no megabytes' awk -F , 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
        $1 == "c10-ab" && $2 == "epoll" { found = $at["megabytes_per_second"] > 0 }
        END { exit !found }' run/cells.csv
    for file in run/raw/*h2load*.csv; do
        want "$file is not a table" [ "$(wc -l <"$file")" -eq 102 ]
    done
    refused 2 'there are: ab wrk h2load pace' "$abacus" run --suite small.ini --tool ab,siege
}

# Runs of the same machine in the order of their time; what is no run is passed over.
history() {
    mkdir -p results/foreign
    echo '{}' >results/foreign/summary.json
    for day in 1 2 3; do
        mkdir "results/$day"
        sed "s/\"started\": *\"[^\"]*\"/\"started\":\"2026-01-0${day}T00:00:00Z\"/" \
            "$work/whole_run/run/summary.json" >"results/$day/summary.json"
    done
    profile=$root/harness/test/fixtures/profile/two.jsonl
    cp "$profile" results/1/profile.jsonl
    sed 's/"c1":5\.003/"c1":6.003/' "$profile" >results/3/profile.jsonl
    "$abacus" history --out made results >out 2>err || { cat out err && exit 1; }
    # three ratios, and in two of the runs instructions, system calls and allocations
    want 'not these runs' [ "$(grep -c '^2026-01-0[123]T' out)" -eq 9 ]
    want 'not the one count that rose' \
        [ "$(grep ': from ' out)" = '- epoll: from 5.00 to 6.00 in 2026-01-03T00:00:00Z.' ]
    want 'a step, though nothing changed' [ "$(grep -c ' went from ' out)" -eq 0 ]
    want 'no picture' [ -s made/history.svg ]
    want 'no figures' [ "$(wc -l <made/history.csv)" -gt 3 ]
    refused 2 'no finished run' "$abacus" history results/foreign
}

# A log has a line for each trial and each round of a load, and an order once the first round is
# over.
progress_in_a_log() {
    cd "$work/whole_run" || exit 1
    trials=$(grep -c '"type":"trial"' run/record.jsonl)
    want 'not a line for each trial' [ "$(grep -c "^trial [0-9]*/$trials  " err)" -eq "$trials" ]
    want 'not a line for each round' [ "$(grep -c '^round ./3  c[50]*, [0-9]* blocks' err)" -eq 6 ]
    want 'not one order' [ "$(grep -c '^Provisional, after round 1 of 3' err)" -eq 1 ]
}

# As in a container that forbids io_uring: left out, with the reason, and nothing has failed.
forbidden_server() {
    small_suite 1 >small.ini
    want "io_uring cannot be had here anyway" "$build/servers/io_uring" -i
    "$abacus" list "$build/test/forbidden_server" >listed || exit 1
    want "not in the list" grep -q "^forbidden_server .*left out: .*not permitted" listed
    "$abacus" run --suite small.ini --out run epoll "$build/test/forbidden_server" \
        >out 2>err || { cat out err && exit 1; }
    want "it has figures, or no row" grep -q '^c10,forbidden_server,0,0,,,' run/cells.csv
    want "the tables do not say why" grep -q 'forbidden_server .*not allowed' run/tables.txt
}

# A suite with servers of its own, each with its environment: all of them, or one by name.
suite_servers() {
    small_suite 1 >own.ini
    printf '[server ev-poll]\nprogram = libev\nenvironment = LIBEV_FLAGS=2\n' >>own.ini
    printf '[server plain]\nprogram = epoll\n' >>own.ini
    "$abacus" run --suite own.ini --out all >out 2>err || { cat out err && exit 1; }
    want 'not its servers' [ "$(cut -d , -f 1,2 all/cells.csv | sed 1d | sort | xargs)" = \
        'c10,ev-poll c10,plain' ]
    want 'not on poll' grep -q 'ev-poll.*libev [0-9.]* on poll' all/tables.txt
    want 'not in the record' grep -q '"environment":"LIBEV_FLAGS=2"' all/record.jsonl
    "$abacus" run --suite own.ini --out one ev-poll fork >out 2>err || { cat out err && exit 1; }
    want 'not the two named' [ "$(cut -d , -f 2 one/cells.csv | sed 1d | sort | xargs)" = \
        'ev-poll fork' ]
    want 'not its own' grep -q 'ev-poll.*on poll' one/tables.txt
}

# On a terminal nothing is wider than that, in colour or without.
fits_screen() {
    for width in 80 200; do
        for colour in always never; do
            script -qec "stty cols $width rows 50; '$abacus' report --color $colour '$work/whole_run/run'" \
                /dev/null >shown </dev/null || exit 1
            tr -d '\r' <shown | sed 's/\x1b\[[0-9;]*m//g' >plain
            want 'nothing' grep -q 'needs the least CPU' plain
            want "wider than $width" [ "$(LC_ALL=C.UTF-8 wc -L <plain)" -le "$width" ]
        done
    done
}

another_language() {
    small_suite 1 >small.ini
    "$abacus" run --suite small.ini --out run epoll "$hello" >out 2>err ||
        { cat out err && exit 1; }
    want 'no row with figures' grep -q '^c10,hello\.pl,1,1,[0-9]' run/cells.csv
}

# A server that is a hundred times as slow holds nobody up: its whole trial has fewer requests, and
# so have its slices, which come in some of the blocks.
slow_server() {
    sed 's/^    close/    select undef, undef, undef, 0.01;\n&/' "$hello" >slow
    chmod +x slow
    printf '[suite]\ntrials = 1\nrounds = 2\nround_seconds = 3\ntrial_seconds = 1\n
[load c40]\nrequests = 2000\nconcurrency = 40\npriming = 100\n' >slow.ini
    "$abacus" run --suite slow.ini --out run epoll poll ./slow >out 2>err ||
        { cat out err && exit 1; }
    want 'not the fewest requests' grep -q '^Complete requests: *400$' run/raw/t01-c40-slow.txt
    want 'nobody says so' contains 'it was given fewer, by 80 %' run/tables.txt
    want 'the others have fewer' grep -q '^Complete requests: *2000$' run/raw/t01-c40-epoll.txt
    slices=$(grep -c '"type":"slice".*"server":2,' run/record.jsonl)
    others=$(grep -c '"type":"slice".*"server":0,' run/record.jsonl)
    want "$slices slices of the slow one, $others of another" [ $((2 * slices)) -le "$others" ]
    want 'a round without the slow one' [ "$(grep '"type":"slice".*"server":2,' run/record.jsonl |
        grep -o '"round":[0-9]*' | sort -u | wc -l)" -eq 2 ]
}

# Two load tools, each with its share, where there is one core for both.
several_clients() {
    small_suite 1 >two.ini
    printf 'clients = 2\n' >>two.ini
    "$abacus" run --suite two.ini --out run epoll libev >out 2>err || { cat out err && exit 1; }
    for part in '' -2; do
        want "not the share of the tool$part" grep -q '^Complete requests: *100$' \
            "run/raw/t01-c10-epoll$part.txt"
        want "not its connections$part" grep -q '^Concurrency Level: *5$' \
            "run/raw/t01-c10-epoll$part.txt"
    done
    want 'not both commands in the record' grep -q '"command":"ab -q -n 100 .* & ab -q -n 100 ' \
        run/record.jsonl
    sum=$(cat run/raw/t01-c10-epoll.txt run/raw/t01-c10-epoll-2.txt |
        awk '/^Requests per second:/ { sum += $4 } END { print sum }')
    shown=$(sed -n 's/^c10,epoll,1,1,\([^,]*\),.*/\1/p' run/cells.csv)
    want "$shown, not their sum, $sum" [ "$(echo "$shown $sum" |
        awk '{ off = $1 - $2; print (off * off < 1) }')" = 1 ]
    want 'the heading does not say so' grep -q 'ab -c 10 -n 200, 2 side by side' run/tables.txt
    want 'left over' [ ! -e run/raw/slice-2.txt ]
}

# Whether a program is worse than another: one that costs ten times as much; one in two
# environments; and one that fails.
versus() {
    small_suite 0 6 >small.ini
    "$abacus" versus --suite ./small.ini --out worse epoll fork >out 2>err
    want "a fork is not worse: $(cat out err)" [ $? -eq 1 ]
    want 'not in one sentence' contains 'fork needs [0-9,.]* % ± [0-9.]* % more CPU per request than epoll (ab -c 10 -n 200)\.' out
    "$abacus" versus --suite ./small.ini --threshold 99% --old-env LIBEV_FLAGS=1 --out same libev >out 2>err
    want "epoll is twice as expensive as select: $(cat out err)" [ $? -eq 0 ]
    want 'not of both environments' contains 'libev needs [0-9.]* % ± [0-9.]* % [a-z]* CPU per request with the new environment than with the old' out
    want 'not on select' grep -q '"environment":"LIBEV_FLAGS=1"' same/record.jsonl
    small_suite 0 1 >one.ini
    "$abacus" versus --suite ./one.ini --out one epoll epoll >out 2>err
    want 'a verdict from one round' [ $? -eq 2 ]
    want 'not that both are one' grep -q '^Both are the same executable' out
    want 'not why from one round' grep -q '^abacus: 1 whole rounds are too few' err
    printf '#!/bin/sh\nexit 3\n' >dead
    # starts once, and never again
    cat >dying <<END
#!/bin/sh
[ "\$1" = -i ] || { [ ! -e "$PWD/begun" ] && : >"$PWD/begun"; } || exit 3
exec "$tried/servers/epoll" "\$@"
END
    chmod +x dead dying
    refused 2 "$PWD/dead: " "$abacus" versus epoll ./dead
    "$abacus" versus --suite ./small.ini --out dying-run epoll ./dying >out 2>err
    want 'a verdict of a server that failed' [ $? -eq 2 ]
    want 'not why' grep -q '^abacus: new failed: ' err
    refused 2 'two programs' "$abacus" versus epoll
    refused 2 'nosuch' "$abacus" versus epoll nosuch
    refused 2 '--threshold' "$abacus" versus --threshold 5 epoll fork
}

# A server that fails has a row that says why, the others have figures, and the status tells.
broken_server() {
    small_suite 1 >small.ini
    sed 's/Hello, World!/Hello, Word!/; s/: 13/: 12/' "$hello" >wrong.pl
    printf '#!/bin/sh\necho "cannot think" >&2\nexit 1\n' >dead
    chmod +x wrong.pl dead
    "$abacus" run --suite small.ini --out run epoll ./wrong.pl ./dead >out 2>err
    want 'the status is not 1' [ $? -eq 1 ]
    want 'epoll has no figures' grep -q '^c10,epoll,1,1,[0-9]' run/cells.csv
    for name in wrong.pl dead; do
        want "$name has a figure, or no row" grep -q "^c10,$name,0,0,,," run/cells.csv
    done
    tr -s " \n" " " <run/tables.txt >words
    want "not why wrong.pl failed" grep -q "wrong\.pl FAILED before the first round: .*a body of 12 bytes" words
    want "not why dead failed" grep -q "dead FAILED before the first round: .*exit status 1: cannot think" words
}

# The other load tool, on connections that are kept.
wrk_load() {
    printf "[suite]\ntrials = 1\nrounds = 1\nround_seconds = 3\n[load w5]\ntool = wrk\nseconds = 1\nconcurrency = 5\nkeepalive = yes\n" >wrk.ini
    "$abacus" run --suite wrk.ini --out run epoll libuv >out 2>err || { cat out err && exit 1; }
    want "no figures of both" [ "$(grep -c "^w5,[a-z]*,1,1,[0-9]" run/cells.csv)" -eq 2 ]
}

# A ladder of rates and one of idle connections: what was achieved, how long it took, and where a
# server with 128 processes ends, which is no failure.
paced() {
    printf '[suite]\ntrials = 0\nrounds = 1\nround_seconds = 1\n' >paced.ini
    for rate in 200 400 800; do
        printf '[load r%d]\ntool = pace\nrate = %d\nconcurrency = 5\nrequests = 60\nslice = 40\n' \
            "$rate" "$rate" >>paced.ini
    done
    printf '[load i0]\nrequests = 200\nconcurrency = 5\nslice = 100\n' >>paced.ini
    for idle in 20 200; do
        printf '[load i%d]\nrequests = 200\nconcurrency = 5\nslice = 100\nidle = %d\n' \
            "$idle" "$idle" >>paced.ini
    done
    "$abacus" run --suite paced.ini --out run epoll prefork >out 2>err || { cat out err && exit 1; }
    want 'no rates' grep -q '^CPU µs per request against requests per second' out
    want 'no idle connections' grep -q '^CPU µs per request against idle connections' out
    want 'nothing said of who cannot' grep -q '^- prefork: it holds 128 of 200 idle' out
    want 'not in its place' grep -q '^prefork .* cannot hold them' out
    want 'it failed' [ "$(grep -c '^Failed' out)" -eq 0 ]
    # shellcheck disable=SC2016 # awk's own
    want 'not the rate' awk -F , 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
        $1 == "r800" && $2 == "epoll" { found = $at["achieved"] > 0 }
        END { exit !found }' run/cells.csv
    want 'no times in the slices' grep -q '"times":{"p50":[0-9]' run/record.jsonl
    # shellcheck disable=SC2016 # awk's own
    want 'no memory of idle connections, or of none' awk -F , \
        'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
        { known[$1, $2] = $at["idle_own_kb"] != "" && $at["idle_kernel_kb"] != "" && $at["idle_kernel_of"] != "" }
        END { exit !(known["i200", "epoll"] && known["i20", "prefork"] &&
            !known["i0", "epoll"] && !known["i200", "prefork"]) }' run/cells.csv
    want 'not in words' grep -q '^- For each idle connection' out
    want 'not once in a round' [ "$(grep -c '"type":"memory","server":0,' run/record.jsonl)" -eq 2 ]
    want 'no picture' [ -s run/plots/ladders.svg ]
    want 'a lead-in for one process, or none for many' grep -q \
        '"load":3,.*"servers":\[{"requests":100,"every":1,[^{]*},{"requests":100,"lead_in":100,' run/record.jsonl
}

# The highest rate in time, by bisection within a round. A machine that stalls for as long as the
# bound, again and again, has none, and then that is said.
knee() {
    printf '[suite]\ntrials = 0\nrounds = 1\n[load k]\ntool = pace\nslo = 1\nconcurrency = 5\nrequests = 60\n' >knee.ini
    "$abacus" run --suite knee.ini --slo 10ms --out run epoll >out 2>err || grep -q '^epoll  NEVER IN TIME' out || { cat out err && exit 1; }
    want 'another bound' grep -q '99 % within 10 ms' out
    want 'no bisection' [ "$(grep -c '"server":0,.*"rate":[0-9]' run/record.jsonl)" -eq 9 ]
    # shellcheck disable=SC2016 # awk's own
    grep -q '^epoll  NEVER IN TIME' out || want 'no knee' awk -F , 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
        $1 == "k" && $2 == "epoll" { found = $at["knee_per_second"] > 10 }
        END { exit !found }' run/cells.csv
    want 'no picture' [ -s run/plots/knee.svg ]
    want 'a picture of costs' [ ! -e run/plots/cost.svg ]
    refused 2 'no load of articles has a bound' "$abacus" run --slo 20ms epoll
    refused 2 '--slo takes a time' "$abacus" run --suite knee --slo 0 epoll
    refused 2 'cannot go with --resume' "$abacus" run --slo 1s --resume run
}

# What the models promise of where they break, tried: 128 clients, or as many as descriptors.
limits() {
    "$abacus" limits --out found prefork epoll >out 2>err || { cat out err && exit 1; }
    # shellcheck disable=SC2016 # awk's own
    want 'not as the models say' awk -F , 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        { clients[$1] = $at["clients"]; next_one[$1] = $at["next_client"]; closed[$1] = $at["half_closed"]
          back[$1] = $at["full_back_ms"]; each[$1] = $at["client_kb"] }
        END { exit !(clients["prefork"] == 128 && clients["epoll"] > 2000 && clients["epoll"] < 2048 &&
            next_one["prefork"] == "waits" && next_one["epoll"] == "waits" &&
            closed["epoll"] == "yes" && back["epoll"] > 0 &&
            each["prefork"] == 0 && each["epoll"] > 0.1 && each["epoll"] < 1) }' found/limits.csv
    want 'no page' grep -q 'slow senders' found/report.html
    sed '/^The page: /d' out >table
    "$abacus" report found >again || exit 1
    want 'another table' diff -B table again
    small_suite 1 >small.ini
    "$abacus" run --suite small.ini --out run epoll >out 2>err || { cat out err && exit 1; }
    "$abacus" limits --out run epoll >out 2>err || { cat out err && exit 1; }
    want 'not on the page of the run' grep -q '<section id="limits"' run/report.html
    refused 1 'limits are there already' "$abacus" limits --out run epoll
    refused 2 'nosuch' "$abacus" limits nosuch
    refused 2 '--suite' "$abacus" limits --suite articles
}

pace_refuses() {
    pace=$build/pace
    refused 2 'which http' "$pace"
    refused 2 'http://' "$pace" localhost
    refused 2 'HOST:PORT' "$pace" http://127.0.0.1:99999/
    refused 2 '--rate takes a number from' "$pace" -R 0 http://127.0.0.1:1/
    refused 2 '--rate takes a number from' "$pace" -R 1e9 http://127.0.0.1:1/
    refused 2 'not both' "$pace" -n 1 -d 1s http://127.0.0.1:1/
    refused 2 '--hold needs' "$pace" --hold http://127.0.0.1:1/
    refused 2 'did you mean --rate' "$pace" --rat3 5 http://127.0.0.1:1/
    refused 2 '--connections takes' "$pace" -c 100000 http://127.0.0.1:1/
    refused 2 'ulimit -n' prlimit --nofile=100:100 setpriv --bounding-set=-sys_resource \
        "$pace" --idle 1000 http://127.0.0.1:1/
    "$pace" -n 10 http://127.0.0.1:1/ >out 2>err
    want 'nobody answered, and all is well' [ $? -eq 1 ]
    want 'not said' grep -q '10 failed (connect 10)' out
}

# ---- bad input ----

wrong_usage() {
    refused 2 'command' "$abacus"
    refused 2 'command' "$abacus" measure
    refused 2 '--rounds' "$abacus" run --rounds -1
    refused 2 '--rounds' "$abacus" run --rounds many
    refused 2 '--trials' "$abacus" run --trials 2000
    refused 2 '--minutes' "$abacus" run --minutes 0
    refused 2 '--color' "$abacus" report --color=red run
    refused 2 '--color' "$abacus" list --color
    refused 2 'report' "$abacus" report
    refused 2 'did you mean --reference?' "$abacus" report --refrence run
    refused 2 'report --help' "$abacus" report --bogus run
    refused 2 'nosuch' "$abacus" check nosuch
    want 'a folder is among the servers' awk '/ variants/ { exit 1 }' err
    refused 2 'nosuch' "$abacus" run nosuch
    refused 2 './nosuch' "$abacus" run ./nosuch
    refused 2 'nosuch' "$abacus" run --suite nosuch
    refused 2 'bogus' "$abacus" run --bogus
    refused 2 'usage' "$build/servers/epoll" -z
}

wrong_suite() {
    printf '[suite]\nrounds = 1\n[load a]\nrequests = 10\nconcurency = 1\n' >key.ini
    refused 2 'key.ini:5:' "$abacus" run --suite key.ini
    printf '[suite]\nrounds = 1\n[load a]\nrequests = lots\n' >value.ini
    refused 2 'value.ini:4:' "$abacus" run --suite value.ini
}

wrong_record() {
    refused 1 'none/record.jsonl' "$abacus" report none
    mkdir -p folder/record.jsonl empty
    refused 1 'folder/record.jsonl' "$abacus" report folder
    : >empty/record.jsonl
    refused 1 'empty/record.jsonl' "$abacus" report empty
}

# What can be read of a record that was cut off is shown, with what could not.
truncated_record() {
    cp -R "$work/whole_run/run" run
    lines=$(wc -l <run/record.jsonl)
    head -n 10 "$work/whole_run/run/record.jsonl" >run/record.jsonl
    sed -n 11p "$work/whole_run/run/record.jsonl" | cut -c 1-80 >>run/record.jsonl
    want 'the record is too short for this test' [ "$lines" -gt 11 ]
    "$abacus" report run >out 2>err
    want 'not said' grep -q 'record\.jsonl:11' run/tables.txt
}

# ---- two runs ----

# run_of FOLDER STARTED TIMES: a run with nine rounds out of the whole run's three, in which each
# connection costs as many µs as its round, and 100 more; of epoll, the first of the servers, and
# its control, the last, TIMES as many.
run_of() {
    mkdir "$1"
    awk -v started="$2" -v times="$3" '
        function number(name) {
            match($0, "\"" name "\":[0-9.e+]+")
            return substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 3) + 0
        }
        NR == 1 {
            sub(/"started":"[^"]*"/, "\"started\":\"" started "\"")
            sub(/"rounds":3/, "\"rounds\":9")
            control = gsub(/"sha256":/, "&") - 1
        }
        /"type":"trial"/ { gsub(/"bound":"[a-z]*"/, "\"bound\":\"client\"") }
        !/"type":"slice"/ { print; next }
        {
            round = number("round")
            epoll = number("server") == 0 || number("server") == control
            for (r = round; r <= 9; r += 3) {
                cost = (100 + r) * (epoll ? times : 1) * number("accepted") / 1e6
                sub(/"round":[0-9]+/, "\"round\":" r)
                sub(/"server_cpu":[^,]*/, "\"server_cpu\":" cost)
                print
            }
        }' "$work/whole_run/run/record.jsonl" >"$1/record.jsonl"
}

# compared STATUS WORDS ARGUMENT...: with that status, and these words in the last line.
compared() {
    status=$1
    words=$2
    shift 2
    "$abacus" compare "$@" >out 2>err
    got=$?
    want "$*: status $got, not $status: $(cat err)" [ "$got" -eq "$status" ]
    want "$*: it complained: $(cat err)" [ ! -s err ]
    tail -n 1 out >last
    grep -qF -- "$words" last || { echo "$*: '$words' is not in: $(cat last)" && exit 1; }
}

compare_runs() {
    run_of old 2001-01-01T00:00:00Z 1
    run_of again 2001-01-02T00:00:00Z 1
    run_of new 2001-01-03T00:00:00Z 1.5
    compared 0 'Verdict: the same' --threshold 20% old again
    compared 1 'Verdict: B is worse in epoll under c50 (CPU per request +50.0 %)' old new
    compared 0 'Verdict: not worse: B is better in epoll' --threshold 0.2 new old
    compared 2 'Verdict: cannot tell' --threshold 0.1% old again
    compared 1 'Verdict: B is worse' --format markdown --html page.html old new
    want 'no Markdown table' grep -q '^| --- |' out
    want 'no page' grep -q '^<!DOCTYPE html>' page.html
    want 'the page has no end' [ "$(tail -n 1 page.html)" = '</html>' ]
    compared 2 'Verdict: cannot tell' old "$work/whole_run/run"
    mkdir cut
    # three rounds under one load, and a line that is cut off
    awk '!/"type":"slice"/ || ++slices <= 40' new/record.jsonl | head -c -10 >cut/record.jsonl
    compared 2 'Verdict: cannot tell' old cut
    want 'not said what is missing' grep -q 'Of B: record.jsonl:' out
}

# Where both have a profile, one more system call is found, whatever the times say.
compare_counts() {
    cp -R "$work/compare_runs/old" "$work/compare_runs/again" .
    cp "$root/harness/test/fixtures/profile/two.jsonl" old/profile.jsonl
    cp old/profile.jsonl again
    compared 0 'Verdict: the same' --threshold 20% old again
    want 'not said of both' [ "$(grep -c 'no more for a request than before' out)" -eq 2 ]
    sed -i '/"epoll","part":"syscalls"/s/"c1":{"calls":{/&"getpid":1.0,/; s/"c1":5.003/"c1":6.003/' again/profile.jsonl
    compared 1 'Verdict: B is worse by what a request takes, counted. By time: the same' \
        --threshold 20% --html page.html old again
    want 'not which call' grep -q '^getpid  *c1 ' out
    want 'not on the page' grep -q '>getpid<' page.html
    echo broken >again/profile.jsonl
    refused 2 'again/profile.jsonl' "$abacus" compare old again
}

compare_refuses() {
    cp -R "$work/compare_runs/old" "$work/compare_runs/new" .
    mkdir empty head
    : >empty/record.jsonl
    head -n 1 new/record.jsonl >head/record.jsonl
    refused 2 'two folders' "$abacus" compare old
    refused 2 'the same run' "$abacus" compare old old
    refused 2 'none/record.jsonl' "$abacus" compare old none
    refused 2 'empty/record.jsonl' "$abacus" compare empty old
    refused 2 'no slice of run B counts' "$abacus" compare old head
    refused 2 'unknown option' "$abacus" compare --bogus old new
    refused 2 '--format' "$abacus" compare --format pdf old new
    refused 2 'nowhere/page.html' "$abacus" compare --html nowhere/page.html old new
    for threshold in 5 0 0% -1% 101% 5%% nan ''; do
        refused 2 '--threshold' "$abacus" compare --threshold "$threshold" old new
    done
}

# Nothing that counts: the tables are there, say why, and are called no success.
record_without_figures() {
    corpus=$root/harness/test/corpus/record
    for name in empty failed; do
        mkdir "$name"
        cp "$corpus/$name" "$name/record.jsonl"
        "$abacus" report "$name" >out 2>err
        want "$name: the status is not 1" [ $? -eq 1 ]
        want "$name: not said" grep -q 'no server has figures' err
        want "$name: no tables" grep -q epoll "$name/tables.txt"
    done
    want 'not why' grep -q 'FAILED.*it failed' failed/tables.txt
    want 'not what is lacking' grep -q 'NOT MEASURED' empty/tables.txt
}

port_in_use() {
    mkfifo ready
    "$build/servers/select" >ready &
    server=$!
    read -r line <ready
    (refused 1 "${line##*:}" "$build/servers/epoll" -p "${line##*:}")
    status=$?
    kill "$server" && wait "$server"
    exit "$status"
}

# PATH holds only what is named.
with_tools() {
    mkdir -p bin
    for tool; do
        ln -sf "$(command -v "$tool")" bin
    done
}

missing_ab() {
    small_suite 1 >small.ini
    with_tools gnuplot
    refused 1 'apache2-utils' env PATH="$PWD/bin" "$abacus" run --suite small.ini --out run
}

missing_gnuplot() {
    small_suite 1 >small.ini
    with_tools ab
    env PATH="$PWD/bin" "$abacus" run --suite small.ini --out run epoll >out 2>err
    want 'the status is not 1' [ $? -eq 1 ]
    want 'not said' grep -q 'gnuplot' err
    want 'no tables' grep -q epoll run/tables.txt run/cells.csv
    want 'the page does not say so' grep -q 'plots: .*gnuplot' run/report.html
    want 'a plot on the page' [ "$(grep -c '<svg' run/report.html)" -eq 0 ]
}

no_permission() {
    small_suite 1 >small.ini
    refused 1 '/proc/abacus' "$abacus" run --suite small.ini --out /proc/abacus
    : >file
    refused 1 'file/run' "$abacus" run --suite small.ini --out file/run
}

# full_disk SIZE FOLDER: that is a disk of this size, in a mount namespace of its own. The run
# ends, and no server is blamed, so that a resumed run makes these trials, too.
full_disk() {
    small_suite 9 0 >small.ini
    mkdir -p "$2"
    if [ "$(id -u)" -eq 0 ]; then user=--; else user=--map-root-user; fi
    unshare --mount "$user" true || skip "no mount namespaces here"
    # shellcheck disable=SC2016 # for the inner shell
    unshare --mount "$user" sh -c 'mount -t tmpfs -o "size=$1" none "$2" &&
        "$0" run --suite small.ini --out disk/run epoll fork >out 2>err
        echo $? >status
        cp disk/run/record.jsonl .' "$abacus" "$1" "$2"
    want "the status is not 1" grep -qx 1 status
    want "not said" grep -q "No space left" err
    want 'a server is blamed' [ "$(grep -c '"verdict":"invalid"' record.jsonl)" -eq 0 ]
}

# What cannot be printed is no success, of whatever command.
full_output() {
    cp -R "$work/compare_runs/old" "$work/compare_runs/again" .
    while read -r expected command; do
        # shellcheck disable=SC2086 # its words
        "$abacus" $command >/dev/full 2>err
        got=$?
        want "$command: status $got" [ "$got" -eq "$expected" ]
        want "$command: it said: $(cat err)" grep -q '^abacus: cannot write to standard output' err
    done <<'END'
1 --help
1 list epoll
1 check epoll
1 rules
1 report old
1 explain old c50 epoll
2 compare --threshold 20% old again
END
    small_suite 1 >small.ini
    "$abacus" run --suite small.ini --out run epoll >/dev/full 2>err
    want "run: the status is not 1" [ $? -eq 1 ]
    want "run: it said: $(cat err)" grep -q '^abacus: cannot write to standard output' err
}

# ---- Ctrl-C ----

interrupted() {
    small_suite 500 0 >small.ini
    "$abacus" run --suite small.ini --out run epoll fork >out 2>err &
    running=$!
    # Once the record has its head and two trials: tail follows it, but not beyond abacus.
    timeout 60 tail -n +1 -F --pid="$running" run/record.jsonl 2>/dev/null |
        sed 3q >lines
    kill -INT "$running"
    wait "$running"
    status=$?
    want "status $status" [ "$status" -eq 130 ]
    want 'no tables' grep -q epoll run/tables.txt
    want 'nothing measured' grep -q '^c10,epoll,[0-9]*,[0-9]*,[0-9]' run/cells.csv
    want "still there: $(leftovers)" [ -z "$(leftovers)" ]
}

# ---- going on ----

# killed_after N PATTERN SERVER...: an abacus that is killed once N load tools of which the
# arguments match have done their work: what a power failure leaves. In PATH before the true one
# is an ab that stands still when it is the next, so that no more follow.
killed_after() {
    mkdir bin
    mkfifo reached
    cat >bin/ab <<END
#!/bin/sh
case "\$*" in $2)
    echo >>"$PWD/begun"
    [ "\$(wc -l <"$PWD/begun")" -le $1 ] || { echo >"$PWD/reached" && exec sleep 60; } ;;
esac
exec "$(command -v ab)" "\$@"
END
    chmod +x bin/ab
    shift 2
    PATH="$PWD/bin:$PATH" setsid "$abacus" run --suite small.ini --seed 7 --out run "$@" \
        >out 2>err &
    running=$!
    timeout 60 cat reached
    kill -s KILL -- "-$running"
    wait "$running"
}

# The trials in their order: number, load, server.
trials() {
    sed -n 's/^{"round":\([0-9]*\),.*"server":"\([^"]*\)","load":"\([^"]*\)",.*/\1 \3 \2/p' "$1"
}

# The slices in their order: round, block, load, server.
slices() {
    sed -n 's/^{"round":\([0-9]*\),"block":\([0-9]*\),.*"type":"slice","server":\([0-9]*\),"load":\([0-9]*\).*/\1 \2 \4 \3/p' "$1"
}

# Of the killed run a line is cut off, too. What is whole is kept, byte for byte, and the rest
# has the order of a run that nobody stopped: in the trials, and again in the slices.
resumed() {
    small_suite 4 3 >small.ini
    killed_after 5 "*' -e '*" epoll select poll
    cp run/record.jsonl whole
    sed -n 7p "$work/same_seed_same_order/one/record.jsonl" | cut -c 1-90 | tr -d '\n' |
        cat whole - >run/record.jsonl
    # the suite's file may be another by now
    echo 'no suite any more' >small.ini
    (cd / && "$abacus" run --resume "$OLDPWD/run") >out 2>err || { cat out err && exit 1; }
    head -n 6 run/record.jsonl >again
    want 'what was measured has changed' cmp whole again
    trials run/record.jsonl >order
    want "not 12 trials" [ "$(wc -l <order)" -eq 12 ]
    want 'a trial was made twice' [ -z "$(sort order | uniq -d)" ]
    head -n 6 order >first
    want 'the first trials have another order' cmp "$work/same_seed_same_order/one.trials" first
    want 'the progress does not count what was done' grep -q '^trial 6/12 ' err
    want 'not finished' grep -q '"type":"end"' run/record.jsonl
    want 'a line is left out' [ "$(grep -c 'left out' run/tables.txt)" -eq 0 ]
    want 'the tables do not say so' grep -q 'stopped after 5 trials' run/tables.txt
    want 'not three rounds' grep -q '^c10,epoll,4,3,[0-9]' run/cells.csv
}

# In the middle of a round: its blocks go on where they were.
resumed_in_a_round() {
    small_suite 0 3 >small.ini
    killed_after 12 '*' epoll select
    cp run/record.jsonl whole
    "$abacus" run --resume run >out 2>err || { cat out err && exit 1; }
    head -n "$(wc -l <whole)" run/record.jsonl >again
    want 'what was measured has changed' cmp whole again
    slices run/record.jsonl >order
    want 'a slice was made twice' [ -z "$(sort order | uniq -d)" ]
    want 'not finished' grep -q '"type":"end"' run/record.jsonl
    want 'not three rounds' grep -q '^c10,epoll,0,3,' run/cells.csv
}

# A finished run can only have more rounds; they follow in the order of its seed.
more_rounds() {
    cp -R "$work/resumed/run" run
    cp -R run before
    refused 1 'finished' "$abacus" run --resume run
    refused 1 '3 rounds' "$abacus" run --resume run --rounds 2
    want 'a refusal has changed it' diff -r run before
    "$abacus" run --resume run --rounds 4 >out 2>err || { cat out err && exit 1; }
    want 'not four rounds' grep -q '^c10,epoll,4,4,[0-9]' run/cells.csv
    want 'no fourth round of each' \
        [ "$(slices run/record.jsonl | grep -c '^4 1 ')" -eq 4 ]
}

# refused_if WORDS SED: a run whose record says something else is not gone on with.
refused_if() {
    rm -rf run
    cp -R "$work/resumed/run" run
    sed "$2; /\"type\":\"end\"/d" "$work/resumed/run/record.jsonl" >run/record.jsonl
    cp run/record.jsonl before
    (refused 1 "$1" "$abacus" run --resume run) || exit 1
    want "$1: a refusal has changed the record" cmp run/record.jsonl before
}

resume_refused() {
    refused 1 'none' "$abacus" run --resume none
    mkdir empty
    refused 1 'empty/record.jsonl' "$abacus" run --resume empty
    for option in '--trials 3' '--minutes 3' '--seed 3' '--suite quick' '--out other' '--limit wall=2' epoll; do
        # shellcheck disable=SC2086 # an option and its value
        refused 2 'cannot go with --resume' "$abacus" run --resume run $option
    done
    refused_if 'server poll has changed: its sha256 was 0000' \
        's/\("poll","path":"[^"]*","about":"[^"]*","environment":null,"sha256":"\)..../\10000/'
    refused_if 'server select cannot be run any more: ' 's|servers/select"|servers/gone"|'
    refused_if "kernel was 'Linux 2.4' and is 'Linux " 's/"kernel":"[^"]*"/"kernel":"Linux 2.4"/'
    refused_if "CPU was 'Z80' and is '" 's/"CPU":"[^"]*"/"CPU":"Z80"/'
    refused_if "cores was '640" 's/"cores":"/&640/'
    refused_if "compiler flags was '-O9 " 's/"compiler flags":"/&-O9 /'
    refused_if "ab was '1.3' and is '" 's/"ab":"[^"]*"/"ab":"1.3"/'
    refused_if "unknown tool 'siege'" 's/"tool":"ab"/"tool":"siege"/'
    refused_if 'concurrency must be' 's/"concurrency":10/"concurrency":-10/'
}

# Two at work in one folder would spoil both.
resume_of_running() {
    small_suite 500 >small.ini
    name=$(printf 'a \033[31mrun')
    "$abacus" run --suite small.ini --out "$name" epoll fork >out.run 2>err.run &
    running=$!
    timeout 60 tail -n +1 -F --pid="$running" "$name/record.jsonl" 2>/dev/null |
        sed 2q >lines
    (refused 1 'another abacus is at work' "$abacus" run --resume "$name")
    status=$?
    kill -INT "$running"
    wait "$running"
    want 'it did not say how to go on, as a shell takes it' \
        grep -qF -- "$tried/abacus run --resume \$'a \\033[31mrun'" err.run
    want 'control characters' awk '/\033/ { exit 1 }' out.run err.run err
    exit "$status"
}

for case in whole_run figures_from_raw_files cpu_from_slices timelines_are_whole tables_from_cells report_again same_seed_same_order \
    seventh_server library_missing forbidden_server suite_servers \
    wrk_load paced knee limits pace_refuses other_tools progress_in_a_log fits_screen history another_language slow_server several_clients versus broken_server wrong_usage \
    wrong_suite wrong_record truncated_record record_without_figures compare_runs \
    compare_counts compare_refuses port_in_use missing_ab missing_gnuplot no_permission full_output \
    interrupted resumed resumed_in_a_round more_rounds resume_refused resume_of_running; do
    try "$case" "$case"
done
try full_disk full_disk 32k disk
try full_disk_of_raw_files full_disk 12k disk/run/raw
try nothing_left nothing_left
