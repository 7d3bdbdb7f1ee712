#!/bin/sh
# arrows.sh - which folder of the harness may include from which: `make lint-arrows`.
# SPDX-License-Identifier: MIT
#
# Usage: arrows.sh [HARNESS]. Prints FILE:LINE of each include that the table does not allow,
# and then exits with 1. Tests, tools and main.c may include whatever they need.
set -u

harness=${1-harness}
grep -n '^#include "' "$harness"/*/*.[ch] | grep -v "^$harness/\(test\|tools\)/" | awk -F: '
# The table: a folder, and the folders that it may include from besides itself. A folder that
# is not in it may include from none.
function allow(folder, others,    list, n, i) {
    n = split(folder " " others, list, " ")
    for (i = 1; i <= n; i++)
        allowed[folder, list[i]] = 1
}

BEGIN {
    allow("base", "")
    allow("host", "base")
    allow("stats", "base")
    allow("model", "base")
    allow("load", "base host model stats")
    allow("pace", "base stats")
    allow("subject", "base host model load")
    allow("analyse", "base model load stats")
    allow("measure", "base host model load stats subject analyse")
    allow("render", "base host stats")
    allow("report", "base host model load stats analyse render")
    allow("profile", "base host model load stats subject analyse render")
    allow("limits", "base host model load pace render stats subject")
    allow("command", "limits base host model load stats subject analyse measure render report profile")
    # Plain structs of what was read from the machine.
    plain["host/counters.h"] = plain["host/footprint.h"] = plain["host/machine.h"] = 1
}

{
    from = path[split($1, path, "/") - 1]
    split($0, quoted, "\"")
    split(quoted[2], part, "/")
    if ((from, part[1]) in allowed || (from == "model" && quoted[2] in plain))
        next
    printf "%s:%d: %s must not include %s\n", $1, $2, from, quoted[2]
    failed = 1
}

END { exit failed }
'
