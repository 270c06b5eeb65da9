#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Networks by libvirt-python, through the server for clients of libvirt: all of python.py.
. "$srcdir/tests/lib/ns.sh"
. "$srcdir/tests/lib/rpc.sh"
need_libvirt_python
cd "$T" || exit 1

before=$(snapshot)
serve
export LEASES="$VNETMGR_ROOT/var/lib/vnetmgr/leases"
ok 'all methods' timeout 120 "$PYTHON" "$srcdir/tests/rpc/python.py" "network:///system?socket=$SOCK"
cat out
same 'what the server complains of' "warning: network 'p' still has 2 ports, which go with it
warning: network 'p' still has 1 port, which goes with it" "$(cat server)"
ok 'no process is left of clients' until_is '' connections
end_server
same 'no trace is left' "$before" "$(snapshot)"
finish
