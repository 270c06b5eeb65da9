#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# sample.sh - a start and a destroy, with hooks, are killed and get errors at a sample of their system calls, with each firewall back
# end; all commands are killed at some, with one of them in turn. All of it: make check-fault.
#
# On a machine that is busy with everything else, one point in some thousands may be judged wrong for it. So what went wrong is
# done again, three times, when nothing else of this test runs: a fault goes wrong again.
: "${srcdir:=.}"
results=$(mktemp -d) || exit 1
trap 'rm -rf "$results"' EXIT
some() { sh "$srcdir/tests/fault/sweep.sh" -n -q -j 2 -c start,destroy -f KILL/163,ENOMEM/439,EIO/401,EINTR/373 -r "$1"; }
every() { sh "$srcdir/tests/fault/sweep.sh" -n -q -j 2 -1 -f KILL/359 -r "$1"; }
again() {	# SWEEP
	for round in 1 2 3; do
		cp "$results/$1" "$results/$1.$round"
		"$1" "$results/$1.$round" || return 1
	done
	echo "$1: went right three times when it was done again"
}
every "$results/every" >"$results/messages" 2>&1 &
wrong=
some "$results/some" || wrong=some
wait $! || wrong="$wrong every"
cat "$results/messages"
for sweep in $wrong; do again "$sweep" || exit 1; done
