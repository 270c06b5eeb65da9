#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Beside firewalld with its nftables back end: what it flushes when it reloads or stops is reported and repaired, and a table of
# ours is not touched.
. "$srcdir/tests/lib/ns.sh"
. "$srcdir/tests/lib/dbus.sh"
need dbus-daemon busctl firewalld firewall-cmd nft

cat >"$T/n.xml" <<'X'
<network><name>n</name><forward><nat ipv6='yes'/></forward><bridge name='br-n' stp='off'/>
<ip address='192.168.174.1' prefix='24'><dhcp><range start='192.168.174.100' end='192.168.174.200'/></dhcp></ip>
<ip family='ipv6' address='fd00:174::1' prefix='64'/></network>
X
ok 'define' vnm -q net-define "$T/n.xml"
bus
ok 'firewalld starts' firewalld || finish
ok 'with our zones' zones "$srcdir/data/firewalld"
passes() { ok "$1: outside" reaches g "$SERVER"; ok "$1: outside by IPv6" reaches g "$SERVER6"; ok "$1: the host" reaches g 192.168.174.1; }
state() { vnm net-list | sed -n 's/^ n  *\([a-z]*\) .*/\1/p'; }
# after WHAT COMMAND...: the bridge is in no zone any more, and the rules are gone or not
after() {
	about="$backend, $1"; shift
	ok "$about" "$@"
	same "$about: net-list" degraded "$(state)"
	vnm net-info n | sed -n 's/^Degraded: *missing//p' >"$T/missing"
	has "$about: the zone" "device br-n in firewalld's zone vnetmgr" "$(cat "$T/missing")"
	$lost "$about: the rules" grep '[0-9] firewall rules' "$T/missing"
	ok "$about: repair" vnm -q net-repair --all
	same "$about: repaired" active "$(state)"
	passes "$about"
}
for row in 'iptables-nft ok' 'nftables no'; do
	backend=${row% *} lost=${row#* }
	use_firewall "$backend"
	ok "$backend: start" vnm -q net-start n
	guest g br-n; static g 192.168.174.9/24 192.168.174.1; static g fd00:174::9/64 fd00:174::1
	passes "$backend"
	after 'reload' firewall-cmd --reload
	after 'complete reload' firewall-cmd --complete-reload
	# As systemd has it reload, it does so in the background: the repair waits for it.
	kill -HUP "$firewalld"
	ok "$backend, at once: repair" vnm -q net-repair --all
	passes "$backend, at once"
	leave g
	ok "$backend: stop" vnm -q net-destroy n
done
echo '# as the host is' >"$VNETMGR_ROOT/etc/vnetmgr/network.conf"
ok 'start' vnm -q net-start n
has 'chosen for firewalld' '^Firewall: +nftables$' "$(vnm net-info n)"
kill "$firewalld"; wait "$firewalld"
has 'firewalld has stopped' '^ n +active ' "$(vnm net-list)"
ok 'stop' vnm -q net-destroy n
finish
