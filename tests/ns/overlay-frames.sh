#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What does not cross from host to host: DHCP, router solicitations and advertisements, BPDUs, ARP and neighbour discovery of the gateway.
# The other host is set up by hand, without any filter: what it hears has left this host, and what it sends is stopped there. Guests may
# send as servers do here (<vnm:guests servers='yes'/>), so that nothing but the overlay's filter restrains them.
. "$srcdir/tests/lib/ns.sh"
. "$srcdir/tests/lib/hosts.sh"
need nft bridge
. "$srcdir/tests/lib/frame.sh"
ok 'hosts' lab_make 2
cp "$VNETMGR_ROOT/etc/vnetmgr/network.conf" "$LAB/h1/etc/vnetmgr/"
cat >"$T/lab.xml" <<'X'
<network xmlns:vnm='urn:vnetmgr:network:1'><name>lab</name><forward mode='nat'/><bridge name='br-lab' vnm:groupForwardMask='0x4000'/>
<ip address='192.168.50.1' prefix='24'><dhcp><range start='192.168.50.100' end='192.168.50.199'/></dhcp></ip>
<ip family='ipv6' address='fd50::1' prefix='64'/><vnm:guests servers='yes' routers='yes'/>
<vnm:overlay vni='100' port='8472'><vnm:host of='2'/><vnm:peer address='10.99.0.1'/><vnm:peer address='10.99.0.2'/></vnm:overlay></network>
X
ok 'defined' host 1 net-define "$T/lab.xml"
ok 'started' host 1 net-start lab
# Two guests: what one sends, the other one hears wherever the filter has no part in it.
for g in g1 g2; do
	ip netns add $g; inns $g sh -c 'echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad'
	ok "a guest" host 1 net-attach lab --netns $g
done
static g1 192.168.50.11/24; static g1 fd50::11/64

# hand: as docs/many-hosts.md has it. Its own end is eth0 for the tools of frames.
ip netns add hand
ip -n h2 link set eth0 netns hand && ip -n hand link set eth0 name u0 up
ip -n hand addr add 10.99.0.2/24 dev u0; ip -n hand link set lo up
inns hand sh -c 'echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad'
ip -n hand link add eth0 mtu 1450 type vxlan id 100 local 10.99.0.2 dstport 8472
bridge -n hand fdb append 00:00:00:00:00:00 dev eth0 dst 10.99.0.1
ip -n hand link set eth0 up
static hand 192.168.50.22/24; static hand fd50::22/64
ok 'a host that was set up by hand, on another port' reaches hand 192.168.50.11
ok 'in IPv6, too' reaches hand fd50::11

### Everywhere there is room for the packets of VXLAN.
mtu() { ip ${1:+-n "$1"} -o link show "$2" | sed 's/.* mtu \([0-9]*\).*/\1/'; }
for dev in br-lab vnm100 $(ip -n h1 -o link show master br-lab | sed 's/^[0-9]*: \([^@:]*\).*/\1/'); do same "the MTU of $dev" 1450 "$(mtu h1 $dev)"; done
same 'the MTU of a guest' 1450 "$(mtu g1 eth0)"

GATE=$(ip -n h1 -o link show br-lab | sed 's/.*ether \([^ ]*\).*/\1/' | tr -d :)
GATE6=$(ip -n h1 -6 -o addr show dev br-lab scope link | sed 's/.*inet6 \([^/]*\).*/\1/')
# cookie: of each kind, so that what is heard has a name. kind NAME: a frame of that kind from the MAC address $from, in $frame
udp() { echo "$(ip4 $ALL "$from" 11 192.168.50.66 255.255.255.255)${1}${2}00000000$cookie"; }
udp6() { echo "$(ip6 333300010002 "$from" 11 fe80::66 ff02::1:2)${1}${2}00000000$cookie"; }
icmp6() { echo "$(ip6 "${2:-$ALL6}" "$from" 3a "${3:-fe80::66}" ff02::1)${1}00000000$cookie"; }
arp() { echo "$ALL${from}0806000108000604${1}${from}$(hex4 "$2")000000000000$(hex4 "$3")$cookie"; }
neighbour() { echo "$(ip6 $ALL6 "$from" 3a fe80::66 ff02::1)${1}000000000000$(hex6 "$2")${3}01$from$cookie"; }
kind() {
	case $1 in
	discover) udp 0044 0043 ;; offer) udp 0043 0044 ;;
	solicit) udp6 0222 0223 ;; advertise) udp6 0223 0222 ;;
	rs) icmp6 8500 ;; ra) icmp6 8600 ;;
	ra-behind) icmp6 8600 | sed 's/\(86dd600000000000\)3aff/\100ff/; s/\(ff020000000000000000000000000001\)86/\13a0001040000000086/' ;;
	bpdu) echo "0180c2000000${from}0026424203$cookie" ;; lldp) echo "0180c200000e${from}88cc$cookie" ;;
	arp-ask) arp 0001 192.168.50.66 192.168.50.1 ;; arp-claim) arp 0002 192.168.50.1 192.168.50.66 ;;
	ns) neighbour 8700 fd50::1 01 ;; na) neighbour 8800 fd50::1 02 ;;
	ns-local) neighbour 8700 "$GATE6" 01 ;; na-local) neighbour 8800 "$GATE6" 02 ;;
	from-gateway) echo "$(ip6 $ALL6 "$from" 11 "$GATE6" ff02::1)03e703e700000000$cookie" ;;
	udp) udp 03e7 03e7 ;; udp6) udp6 03e7 03e7 ;; arp) arp 0001 192.168.50.66 192.168.50.67 ;; nd) neighbour 8700 fd50::67 01 ;;
	esac
}
STAY='discover offer solicit advertise rs ra ra-behind bpdu lldp arp-ask arp-claim ns na ns-local na-local from-gateway'
CROSS='udp udp6 arp nd'
# crossed FROM TO [TAG...]: the kinds of what FROM has sent that TO has heard
crossed() {
	a=$1 b=$2 from=$(mac_of "$1") frames= i=10; shift 2
	[ "$a" != hand ] || from=020000000022
	for kind in $STAY $CROSS; do
		i=$((i + 1)) cookie=c0ffee$i frame=$(kind $kind)
		case $kind in bpdu) ;; *) for tag; do frame=$(tagged "$frame"); done ;; esac
		frames="$frames $frame"
	done
	hears "$b" eth0
	# shellcheck disable=SC2086
	sends "$a" $frames "$(mark "$from")"
	heard || { echo 'no mark'; return; }
	i=10
	for kind in $STAY $CROSS; do i=$((i + 1)); ! grep -q "c0ffee$i" "$T/heard.$b" || echo $kind; done | xargs
}
same 'on one host all of it is heard' "$STAY $CROSS" "$(crossed g1 g2)"
for tags in '' tag; do
	same "what leaves this host${tags:+, tagged for no VLAN}" "$CROSS" "$(crossed g1 hand $tags)"
	same "what comes from another host${tags:+, tagged for no VLAN}" "$CROSS" "$(crossed hand g1 $tags)"
done
# Behind two such tags the receiver looks, too, and no filter.
same 'on one host all of it is heard, tagged twice' "$STAY $CROSS" "$(crossed g1 g2 tag tag)"
same 'tagged twice, nothing leaves this host' '' "$(crossed g1 hand tag tag)"
same 'nor does anything come from another one' '' "$(crossed hand g1 tag tag)"

### What this host says to its own guests, by dnsmasq and the kernel, is not heard elsewhere.
hears hand eth0
ok 'a lease' dhcp g2 -O mtu
same 'the MTU by DHCP' 1450 "$(dhcp_value g2 mtu)"
sends g2 "$(from=$(mac_of g2) cookie=c0ffee99 kind rs)"
announced() { inns g2 ip -6 addr show dev eth0 scope global | grep -c fd50; }
ok 'an advertisement' until_is 1 announced
ok 'the gateway' reaches g2 192.168.50.1
ok 'in IPv6, too' reaches g2 fd50::1
sends g2 "$(mark "$(mac_of g2)")"
ok 'what is heard elsewhere' heard
same 'is nothing of DHCP, of routers and of the gateway' 0 \
	"$(grep -cE "^.{12}$GATE|^.{24}0800.{42}(0043|0044)|^.{24}86dd.{12}11.{66}(0222|0223)|^.{24}86dd.{12}3a.{66}8[56]" "$T/heard.hand")"
# And what asks there gets no answer from here.
no 'a machine there gets no lease of this host' dhcp hand -t 2
for g in g1 g2; do host 1 net-detach lab $g; ip netns del $g; done
ip netns del hand
ok 'stopped' host 1 net-destroy lab
finish
