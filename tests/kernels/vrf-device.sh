#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# vrf-device.sh - networks whose forward device is in a VRF: in their own, in another one, in none.
. "$srcdir/world.sh"
need nft iptables-nft
trap '' PIPE
step() { echo "# $(cut -d. -f1 /proc/uptime) s: $*"; }
uplink

# site NAME NUMBER: a site of a tenant's behind the device wNAME; each has the same addresses, and gives the number in answers of DNS
site() {
	ip netns add s$1; inns s$1 sh -c 'echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad'
	ip link add w$1 type veth peer name eth0 netns s$1
	for a in 192.0.2.9/24 2001:db8:9::9/64; do ip -n s$1 addr add $a dev eth0; done
	ip -n s$1 link set lo up; ip -n s$1 link set eth0 up; ip link set w$1 up
	ip -n s$1 route add 10.0.0.0/8 via 192.0.2.1; ip -n s$1 route add fd00::/8 via 2001:db8:9::1
	ip netns exec s$1 busybox nc -ll -p 80 -e echo site $1 >/dev/null 2>&1 &
	await_port 80 inns s$1
	ip netns exec s$1 busybox nc -ll -p 81 -e cat >/dev/null 2>&1 &
	inns s$1 nft 'table inet seen { chain i { type filter hook input priority 0; ip saddr 10.1.0.0/24 counter; ip6 saddr fd00:a1::/64 counter; }; }'
	ip netns exec s$1 dnsmasq --no-daemon --no-resolv --no-hosts --bind-interfaces --listen-address=192.0.2.9 \
		--listen-address=2001:db8:9::9 --address=/#/198.51.100.$2 >/dev/null 2>&1 &
}
# joins NAME VRF: the device gets there, has addresses, and is the way out
joins() {
	ip link set w$1 master $2
	ip addr replace 192.0.2.1/24 dev w$1; ip addr replace 2001:db8:9::1/64 dev w$1 nodad
	ip route replace default via 192.0.2.9 vrf $2; ip -6 route replace default via 2001:db8:9::9 vrf $2
}
# net NAME FORWARD VRF TABLE SUBNET
net() {
	cat >"$1.xml" <<X
<network xmlns:vnm='urn:vnetmgr:network:1'><name>$1</name>$2<bridge name='$1br0' stp='off'/><dns enable='no'/>
<ip address='10.$5.0.1' prefix='24'/><ip family='ipv6' address='fd00:a$5::1' prefix='64'/>
$([ "$3" = - ] || echo "<vnm:vrf name='$3' table='$4'/>")</network>
X
}
route() { echo "<forward mode='route' dev='$1'/>"; }
nat() { echo "<forward mode='nat' dev='$1'><nat ipv6='${2:-yes}'/></forward>"; }
# put NETWORK SUBNET: the guest gNETWORK; on port 80 it says who it is
put() {
	guest g$1 $1br0 52:54:00:00:0$2:05
	static g$1 10.$2.0.5/24 10.$2.0.1; static g$1 fd00:a$2::5/64; ip -n g$1 -6 route replace default via fd00:a$2::1
	ip netns exec g$1 busybox nc -ll -p 80 -e echo guest $1 >/dev/null 2>&1 &
	ip netns exec g$1 busybox nc -ll -p 81 -e cat >/dev/null 2>&1 &
	await_port 80 inns g$1; await_port 81 inns g$1
}
gone() { for g; do ip netns pids g$g | xargs -r kill; leave g$g; done; }
# ask NAMESPACE ADDRESS [OPTION...]: what is said on port 80 there
ask() { from=$1 to=$2; shift 2; inns $from timeout 6 busybox nc "$@" $to 80 </dev/null; }
both() { ok "$1 reaches $2" reaches "$1" "$2"; }
not() { no "$1 does not reach $2" reaches "$1" "$2"; }
# twice NAMESPACES ADDRESS PORT: connections from one port of both tenants' namespaces to one address, at the same time
twice() {
	for g in red blue; do
		mkfifo $g.in
		ip netns exec $1$g nc -p $3 $2 81 <$g.in >$g.said 2>&1 & eval "$g=$!"
	done
	exec 5>red.in 6>blue.in
	echo one >&5; ok "$1: TCP to $2 from port $3" until_is one cat red.said || cat red.said
	echo two >&6; ok "$1: TCP to $2 from the same port" until_is two cat blue.said
	echo three >&5; ok "$1: the first goes on" until_is 'one three' xargs -a red.said
	for zone in 10 20; do has "$1: zone $zone" " sport=$3 dport=81 zone-orig=$zone " "$(grep " sport=$3 " /proc/net/nf_conntrack)"; done
	kill $red $blue; exec 5>&- 6>&-; rm red.in blue.in
}
# soon PORT: and soon after each other by UDP
soon() {
	for to in 192.0.2.9 2001:db8:9::9; do
		said=; for g in red blue; do said="$said $(inns g$g dig +short +time=3 +tries=2 -b "$(dig_from $to)#$1" @$to x.test)"; done
		same "UDP to $to from the same port" ' 198.51.100.1 198.51.100.2' "$said"
	done
}
dig_from() { case $1 in *:*) echo fd00:a0::5 ;; *) echo 10.0.0.5 ;; esac; }
whole() { for n in $nets; do has "$n: $1" "^ $n +active +[a-z]+ +[a-z]+$" "$(vnm net-list)"; done; }
checks_of() { vnm net-doctor $1 2>&1 | sed -n 's/^ *Check: *//p' | grep -v dns-upstream; }
state() {
	ip -o link | sed 's/^[0-9]*: //; s/ master [a-z]*//; s/@if[0-9]*//'
	{ ip rule; ip -6 rule; } | grep -v l3mdev; ip route; nft list tables | grep vnetmgr-vrf
}
MISPLACED="forwards by device 'wred' only, and that"
# refused_with PATTERN NETWORK...: a definition that is refused, in every way, with the reason
refused_with() {
	pattern=$1; shift; net "$@"; now=$(state)
	ok "define $1" vnm -q net-define $1.xml
	for how in '' --dry-run; do no_change_because "start $1 $how" "$pattern" vnm net-start $1 $how; done
	ok "undefine $1" vnm -q net-undefine $1
}
inside() {
	for g in red blue; do
		same "$g: its site" "site $g" "$(ask g$g 192.0.2.9)"; same "$g: its site, IPv6" "site $g" "$(ask g$g 2001:db8:9::9)"
		same 'in' "guest $g" "$(ask s$g 10.0.0.5)"; same 'in, IPv6' "guest $g" "$(ask s$g fd00:a0::5)"
		not g$g $SERVER; not g$g $SERVER6
	done
}
by_nat() {
	same 'by a device in the VRF' 'site blue' "$(ask gbnat 192.0.2.9)"; same 'IPv6' 'site blue' "$(ask gbnat 2001:db8:9::9)"
	not sblue 10.1.0.5; not sblue fd00:a1::5; not gbnat $SERVER; not gbnat $SERVER6; both gbnat 10.0.0.5
	both ggreen $SERVER; both ggreen $SERVER6; not ggreen 192.0.2.9; both gmixed $SERVER; not gmixed $SERVER6
	no 'with the address of the device' sh -c 'ip netns exec sblue nft list table inet seen | grep "packets [1-9]"'
}

step 'world'
site red 1; site blue 2
net red "$(route wred)" red 20 0; net blue "$(route wblue)" blue 10 0
net bnat "$(nat wblue)" blue 10 1; net green "$(nat uplink0)" green 30 2; net mixed "$(nat uplink0 no)" green 30 3
nets='red blue bnat green mixed'
for n in $nets; do ok "define $n" vnm -q net-define --validate $n.xml; done
# As hosts with a firewall of their own have it.
nft 'table inet admin { chain forward { type filter hook forward priority 10; ct state invalid drop; }; }'
begin=$(state)

step 'routed networks alone, before and after their devices are there'
ok 'start' vnm net-start red blue
has 'the start says it' "^warning: network 'red' $MISPLACED is not in VRF 'red': nothing gets out by it; name another device, or: ip link set wred master red$" "$(cat "$T/out")"
no 'no way' grep '^hint: the outside' "$T/out"
has 'and net-info' "^Note: +it $MISPLACED is not in VRF 'red'" "$(vnm net-info red)"
same 'and net-doctor' uplink-vrf "$(checks_of red)"
joins red red; joins blue blue
no 'no more' grep Note: "$(vnm net-info red >info; echo info)"; same 'nor net-doctor' '' "$(checks_of red)"
put red 0; put blue 0
inside
step 'from the same address and port'
twice g 192.0.2.9 4000; twice g 2001:db8:9::9 4001; twice s 10.0.0.5 4002; twice s fd00:a0::5 4003; soon 4004
step 'refused'
refused_with "network 'other' $MISPLACED is in VRF 'red', whose routes are not the network's: nothing gets out by it; name another device, or: ip link set wred nomaster" \
	other "$(route wred)" - 0 5
refused_with "network 'other' $MISPLACED is in VRF 'red', whose" other "$(nat wred)" - 0 5
refused_with "network 'other' $MISPLACED is in VRF 'red', and the network in VRF 'blue': .*: ip link set wred master blue" other "$(nat wred)" blue 10 5
net blue "$(route wred)" blue 10 0; now=$(state)
no_change_because 'live' "network 'blue' $MISPLACED is in VRF 'red', and the network in VRF 'blue'" vnm net-apply blue.xml
net blue "$(route wblue)" blue 10 0
step 'damage'
ip link set wred nomaster
has 'net-info' "^Note: +it $MISPLACED is not in VRF 'red'" "$(vnm net-info red)"
joins red red; same 'back' 'site red' "$(ask gred 192.0.2.9)"
nft delete table ip vnetmgr-vrf-redbr0; has 'why' 'connection tracking zone 20 of redbr0' "$(vnm net-info red)"
ok 'repair' vnm -q net-repair red; same 'repaired' 'site red' "$(ask gred 192.0.2.9)"
gone red blue
ok 'stop' vnm -q net-destroy red blue
step 'by a hook, as at boot'
ip link set wred nomaster; ip link del red
hook=/etc/vnetmgr/hooks/network; mkdir -p ${hook%/*}
printf '#!/bin/sh\n[ "$1 $2" != "red started" ] || ip link set wred master red\n' >$hook; chmod +x $hook
ok 'start' vnm -q net-start red; has 'it is there' ' master red ' "$(ip -o link show wred)"
no 'no note' sh -c 'vnetmgr net-info red | grep Note:'
ok 'stop' vnm -q net-destroy red; rm $hook; joins red red
for g in red blue; do has 'the VRF stays, with the device' 'vrf table' "$(ip -d link show $g)"; done

for backend in ${VNM_FIREWALLS:-nftables legacy iptables-nft}; do
	step "$backend, with NAT"
	use_firewall $backend
	ok 'start' vnm net-start $nets; cp "$T/out" start; no 'nothing is said' grep '^warning' start
	has 'what the site needs' 'router: ip route add 10.0.0.0/24 via 192.0.2.1$' "$(cat start)"
	whole 'whole'
	put red 0; put blue 0; put bnat 1; put green 2; put mixed 3
	inside; by_nat; port=$((${port:-4010} + 2)); twice g 192.0.2.9 $port; twice s 10.0.0.5 $((port + 1))
	step 'net-doctor'
	for n in bnat green; do same "net-doctor $n" '' "$(checks_of $n)"; done
	gone $nets
	ok 'stop' vnm -q net-destroy $nets
done
for g in red blue; do
	ip addr flush dev w$g; ip link set w$g nomaster; ip link del $g; ip netns pids s$g | xargs -r kill
done
same 'nothing is left' "$begin" "$(state)"
finish
