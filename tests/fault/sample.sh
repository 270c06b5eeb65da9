#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# sample.sh - a start and a destroy, with hooks, are killed and get errors at a sample of their system calls, with each firewall back
# end; all commands are killed at some, with one of them in turn. All of it: make check-fault.
: "${srcdir:=.}"
results=$(mktemp -d) || exit 1
trap 'rm -rf "$results"' EXIT
sh "$srcdir/tests/fault/sweep.sh" -n -1 -j 2 -f KILL/97 -r "$results/all" >"$results/messages" 2>&1 &
sh "$srcdir/tests/fault/sweep.sh" -n -j 2 -c start,destroy -f KILL/53,ENOMEM/157,EIO/139,EINTR/131 -r "$results/two"
status=$?
wait $! || status=$?
cat "$results/messages"
exit $status
