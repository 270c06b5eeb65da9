#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# vrf-overlay.sh - two tenants on two hosts: the same subnet, each in a VRF and a VNI of its own, and nothing in between.
. "$srcdir/world.sh"
. "$srcdir/tests/lib/hosts.sh"
. "$srcdir/tests/lib/frr.sh"
need nft

# A control group is where dnsmasq is bound to its VRF, and "ip netns exec" hides those of the machine.
on() {
	lab_k=$1; shift
	VNETMGR_ROOT="$LAB/h$lab_k" ip netns exec "h$lab_k" sh -c 'mount -t cgroup2 cgroup2 /sys/fs/cgroup && exec "$@"' on "$@"
}
step() { echo "# $(cut -d. -f1 /proc/uptime) s: $*"; }
# The hosts' way out leads to this machine: it is their router, the server, and the DNS server that they ask, and knows nothing of guests.
world() {
	HOSTS='1 2'
	lab_make 2 || return
	for a in 10.99.0.254/24 fd99::254/64 $SERVER/32 $SERVER6/128; do
		case $a in *:*) nodad=nodad ;; *) nodad= ;; esac
		ip addr add $a dev under $nodad
	done
	for k in $HOSTS; do
		mkdir -p "$LAB/h$k/etc/vnetmgr"
		echo 'firewall_backend = "nftables"' >"$LAB/h$k/etc/vnetmgr/network.conf"
		ip -n h$k route add default via 10.99.0.254; ip -n h$k -6 route add default via fd99::254
	done
	echo nameserver 10.99.0.254 >/etc/resolv.conf
	dnsmasq --no-daemon --no-resolv --no-hosts --listen-address=10.99.0.254 --bind-interfaces '--address=/#/198.51.100.7' >/dev/null 2>&1 &
}
# net NAME MODE VRF TABLE VNI SUBNET PREFIX: the same file on both hosts; PREFIX: of the hosts' addresses
net() {
	cat >$1.xml <<X
<network xmlns:vnm='urn:vnetmgr:network:1'><name>$1</name><forward mode='$2'>$([ $2 = route ] || echo "<nat ipv6='yes'/>")</forward>
<bridge name='$1br0' stp='off'/><domain name='$1.test' localOnly='yes'/>
<ip address='10.$6.0.1' prefix='24'><dhcp><range start='10.$6.0.2' end='10.$6.0.99'/>
<host mac='52:54:00:0$6:$4:05' name='one' ip='10.$6.0.5'/><host mac='52:54:00:0$6:$4:06' name='two' ip='10.$6.0.6'/></dhcp></ip>
<ip family='ipv6' address='fd00:a$6::1' prefix='64'/>
<vnm:overlay vni='$5'><vnm:host of='2'/><vnm:peer address='${7}1'/><vnm:peer address='${7}2'/></vnm:overlay>
<vnm:vrf name='$3' table='$4'/></network>
X
	for k in $HOSTS; do ok "define $1" host $k net-define --validate $1.xml; done
}
# put GUEST HOST NETWORK TABLE SUBNET: a machine with a lease, and IPv6; on port 80 it says who it is
put() {
	ip netns add $1 && inns $1 sh -c 'echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad'
	last=$(($2 + 4))
	ip -n h$2 link add $1 type veth peer name eth0 address 52:54:00:0$5:$4:0$last netns $1
	ip -n h$2 link set $1 master ${3}br0 up; ip -n $1 link set lo up; ip -n $1 link set eth0 up
	ok "$3: a lease on host $2" dhcp $1; same "$3: the address" 10.$5.0.$last "$(dhcp_value $1 ip)"
	static $1 fd00:a$5::$last/64; ip -n $1 -6 route replace default via fd00:a$5::1
	ip netns exec $1 busybox nc -ll -p 80 -e echo $1 >/dev/null 2>&1 &
	await_port 80 inns $1
}
out() { for g; do ip -n h${g#?} link del $g; ip netns pids $g | xargs -r kill; ip netns del $g; done; }
ask() { inns $1 timeout 6 busybox nc $2 80 </dev/null; }
names() { inns "$1" dig +short +time=3 +tries=2 @10.0.0.1 "$2"; }
both() { ok "$1 reaches $2" reaches "$1" "$2"; }
not() { no "$1 does not reach $2" reaches "$1" "$2"; }
# One after the other: they share the control groups of this machine.
start() { for k in $HOSTS; do ok "start on host $k" host $k net-start "$@"; done; }
stop() { for k in $HOSTS; do ok "stop on host $k" host $k net-destroy "$@"; done; }
whole() { what=$1; shift; for k in $HOSTS; do for n; do has "$n on host $k: $what" "^ $n +active +[a-z]+ +[a-z]+$" "$(host $k net-list)"; done; done; }
# tenants GUEST...: each reaches its own on the other host, in both families
tenants() {
	for g; do
		same "$g: its own" ${g}2 "$(ask ${g}1 10.0.0.6)"; same "$g: its own" ${g}1 "$(ask ${g}2 10.0.0.5)"
		same "$g: its own, IPv6" ${g}2 "$(ask ${g}1 fd00:a0::6)"; same "$g: its own, IPv6" ${g}1 "$(ask ${g}2 fd00:a0::5)"
	done
}
state() {
	for k in $HOSTS; do
		on $k sh -c 'ip -o link; ip -o addr; ip rule; ip -6 rule; ip route show table all; ip -6 route show table all; nft list tables; find "$VNETMGR_ROOT/run" -type f'
	done 2>&1 | sed 's/^[0-9]*: //; s/@if[0-9]*//; s/^[0-9]*:\t//; /scope link/d; /^fe80/d; /^local fe80/d; /^multicast/d; /l3mdev/d; /serving\|handles\|dnsmasq\|lock\|owner\|firewall\|others/d' | sort
	ls -d /sys/fs/cgroup/vnetmgr-* 2>/dev/null; pgrep -fa 'dnsmasq.*/vnetmgr/'
}

step 'two hosts'
ok 'hosts' world
net red nat red 20 200 0 10.99.0.; net blue nat blue 10 100 0 10.99.0.
before=$(state)
start red blue; whole 'whole' red blue
no 'VXLAN is outside of VRFs' sh -c 'ip -n h1 -d link show vnm100 | grep " dev "'
step 'guests'
for k in $HOSTS; do put b$k $k blue 10 0; put r$k $k red 20 0; done
step 'between the hosts'
tenants b r
for k in $HOSTS; do ok "the host, in the VRF" on $k ip vrf exec blue ping -n -c 1 -W 2 10.0.0.$((7 - k)); done
step 'the gateway, and out'
for g in b1 b2 r1 r2; do both $g 10.0.0.1; both $g $SERVER; both $g $SERVER6; done
both b2 fd00:a0::1; same 'a name of the outside' 198.51.100.7 "$(names r2 far.test)"
same 'its own name' 10.0.0.5 "$(names b2 one.blue.test)"; same "not the other's" 198.51.100.7 "$(names b2 one.red.test)"

step 'attach and update'
ip netns add a1; ok 'attach' host 1 net-attach blue --netns a1 --ip auto --mac 52:54:00:00:00:aa
a1=$(address a1 -4)
both b2 "$a1"; not r2 "$a1"; both a1 $SERVER; both a1 10.0.0.6
ok 'a name, live' host 2 net-update blue add dns-host "<host ip='10.0.0.77'><hostname>new.blue.test</hostname></host>" --live
same 'it is known' 10.0.0.77 "$(names b2 new.blue.test)"; same 'not to the other' 198.51.100.7 "$(names r2 new.blue.test)"
ok 'a host goes, live' host 1 net-update blue delete peer "<vnm:peer address='10.99.0.2'/>" --live
not b1 10.0.0.6; same "the other's stays" r2 "$(ask r1 10.0.0.6)"
ok 'it comes back' host 1 net-update blue add peer "<vnm:peer address='10.99.0.2'/>" --live
tenants b
ok 'detach' host 1 net-detach blue a1; ip netns del a1

step 'another network of a tenant'
net lan route blue 10 101 1 10.99.0.
start lan; whole 'whole' lan
put l1 1 lan 10 1
same 'on the same host' l1 "$(ask b1 10.1.0.5)"; same 'IPv6' l1 "$(ask b1 fd00:a1::5)"
not r1 10.1.0.5; not r2 10.1.0.5; not r1 fd00:a1::5; not l1 $SERVER; not l1 $SERVER6
out l1; stop lan

step 'damage'
on 1 ip link del vnm100; on 1 nft delete table ip vnetmgr-vrf-bluebr0
has 'why' 'VXLAN device vnm100' "$(host 1 net-info blue)"; has 'why' 'connection tracking zone 10 of bluebr0' "$(host 1 net-info blue)"
ok 'repair' host 1 net-repair blue; whole 'repaired' blue; tenants b; both b1 $SERVER
on 1 ip link set dev bluebr0 nomaster
has 'why' 'bridge bluebr0.*it is not in its VRF' "$(host 1 net-info blue)"
ok 'repair' host 1 net-repair blue; whole 'repaired' blue; tenants b; both b1 $SERVER6
on 2 ip link del blue
has 'why' 'VRF blue' "$(host 2 net-info blue)"
ok 'repair' host 2 net-repair blue; whole 'repaired' blue; tenants b; both b2 $SERVER
has 'the host, to a guest elsewhere' 'src 10.0.0.253' "$(ip -n h2 route get vrf blue 10.0.0.5)"
step 'net-doctor'
# The server does not know those of the root.
for k in $HOSTS; do same "host $k" '' "$(host $k net-doctor blue | sed -n 's/^ *Check: *//p' | grep -v dns-upstream)"; done

step 'the end of one tenant on one host'
ok 'stop' host 2 net-destroy red; not r1 10.0.0.6; not r1 fd00:a0::6; tenants b
out b1 b2 r1 r2
ok 'stop' host 1 net-destroy red; stop blue
same 'nothing is left' "$before" "$(state)"

### Without a list of hosts.
with_evpn() { sed "s|<vnm:peer.*1'/>|<vnm:evpn asn='65000' reflector='10.99.0.1' listen='10.99.0.0/24'/>|; s|<vnm:peer.*2'/>||" $1.xml >evpn.xml; }
# told: how many of the tenants' guests host 1 knows to be on host 2
told() { for n in 10:06 20:06; do on 1 bridge fdb show | grep "^52:54:00:00:$n dev vnm.*dst 10.99.0.2 "; done | wc -l; }
if frr_find; then
	step 'EVPN'
	[ -e /dev/stdin ] || ln -s /proc/self/fd/0 /dev/stdin
	for k in $HOSTS; do ok "FRR on host $k" frr_start $k; done
	for n in red blue; do with_evpn $n; for k in $HOSTS; do ok "define $n" host $k net-define evpn.xml; done; done
	before=$(state)
	start red blue
	for k in $HOSTS; do put b$k $k blue 10 0; put r$k $k red 20 0; done
	ok 'BGP tells' until_is 2 told
	tenants b r; whole 'whole' red blue
	ok 'stop' host 2 net-destroy red; not r1 10.0.0.6; tenants b
	out b1 b2 r1 r2; ok 'stop' host 1 net-destroy red; stop blue
	same 'nothing is left' "$before" "$(state)"
	for k in $HOSTS; do frr_kill $k TERM; done
else
	echo 'no FRR: without EVPN'
fi

### The packets between the hosts in a VRF of the hosts' own.
for k in $HOSTS; do
	ip -n h$k link add fabric up type vrf table 900; ip -n h$k link set eth0 master fabric
	ip -n h$k addr replace fd99::$k/64 dev eth0 nodad
done
for outer in 10.99.0. fd99::; do
	step "between the hosts a VRF: ${outer}1"
	net blue nat blue 10 100 0 $outer
	before=$(state)
	start blue; whole 'whole' blue
	has 'VXLAN is there' ' local [^ ]* dev eth0 ' "$(ip -n h1 -d link show vnm100)"
	for k in $HOSTS; do put b$k $k blue 10 0; done
	tenants b; both b1 10.0.0.1
	out b1 b2; stop blue
	same 'nothing is left' "$before" "$(state)"
done
net blue nat blue 10 100 0 10.99.0.; with_evpn blue
ok 'EVPN' host 1 net-define evpn.xml
no_because 'EVPN in a VRF' "is in VRF 'fabric', and <vnm:evpn> speaks BGP outside of VRFs only" host 1 net-start blue
finish
