#!/bin/sh
# variants_table.sh - from a run of the suite variants to a table: each variant's question, and the answer.
# SPDX-License-Identifier: MIT
#
# Usage: variants_table.sh BUILD RUN README [VARIANTS]. The table takes the place of what is in README
# between <!-- variants --> and <!-- /variants -->. What a variant asks, and beside which server, its
# head comment in the folder VARIANTS says. The answers are the run's own pairs: a difference is one
# where these call it significant, after the correction for all pairs.
set -eu

build=$1 run=$2 readme=$3
variants=${4-$(dirname "$0")/../../servers/variants}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' INT TERM HUP

# key FILE KEY: what the head comment says behind it.
key() {
    sed -n "s/^ \* $2: //p" "$1"
}

# A line for each variant: its name, the server beside which it is held, its question.
for file in "$variants"/*.c; do
    beside=$(key "$file" beside)
    printf '%s\t%s\t%s\n' "$(basename "$file" .c)" "${beside:-$(key "$file" model)}" \
        "$(key "$file" question)"
done >"$folder/questions"

# The reports are made of a copy: the run's own stays as it is.
mkdir "$folder/run"
cp "$run"/record.jsonl* "$folder/run"
cut -f 2 "$folder/questions" | sort -u | while read -r reference; do
    "$build/abacus" report --reference "$reference" "$folder/run" >/dev/null
    awk -F '\t' -v OFS='\t' -v reference="$reference" '
        NR == 1 { sub(/^# /, ""); for (i = 1; i <= NF; i++) at[$i] = i; next }
        {
            gsub(/"/, "")
            split($at["load_name"], load, ":")
            print reference, $at["server_name"], load[1], $at["cpu_relation"],
                $at["cpu"], $at["cpu_low"], $at["cpu_high"]
        }' "$folder/run/plots/paired-ratios.dat"
done >"$folder/ratios"

awk -F '\t' '
    function percent(share) {
        return sprintf("%.1f %%", 100 * share)
    }
    function answer(key,    saved, size) {
        if (!(key in relation) || relation[key] == "none")
            return "not measured"
        if (relation[key] == "tie")
            return "nothing"
        saved = ratio[key] < 1
        size = percent(saved ? 1 - ratio[key] : ratio[key] - 1) " ± " percent(half[key])
        if (relation[key] == "apart")
            return (saved ? "worth " : "costs ") size
        return "not told apart: " (saved ? "−" : "+") size
    }
    FILENAME == ARGV[1] {
        key = $1 FS $2 FS $3
        relation[key] = $4
        ratio[key] = $5
        half[key] = ($7 - $6) / 2
        next
    }
    FNR == 1 { print "| variant | beside | question | answer |\n|---|---|---|---|" }
    {
        key = $2 FS $1 FS
        printf "| `%s` | `%s` | %s | %s (c = 50), %s with keep-alive, %s for 50 KB |\n", $1, $2, $3,
            answer(key "c50"), answer(key "kept"), answer(key "50k")
    }' "$folder/ratios" "$folder/questions" >"$folder/table"

awk -v table="$folder/table" '
    /^<!-- variants -->$/ {
        print $0 "\n"
        while ((getline line <table) > 0)
            print line
        print ""
        inside = found = 1
    }
    /^<!-- \/variants -->$/ { inside = 0 }
    !inside { print }
    END { exit !found || inside }' "$readme" >"$folder/readme" || {
    echo "variants_table.sh: $readme has no place for the table" >&2
    exit 1
}
cat "$folder/readme" >"$readme"
