# SPDX-License-Identifier: GPL-2.0-or-later
# rpc.sh - the server for clients of libvirt; sourced after ns.sh by tests of it.
RPC=${VNETMGR%/*}/vnetmgr-rpc
[ -x "$RPC" ] || skip 'vnetmgr-rpc is not built here: libtirpc or rpcgen is missing'
need virsh
SOCK=$T/rpc-sock SOCK_RO=$T/rpc-sock-ro

# serve [OPTION...]: start the server, which listens when this returns; its process is $server, what it says $T/server.
serve() {
	"$RPC" --socket "$SOCK" --read-only-socket "$SOCK_RO" --timeout 0 "$@" >"$T/server" 2>&1 3>&- 4<&- & server=$!
	await test -S "$SOCK_RO"
}
# end_server: end it, with its connections.
end_server() { kill "$server"; wait "$server"; }
# connections: the processes that serve clients; the one that waits for the next is vnetmgr-spare
connections() { pgrep -x -P "$server" vnetmgr-rpc; }

vsh() { virsh -q -c "network:///system?socket=$SOCK" "$@"; }
vsh_ro() { virsh -q -r -c "network:///system?socket=$SOCK_RO" "$@"; }

# need_libvirt_python: skip the test unless a Python has libvirt's module; it is $PYTHON.
need_libvirt_python() {
	for PYTHON in python3 /usr/bin/python3; do "$PYTHON" -c 'import libvirt' 2>/dev/null && return; done
	skip "the Python module libvirt is not installed"
}
