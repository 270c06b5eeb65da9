#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# No guest redirects the host's packets, or makes it believe a smaller MTU; and the host redirects no guest's.
. "$srcdir/tests/lib/ns.sh"
. "$srcdir/tests/lib/frame.sh"

cat >"$T/i.xml" <<'X'
<network><name>i</name><bridge name='br-i' stp='off'/>
<ip address='10.2.1.1' prefix='24'/><ip family='ipv6' address='fd00:21::1' prefix='64'/></network>
X
sed "s/<name>i/<name>n/; s/br-i/br-n/; s/10.2.1/10.2.2/; s/fd00:21/fd00:22/; s|<bridge|<forward mode='nat'/>&|" "$T/i.xml" >"$T/n.xml"

# A machine of the LAN that a redirect may name, and a service that talks with the outside.
ip neigh add 203.0.113.50 lladdr 02:00:00:00:00:50 dev uplink0 nud permanent
nc -u -l 123 >/dev/null </dev/null & service=$!
until ss -Hlun 'sport = :123' | grep -q .; do sleep .02; done

quoted() { echo "$(hex4 $UPLINK)$(hex4 "$1")007b007b00080000"; }	# the packet that ICMP is about: of the service
# redirect GUEST DST: from the host's gateway, as the guest says
redirect() {
	sends "$1" "$(ip4 "$2" "$(mac_of "$1")" 01 203.0.113.1 $UPLINK)05010000$(hex4 203.0.113.50)450000240001000040110000$(quoted "$3")"
}
too_big() { # frag-needed: 600 bytes
	sends "$1" "$(ip4 "$2" "$(mac_of "$1")" 01 203.0.113.1 $UPLINK)0304000000000258450000240001400040110000$(quoted "$3")"
}
bridge_mac() { tr -d : <"/sys/class/net/$1/address"; }
ways() { ip route get "$1"; }

# untouched NETWORK GUEST: neither by the bridge's address nor by the broadcast one
untouched() {
	for to in "$(bridge_mac "br-$1")" ffffffffffff; do
		redirect "$2" "$to" 198.51.100.77
		too_big "$2" "$to" 198.51.100.78
	done
	reaches "$2" "10.2.$3.1" >/dev/null # the host is through with what came before
	same "$1: no other way ($4)" '' "$(ways 198.51.100.77 | grep -o redirected)"
	same "$1: no other MTU ($4)" '' "$(ways 198.51.100.78 | grep -o 'mtu [0-9]*')"
}
settings() { # settings BRIDGE
	cd /proc/sys/net && grep -H . "ipv4/conf/$1/accept_redirects" "ipv4/conf/$1/send_redirects" \
		"ipv4/conf/$1/rp_filter" "ipv6/conf/$1/accept_redirects"; cd - >/dev/null
}

ok 'host-only' vnm -q net-create "$T/i.xml"
guest a br-i; static a 10.2.1.9/24 10.2.1.1
ok 'it talks with the host' reaches a 10.2.1.1
same 'the host does not forward' 0 "$(cat /proc/sys/net/ipv4/ip_forward)"
untouched i a 1 'forwarding off'
for all in 0 1; do
	echo $all >/proc/sys/net/ipv4/conf/all/accept_redirects
	untouched i a 1 "all.accept_redirects=$all"
done
same 'settings' "ipv4/conf/br-i/accept_redirects:0
ipv4/conf/br-i/send_redirects:0
ipv4/conf/br-i/rp_filter:1
ipv6/conf/br-i/accept_redirects:0" "$(settings br-i)"

# Of a device of the host's own they are taken as ever: the packets are right.
far=$(outside ip -o route get $UPLINK | sed -n 's/.* dev \([^ ]*\).*/\1/p')
outside ip neigh replace $UPLINK lladdr "$(cat /sys/class/net/uplink0/address)" dev "$far"
outside "$FRAME" "$far" send "$(ip4 "$(bridge_mac uplink0)" "$(outside cat "/sys/class/net/$far/address" | tr -d :)" 01 203.0.113.1 $UPLINK)0304000000000258450000240001400040110000$(quoted 198.51.100.79)"
has 'what the LAN says is believed' 'mtu 600' "$(ways 198.51.100.79)"

# A change of that is reported, and repaired.
for setting in ipv4/conf/br-i/accept_redirects ipv4/conf/br-i/send_redirects ipv6/conf/br-i/accept_redirects; do
	echo 1 >"/proc/sys/net/$setting"
	has "$setting: seen" "^Degraded: .*$setting" "$(vnm net-info i)"
	ok "$setting: repaired" vnm -q net-repair i
	same "$setting: back" 0 "$(cat "/proc/sys/net/$setting")"
done

# With NAT the host forwards.
ok 'nat' vnm -q net-create "$T/n.xml"
guest b br-n; static b 10.2.2.9/24 10.2.2.1
ok 'it is out' reaches b "$SERVER"
untouched n b 2 'forwarding on'

# A router among the guests sends from addresses that are not the network's; only if it may.
inns b ip addr add 10.77.0.1/32 dev lo
no 'not from elsewhere' inns b ping -n -c 1 -W 1 -I 10.77.0.1 10.2.2.1
vnm -q net-destroy n; vnm -q net-destroy i; ip link del b; ip netns del b
sed "s|<network>|<network xmlns:vnm='urn:vnetmgr:network:1'>|; s|</network|<vnm:guests routers='yes'/>&|; s|<forward[^>]*>||" "$T/n.xml" >"$T/r.xml"
ok 'routers' vnm -q net-create "$T/r.xml"
guest b br-n; static b 10.2.2.9/24 10.2.2.1; inns b ip addr add 10.77.0.1/32 dev lo
same 'no check of the source' 0 "$(cat /proc/sys/net/ipv4/conf/br-n/rp_filter)"
same 'but no redirects' 0 "$(cat /proc/sys/net/ipv4/conf/br-n/accept_redirects)"
kill $service
finish
