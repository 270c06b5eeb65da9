#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A host whose own firewall refuses what nobody has thought of, in all three chains: guests get their addresses, of both
# families, names, and the outside; and what nobody has allowed them is refused as before.
. "$srcdir/tests/lib/ns.sh"
in_iptables || skip 'no rule of nftables overrides a policy of iptables'
before=$(snapshot)
policy() { for tool in iptables ip6tables; do for c in INPUT OUTPUT FORWARD; do $tool -P $c "$1"; done; done; }
# net NAME NUMBER FORWARD DHCP6
net() {
	cat >"$T/$1.xml" <<X
<network><name>$1</name>$3<bridge name='br-$1' stp='off'/><domain name='lab.test' localOnly='yes'/>
<dns><host ip='192.168.$2.77'><hostname>box</hostname></host></dns>
<ip address='192.168.$2.1' prefix='24'><dhcp><range start='192.168.$2.100' end='192.168.$2.200'/></dhcp></ip>
<ip family='ipv6' address='fd00:$2::1' prefix='64'>$4</ip></network>
X
	ok "start $1" vnm -q net-create "$T/$1.xml"
}
policy DROP
own() { ip6tables $1 INPUT -i uplink0 -p ipv6-icmp -m icmp6 ! --icmpv6-type 128 -j ACCEPT; ip6tables $1 OUTPUT -o uplink0 -p ipv6-icmp -j ACCEPT; }
own -A # its administrator knows what it lives on itself
net a 140 "<forward mode='nat'><nat ipv6='yes'/></forward>" ''
net b 141 "<forward mode='route'/>" "<dhcp><range start='fd00:141::100' end='fd00:141::1ff'/></dhcp>"
net c 142 '' ''
for n in a b c; do guest $n br-$n; guest ${n}2 br-$n; done
outside ip -6 route add fd00:141::/64 via $UPLINK6; outside ip route add 192.168.141.0/24 via $UPLINK
# has_address GUEST PREFIX: it comes to have one
has_address() {
	inns "$1" timeout 15 ip -o monitor address >"$T/monitor" 2>/dev/null & watch=$!
	until inns "$1" ip -6 -o addr show dev eth0 scope global -tentative | grep -q " $2"; do
		kill -0 $watch 2>/dev/null || return 1
		timeout 1 tail -f -n +1 "$T/monitor" 2>/dev/null | grep -q -m 1 "$2"
	done
	kill $watch
}
for n in a:140 c:142; do
	ok "${n%:*}: an address by router advertisement" has_address "${n%:*}" "fd00:${n#*:}:"
	ok "${n%:*}: the other guest, too" has_address "${n%:*}2" "fd00:${n#*:}:"
done
dhclient6() {
	printf '#!/bin/sh\ncase $reason in BOUND6) ip -6 addr add "$new_ip6_address/128" dev eth0 nodad ;; esac\n' >"$T/script"; chmod +x "$T/script"
	inns "$1" timeout 20 dhclient -6 -1 -sf "$T/script" -lf "$T/leases6" -pf "$T/pid6" eth0
}
if optional dhclient; then
	ok 'b: an address by DHCPv6' dhclient6 b
	ok 'b: it is there' has_address b fd00:141::1
else
	static b fd00:141::101/64
fi
for n in a:140 b:141 c:142; do
	g=${n%:*} n=${n#*:}
	ok "$g: a lease" dhcp $g; ok "$g: of the other" dhcp ${g}2
	for how in +notcp +tcp; do
		same "$g, $how: names" 192.168.$n.77 "$(inns $g dig $how +short +tries=1 +time=3 @192.168.$n.1 box.lab.test)"
		same "$g, $how: names over IPv6" 192.168.$n.77 "$(inns $g dig $how +short +tries=1 +time=3 @fd00:$n::1 box.lab.test)"
	done
	for a in 192.168.$n.1 fd00:$n::1; do no "$g: the host is not asked for anything else: $a" inns $g ping -n -c 1 -W 1 $a; done
	ok "$g: the other guest" reaches $g "$(dhcp_value ${g}2 ip)"
done
for g in a b; do
	[ $g = a ] && up=$UPLINK up6=$UPLINK6 || { up=$(dhcp_value b ip) up6=fd00:141::1[0-9a-f]*; }
	same "$g: the outside" "you are $up" "$(web $g $SERVER)"
	# Each has to resolve the other's address again.
	inns $g ip -6 neigh flush dev eth0; ip -6 neigh flush dev br-$g
	has "$g: the outside over IPv6" "^you are $up6\$" "$(web $g "[$SERVER6]")"
done
no 'c: not the outside' reaches c $SERVER6
no 'the outside asks the host nothing' outside ping -n -c 1 -W 1 $UPLINK6
# What is accepted is what was meant: by the bridge, and of these kinds.
same 'nothing is reported to or by another device' '' "$(ip6tables -S | grep '^-A VNM_.*icmpv6-type' | grep -Ev '^-A VNM_(INP([.]br-[abc])? -i|OUT([.]br-[abc])? -o) br-[abc] -p ipv6-icmp -m icmp6 --icmpv6-type (130|133|134|135|136|143) -j ACCEPT$')"
policy ACCEPT; own -D
for n in a b c; do leave $n ${n}2; ok "destroy $n" vnm -q net-destroy $n; done
same 'no trace is left' "$before" "$(snapshot)"
finish
