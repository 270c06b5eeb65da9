#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What a name server outside may say to guests: no address that leads to themselves, to the host here, or to their neighbours;
# but everything else, and everything where the definition names the server.
. "$srcdir/tests/lib/ns.sh"
cd "$T" || exit 1

# A server that answers what it likes, and one that a guest runs, which has every right to.
server() {	# server NETNS ADDRESS TEXT
	set -- "$1" "$2" "$3" "$T/$2.pid"
	ip netns exec "$1" dnsmasq -C /dev/null --no-resolv --no-hosts --bind-interfaces --except-interface=lo --listen-address="$2" --pid-file="$4" \
		--address=/loop.test/127.0.0.1 --address=/loop9.test/127.0.0.9 --address=/zero.test/0.1.2.3 --address=/none.test/0.0.0.0 \
		--address=/loop6.test/::1 --address=/none6.test/:: --address=/gate.test/192.168.192.1 --address=/near.test/192.168.192.20 \
		--address=/gate6.test/fd00:192::1 --address=/near6.test/fd00:192::20 --address=/vpn.test/10.9.9.9 --address=/vpn6.test/fd99::9 \
		--address=/other.test/192.168.193.1 --address=/good.test/198.51.100.10 --txt-record=who.test,"$3" \
		--host-record=both.test,198.51.100.10 --host-record=both.test,192.168.192.20 --cname=alias.test,near.test
}
outside ip addr add 203.0.113.53/32 dev lo
ip route add 203.0.113.53 via 203.0.113.1
server internet 203.0.113.53 outside
echo 'nameserver 203.0.113.53' >/etc/resolv.conf

# network PARTS OPTIONS: as given
network() {
	printf "<network xmlns:dnsmasq='http://libvirt.org/schemas/network/dnsmasq/1.0'><name>n</name>%s<bridge name='br-n' stp='off'/>
<dns>%s<host ip='192.168.192.30'><hostname>ours.test</hostname></host><host ip='127.0.0.1'><hostname>self.test</hostname></host></dns>
<ip address='192.168.192.1' prefix='24'/><ip family='ipv6' address='fd00:192::1' prefix='64'/>%s</network>" "$1" "$2" "$3" >n.xml
	ok "define $1$2$3" vnm -q net-define n.xml
	ok "start $1$2$3" vnm -q net-start n
	guest g br-n; static g 192.168.192.77/24; static g fd00:192::77/64
}
gone() { ip link del g; ip netns del g; ok stop vnm -q net-destroy n; }
option() { printf "<dnsmasq:options><dnsmasq:option value='%s'/></dnsmasq:options>" "$1"; }
ask() { inns g dig +short +time=2 +tries=2 @192.168.192.1 "$@"; }
# passes NAME TYPE ANSWER; kept NAME TYPE: it is not answered
passes() { same "$of: $1 $2" "$3" "$(ask "$1" "$2")"; }
kept() {
	same "$of: $1 $2 is not reported" '' "$(ask "$1" "$2")"
	has "$of: $1 $2 is answered" 'status: NXDOMAIN' "$(inns g dig +time=2 +tries=2 @192.168.192.1 "$1" "$2")"
}
loopback() { for name in loop zero none; do "$1" $name.test A "${2:+$(outside dig +short @203.0.113.53 $name.test)}"; done; }
loopback6() { for name in loop6 none6; do "$1" $name.test AAAA "${2:+$(outside dig +short @203.0.113.53 $name.test AAAA)}"; done; }
always() {
	passes good.test A 198.51.100.10; passes vpn.test A 10.9.9.9; passes vpn6.test AAAA fd99::9; passes other.test A 192.168.193.1
	passes loop9.test A 127.0.0.9 # as a list of spammers says that one is on it
	passes ours.test A 192.168.192.30; passes self.test A 127.0.0.1
}

of=NAT; network '<forward/>' '' ''
loopback kept; loopback6 kept; always
for name in gate near both; do kept $name.test A; done
same "$of: an alias leads to a name, and no further" near.test. "$(ask alias.test A)"
for name in gate6 near6; do passes $name.test AAAA "$(outside dig +short @203.0.113.53 $name.test AAAA)"; done # IPv6 is routed
for name in version.bind servers.bind cachesize.bind; do same "$of: $name" '' "$(ask $name TXT CH)"; done
gone
of='NAT in both families'; network "<forward><nat ipv6='yes'/></forward>" '' ''
loopback kept; loopback6 kept; always
for name in gate near; do kept $name.test A; kept ${name}6.test AAAA; done
gone
of=routed; network "<forward mode='route'/>" '' ''
loopback kept; loopback6 kept; always
passes gate.test A 192.168.192.1; passes near.test A 192.168.192.20; passes near6.test AAAA fd00:192::20
gone
of=open; network "<forward mode='open'/>" '' ''
loopback kept; loopback6 kept; always; passes near.test A 192.168.192.20
gone

# A guest that is the server of a domain, or of all: it may answer with its neighbours.
for to in "<forwarder domain='test' addr='192.168.192.20'/>" "<forwarder addr='192.168.192.20'/>"; do
	of="NAT, $to"; network '<forward/>' "$to" ''
	guest dc br-n; static dc 192.168.192.20/24; server dc 192.168.192.20 guest
	passes who.test TXT '"guest"'; passes near.test A 192.168.192.20; passes gate.test A 192.168.192.1
	loopback kept; always
	kill "$(cat 192.168.192.20.pid)"; leave dc; gone
done
of='NAT, server=';  network '<forward/>' '' "$(option 'server=/near.test/203.0.113.53')"
passes near.test A 192.168.192.20; loopback kept; gone

# An option of dnsmasq's own allows it.
of='NAT, rebind-localhost-ok'; network '<forward/>' '' "$(option rebind-localhost-ok)"
loopback passes yes; loopback6 passes yes; kept near.test A; gone
of='NAT, rebind-domain-ok'; network '<forward/>' '' "$(option 'rebind-domain-ok=/near.test/')"
passes near.test A 192.168.192.20; loopback kept; gone
finish
