#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Nothing is forgotten in Makefile.am: a source that is not compiled, a test that is not run, a file not installed;
# and no file is named there that is gone.
missing=0
for file in "$srcdir"/src/*.c "$srcdir"/src/*/*.[ch] "$srcdir"/tests/*.sh "$srcdir"/tests/ns/*.sh "$srcdir"/tests/fault/*.sh \
	    "$srcdir"/tests/fuzz/*.* "$srcdir"/tests/promises/* "$srcdir"/tests/unit/* "$srcdir"/schemas/* "$srcdir"/networks/* "$srcdir"/networks/examples/* "$srcdir"/docs/* "$srcdir"/data/* "$srcdir"/data/*/* "$srcdir"/data/*/*/* \
	    "$srcdir"/completions/*; do
	[ -f "$file" ] || continue
	name=${file#"$srcdir"/}
	case $name in
	*.o | *.a | *.so | *.log | *.trs | *.gcda | *.gcno) continue ;;	# built, in the source tree itself
	tests/unit/test_*.c | tests/unit/golden.c) name=${name%.c} ;;
	esac
	grep -qE "(^|[[:space:]])$name([[:space:]]|\$)" "$srcdir/Makefile.am" && continue
	echo "$name is not in Makefile.am" >&2
	missing=$((missing + 1))
done
for name in $(grep -oE '(^|[[:space:]])(src|tests|schemas|networks|docs|data|completions|scripts)/[a-z0-9/._-]+\.[a-z0-9]+' "$srcdir/Makefile.am"); do
	case $name in *.log | *.so | *.in) continue ;; esac
	[ -e "$srcdir/$name" ] || [ -e "$srcdir/$name.in" ] && continue
	echo "$name is in Makefile.am, but it is not there" >&2
	missing=$((missing + 1))
done
# NEWS tells of the version that this is, and nothing is released that it does not tell of.
version=$(sed -n 's/^AC_INIT(\[vnetmgr\], \[\(.*\)\])$/\1/p' "$srcdir/configure.ac")
news=$(grep -m 1 -E '^[0-9]' "$srcdir/NEWS")
shown=$("$VNETMGR" --version)
[ -n "$version" ] && [ "$news" = "$version" ] && [ "$shown" = "vnetmgr $version" ] || {
	echo "configure.ac says version '$version', NEWS '$news', the program '$shown'" >&2
	missing=$((missing + 1))
}
[ $missing -eq 0 ]
