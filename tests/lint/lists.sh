#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Nothing is forgotten in Makefile.am: a source that is not compiled, a test that is not run, a file not installed;
# and no file is named there that is gone.
missing=0
lists="$srcdir/lists.mk $srcdir/Makefile.am $srcdir/tests/local.mk"
for file in $(cd "$srcdir" && find src tests/install tests/lint tests/ns tests/unit tests/fault tests/promises schemas networks docs data completions -type f; find tests -maxdepth 1 -name "*.sh"); do
	case $file in
	*.o | *.a | *.so | *.log | *.trs | *.time | *.gcda | *.gcno | */.dirstamp | */.deps/*) continue ;;	# built, in the source tree itself
	src/*.mk | src/main.c | tests/ns/*.c | tests/fault/* | tests/promises/*.awk) continue ;;	# directories, and what has rules of its own
	tests/unit/test_*.c | tests/unit/golden.c) file=${file%.c} ;;
	data/*.in) file=${file%.in} ;;
	esac
	grep -qE "(^|[[:space:]])$file([[:space:]]|\$)" $lists && continue
	echo "$file is not in lists.mk, Makefile.am or tests/local.mk" >&2
	missing=$((missing + 1))
done
for name in $(grep -ohE '(^|[[:space:]])(src|tests|schemas|networks|docs|data|completions|scripts)/[a-z0-9/._-]+\.[a-z0-9]+' $lists); do
	case $name in *.log | *.so | *.in) continue ;; esac
	[ -e "$srcdir/$name" ] || [ -e "$srcdir/$name.in" ] && continue
	echo "$name is in lists.mk, Makefile.am or tests/local.mk, but it is not there" >&2
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
