#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# sample.sh - a start and a destroy, with hooks, are killed and get errors at a sample of their system calls; all
# commands are killed at some. All of it: make check-fault.
: "${srcdir:=.}"
results=$(mktemp) || exit 1
trap 'rm -f "$results" "$results.count"' EXIT
sh "$srcdir/tests/fault/sweep.sh" -c start,destroy -f KILL/13,ENOMEM/37,EIO/31,EINTR/29 -r "$results" &&
	sh "$srcdir/tests/fault/sweep.sh" -f KILL/67 -r "$results"
