#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Beside firewalld with its nftables back end: what it flushes when it reloads is reported and repaired.
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
# after WHAT EXPECTED COMMAND...
after() {
	about="$backend, $1" expected=$2; shift 2
	ok "$about" "$@"
	same "$about: net-list" "$expected" "$(state)"
	ok "$about: repair" vnm -q net-repair --all
	same "$about: repaired" active "$(state)"
	passes "$about"
}
for row in 'iptables-nft degraded'; do
	backend=${row% *} expected=${row#* }
	use_firewall "$backend"
	ok "$backend: start" vnm -q net-start n
	guest g br-n; static g 192.168.174.9/24 192.168.174.1; static g fd00:174::9/64 fd00:174::1
	passes "$backend"
	after 'reload' "$expected" firewall-cmd --reload
	after 'complete reload' "$expected" firewall-cmd --complete-reload
	# As systemd has it reload, it does so in the background: the repair waits for it.
	kill -HUP "$firewalld"
	ok "$backend, at once: repair" vnm -q net-repair --all
	passes "$backend, at once"
	leave g
	ok "$backend: stop" vnm -q net-destroy n
done
finish
