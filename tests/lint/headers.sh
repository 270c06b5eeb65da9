#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A function that others call is declared in the header of its own file, X.c in X.h; and no two headers have enumerators
# whose names begin alike.
skip() { echo "SKIP: $*" >&2; [ -n "${VNM_TEST_MUST_WORK:-}" ] && exit 1; exit 77; }
command -v nm >/dev/null || skip 'nm is not installed'
[ -d "$builddir/src" ] || skip 'not run in a build directory'
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
failed=0

(cd "$builddir/src" && find . -name 'libvnm*.o' -exec nm -A -P {} +) |
	sed -n 's|^\./\(.*/\)[a-z_]*-\([a-z0-9_]*\)\.o: \([^ ]*\) T .*|\1\2 \3|p' | sort >"$dir/functions"
[ "$(wc -l <"$dir/functions")" -gt 500 ] || { echo "only $(wc -l <"$dir/functions") functions were found" >&2; exit 1; }
(cd "$srcdir/src" && find . -name '*.[ch]') | sed 's|^\./||' >"$dir/files"
(cd "$srcdir/src" && awk '
FILENAME == ARGV[1] { there[$1]; next }
FILENAME == ARGV[2] { if (($1 ".c") in there) wanted[$1 ".h", $2] = $1; next }
{ gsub(/[^A-Za-z0-9_]+/, " "); for (i = 1; i <= NF; i++) delete wanted[FILENAME, $i] }
END { for (which in wanted) { split(which, part, SUBSEP); print "src/" wanted[which] ".c: " part[2] "() is not declared in src/" part[1] } }' \
	"$dir/files" "$dir/functions" $(grep 'h$' "$dir/files")) | sort >"$dir/astray"
cat "$dir/astray" >&2; [ ! -s "$dir/astray" ] || failed=1

# What the names of an enum's members have in common, up to an underscore.
find "$srcdir/src" -name '*.h' | sort | while read -r header; do
	awk -v header="${header#"$srcdir/"}" '
	function verdict() { sub(/[^_]*$/, "", common); if (n > 1 && length(common) > 4) print common, header; inside = 0 }
	/^enum [a-z_]* \{/ { inside = 1; n = 0; common = "" }
	inside && match($0, /VNM_[A-Z0-9_]+/) {
		name = substr($0, RSTART, RLENGTH)
		if (n++ == 0) common = name
		while (index(name, common) != 1) common = substr(common, 1, length(common) - 1)
	}
	inside && /^\}/ { verdict() }' "$header"
done | sort -u | awk '$1 == last { print "names of enum members begin with " $1 " in " file " and in " $2; bad = 1 } { last = $1; file = $2 } END { exit bad }' >&2 || failed=1
exit $failed
