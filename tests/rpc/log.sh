#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A change that a client of libvirt makes is logged with the user behind its socket, as the kernel knows it, and not the server's.
. "$srcdir/tests/lib/ns.sh"
. "$srcdir/tests/lib/rpc.sh"
. "$srcdir/tests/lib/dbus.sh"
need python3 setpriv
grep -q HAVE_SD_BUS "$builddir/Makefile" || skip 'built without libsystemd'
single_uid && skip 'there is nobody else to become here; run as root'
cd "$T" || exit 1
. "$srcdir/tests/lib/journald.sh"
unset VNETMGR_ROOT
export SUDO_USER=ada
serve
chmod 666 "$SOCK" # as for a group of users, by SocketGroup= and SocketMode=
as_other() { setpriv --reuid 65534 --clear-groups virsh -q -c "network:///system?socket=$SOCK" "$@"; }
enough() { [ "$(wc -l <entries)" -ge "$1" ]; }
n=1
# logged WHAT PATTERN...: one entry came since the last time, with these fields
logged() {
	what=$1; shift; n=$((n + 1))
	await enough $n
	entry=$(sed -n "${n}p" entries)
	for pattern; do has "$what" "\\| $pattern( \\||\$)" "| $entry"; done
}
other=$(id -nu 65534 2>/dev/null || echo 65534)
echo "<network><name>a</name><bridge name='br-a' stp='off'/></network>" >a.xml
chmod 755 "$T"; chmod 644 a.xml
ok 'define' as_other net-define a.xml
logged 'define' 'VNETMGR_ACTION=net-define' 'VNETMGR_NETWORK=a' 'VNETMGR_RESULT=done' "VNETMGR_USER=$other"
ok 'start' vsh net-start a
logged 'start by root' 'VNETMGR_ACTION=net-start' 'VNETMGR_NETWORK=a' 'VNETMGR_USER=root'
no 'start again' as_other net-start a
logged 'a failure' 'VNETMGR_ACTION=net-start' 'VNETMGR_RESULT=failed' "VNETMGR_USER=$other"
ok 'reading' as_other net-list --all
ok 'stop' as_other net-destroy a
logged 'stop' 'VNETMGR_ACTION=net-destroy' "VNETMGR_USER=$other"
ok 'undefine' vsh net-undefine a
logged 'undefine' 'VNETMGR_ACTION=net-undefine' 'VNETMGR_USER=root'
same 'nothing else' "$n" "$(wc -l <entries)"
end_server
kill $journald
finish
