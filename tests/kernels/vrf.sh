#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# vrf.sh - networks in VRFs: the same addresses twice on one host, and nothing in between but what is allowed.
. "$srcdir/world.sh"
need nft iptables-nft strace
uplink
# The server that the host asks.
echo nameserver 203.0.113.1 >/etc/resolv.conf
ip netns exec internet dnsmasq --no-daemon --no-resolv --no-hosts --listen-address=203.0.113.1 --bind-interfaces \
	'--address=/#/198.51.100.7' >/dev/null 2>&1 &

ip netns exec internet busybox nc -ll -p 80 -e cat >/dev/null 2>&1 &
await_port 80 outside

# tenant NAME VRF TABLE SUBNET MODE [MORE]: of 10.SUBNET.0.0/24
tenant() {
	cat >"$1.xml" <<X
<network xmlns:vnm='urn:vnetmgr:network:1'><name>$1</name><forward mode='$5'>$([ "$5" = nat ] && echo "<nat ipv6='yes'/>")</forward>
<bridge name='$1br0' stp='off'/><domain name='$1.test' localOnly='yes'/>
<ip address='10.$4.0.1' prefix='24'><dhcp><range start='10.$4.0.2' end='10.$4.0.99'/>
<host mac='52:54:00:00:$3:05' name='db' ip='10.$4.0.5'/></dhcp></ip>
<ip family='ipv6' address='fd00:a$4::1' prefix='64'/>
$([ "$2" = - ] || echo "<vnm:vrf name='$2' table='$3'/>")${6:-}
</network>
X
}
tenant red red 20 0 nat; tenant blue blue 10 0 nat; tenant bluelan blue 10 1 route; tenant plain - 30 2 nat; tenant shared - 40 3 route
all='red blue bluelan plain shared'
whole() { for n in $all; do has "$n: $1" "^ $n +active +[a-z]+ +[a-z]+$" "$(vnm net-list)"; done; }
# put GUEST NETWORK TABLE SUBNET: a machine with a lease, and IPv6
put() {
	guest "$1" "$2br0" "52:54:00:00:$3:05"; ok "$2: a lease" dhcp "$1"
	static "$1" "fd00:a$4::5/64" "fd00:a$4::1"; ip -n "$1" -6 route replace default via "fd00:a$4::1"
}
names() { inns "$1" dig +short +time=3 +tries=2 @"$2" "$3"; }
both() { ok "$1 reaches $2" reaches "$1" "$2"; }
not() { no "$1 does not reach $2" reaches "$1" "$2"; }
# said GUEST: by TCP from port 4000 what it says comes back
said() { (echo "$1"; sleep 1) | inns "$1" timeout 8 nc -N -p 4000 198.51.100.10 80; }
state() {
	ip -o link | sed 's/^[0-9]*: //'; { ip rule; ip -6 rule; } | grep -v l3mdev; ip route; nft list tables | grep vnetmgr-vrf
	ls -d /sys/fs/cgroup/vnetmgr-* 2>/dev/null; pgrep -fa 'dnsmasq.*/vnetmgr/'
}

for n in $all; do ok "define $n" vnm -q net-define --validate $n.xml; done
for backend in ${VNM_FIREWALLS:-nftables legacy iptables-nft}; do
	use_firewall $backend
	begin=$(state)
	ok "$backend: start" vnm -q net-start $all
	whole 'whole'
	put r red 20 0; put b blue 10 0; put l bluelan 10 1; put p plain 30 2; put s shared 40 3
	### The same addresses, by DHCP, and names by DNS: its own, and those of the outside.
	same 'the same address' 10.0.0.5 "$(dhcp_value r ip)"; same 'the same address' 10.0.0.5 "$(dhcp_value b ip)"
	for g in r b; do
		both $g 10.0.0.1; both $g fd00:a0::1
		same "$g: a name of the outside" 198.51.100.7 "$(names $g 10.0.0.1 far.test)"
	done
	same 'its own name' 10.0.0.5 "$(names r 10.0.0.1 db.red.test)"; same 'its own name' 10.0.0.5 "$(names b 10.0.0.1 db.blue.test)"
	same "not the other's" 198.51.100.7 "$(names b 10.0.0.1 db.red.test)"
	### Out by the host, both at once and from the same port.
	for g in r b; do both $g $SERVER; both $g $SERVER6; done
	said r >r.said & first=$!; said b >b.said; wait $first
	same 'TCP' 'r b' "$(echo $(cat r.said b.said))"
	inns internet ip route add 10.0.0.0/8 via $UPLINK
	no 'from outside nobody reaches a guest' outside ping -n -c 1 -W 1 10.0.0.5
	inns internet ip route del 10.0.0.0/8
	### Within a VRF, and not out of it.
	both b 10.1.0.5; both l 10.1.0.1
	no 'into NAT only answers' reaches l 10.0.0.5
	not r 10.1.0.5; not r 10.1.0.1; has 'no way out' 'nreachable' "$(inns l ping -n -c 1 -W 2 $SERVER)"; has 'no way out' 'nreachable' "$(inns l ping -n -c 1 -W 2 $SERVER6)"; not b 10.2.0.5; not b 10.3.0.5; not r fd00:a3::5; not p 10.0.0.5; not s 10.0.0.5; not s 10.1.0.5
	### What is allowed.
	tenant red red 20 0 nat "<vnm:allow network='bluelan'/><vnm:allow network='plain'/>"
	ok 'allow, live' vnm -q net-apply red.xml
	both r 10.1.0.5; both r fd00:a1::5; both r 10.2.0.5; both r $SERVER
	not l 10.0.0.5; not p 10.0.0.5; not r 10.3.0.5; both b 10.1.0.5
	tenant plain - 30 2 nat "<vnm:allow network='bluelan' proto='tcp' port='22'/>"
	ok 'allow, live' vnm -q net-apply plain.xml
	listens l 22; ok 'the port' connects p 10.1.0.5 22; kill $listener
	not p 10.1.0.5; not l 10.2.0.5
	tenant red red 20 0 nat; tenant plain - 30 2 nat
	ok 'no longer' vnm -q net-apply red.xml plain.xml
	not r 10.1.0.5; not r 10.2.0.5; not p 10.1.0.5
	no_because 'to one of the same addresses' "subnet 10.0.0.0/24 is that of network 'red', too" \
		sh -c "sed \"s|</network>|<vnm:allow network='blue'/>&|\" red.xml >no.xml; vnetmgr -q net-apply no.xml"
	no_because 'out of the VRF' 'stays in its VRF.*net-destroy' sh -c "sed '/vnm:vrf/d' bluelan.xml >no.xml; vnetmgr -q net-apply no.xml"
	### Guests cannot pass for others of their VRF.
	inns l ip addr add 10.0.0.66/32 dev eth0; no 'forged' inns l ping -n -c 1 -W 1 -I 10.0.0.66 10.1.0.1; inns l ip addr del 10.0.0.66/32 dev eth0
	### Damage.
	ip rule del pref 990 to 10.0.0.0/24 fwmark 0x766e0014 lookup 20; ip rule del pref 1020 from 10.1.0.0/24 iif bluelanbr0
	nft delete table ip vnetmgr-vrf-redbr0
	has 'degraded' '^ red +degraded ' "$(vnm net-list)"
	has 'why' 'routing rule 990 to 10.0.0.0/24' "$(vnm net-info red)"; has 'why' 'connection tracking zone 20 of redbr0' "$(vnm net-info red)"
	has 'why' 'routing rule 1020 from 10.1.0.0/24' "$(vnm net-info bluelan)"
	ok 'repair' vnm -q net-repair red bluelan; whole 'repaired'; both r $SERVER
	ip link set dev bluebr0 nomaster
	has 'why' 'bridge bluebr0.*it is not in its VRF' "$(vnm net-info blue)"
	ok 'repair' vnm -q net-repair blue; whole 'repaired'; both b $SERVER; both b $SERVER6; both b 10.1.0.5; names b 10.0.0.1 far.test
	ip link del red
	has 'why' 'VRF red' "$(vnm net-info red)"
	ok 'repair' vnm -q net-repair red; whole 'repaired'; both r $SERVER; both r $SERVER6
	same 'names' 198.51.100.7 "$(names r 10.0.0.1 far.test)"
	pkill -f "dnsmasq.*/red/"; ok 'repair' vnm -q net-repair red; whole 'repaired'
	same 'names' 198.51.100.7 "$(names r 10.0.0.1 far.test)"
	no_because 'net-explain' "is in VRF 'blue', into which packets are not followed" vnm net-explain blue 10.0.0.5 $SERVER
	# The server does not know those of the root.
	[ "$backend" != nftables ] || for n in red bluelan plain; do same "net-doctor $n" '' "$(vnm net-doctor $n | sed -n 's/^ *Check: *//p' | grep -v dns-upstream)"; done
	### The VRF goes with the last network in it.
	ok 'stop one' vnm -q net-destroy blue; has 'the other stays' 'vrf table 10' "$(ip -d link show blue)"; has 'whole' '^ bluelan +active ' "$(vnm net-list)"; both l 10.1.0.1; names l 10.1.0.1 far.test
	ok 'stop' vnm -q net-destroy red bluelan plain shared
	leave r b l p s
	same 'nothing is left' "$begin" "$(state)"
	[ "$backend" = nftables ] || continue
	### A start that is killed is undone by the next command, wherever that was.
	for at in sendmsg:4 sendmsg:16 sendmsg:28 sendmsg:40 bpf:1 bpf:2 bpf:3 rmdir:1 rmdir:2; do
		strace -o /dev/null -e trace="${at%:*}" -e inject="${at%:*}:signal=KILL:when=${at#*:}" "$VNETMGR" -q net-start red >/dev/null 2>&1
		status=$?
		[ $status -ne 0 ] || ok 'not as far' vnm -q net-destroy red
		vnm net-list >/dev/null 2>&1
		same "killed at $at ($status)" "$begin" "$(state)"
	done
	### A dnsmasq that stays bound to the VRF with all that it opens is none that serves.
	for at in 'rmdir -e inject=rmdir:error=EIO:when=2' 'write -P /sys/fs/cgroup/cgroup.procs -e inject=write:error=EIO'; do
		# shellcheck disable=SC2086
		no_because 'not unbound' "control group that binds (it|dnsmasq) to 'redbr0': Input/output error" strace -o /dev/null -e trace=$at "$VNETMGR" -q net-start red
		same 'nothing is left' "$begin" "$(state)"
	done
	ok 'start' vnm -q net-start red; guest r redbr0; ok 'a lease' dhcp r; both r $SERVER
	### One that is killed in a sandbox is none of the host's, though it sees the same control groups.
	"$VNETMGR" sandbox sh -c 'mount -t cgroup2 cgroup2 /sys/fs/cgroup; vnetmgr -q net-define red.xml
		strace -o /dev/null -e trace=rmdir -e inject=rmdir:signal=KILL:when=2 vnetmgr -q net-start red' >/dev/null 2>&1
	ok 'it has left one' test "$(ls -d /sys/fs/cgroup/vnetmgr-*)"
	has 'the host has none' '^ red +active ' "$(vnm net-list)"
	ok 'stop' vnm -q net-destroy red; leave r; rmdir /sys/fs/cgroup/vnetmgr-*
done
finish
