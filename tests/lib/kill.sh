# SPDX-License-Identifier: GPL-2.0-or-later
# kill.sh - a command that is killed at a system call, for tests that check more than tests/fault can: packets, and what
# guests reach. Sourced after ns.sh.
# shellcheck shell=sh
need strace

# points CALL,... COMMAND...: it runs undisturbed; "COUNT CALL" of each that it makes. What the kernel begins again by itself, as a
# setting of the network's that somebody else is at, is the same call.
points() {
	traced=$1; shift
	strace -qq -o "$T/trace" -e trace="$traced" "$VNETMGR" -q "$@" >/dev/null 2>&1
	sed -n '/? ERESTART/d; s/^\([a-z0-9_]*\)(.*/\1/p' "$T/trace" | sort | uniq -c
}
# some COUNT: K, so that there are 16 at most
some() { seq 1 $((($1 + 15) / 16)) "$1"; }
# killed CALL K COMMAND...: on entering its K-th CALL
killed() {
	call=$1 k=$2; shift 2
	strace -qq -o /dev/null -e trace="$call" -e inject="$call:signal=KILL:when=$k" "$VNETMGR" -q "$@" >/dev/null 2>&1
}
