#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Tests find the programs that they use whatever else is called like them: tests/lib/programs.sh, in front of a directory of
# impostors, and with the right program under its other name alone. And a test that names one that may be absent says so.
: "${srcdir:=.}"
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
skip() { echo "SKIP: $*"; exit 77; }
. "$srcdir/tests/lib/programs.sh"
failures=0
is() { [ "$2" = "$3" ] && return; failures=$((failures + 1)); printf 'FAIL: %s\n  expected %s\n  got      %s\n' "$1" "$2" "$3" >&2; }
program() { printf '#!/bin/sh\necho "%s" >&2\n' "$2" >"$1"; chmod +x "$1"; }

usual=$PATH
mkdir "$dir/impostors" "$dir/right" "$dir/tools"
for tool in head mkdir ln sh rm; do ln -s "$(command -v $tool)" "$dir/tools/$tool"; done
for name in nc ping ps pgrep pkill ip ss tc unshare nsenter setpriv script flock busybox dig dhclient; do
	known=$(what $name) rest=${known#*|} rest=${rest#*|}
	program "$dir/impostors/$name" 'GNU netcat 0.7.1, a rewrite of the famous networking tool'
	program "$dir/right/$name" "this is ${rest%%|*}, too"
	PATH=$dir/impostors:$dir/right:$usual
	is "$name, behind another one" "$dir/right/$name" "$(find_program $name)"
	PATH=$dir/impostors:$dir/tools
	is "$name, and only another one is there" '' "$(find_program $name)"
	is "$name: the test is skipped" "SKIP: $name (of the package ${known%%|*}) is not installed" "$(need $name)"
	PATH=$usual
done
mv "$dir/right/nc" "$dir/right/nc.openbsd"
PATH=$dir/impostors:$dir/right:$dir/tools
is 'by its other name' "$dir/right/nc.openbsd" "$(find_program nc)"
programs "$dir/bin" nc ping
is 'the name leads to it' "$dir/bin/nc" "$(command -v nc)"
is 'and is it' "$dir/right/nc.openbsd" "$(readlink "$dir/bin/nc" 2>/dev/null || PATH=$usual readlink "$dir/bin/nc")"
PATH=$usual

# What may be absent is needed by name, or looked for, in each test that runs it.
for name in dhclient strace perl nft mandoc valgrind; do
	for file in $(grep -lE "(^|[ (;|&\"])$name( -|  *\"| [a-z0-9./]+ )" "$srcdir"/scripts/valgrind "$srcdir"/tests/*/*.sh); do
		case $file in */lib/* | */parity/* | */programs.sh) continue ;; esac
		grep -v '^[[:space:]]*#' "$file" | grep -qE "(^|[ (;|&\"])$name( -|  *\"| [a-z0-9./]+ )" || continue
		grep -qE "(need|optional|command -v|for tool in)( [^;]*)? $name|lib/(fault|kill).sh" "$file" && continue
		failures=$((failures + 1))
		echo "FAIL: $file runs $name, and does not ask whether it is there: need $name" >&2
	done
done
[ $failures -eq 0 ]
