#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The processes of the server for clients of libvirt are killed at random moments: all of kills.py, and nothing is left.
# VNM_KILLS=2000: so many calls; VNM_SEED=N repeats what was random, but for its moments.
. "$srcdir/tests/lib/ns.sh"
. "$srcdir/tests/lib/rpc.sh"
need python3
cd "$T" || exit 1

before=$(snapshot)
ok 'calls' timeout 3000 python3 -B "$srcdir/tests/rpc/kills.py" "$RPC" "$SOCK" "${VNM_KILLS:-60}" ${VNM_SEED:+"$VNM_SEED"}
cat out
rm -f "$SOCK"
ok 'no process is left' until_is '' pgrep -x 'vnetmgr-(rpc|spare)'
same 'no trace is left' "$before" "$(snapshot)"
finish
