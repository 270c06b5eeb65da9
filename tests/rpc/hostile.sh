#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Hostile clients of the server for clients of libvirt: all of hostile.py, and nothing is left.
. "$srcdir/tests/lib/ns.sh"
. "$srcdir/tests/lib/rpc.sh"
need python3
cd "$T" || exit 1

before=$(snapshot)
serve
"$RPC" --socket "$T/hasty" --timeout 0 --patience 1 >"$T/hasty.log" 2>&1 3>&- 4<&- & hasty=$!
await test -S "$T/hasty"
ok 'hostile clients' timeout 300 python3 -B "$srcdir/tests/rpc/hostile.py" "$SOCK" "$SOCK_RO" "$server" "$T/hasty" "$hasty"
cat out
no 'the server does not complain of a crash' grep -qE 'signal|Sanitizer|corrupt|free\(\)' server
ok 'no process is left of clients' until_is '' connections
ok 'it still serves' vsh net-list
kill "$hasty"; wait "$hasty"
end_server
same 'no trace is left' "$before" "$(snapshot)"
finish
