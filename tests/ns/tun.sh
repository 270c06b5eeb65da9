#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# net-attach --tun: guests beside the bridge of their network, by real packets through the device; NAT, routed,
# isolated and open networks; stops, restarts, sabotage, kills.
. "$srcdir/tests/lib/ns.sh"
. "$srcdir/tests/lib/attach.sh"
command -v perl >/dev/null || skip 'perl is not installed'
cd "$T" || exit 1

# behind NS TUN GATEWAY4 ADDRESS4 GATEWAY6 ADDRESS6 [FLAGS]: a guest behind the tun, whose process is $relay. FLAGS: 1, with several
# queues
behind() {
	[ -e "/run/netns/$1" ] || ip netns add "$1"
	relay "$1" "$2" "0x1${7:-0}01" tun0 || return
	inns "$1" ip link set lo up; inns "$1" ip link set tun0 up
	[ -z "$4" ] || { inns "$1" ip addr add "$4" peer "$3" dev tun0; inns "$1" ip route replace default dev tun0; }
	[ -z "$6" ] || { inns "$1" ip addr add "$6" peer "$5" dev tun0 nodad; inns "$1" ip -6 route replace default dev tun0; }
	has_carrier "$2"
}
over() { kill "$1" 2>/dev/null; wait "$1" 2>/dev/null; }	# over PROCESS
state() { snapshot "$CARRIER" | sort; ip neigh show proxy; ip -6 neigh show proxy; attachment_files; }
before=$(snapshot)
cat >n.xml <<'X'
<network xmlns:dnsmasq='http://libvirt.org/schemas/network/dnsmasq/1.0'><name>n</name><forward mode='nat'><nat ipv6='yes'/></forward><bridge name='br-n' stp='off'/><domain name='lab.test'/>
<ip address='192.168.190.1' prefix='24'><dhcp><range start='192.168.190.10' end='192.168.190.12'/><host mac='52:54:00:00:00:01' ip='192.168.190.2'/></dhcp></ip>
<ip family='ipv6' address='fd00:190::1' prefix='64'/><dnsmasq:options><dnsmasq:option value='no-ping'/></dnsmasq:options></network>
X
N=192.168.190 M=fd00:190:
vnm -q net-define n.xml; vnm -q net-start n
up=$(state)
guest b1 br-n; static b1 $N.50/24 $N.1; static b1 $M:50/64 $M:1

# What would be done; what is.
ok 'what it would do' vnm net-attach n --tun vpn0 --ip $N.1 --peer $N.11 --peer $M:11 --ip $M:1 --owner nobody --hostname road --dry-run
has 'a tun' '^ip tuntap add dev vpn0 mode tun user 65534$' "$(cat out)"
has 'two ends' "^ip address add $N.1/32 peer $N.11 dev vpn0$" "$(cat out)"
has 'answered for' "^ip neighbour add proxy $N.11 dev br-n$" "$(cat out)"
same 'nothing is done' "$(ip link show vpn0 2>&1)" 'Device "vpn0" does not exist.'
has 'attached' "^Device vpn0 attached to network n: $N.11 $M:11$" "$(vnm net-attach n --tun vpn0 --ip $N.1 --peer $N.11 --peer $M:11 --ip $M:1 --owner nobody --hostname road)"
has 'as asked for' 'tun type tun .*persist on user nobody' "$(ip -d -o link show vpn0)"
no 'not on the bridge' sh -c 'ip -o link show vpn0 | grep master'
has 'in the table' " vpn0 +tun +- +- +- +$N.11 $M:11 +attached +no +[0-9]+ +[0-9]+$" "$(vnm net-port-list n)"
behind g1 vpn0 $N.1 $N.11 $M:1 $M:11
r1=$relay
works() {	# works WHAT: every way there is
	ok "$1: to the host" reaches g1 $N.1
	ok "$1: to the host, IPv6" reaches g1 $M:1
	ok "$1: from the host" ping -n -c 1 -W 2 $N.11
	ok "$1: from the host, IPv6" ping -n -c 1 -W 2 $M:11
	ok "$1: to a guest on the bridge" reaches g1 $N.50
	ok "$1: to a guest on the bridge, IPv6" reaches g1 $M:50
	inns b1 ip neigh flush all; inns b1 ip -6 neigh flush all
	ok "$1: from a guest on the bridge" reaches b1 $N.11
	ok "$1: from a guest on the bridge, IPv6" reaches b1 $M:11
	same "$1: outside" "you are $UPLINK" "$(web g1 "$SERVER")"
	same "$1: outside, IPv6" "you are $UPLINK6" "$(web g1 "[$SERVER6]")"
	same "$1: its name" "$N.11" "$(inns b1 dig +short +time=3 @$N.1 road.lab.test)"
	same "$1: names for it" "$N.11" "$(inns g1 dig +short +time=3 @$N.1 road.lab.test)"
}
works 'a tun'
outside ip route add $N.0/24 via $UPLINK; outside ip -6 route add $M:/64 via $UPLINK6
no 'not from outside' outside ping -n -c 1 -W 1 $N.11
no 'not from outside, IPv6' outside ping -n -c 1 -W 1 $M:11
inns g1 ip addr add 10.9.9.9/32 dev tun0
no 'not with the address of somebody else' inns g1 ping -n -c 1 -W 1 -I 10.9.9.9 $SERVER
no 'not even to guests' inns g1 ping -n -c 1 -W 1 -I 10.9.9.9 $N.50
inns g1 ip addr add $N.77/32 dev tun0
no 'nor of the same network' inns g1 ping -n -c 1 -W 1 -I $N.77 $SERVER

# A second one; between the two; nobody else has their addresses.
ok 'a second one' vnm net-attach n --tun vpn1 --ip $N.1 --peer $N.12 --multiqueue
has 'several queues' 'multi_queue ' "$(ip -d -o link show vpn1)"
behind g2 vpn1 $N.1 $N.12 '' '' 1
ok 'from one to the other' reaches g1 $N.12
ok 'and back' reaches g2 $N.11
guest d1 br-n; guest d2 br-n
ok 'a DHCP client' dhcp d1
same 'is given what is free' "$N.10" "$(dhcp_value d1 ip)"
no 'the next one nothing' dhcp d2 -t 2
ip netns add a1
ok 'a free address' vnm -q net-attach n --netns a1 --ip auto
has 'is another' "inet $N.3/24" "$(inns a1 ip -o addr show eth0)"
ok 'and away' vnm -q net-detach n a1

# What cannot be is refused before anything is done.
now=$(state)
refused() { title=$1 pattern=$2; shift 2; no_change_because "$title" "$pattern" vnm net-attach "$@"; }
refused 'no --ip' '--tun needs both ends' n --tun t0 --peer $N.60
refused 'no --peer' '--tun needs both ends' n --tun t0 --ip $N.1
refused 'families that do not fit' 'of its family' n --tun t0 --ip $N.1 --peer $M:60
refused 'one too many' 'of its family' n --tun t0 --ip $N.1 --peer $N.60 --peer $M:60
refused 'two pairs' 'one pair of addresses' n --tun t0 --ip $N.1 --peer $N.60 --ip 10.0.0.1 --peer $N.61
refused 'no address' 'is not an address' n --tun t0 --ip auto --peer $N.60
refused 'a peer outside' "$UPLINK is in no subnet" n --tun t0 --ip $N.1 --peer $UPLINK
refused 'the gateway as a peer' 'taken already' n --tun t0 --ip 10.0.0.1 --peer $N.1
refused 'the same at both ends' 'both ends' n --tun t0 --ip $N.60 --peer $N.60
refused 'broadcast' 'whole subnet' n --tun t0 --ip $N.1 --peer $N.255
refused 'a reservation' 'taken already' n --tun t0 --ip $N.1 --peer $N.2
refused 'a lease' 'taken already' n --tun t0 --ip $N.1 --peer $N.10
refused 'an attachment' 'taken already' n --tun t0 --ip $N.1 --peer $N.11
refused 'an end that is taken' 'taken already' n --tun t0 --ip $N.11 --peer $N.60
refused 'a name in use' "device 'uplink0' already exists" n --tun uplink0 --ip $N.1 --peer $N.60
refused 'attached already' "'vpn0' is already attached to network 'n'" n --tun vpn0 --ip $N.1 --peer $N.60
refused 'a name that is too long' 'cannot be the name of a device' n --tun abcdefghijklmnop --ip $N.1 --peer $N.60
refused 'a MAC' 'has no MAC address' n --tun t0 --ip $N.1 --peer $N.60 --mac 52:54:00:12:34:56
refused 'virtio' 'needs --tap' n --tun t0 --ip $N.1 --peer $N.60 --vnet-hdr
refused '--peer alone' '--peer needs --tun' n --tap t0 --peer $N.60
refused 'two kinds' 'one of --tap, --tun, --netns and --dev' n --tap t0 --tun t1 --ip $N.1 --peer $N.60
ip link add hostbr type bridge
for x in "pool <forward mode='bridge'><interface dev='uplink0'/></forward>" "hb <forward mode='bridge'/><bridge name='hostbr'/>" "bare <bridge name='br-bare'/>"; do
	printf '<network><name>%s</name>%s</network>' "${x%% *}" "${x#* }" >x.xml; vnm -q net-create x.xml
done
now=$(state)
refused 'a pool' 'has no bridge of its own' pool --tun t0 --ip $N.1 --peer $N.60
refused "the host's bridge" 'has no bridge of its own' hb --tun t0 --ip $N.1 --peer $N.60
refused 'no addresses' 'has no <ip>' bare --tun t0 --ip $N.1 --peer $N.60
vnm -q net-destroy pool hb bare; ip link del hostbr

# Stop and start: the device stays, and carries nothing in between.
vnm -q net-detach n vpn1; over $relay; ip netns del g2; leave d1 d2
whole=$(state)
ok 'stop' vnm net-destroy n
has 'it is there' 'vpn0: <POINTOPOINT,MULTICAST,NOARP>' "$(ip -o link show vpn0)"
same 'without addresses' '' "$(ip -o addr show dev vpn0)"
no 'and routes' sh -c "ip route show dev vpn0; ip -6 route show dev vpn0; ip route | grep $N.11"
no 'no rule of it' sh -c 'iptables -S | grep vpn0; ip6tables -S | grep vpn0'
has 'it is reported' ' vpn0 .* unplugged ' "$(vnm net-port-list n)"
ok 'start' vnm net-start n
ip link set b1 master br-n
works 'after a restart'
same 'as before' "$whole" "$(state)"

# Sabotage, repair.
ip neigh del proxy $N.11 dev br-n
ip -6 addr del $M:1 dev vpn0 2>/dev/null || ip -6 addr flush dev vpn0 scope global
iptables -D VNM_FWO.br-n -s $N.11/32 -i vpn0 -j ACCEPT
has 'it is seen' ' vpn0 .* degraded ' "$(vnm net-port-list n)"
ok 'repair' vnm net-repair n
works 'repaired'
same 'as before it' "$whole" "$(state)"
ip link del vpn0; over $r1
ok 'repair of all of it' vnm net-repair n
behind g1 vpn0 $N.1 $N.11 $M:1 $M:11; r1=$relay
works 'made again'
same 'all of it' "$whole" "$(state)"
ok 'live changes go on' vnm net-update n add ip-dhcp-host "<host mac='52:54:00:00:00:09' ip='$N.9'/>" --live
works 'after a change'
ok 'and back' vnm net-update n delete ip-dhcp-host "<host mac='52:54:00:00:00:09' ip='$N.9'/>" --live
ok 'detach' vnm net-detach n vpn0
no 'gone' ip link show vpn0
over $r1; ip netns del g1; leave b1
same 'as before them' "$up" "$(state)"

# Routed: from outside, too. Isolated: among themselves. Open: no rules. A port forwarding of the network.
net() { printf '<network><name>%s</name>%s</network>' "$1" "$2" >x.xml; ok "network $1" vnm -q net-create x.xml; }
net r "<forward mode='route'/><bridge name='br-r' stp='off'/><ip address='192.168.191.1' prefix='24'/>"
outside ip route add 192.168.191.0/24 via $UPLINK
ok 'routed' vnm -q net-attach r --tun vr --ip 10.8.0.1 --peer 192.168.191.7
behind g3 vr 10.8.0.1 192.168.191.7 '' ''
same 'with its own address' 'you are 192.168.191.7' "$(web g3 "$SERVER")"
ok 'and from outside' outside ping -n -c 1 -W 2 192.168.191.7
ok 'away' vnm -q net-destroy r
no 'gone with a network that is not kept' ip link show vr
over $relay; ip netns del g3

net i "<bridge name='br-i' stp='off'/><ip address='192.168.192.1' prefix='24'/><ip family='ipv6' address='fd00:192::1' prefix='64'/>"
guest b2 br-i; static b2 192.168.192.50/24 192.168.192.1; static b2 fd00:192::50/64 fd00:192::1
ok 'isolated' vnm -q net-attach i --tun vi --ip 192.168.192.1 --peer 192.168.192.7 --ip fd00:192::1 --peer fd00:192::7
behind g4 vi 192.168.192.1 192.168.192.7 fd00:192::1 fd00:192::7
ok 'the host' reaches g4 192.168.192.1
ok 'the guest' reaches g4 192.168.192.50
ok 'and back' reaches b2 192.168.192.7
ok 'the guest, IPv6' reaches g4 fd00:192::50
ok 'and back, IPv6' reaches b2 fd00:192::7
no 'not outside' reaches g4 $SERVER
no 'nor does the bridge' reaches b2 $SERVER
ok 'away' vnm -q net-destroy i
over $relay; leave b2; ip netns del g4

net o "<forward mode='open'/><bridge name='br-o' stp='off'/><ip address='192.168.193.1' prefix='24'/>"
rules=$(iptables -S)
outside ip route add 192.168.193.0/24 via $UPLINK
ok 'open' vnm -q net-attach o --tun vo --ip 192.168.193.1 --peer 192.168.193.7
same 'no rules' "$rules" "$(iptables -S)"
behind g5 vo 192.168.193.1 192.168.193.7 '' ''
same 'outside' 'you are 192.168.193.7' "$(web g5 "$SERVER")"
ok 'away' vnm -q net-destroy o
over $relay; ip netns del g5

cat >f.xml <<X
<network xmlns:vnm='urn:vnetmgr:network:1'><name>f</name><forward mode='nat'/><bridge name='br-f' stp='off'/>
<ip address='192.168.194.1' prefix='24'/><vnm:portForward proto='tcp' port='8080' to='192.168.194.7' toPort='80'/></network>
X
ok 'a network with a forward' vnm -q net-create f.xml
ok 'to a guest behind a tun' vnm -q net-attach f --tun vf --ip 192.168.194.1 --peer 192.168.194.7
behind g6 vf 192.168.194.1 192.168.194.7 '' ''
listens g6 80
ok 'from outside' connects internet $UPLINK 8080
ok 'from the host' nc -z -w 2 $UPLINK 8080
outside ip route add 192.168.194.0/24 via $UPLINK
no 'not the port itself' outside nc -z -w 1 192.168.194.7 80
ok 'away' vnm -q net-destroy f
over $listener; over $relay; ip netns del g6
same 'all as before' "$up" "$(state)"

# kill -9 at every change: attached or not at all; stopped or not at all.
if optional strace; then
	. "$srcdir/tests/lib/kill.sh"
	CALLS=openat,renameat,unlinkat,sendmsg,write,pidfd_send_signal,ioctl,setsockopt,mkdirat
	ATTACH="net-attach n --tun vk --ip $N.1 --peer $N.8 --ip $M:1 --peer $M:8"
	points=0
	cut_short() { killed "$@"; vnm -q net-list >/dev/null 2>&1; points=$((points + 1)); }
	there() { [ "$(vnm -q net-port-list n | grep -c " $1 ")" = 1 ]; }
	points $CALLS $ATTACH >a
	attached=$(state)
	points $CALLS net-destroy n >s; vnm -q net-start n
	same 'undisturbed, stopped' "$attached" "$(state)"
	points $CALLS net-detach n vk >d
	same 'undisturbed' "$up" "$(state)"
	while read -r count call; do
		for k in $(some "$count"); do
			cut_short $call $k $ATTACH
			! there attached || vnm -q net-detach n vk
			same "attach killed in $call $k" "$up" "$(state)"
		done
	done <a
	while read -r count call; do
		for k in $(some "$count"); do
			vnm -q $ATTACH; cut_short $call $k net-detach n vk
			! there attached || vnm -q net-detach n vk
			same "detach killed in $call $k" "$up" "$(state)"
		done
	done <d
	vnm -q $ATTACH
	while read -r count call; do
		for k in $(some "$count"); do
			cut_short $call $k net-destroy n
			if vnm -q net-list --name | grep -qx n; then vnm -q net-repair n; else vnm -q net-start n; fi
			same "stop killed in $call $k" "$attached" "$(state)"
		done
	done <s
	vnm -q net-detach n vk
	echo "$points points"
fi
vnm -q net-destroy n
same 'no trace is left' "$before" "$(snapshot)"
finish
