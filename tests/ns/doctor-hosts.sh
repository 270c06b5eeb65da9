#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# net-doctor: faults of the host around a network, each named and mended: who else serves its guests, its uplink and the gateway, the MTU
# of the way, files and ports of dnsmasq, a full pool, a full table of connections, other managers of the bridge, the spanning tree.
. "$srcdir/tests/lib/ns.sh"
need nft sysctl
cat >"$T/n.xml" <<X
<network xmlns:vnm='urn:vnetmgr:network:1'><name>n</name><forward mode='nat'><nat ipv6='yes'/></forward><bridge name='br-n' stp='off'/>
<ip address='192.168.77.1' prefix='24'><tftp root='/run/boot'/><dhcp><range start='192.168.77.100' end='192.168.77.101'/>
<host mac='52:54:00:77:00:05' name='web' ip='192.168.77.5'/></dhcp></ip><ip family='ipv6' address='fd00:77::1' prefix='64'/></network>
X
mkdir "/run/boot"
for name in g1 g2 g3; do ip netns add $name; done
ok 'define' vnm net-define "$T/n.xml"
net=n
. "$srcdir/tests/lib/doctor.sh"

# It is not active, and cannot be.
how=
serve() { dnsmasq --conf-file=/dev/null --no-resolv --no-hosts --pid-file="$T/pid" "$@"; }
tidy() { kill "$(cat "$T/pid")" 2>/dev/null; vnm net-start n 2>/dev/null; }
fault 74 port-taken 'serve --port=0 --dhcp-range=10.9.9.1,10.9.9.9 --dhcp-leasefile=$T/other' tidy
vnm -q net-destroy n
more 75 port-taken 'serve' tidy
vnm -q net-start n 2>/dev/null
ok 'a guest' vnm net-attach n --netns g1 --mac 52:54:00:77:00:05 --ip 192.168.77.5 --ip fd00:77::5
ok 'another guest' vnm net-attach n --netns g2 --ip auto
ok 'a machine' vnm net-attach n --tap tap9
vnm -q net-forward-add n tcp 8080 192.168.77.5:80 --live --config
listens g1 80
healthy 'the network' n
# Killed while a probe is on the bridge: nothing of it is left.
picture() {
	ip -o link | sed 's/^[0-9]*: //; s/ state [A-Z]*//; s/qlen [0-9]*//'; nft -s list ruleset | sed '/^\t\telements = {/,/}$/d; /^$/d; /^\t}$/d'
	cat /proc/sys/net/netfilter/nf_log/2 /proc/sys/net/netfilter/nf_log/10; ls "$VNETMGR_ROOT/run/vnetmgr" | grep -x trace
}
before=$(picture)
"$VNETMGR" net-doctor n >"$T/out" 2>&1 & doctor=$!
await ip link show dev vnmp$doctor
kill -9 $doctor; wait $doctor 2>/dev/null
await sh -c "! ip link show dev vnmp$doctor"
vnm net-list >"$T/out"; same 'killed with a probe' "$before" "$(picture)"
if [ "${VNM_DOCTOR:-}" = all ]; then
	need strace; kills=0
	for call in sendto:3 sendmsg:17; do
		at=${call#*:}
		while [ $at -lt 250 ]; do
			timeout 60 strace -qq -o /dev/null -e trace=${call%:*} -e inject=${call%:*}:signal=KILL:when=$at "$VNETMGR" net-doctor n >/dev/null 2>&1
			[ $? = 137 ] || break
			kills=$((kills + 1)); vnm net-list >"$T/out"
			await sh -c '! ip -o link | grep -q " vnmp"'
			same "killed at $call $at" "$before" "$(picture)" || break
			at=$((at + ${call#*:}))
		done
	done
	ok "$kills kills" [ $kills -ge 10 ]
	healthy 'after kills' n
fi
how=--passive
more 13 guest-gone 'ip netns del g2'
guest=tap9
only_named 12 guest-off true true
guest=

# Files of dnsmasq, and its pool.
leases=$VNETMGR_ROOT/var/lib/vnetmgr/leases
more 82 boot-root 'rmdir /run/boot'
more 81 lease-file 'mount --bind $leases $leases && mount -o remount,ro,bind $leases' 'umount $leases'
fill_pool() { for i in 1 2; do guest c$i br-n && dhcp c$i; done; }
fault 76 pool-full fill_pool 'leave c1 c2'

# Packets that are too large for the way.
fault mtu-port port-mtu 'ip link set dev vnet0 mtu 1400'
more mtu-guest guest-mtu 'ip -n g1 link set dev eth0 mtu 9000'
how=
# Not that the guests know it from before.
forget() { for g in g1 g3; do ip -n $g route flush cache; ip -n $g -6 route flush cache; done 2>/dev/null; }
smaller() { forget; ip link set dev uplink0 mtu 1400; nft 'add table inet quiet; add chain inet quiet o { type filter hook output priority 0; }'; nft add rule inet quiet o "$1"; }
larger() { nft delete table inet quiet; ip link set dev uplink0 mtu 1500; for g in g1 g3; do ip -n $g link set dev eth0 mtu 1500 2>/dev/null; done; }
more mtu-path6 path-mtu 'smaller "icmpv6 type packet-too-big drop"' larger
more mtu-path path-mtu 'smaller "icmp type destination-unreachable drop"' larger
more mtu-uplink uplink-mtu 'ip -n internet link set dev gw0 mtu 1400' 'ip link set dev uplink0 mtu 1500; ip -n internet link set dev gw0 mtu 1500'
if [ "${VNM_DOCTOR:-}" = all ]; then
	ip link set dev uplink0 mtu 1400; healthy 'a smaller uplink, of which guests are told' n
	ip link set dev uplink0 mtu 1500
fi

# Beyond the gateway: a router, a smaller link, and somebody who answers there.
ip netns add far
ip -n internet link add far0 mtu 1400 type veth peer name near0 mtu 1400 netns far
ip -n internet link set far0 up; ip -n far link set near0 up; ip -n far link set lo up
ip -n internet address add 10.255.0.1/24 dev far0; ip -n far address add 10.255.0.2/24 dev near0
ip -n internet address add fd00:255::1/64 dev far0 nodad; ip -n far address add fd00:255::2/64 dev near0 nodad
ip -n far address add 198.41.0.4/32 dev lo; ip -n far address add 2001:503:ba3e::2:30/128 dev lo nodad
ip -n internet route add 198.41.0.4 via 10.255.0.2; ip -n internet route add 2001:503:ba3e::2:30 via fd00:255::2
ip -n far route add default via 10.255.0.1; ip -n far -6 route add default via fd00:255::1
await ping -c 1 -W 1 198.41.0.4; await ping -c 1 -W 1 2001:503:ba3e::2:30
quiet() { forget; inns internet nft "add table inet quiet; add chain inet quiet o { type filter hook output priority 0; }; add rule inet quiet o $1"; }
far_again() { inns internet nft delete table inet quiet; sysctl -qw net/ipv6/conf/uplink0/mtu=1500; ip route replace $default; forget; }
default=$(ip route show default)
fault mtu-way way-lost 'quiet "icmp type destination-unreachable drop"' far_again
more mtu-way6 way-lost 'quiet "icmpv6 type packet-too-big drop"' far_again
# Of IPv6, the host tells guests, too, what it has learnt itself.
deaf() { forget; for hook in forward output; do nft "add table inet quiet; add chain inet quiet $hook { type filter hook $hook priority 0; }; add rule inet quiet $hook ip${2:-} daddr $3 $1"; done; }
hearing() { nft delete table inet quiet; for g in g1 g3; do ip -n $g link set dev eth0 mtu 1500 2>/dev/null; done; forget; }
more mtu-way-told way-told 'deaf "icmp type destination-unreachable drop" "" 192.168.77.0/24' hearing
more mtu-way-told6 way-told 'deaf "icmpv6 type packet-too-big drop" 6 fd00:77::/64' hearing
[ "${VNM_DOCTOR:-}" != all ] || healthy 'a smaller link behind the gateway, of which guests are told' n
ip netns del far

# A guest whose checksums are lost on the way.
cat >"$T/sums.py" <<'X'
import socket, struct, sys, time
out = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_UDP)
while True:
    out.sendto(struct.pack("!HHHH", 5000, 53, 12, 0x1234) + b"abcd", ("192.168.77.1", 0))
    time.sleep(.2)
X
only_named 61 bad-checksum 'ip netns exec g1 python3 "$T/sums.py" & sender=$!' 'kill $sender; ended $sender'

how=--passive
# A flow that is older than the forward of its port.
! optional conntrack || more 68 forward-flow 'flow 192.168.77.5' flowed

tunnel() { ip link add dev vx9 type vxlan id 9 remote 203.0.113.9 dev uplink0 dstport 4789 && ip link set dev vx9 mtu 1450 master br-n up; }
fault mtu-tunnel tunnel-mtu tunnel 'ip link del dev vx9; vnm -q net-update n delete mtu "<mtu/>" --live --config'
# Where its bridge does not adapt, and more than one guest sends.
more mtu-tunnel-fixed tunnel-mtu 'vnm -q net-update n add mtu "<mtu size='"'1500'"'/>" --live --config; tunnel' \
	'ip link del dev vx9; vnm -q net-update n delete mtu "<mtu/>" --live --config'

# The uplink, and who is behind it.
default=$(ip route show default)
restore() { ip link set dev uplink0 up; ip -n internet link set dev gw0 up; ip route replace $default; }
fault 83 uplink-down 'ip link set dev uplink0 down' restore
undo restore
more 83b 'uplink-down|default-route' 'ip link set dev uplink0 down' restore
only_named 85 uplink-carrier 'ip -n internet link set dev gw0 down; until [ "$(cat /sys/class/net/uplink0/carrier)" = 0 ]; do sleep .02; done' \
	'restore; await ping -c 1 -W 1 203.0.113.1'
how=
only_named 86 gateway 'ip -n internet link set dev gw0 arp off; ip neigh flush dev uplink0' 'ip -n internet link set dev gw0 arp on'
[ "${VNM_DOCTOR:-}" != all ] || healthy 'a gateway that is back' n
second() { ip link add eth8 type veth peer name eth8p && ip link set eth8 up && ip link set eth8p up && ip address add 198.18.0.2/24 dev eth8; }
how=--passive
more 70 forward-address 'ip address add 203.0.113.77/32 dev uplink0; vnm net-forward-add n tcp 9000 192.168.77.5:80 --address 203.0.113.77; ip address del 203.0.113.77/32 dev uplink0' \
	'ip address del 203.0.113.77/32 dev uplink0; vnm net-forward-del n tcp 9000 --address 203.0.113.77'
sed 's/<forward /<forward dev="uplink0" /; s/>n</>m</; s/br-n/br-m/; s/192.168.77/192.168.78/g; s/fd00:77:/fd00:78:/' "$T/n.xml" >"$T/m.xml"
ok 'bound to a device' vnm -q net-define "$T/m.xml"; ok 'start' vnm -q net-start m
net=m
more 71 uplink-other 'second; ip route add default via 198.18.0.1 dev eth8 metric 1; ip route replace default via 203.0.113.1 dev uplink0 metric 9; ip route del default via 203.0.113.1 dev uplink0 metric 0' \
	'ip link del eth8; ip route replace $default; ip route del default metric 9'
net=n
vnm -q net-destroy m

how=

# Who else is there.
rogue() {
	guest c3 br-n && static c3 192.168.77.6/24 &&
	inns c3 dnsmasq --conf-file=/dev/null --port=0 --interface=eth0 --bind-interfaces --dhcp-range=192.168.77.230,192.168.77.240 \
		--dhcp-leasefile="$T/rogue" --pid-file="$T/pid"
}
# Of guests' answers to DHCP requests none gets on: so it is no fault. Where they may, it is what the definition says.
if [ "${VNM_DOCTOR:-}" = all ] || [ "$only" = 77 ]; then
	ok 'another DHCP server' rogue; ok 'a client' guest c1 br-n; ok 'it has a lease' dhcp c1
	same 'of the network' 192.168.77.1 "$(dhcp_value c1 serverid)"; healthy 'a DHCP server that nobody hears' n
	kill "$(cat "$T/pid")"; leave c1 c3
fi
moved() {
	vnm -q net-detach n vnet0; guest c4 br-n 52:54:00:77:00:05 && static c4 192.168.77.50/24 && reaches c4 192.168.77.1
}
more 66 forward-target moved 'leave c4; ip netns add g1 2>/dev/null; vnm -q net-attach n --netns g1 --mac 52:54:00:77:00:05 --ip 192.168.77.5 --ip fd00:77::5'
how=--passive
index() { cat /sys/class/net/br-n/ifindex; }
state() { mkdir -p "${1%/*}"; printf '%s\n' "$2" >"$1"; }
# Their own programs are not here; what they say of a device is what their versions of today write.
only_named 89-nm bridge-managed 'state /run/NetworkManager/devices/$(index) "[device]
managed=true"' 'rm -r /run/NetworkManager'
only_named 89-ifupdown bridge-managed 'state /run/network/ifstate br-n=br-n; mount --bind $T /etc/network 2>/dev/null; state /etc/network/interfaces "iface br-n inet dhcp"' \
	'rm -r /run/network /etc/network/interfaces; umount /etc/network'
networkd=/lib/systemd/systemd-networkd
if [ -x $networkd ] && [ "${VNM_DOCTOR:-}" = all ]; then
	mkdir -p /run/systemd/network
	printf '[Match]\nName=br-n\n[Network]\nAddress=192.168.77.9/24\n' >/run/systemd/network/10-all.network
	# Without udev, as in a container: its sign is that /sys cannot be written.
	until_managed() { mount -o remount,bind,ro /sys; $networkd >"$T/networkd" 2>&1 & networkd_pid=$!; until_is 1 sh -c "grep -c '^ADMIN_STATE=config' /run/systemd/netif/links/$(index) 2>/dev/null"; }
	only_named 89-networkd bridge-managed until_managed 'kill $networkd_pid; ended $networkd_pid; rm -r /run/systemd; mount -o remount,bind,rw /sys; vnm net-repair n; ip address del 192.168.77.9/24 dev br-n'
fi

# The spanning tree, and a bridge that is none of ours.
ip netns add s1
sed 's/>n</>s</; s/br-n/br-s/; s/192.168.77/192.168.79/g; s/fd00:77:/fd00:79:/' "$T/n.xml" | sed "s/stp='off'/stp='on' delay='2'/" >"$T/s.xml"
ok 'with a spanning tree' vnm -q net-define "$T/s.xml"; ok 'start' vnm -q net-start s
net=s
fault 22 port-listening 'vnm -q net-attach s --netns s1 --ip auto'
better() { ip link add br-x type bridge stp_state 1 priority 1 forward_delay 200 && ip link add x0 type veth peer name x1 && ip link set x0 master br-s && ip link set x1 master br-x && ip link set x0 up && ip link set x1 up && ip link set br-x up && await sh -c '! grep -qx 0 /sys/class/net/br-s/bridge/root_port'; }
only_named root 'bridge-root|port-listening' better 'ip link del x0; ip link del br-x'
echo "$faults faults, $named named, $mended mended"
finish
