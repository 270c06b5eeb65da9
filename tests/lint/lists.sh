#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# No file is forgotten: a source that is not compiled, a test that is not run, a file that is not installed; and none is listed
# that is gone. scripts/make-lists finds most of them; what it does not is listed in Makefile.am and tests/local.mk.
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
missing=0
lists="$srcdir/lists.mk $srcdir/Makefile.am $srcdir/tests/local.mk"

# What is there, but for what a build in the source tree makes and what has rules of its own; and what is listed.
(cd "$srcdir" && find src tests/install tests/lint tests/ns tests/unit tests/promises schemas networks docs data completions -type f) |
	sed -E '/\.(o|a|so|log|trs|time|gcda|gcno|mk|awk|x)$|\/\.(dirstamp|deps)|^src\/((cni|lend|rpc)\/)?main\.c$|^tests\/ns\/.*\.c$/d
		s/^(tests\/unit\/(test_.*|golden))\.c$/\1/; s/^(data\/.*)\.in$/\1/' | sort >"$dir/there"
grep -ohE '(^|[[:space:]])(src|tests|schemas|networks|docs|data|completions)/[A-Za-z0-9/._@-]*[A-Za-z0-9]' $lists | tr -d '[:blank:]' | sort -u >"$dir/listed"
[ "$(wc -l <"$dir/there")" -gt 500 ] || { echo "only $(wc -l <"$dir/there") files were found" >&2; missing=1; }
forgotten=$(comm -23 "$dir/there" "$dir/listed")
[ -z "$forgotten" ] || { echo "not in lists.mk, Makefile.am or tests/local.mk:" $forgotten >&2; missing=1; }
while read -r name; do
	case $name in *.log | *.so) continue ;; esac
	[ -e "$srcdir/$name" ] || [ -e "$srcdir/$name.in" ] || [ -e "$srcdir/$name.c" ] && continue
	echo "$name is in lists.mk, Makefile.am or tests/local.mk, but it is not there" >&2
	missing=1
done <"$dir/listed"
# A directory of sources that is gone changes lists.mk, and is no error of make.
[ ! -f "$builddir/Makefile" ] || MAKEFLAGS= make -C "$builddir" -n -o Makefile SOURCE_DIRS=src/gone \
	"$(sed -n 's/^srcdir = //p' "$builddir/Makefile")/lists.mk" >"$dir/make" || missing=1
# NEWS tells of the version that this is, and nothing is released that it does not tell of.
version=$(sed -n 's/^AC_INIT(\[vnetmgr\], \[\(.*\)\])$/\1/p' "$srcdir/configure.ac")
news=$(grep -m 1 -E '^[0-9]' "$srcdir/NEWS")
shown=$("$VNETMGR" --version)
[ -n "$version" ] && [ "$news" = "$version" ] && [ "$shown" = "vnetmgr $version" ] || {
	echo "configure.ac says version '$version', NEWS '$news', the program '$shown'" >&2
	missing=1
}
exit $missing
