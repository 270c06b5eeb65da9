#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The programs are what the hardening flags of configure.ac are to make of them.
: "${builddir:=.}"
skip() { echo "SKIP: $*" >&2; [ -n "${VNM_TEST_MUST_WORK:-}" ] && exit 1; exit 77; }
command -v readelf >/dev/null || skip 'readelf (of the package binutils) is not installed'
flags=$(sed -n 's/^VNM_C.*FLAGS = //p' "$builddir/Makefile")
[ -n "$flags" ] || { echo 'FAIL: no flags in the Makefile' >&2; exit 1; }
# These have ways of their own.
case $flags in *-fsanitize*) exit 0 ;; esac
failures=0
fail() { failures=$((failures + 1)); echo "FAIL: $*" >&2; }

# has WORD WHAT PROGRAM OPTION...: readelf prints it
has() {
	word=$1 what=$2 program=$3; shift 3
	readelf -W "$@" "$program" | grep -qE "$word" || fail "$program: $what"
}
for program in vnetmgr vnetmgr-bridge-helper vnetmgr-cni vnetmgr-rpc; do
	program=$builddir/$program
	[ -x "$program" ] || { [ "$program" = "$builddir/vnetmgr-rpc" ] && continue; fail "there is no $program"; continue; }
	has '^ *Type: *DYN' 'not position-independent' "$program" -h
	has 'GNU_RELRO' 'no read-only relocations' "$program" -l
	has 'GNU_STACK.* RW +' 'an executable stack' "$program" -l
	has 'BIND_NOW|Flags:.* NOW' 'functions are bound late' "$program" -d
	has '__stack_chk_(fail|guard)' 'no stack protector' "$program" --symbols
	case $flags$(readelf -d "$program") in *_FORTIFY_SOURCE*libc.so.6*) has '__[a-z]*printf_chk' 'not fortified' "$program" --symbols ;; esac
done
# That branches are guarded is said of a program only where the C library's own objects say so, too; of ours it can be seen.
for object in "$builddir"/src/*main.o; do
	case $(readelf -h "$object") in
	*X86-64*) has 'IBT, SHSTK' 'branches are not guarded' "$object" -n ;;
	*AArch64*) has 'BTI, PAC' 'branches are not guarded' "$object" -n ;;
	esac
done
[ $failures -eq 0 ]
