#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A network is changed while a guest holds a DHCPv6 lease and an open TCP connection through IPv6 NAT: both must stay.
. "$srcdir/tests/lib/ns.sh"
need dhclient
N=fd00:190
cat >"$T/n.xml" <<X
<network><name>n</name><forward mode='nat'><nat ipv6='yes'/></forward><bridge name='br-n' stp='off'/>
<ip family='ipv6' address='$N::1' prefix='64'><dhcp><range start='$N::100' end='$N::1ff'/></dhcp></ip></network>
X
ok define vnm net-define "$T/n.xml"
ok start vnm net-start n
guest g br-n
inns g sysctl -qw net.ipv6.conf.eth0.accept_ra=2
printf '#!/bin/sh\n[ "$reason" != BOUND6 ] || ip addr add "$new_ip6_address/64" dev eth0 nodad\nexit 0\n' >"$T/script"; chmod +x "$T/script"
until inns g ip -6 -o addr show dev eth0 scope link | grep -qv tentative; do sleep .02; done
ok 'a lease' ip netns exec g timeout 20 dhclient -6 -1 -v -cf /dev/null -sf "$T/script" -lf "$T/leases6" -pf "$T/pid6" eth0
leases=$(vnm net-dhcp-leases n)
has 'it is listed' "ipv6 +$N::1[0-9a-f]{2}/64" "$leases"
until inns g ip -6 route | grep -q '^default via fe80'; do sleep .02; done

talk g 2001:db8:113::1
alive() {	# alive WHAT: the connection echoes, and the lease is listed
	echoes "$1"
	same "the lease is there after: $1" "$leases" "$(vnm net-dhcp-leases n)"
}
changed() { what=$1; shift; ok "$what" vnm net-update n "$@" --live; alive "$what"; }
there_and_back() { what=$1 section=$2; shift 2; changed "$what" add "$section" "$1"; changed "$what: no more" delete "$section" "${2-$1}"; }

alive 'nothing at all'
same 'it goes through NAT' "you are $UPLINK6" "$(web g "[$SERVER6]")"
there_and_back 'a host' ip-dhcp-host "<host id='00:03:00:01:52:54:00:00:00:06' name='six' ip='$N::6'/>"
there_and_back 'a range' ip-dhcp-range "<range start='$N::200' end='$N::2ff'/>"
there_and_back 'a name' dns-host "<host ip='$N::7'><hostname>seven</hostname></host>" "<host ip='$N::7'/>"
there_and_back 'a TXT record' dns-txt "<txt name='t' value='v'/>" "<txt name='t'/>"
there_and_back 'a second subnet' ip "<ip family='ipv6' address='fd00:191::1' prefix='64'/>" "<ip family='ipv6' address='fd00:191::1'/>"
there_and_back 'IPv4 as well' ip "<ip address='192.168.190.1' prefix='24'><dhcp><range start='192.168.190.100' end='192.168.190.200'/></dhcp></ip>" "<ip address='192.168.190.1'/>"
there_and_back 'a route' route "<route family='ipv6' address='fd00:77::' prefix='64' gateway='$N::77'/>"
there_and_back 'limits' bandwidth "<bandwidth><inbound average='9000'/><outbound average='9000'/></bandwidth>" '<bandwidth/>'
changed 'STP and delay' modify bridge "<bridge stp='on' delay='4'/>"
changed 'STP off' modify bridge "<bridge stp='off' delay='0'/>"
changed 'only by the uplink' modify forward "<forward mode='nat' dev='uplink0'><nat ipv6='yes'/></forward>"
changed 'any way out' modify forward "<forward mode='nat'><nat ipv6='yes'/></forward>"
hang_up
kill "$(cat "$T/pid6")"
finish
