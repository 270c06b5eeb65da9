#!/bin/sh
# sample.sh - a start and a destroy, with hooks, are killed and get errors at a sample of their system calls. All
# commands, calls and errors: make check-fault.
: "${srcdir:=.}"
results=$(mktemp) || exit 1
trap 'rm -f "$results" "$results.count"' EXIT
sh "$srcdir/tests/fault/sweep.sh" -c start,destroy -f KILL/9,ENOMEM/23,EIO/19,EINTR/17 -r "$results"
