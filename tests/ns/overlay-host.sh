#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What the definition of a network on many hosts leaves to each: its address, its device, the MTU between the hosts, its number and, with
# EVPN, who may be a host. Where it is found, what takes precedence, and what is said where it is not to be found.
. "$srcdir/tests/lib/ns.sh"
ip link add eth8 mtu 9000 type veth peer name far8 && ip link set eth8 up && ip link set far8 up
ip addr add 198.18.0.2/24 dev eth8; ip addr add fd88::2/64 dev eth8 nodad
await sh -c 'ip -6 addr show dev far8 | grep fe80'
ip addr add 198.19.0.2/32 dev lo
CONF=$VNETMGR_ROOT/etc/vnetmgr/host.conf

# is CONF ATTRIBUTES INSIDE: a start, which is only shown. HOST: of <vnm:host>
HOST="of='3'"
is() {
	printf '%b' "$1" >"$CONF"
	cat >"$T/n.xml" <<-X
	<network xmlns:vnm='urn:vnetmgr:network:1'><name>n</name><bridge name='br-n'/><ip address='192.168.7.1' prefix='24'/>
	<vnm:overlay vni='7' $2><vnm:host $HOST/>$3</vnm:overlay></network>
	X
	vnm -q net-define "$T/n.xml" && vnm net-start n --dry-run
}
# takes WHAT IS CONF ATTRIBUTES INSIDE: "MTU LOCAL PORT [DEVICE] NUMBER", of which a host's number is told by its own address
takes() {
	lines=$(is "$3" "$4" "$5" 2>&1)
	device=$(echo "$lines" | sed -n 's/ dev / /; s/^ip link add vnm7 mtu \([0-9]*\) .* local \(.*\) dstport \(.*\)/\1 \2 \3/p')
	own=$(echo "$lines" | sed -n 's/^ip address add 192.168.7.\([0-9]*\).32 .*/\1/p')
	same "$1" "$2" "$device $((255 - ${own:-0}))" || echo "$lines" | grep '^error' >&2
}
# lacks WHAT PATTERN CONF ATTRIBUTES INSIDE
lacks() { no_because "$1" "$2" is "$3" "$4" "$5"; }
PEERS="<vnm:peer address='203.0.113.2'/><vnm:peer address='203.0.113.9'/>"
OTHER="<vnm:peer address='203.0.113.9'/>"
OTHER6="<vnm:peer address='fd88::9'/>"
ONE='index = "1"\n'

### The address, and the device.
takes 'one of the peers is this host' '1450 203.0.113.2 4789 1' "$ONE" '' "$PEERS"
takes 'the definition has the address' '8950 198.18.0.2 4789 1' "$ONE" "local='198.18.0.2'" "$OTHER"
takes 'the definition has the device' '8950 198.18.0.2 4789 eth8 1' "$ONE" "dev='eth8'" "$OTHER"
takes 'its address of the family of the peers' '8930 fd88::2 4789 eth8 1' "$ONE" "dev='eth8'" "$OTHER6"
takes 'host.conf has the address' '8950 198.18.0.2 4789 1' "${ONE}local = \"198.18.0.2\"\n" '' "$PEERS"
takes 'host.conf has the device' '8950 198.18.0.2 4789 eth8 1' "${ONE}dev = \"eth8\"\n" '' "$PEERS"
takes 'the address in the definition takes precedence' '1450 203.0.113.2 4789 1' "${ONE}local = \"198.18.0.2\"\n" "local='203.0.113.2'" "$OTHER"
takes 'the device in the definition does' '1450 203.0.113.2 4789 uplink0 1' "${ONE}local = \"198.18.0.2\"\ndev = \"eth8\"\n" "dev='uplink0'" "$OTHER"
takes 'another port' '1450 203.0.113.2 8472 1' "$ONE" "port='8472'" "$PEERS"
lacks 'no address' "address this host reaches the others of network 'n' is not known: set local or dev in <vnm:overlay> or in '.*host.conf'" "$ONE" '' "$OTHER"
lacks 'not an address of this host' "'198.18.0.3', by which this host is to reach .* is not an address of this host" "$ONE" "local='198.18.0.3'" "$OTHER"
lacks 'no such device' "device 'eth7', by which network 'n' is to reach its other hosts, does not exist" "$ONE" "dev='eth7'" "$OTHER"
lacks 'a device without an address' "device 'far8', .* has no IPv4 address" "$ONE" "dev='far8'" "$OTHER"
lacks 'without one of that family' "device 'far8', .* has no IPv6 address" "$ONE" "dev='far8'" "$OTHER6"
lacks 'of another device' "local='198.18.0.2' dev='uplink0'>, but the address is one of device 'eth8'" "$ONE" "local='198.18.0.2' dev='uplink0'" "$OTHER"

### The MTU.
takes 'the MTU in the definition' '1350 203.0.113.2 4789 1' "$ONE" "mtu='1400'" "$PEERS"
takes 'as the device has it' '1450 203.0.113.2 4789 1' "$ONE" "mtu='auto'" "$PEERS"
lacks 'an address that says nothing of the way' "MTU between the hosts of network 'n' cannot be told from device 'lo': set mtu" "$ONE" "local='198.19.0.2'" "$OTHER"
takes 'with an MTU it may be one' '1350 198.19.0.2 4789 1' "$ONE" "local='198.19.0.2' mtu='1400'" "$OTHER"

### The number.
takes 'the number in host.conf' '1450 203.0.113.2 4789 3' 'index = "3"\n' '' "$PEERS"
lacks 'no number' "which of the 3 hosts of network 'n' this one is, is not known: set index in '.*host.conf', or in <vnm:host>" '' '' "$PEERS"
lacks 'a number too many' "network 'n' has host number 4 of 3" 'index = "4"\n' '' "$PEERS"
HOST="index='2' of='3'"
takes 'that in the definition takes precedence' '1450 203.0.113.2 4789 2' 'index = "3"\n' '' "$PEERS"
HOST="of='3'"

### With EVPN.
lacks 'no subnet of hosts' "which addresses the other hosts of network 'n' have cannot be told .* set listen in <vnm:evpn>" \
	"$ONE" "local='198.19.0.2' mtu='1500'" "<vnm:evpn asn='65000' reflector='203.0.113.9'/>"
finish
