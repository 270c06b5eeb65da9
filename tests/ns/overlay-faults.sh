#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What is wrong between the hosts of an overlay is found by asking them: in net-list, net-info and net-doctor.
. "$srcdir/tests/lib/ns.sh"
. "$srcdir/tests/lib/hosts.sh"
need nft bridge
ok 'hosts' three_hosts
cat >"$T/lab.xml" <<'X'
<network xmlns:vnm='urn:vnetmgr:network:1'><name>lab</name><uuid>5599d7e3-f78d-4f9b-abc2-1a9384ffc5f7</uuid>
<bridge name='br-lab'/><ip address='192.168.50.1' prefix='24'/><ip family='ipv6' address='fd50::1' prefix='64'/>
<vnm:overlay vni='100'><vnm:host of='3'/><vnm:peer address='10.99.0.1'/><vnm:peer address='10.99.0.2'/>
<vnm:peer address='10.99.0.3'/></vnm:overlay></network>
X
# up HOST [DEFINITION]
up() { host "$1" net-define "${2:-$T/lab.xml}" && host "$1" net-start lab; }
again() { host "$1" net-destroy lab && up "$@"; }
for k in $HOSTS; do
	ok "host $k" up $k
	ip netns add g$k
	ok 'a guest' host $k net-attach lab --netns g$k --ip 192.168.50.1$k/24 --ip fd50::1$k/64 --mac 52:54:00:50:00:0$k
done
sound() { for k in ${1:-$HOSTS}; do same "$2: host $k has no fault" active: "$(state $k):$(faults $k)"; done; }
state() { host $1 net-list | sed -n 's/^ lab *\([a-z]*\).*/\1/p'; }
faults() { host $1 net-info lab --json | sed -n '/"faults": \[/,/\]/{ s/^ *"\(.*\)",\{0,1\}$/\1/p }'; }
# fault HOST CHECK TEXT: what that host says of the others
fault() {
	same "$2: net-list" degraded "$(state $1)"
	has "$2: net-info" "$3" "$(faults $1)"
	has "$2: net-doctor" "\"check\": \"$2\"" "$(host $1 net-doctor lab --json)"
	no 'which sends nothing, if it is told so' sh -c 'echo "$1" | grep "\"check\": \"host-"' sh "$(host $1 net-doctor lab --json --passive)"
	no 'a repair on this host is not for it' sh -c 'echo "$1" | grep -i host' sh "$(host $1 net-repair lab 2>&1)"
}
sound "$HOSTS" 'all is well'

### A host that is gone, and one where the network is not active.
ip link set u2 down
fault 1 host-silent '^host 10.99.0.2 does not answer: guests there are not reached$'
ip link set u2 up
sound '1 2' 'it is back'
ok 'host 2 stops the network' host 2 net-destroy lab
fault 1 host-absent '^host 10.99.0.2 does not answer on the network: .* UDP port 4789$'
ok 'and starts it' host 2 net-start lab
sound "$HOSTS" 'it is back'
inns h2 nft 'table ip n { chain i { type filter hook input priority 0; udp dport 4789 drop; }; }'
fault 1 host-absent '^host 10.99.0.2 does not answer on the network'
inns h2 nft delete table ip n
# A machine that was set up by hand answers no question for a number.
ip netns add hand; ip link add hand type veth peer name eth0 netns hand; ip link set hand master under up
ip -n hand link set eth0 up; ip -n hand addr add 10.99.0.9/24 dev eth0
ip -n hand link add vx type vxlan id 100 local 10.99.0.9 dstport 4789 dev eth0; ip -n hand link set vx up
bridge -n hand fdb append 00:00:00:00:00:00 dev vx dst 10.99.0.1
ip -n hand addr add 192.168.50.99/24 dev vx
ok 'it is a peer' host 1 net-update lab add peer "<vnm:peer address='10.99.0.9'/>" --live
ok 'it reaches a guest' reaches hand 192.168.50.11
sound 1 'a machine that was set up by hand'
ok 'it is none any more' host 1 net-update lab delete peer "<vnm:peer address='10.99.0.9'/>" --live
ip netns del hand

### Packets of the promised size do not pass.
ip link set u3 mtu 1400
fault 1 host-mtu '^packets to host 10.99.0.3 may have 1400 bytes at most, not 1500: larger ones are lost; set mtu='
ip link set u3 mtu 1500
sound '1 3' 'they pass again'

### Two guests with one address.
ip -n g3 addr add 192.168.50.11/24 dev eth0
fault 1 host-twin '^192.168.50.11 of guest g1 is also the address of a guest of host 10.99.0.3, 52:54:00:50:00:03$'
ip -n g3 addr del 192.168.50.11/24 dev eth0
ip -n g3 addr add fd50::11/64 dev eth0 nodad
fault 1 host-twin '^fd50::11 of guest g1 is also the address of a guest of host 10.99.0.3'
ip -n g3 addr del fd50::11/64 dev eth0
sound '1 3' 'one of them has gone'

### Two hosts with one number, and one with another gateway.
sed -i 's/3/2/' "$LAB/h3/etc/vnetmgr/host.conf"
ok 'host 3 has the number of host 2' again 3
fault 1 host-number '^hosts 10.99.0.[23] and 10.99.0.[23] both have number 2: both lease the same addresses$'
fault 2 host-number '^host 10.99.0.3 has number 2, as this one has: both lease the same addresses$'
fault 3 host-number '^host 10.99.0.2 has number 2, as this one has'
sed -i 's/2/3/' "$LAB/h3/etc/vnetmgr/host.conf"
sed "s|<bridge |<mac address='02:00:00:00:00:07'/>&|" "$T/lab.xml" >"$T/other.xml"
ok 'host 3 has another gateway' again 3 "$T/other.xml"
fault 1 host-gateway '^the gateway has another MAC address on host 10.99.0.3: guests that move lose it'
fault 3 host-gateway '^the gateway has another MAC address on host 10.99.0.[12]:'
ok 'it ends' host 3 net-destroy lab
ok 'undefined' host 3 net-undefine lab
ok 'it has the same as all' up 3
sound "$HOSTS" 'all is well'

### With IPv6 between the hosts.
sed 's|10\.99\.0\.|fd99::|g' "$T/lab.xml" >"$T/six.xml"
for k in $HOSTS; do host $k net-destroy lab; done
for k in $HOSTS; do
	ok "IPv6: host $k" up $k "$T/six.xml"
done
sound "$HOSTS" 'IPv6: all is well'
ip link set u2 down
fault 1 host-silent '^host fd99::2 does not answer: guests there are not reached$'
ip link set u2 up
sound '1 2' 'IPv6: it is back'
inns h2 nft 'table ip6 n { chain i { type filter hook input priority 0; udp dport 4789 drop; }; }'
fault 1 host-absent '^host fd99::2 does not answer on the network'
inns h2 nft delete table ip6 n
ip link set u3 mtu 1400
fault 1 host-mtu '^packets to host fd99::3 may have 1400 bytes at most, not 1500: larger ones are lost; set mtu='
ip link set u3 mtu 1500
sound "$HOSTS" 'IPv6: all is well'
finish
