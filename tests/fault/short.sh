#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Files and pipes that take one byte at a time and give a few: each command does what it does otherwise, to the last byte.
. "$srcdir/tests/lib/ns.sh"
: "${builddir:=.}"
so=$builddir/tests/fault/short.so
[ -e "$so" ] || skip "$so is not built"
LD_PRELOAD=$so "$VNETMGR" --version >/dev/null 2>&1 || skip 'read() cannot be replaced in this program (sanitizers?)'
mkdir "$T/cwd"; cd "$T/cwd" || exit 1
cat >n.xml <<-'X'
<network><name>n</name><uuid>5599d7e3-f78d-4f9b-abc2-1a9384ffc5f7</uuid><forward mode='nat'/>
<bridge name='br-n' stp='off'/><mac address='52:54:00:a1:b2:c3'/>
<ip address='192.168.190.1' prefix='24'><dhcp><range start='192.168.190.100' end='192.168.190.200'/></dhcp></ip></network>
X
echo "<host mac='52:54:00:00:00:07' name='seven' ip='192.168.190.7'/>" >h.xml
sed 's/190.200/190.220/' n.xml >m.xml
ip netns add g1

# state: all files, without what differs by process and time
state() {
	snapshot
	find "$VNETMGR_ROOT/etc" "$VNETMGR_ROOT/var" "$VNETMGR_ROOT/run" -type f ! -name lock ! -name owner ! -name process ! -name '*.leases' | sort |
		xargs tail -v -n +1
}
# session WITH...: what each command prints and leaves, when it is called by WITH
session() {
	while read -r arguments; do
		# shellcheck disable=SC2086
		"$@" "$VNETMGR" $arguments </dev/null 2>&1
		echo "$arguments: $?"
		[ ! -e "$T/count" ] || awk '{ n += $1 } END { print n }' "$T/count" >>"$T/cut"
		state
	done <<-X
	net-define n.xml
	net-autostart n
	net-start n
	net-update n add ip-dhcp-host h.xml --live --config
	net-forward-add n tcp 8080 192.168.190.7:80 --live --config
	net-attach n --netns g1 --ip auto --hostname one --mac 52:54:00:00:00:01
	net-port-list n
	net-dumpxml n
	net-apply m.xml
	net-dumpxml n --inactive
	net-repair n
	net-list --all
	net-detach n vnet0
	net-destroy n
	net-define bad.xml
	net-undefine n
	X
}
session env >"$T/whole"
session env LD_PRELOAD="$so" VNM_SHORT_COUNT="$T/count" >"$T/short"
# Devices have numbers; the host's end of a guest has an address that the kernel makes up, ports have ids, and traffic comes
# as it likes.
sed -i -E 's/[0-9a-f-]{36}//; s/^(vnet0: .*link.ether) [^ ]*/\1/; s/(attached).*/\1/
	s/^[0-9]+ [0-9]+ (bridge|veth) /\1 /; /dnsmasq\/n\/bridge <==$/ { n; s/^[0-9]+$// }; s/NO-CARRIER,//; s/,LOWER_UP//; s/ linkdown//; s/ +$//' "$T/whole" "$T/short"
same 'a little at a time' "$(cat "$T/whole")" "$(cat "$T/short")"
same 'nothing failed but what should' 1 "$(grep -c '^net-.*: [1-9]' "$T/whole")"
cut=$(awk '{ n += $1 } END { print n }' "$T/cut")
ok 'calls were cut short' test "$cut" -gt 1000
echo "$cut calls of read() and write() did less than they were asked for"
finish
