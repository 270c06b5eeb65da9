#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# No two files of src/ need each other, neither by what they include nor by what they call: X.c and X.h count as one.
skip() { echo "SKIP: $*" >&2; [ -n "${VNM_TEST_MUST_WORK:-}" ] && exit 1; exit 77; }
command -v nm >/dev/null && command -v tsort >/dev/null || skip 'nm or tsort is not installed'
[ -d "$builddir/src" ] || skip 'not run in a build directory'
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT

# "NEEDS NEEDED" by includes; object files are called src/DIR/ARCHIVE-NAME.o, and may be left of sources that are gone.
(cd "$srcdir/src" && find . -name '*.[ch]' -exec grep -H '^#include "' {} +) |
	sed -n 's|^\./\(.*\)\.[ch]:#include "\(.*\)\.[ch]".*|\1 \2|p' >"$dir/includes"
(cd "$builddir/src" && find . -name 'libvnm*.o' -exec nm -A -P {} +) |
	sed -n 's|^\./\(.*/\)[a-z_]*-\([a-z0-9_]*\)\.o: \([^ ]*\) \([A-Z]\).*|\1\2 \3 \4|p' |
	while read -r room rest; do [ ! -f "$srcdir/src/$room.c" ] || echo "$room $rest"; done >"$dir/symbols"
awk '
FNR == 1 { pass++ }
pass == 1 && $3 ~ /^[TDBR]$/ { defined[$2] = $1 }
pass == 2 && $3 == "U" && $2 in defined { print $1, defined[$2] }' "$dir/symbols" "$dir/symbols" >"$dir/calls"
for kind in includes calls; do
	[ "$(wc -l <"$dir/$kind")" -gt 500 ] || { echo "only $(wc -l <"$dir/$kind") $kind were found" >&2; exit 1; }
done
sort -u "$dir/includes" "$dir/calls" | awk '$1 != $2' | tsort >/dev/null 2>"$dir/circles"
[ ! -s "$dir/circles" ] || { sed 's/^tsort: -: input.*/circle:/; s/^tsort: /  /' "$dir/circles" >&2; exit 1; }
