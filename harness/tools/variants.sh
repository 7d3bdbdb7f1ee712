#!/bin/sh
# variants.sh - what each variant in servers/variants/ is worth: `make variants`.
# SPDX-License-Identifier: MIT
#
# Usage: variants.sh BUILD OUT README [OPTION...]. Measures all variants beside their models into the new
# folder OUT, and writes the table into README. OPTIONS are for `abacus run`. Exit status 1 if a server
# failed: then the table says where it was not measured.
set -eu

build=$1 out=$2 readme=$3
shift 3
mkdir -p "$(dirname "$out")"
status=0
"$build/abacus" run --suite variants --out "$out" "$@" || status=$?
[ "$status" -le 1 ] || exit "$status"
sh "$(dirname "$0")/variants_table.sh" "$build" "$out" "$readme"
exit "$status"
