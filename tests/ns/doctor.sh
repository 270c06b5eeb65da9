#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# net-doctor: faults are made one by one in a live network; each is named, by the check for it, and the command that the finding
# gives mends it: then there are no findings any more (tests/lib/doctor.sh).
. "$srcdir/tests/lib/ns.sh"
need nft tc sysctl ebtables-nft

cat >"$T/n.xml" <<'X'
<network xmlns:vnm='urn:vnetmgr:network:1'><name>n</name><forward mode='nat'><nat ipv6='yes'/></forward>
<bridge name='br-n' stp='off'/>
<ip address='192.168.77.1' prefix='24'><dhcp><range start='192.168.77.100' end='192.168.77.101'/>
<host mac='52:54:00:77:00:05' name='web' ip='192.168.77.5'/></dhcp></ip>
<ip family='ipv6' address='fd00:77::1' prefix='64'/>
<vnm:portForward proto='tcp' port='8080' to='192.168.77.5' toPort='80'/></network>
X
for name in g1 g2 g3; do ip netns add $name; done
ok 'define' vnm net-define "$T/n.xml"
net=n
. "$srcdir/tests/lib/doctor.sh"

# The network itself.
fault 0 inactive true
[ -z "$only" ] || ok 'start' vnm net-start n
ok 'a guest' vnm net-attach n --netns g1 --mac 52:54:00:77:00:05 --ip 192.168.77.5 --ip fd00:77::5
ok 'another guest' vnm net-attach n --netns g2 --ip auto
ok 'one without an address of ours' vnm net-attach n --netns g3 --ip none
static g3 192.168.77.33/24 192.168.77.1
p1=vnet0 p3=vnet2
listens g1 80
healthy 'the network' n; healthy 'all networks'
healthy 'a guest' n g1; healthy 'a guest by its device' n $p1
same 'no such guest' 1 "$(status n nobody)"; has 'why' "no guest 'nobody'" "$(cat "$T/report")"
same 'no such network' 1 "$(status nope)"
other_mac() { ip -n $1 -br link show dev eth0 | awk '{ print $3 }'; }

fault 27 part 'ip link set dev br-n down'
more 28 part 'ip address flush dev br-n'
more 29 part 'ip link del dev br-n' 'p1=$(ip -n g1 -o link show eth0 >/dev/null; echo vnet0)'
more 30 part 'ip link set dev br-n address 52:54:00:99:99:99'
more 31 part 'ip link set dev br-n group 7'
more 33 part 'sysctl -w net/ipv6/conf/br-n/disable_ipv6=1'
fault 34 part 'sysctl -w net/ipv4/ip_forward=0'
more 45 part 'sysctl -w net/ipv6/conf/all/forwarding=0'
fault 47 part flush_tables
more 62 part 'lose_rules "MASQUERADE|masquerade"'
more 48 part 'lose_rules "br-n"'
more 88 part 'nft flush ruleset'
more 46 part 'sysctl -w net/ipv4/conf/br-n/route_localnet=0'
fault 72 part 'kill -9 $(pgrep -f conf-file=.*/n/); ended $(pgrep -f conf-file=.*/n/)'
fault 73 part 'kill -STOP $(pgrep -f conf-file=.*/n/); until grep -q "^State:.T" /proc/$(pgrep -f conf-file=.*/n/)/status; do sleep .02; done'
more 35 part 'sysctl -w net/ipv4/conf/br-n/forwarding=0'

# Guests.
fault 1 guest-lacks 'ip -n g1 link set dev eth0 down'
fault 2 guest-address 'ip -n g3 -4 address flush dev eth0' 'ip -n g3 route replace default via 192.168.77.1'
more 3 guest-stranger 'ip -n g3 -4 address flush dev eth0; ip -n g3 address add 10.9.9.9/24 dev eth0' 'ip -n g3 route replace default via 192.168.77.1'
more 4 guest-lacks 'ip -n g1 route del default'
fault 5 guest-gateway 'ip -n g1 route replace default via 192.168.77.77'
fault 6 guest-twin 'ip -n g2 address add 192.168.77.5/24 dev eth0'
fault 7 guest-mac 'ip -n g2 link set dev eth0 address $(other_mac g1)'
more 8 guest-firewall 'inns g1 nft "add table ip t; add chain ip t i { type filter hook input priority 0; policy drop; }"' \
	'inns g1 nft delete table ip t'
fault 9 guest-mtu 'ip -n g1 link set dev eth0 mtu 9000'
more 10 guest-arp 'ip -n g1 link set dev eth0 arp off'
more 11 guest-resolver 'mkdir -p /etc/netns/g3; echo nameserver 192.168.77.99 >/etc/netns/g3/resolv.conf' 'rm -r /etc/netns/g3'

# The bridge and its ports.
fault 14 guest-lacks 'ip link set dev $p1 nomaster'
more 15 guest-lacks 'ip link set dev $p1 down'
fault 16 guest-elsewhere 'ip link add dev other type bridge; ip link set dev $p1 master other' 'ip link del dev other'
fault 17 port-isolated 'ip link set dev $p1 type bridge_slave isolated on'
more 18 port-locked 'ip link set dev $p1 type bridge_slave locked on'
more 69 guest-lacks 'ip link set dev $p1 type bridge_slave hairpin off'
fault 19 port-flood 'ip link set dev $p1 type bridge_slave flood off'
more 20 port-learning 'ip link set dev $p1 type bridge_slave learning off'
# Without "sticky" it would move to the guest's own port with the next packet that it sends.
more 21 port-static 'bridge fdb replace $(other_mac g1) dev $p3 master static sticky'
more 24 port-queue 'tc qdisc add dev $p1 root tbf rate 8bit burst 2kb latency 1ms'
fault 32 bridge-arp 'ip link set dev br-n arp off'

# The host's stack.
fault 36 stolen-route 'sysctl -w net/ipv4/conf/br-n/rp_filter=1; ip route add 192.168.77.5/32 via 203.0.113.1' \
	'sysctl -w net/ipv4/conf/br-n/rp_filter=0'
fault 37 blocking-rule 'ip rule add from 192.168.77.0/24 blackhole'
fault 38 subnet-route 'ip route del 192.168.77.0/24 dev br-n'
more 39 stolen-route 'ip route add 192.168.77.0/25 via 203.0.113.1'
more 40 stolen-subnet 'ip address add 192.168.77.77/24 dev uplink0'
fault 41 setting 'sysctl -w net/ipv4/conf/br-n/arp_ignore=8'
fault 42 neighbour 'ip neighbour replace 192.168.77.5 lladdr 02:00:00:00:00:99 dev br-n nud permanent'

# The outside.
fault 87 uplink-enslaved 'ip link add dev other type bridge; ip link set dev uplink0 master other' 'ip link del dev other'
fault 84 default-route 'ip route del default'

# Rules of others that drop whatever guests send: native ones, and those of each kind of iptables. In the chains of our own back end,
# ours come first, or are out of place.
chain() { nft "add table ${3:-inet} fw; add chain ${3:-inet} fw c { type filter hook $1 priority ${4:-0}; policy $2; }"; }
rule() { nft add rule "${2:-inet}" fw c "$1"; }
no_chain() { nft delete table "${1:-inet}" fw; }
where='nft .*(inet|ip6) fw c'
fault 51 foreign-rules 'chain forward drop' no_chain
fault 54 foreign-rules 'chain input accept; rule "udp dport 67 drop"' no_chain
more 55 foreign-rules 'chain input drop; rule "ct state related,established accept"' no_chain
more 56 foreign-rules 'chain output accept; rule "oifname br-n drop"' no_chain
more 53 foreign-rules 'chain forward accept inet 10; rule reject' no_chain
fault 80 foreign-rules 'chain output accept ip6; rule "icmpv6 type nd-router-advert drop" ip6' 'no_chain ip6'
more 80b foreign-rules 'chain input accept ip6; rule "icmpv6 type nd-neighbor-solicit drop" ip6' 'no_chain ip6'
more 80c foreign-rules 'chain forward drop ip6' 'no_chain ip6'
where=
by_kind() {	# by_kind KIND: with iptables-KIND
	v4=iptables-$1 v6=ip6tables-$1 check=foreign-rules early='part|foreign-rules' where="ip6?tables-$1|(ip|ip6) (filter|mangle|raw)"
	[ "$FIREWALL" != "$1" ] && [ "$FIREWALL" != "iptables-$1" ] || check= where=
	[ -z "$check" ] || more 52-$1 $check '$v4 -P FORWARD DROP' '$v4 -P FORWARD ACCEPT; $v4 -F FORWARD'
	[ -z "$check" ] || more 52-$1-6 $check '$v6 -P FORWARD DROP' '$v6 -P FORWARD ACCEPT; $v6 -F FORWARD'
	more 50-$1 "$early" '$v4 -I FORWARD 1 -j DROP' '$v4 -D FORWARD -j DROP'
	more 50-$1-6 "$early" '$v6 -I FORWARD 1 -i br-n -j DROP' '$v6 -D FORWARD -i br-n -j DROP'
	more 54-$1 "$early" '$v4 -I INPUT 1 -p udp --dport 67 -j DROP' '$v4 -D INPUT -p udp --dport 67 -j DROP'
	more 54-$1-53 "$early" '$v4 -I INPUT 1 -i br-n -p udp --dport 53 -j DROP' '$v4 -D INPUT -i br-n -p udp --dport 53 -j DROP'
	more 56-$1 "$early" '$v4 -I OUTPUT 1 -o br-n -j DROP' '$v4 -D OUTPUT -o br-n -j DROP'
	more 50-$1-mangle "$early" '$v4 -t mangle -I PREROUTING -i br-n -j DROP' '$v4 -t mangle -F PREROUTING'
	more 80-$1 "$early" '$v6 -t mangle -I OUTPUT -p icmpv6 --icmpv6-type router-advertisement -j DROP' '$v6 -t mangle -F OUTPUT'
	where=
}
by_kind legacy; by_kind nft
[ "${VNM_DOCTOR:-}" = all ] || [ -n "$only" ] || fault 50 'part|foreign-rules' 'iptables -I FORWARD 1 -j DROP' 'iptables -D FORWARD -j DROP'
undo 'vnm net-repair n'

# Packets are followed.
how=
more 43 packet 'iptables-legacy -t mangle -A PREROUTING -i br-n -j MARK --set-mark 0x66; ip rule add fwmark 0x66 prohibit' \
	'iptables-legacy -t mangle -F PREROUTING; ip rule del fwmark 0x66 2>/dev/null'
only_named 44 packet 'iptables-legacy -t mangle -A PREROUTING -i br-n -j TTL --ttl-set 1' 'iptables-legacy -t mangle -F PREROUTING'
fault 26 packet 'chain prerouting accept bridge -300; rule "ether type ip ether saddr 52:54:00:77:00:05 drop" bridge' 'no_chain bridge'
more 59 packet 'chain input drop bridge' 'no_chain bridge'
fault 59b packet 'chain forward drop bridge' 'no_chain bridge'
more 59c packet 'ebtables-nft -A FORWARD -j DROP' 'nft delete table bridge filter'
more 23 packet 'nft "add table netdev fw; add chain netdev fw c { type filter hook ingress device $p1 priority 0; policy drop; }"' 'no_chain netdev'
if [ -e /proc/sys/net/bridge/bridge-nf-call-iptables ]; then
	sysctl -qw net.bridge.bridge-nf-call-iptables=1
	more 57 foreign-rules 'chain forward accept; rule "iifname br-n oifname br-n drop"' no_chain
	more 57b packet 'chain forward accept; rule "ip saddr 192.168.77.0/24 ip daddr 192.168.77.0/24 drop"' no_chain
	sysctl -qw net.bridge.bridge-nf-call-iptables=0
fi
fault 58 'packet|part' 'iptables-legacy -t raw -A PREROUTING -i br-n -j CT --notrack' 'iptables-legacy -t raw -D PREROUTING -i br-n -j CT --notrack'
more 58b 'packet|part' 'iptables-nft -t raw -A PREROUTING -i br-n -j CT --notrack' 'iptables-nft -t raw -D PREROUTING -i br-n -j CT --notrack'
more 58c packet 'chain prerouting accept ip -301; rule "iifname br-n notrack" ip' 'no_chain ip'
only_named 67 packet 'kill $listener; ended $listener' 'listens g1 80'
more 65 'packet|part' 'iptables-legacy -t nat -I PREROUTING -p tcp --dport 8080 -j DNAT --to 192.168.77.99:80' \
	'iptables-legacy -t nat -D PREROUTING -p tcp --dport 8080 -j DNAT --to 192.168.77.99:80'
more 65b packet 'nft "add table ip fw; add chain ip fw c { type nat hook prerouting priority -110; }"; rule "tcp dport 8080 dnat to 192.168.77.99:80" ip' 'no_chain ip'
only_named 64 'packet|part' 'iptables-legacy -t nat -I PREROUTING -i br-n -p udp --dport 53 -j REDIRECT --to-ports 5353' \
	'vnm net-repair n; iptables-legacy -t nat -D PREROUTING -i br-n -p udp --dport 53 -j REDIRECT --to-ports 5353'
only_named 63 packet 'nft "add table ip fw; add chain ip fw c { type nat hook postrouting priority 90; }"; rule "ip saddr 192.168.77.0/24 snat to 198.51.100.99" ip' \
	'no_chain ip'
# What dnsmasq asks in turn.
other=legacy; [ "$FIREWALL" != legacy ] || other=nft
more 49 packet 'iptables-legacy -P INPUT DROP; [ $FIREWALL = legacy ] || iptables-legacy -A INPUT -i br-n -j ACCEPT' 'iptables-legacy -P INPUT ACCEPT; iptables-legacy -F INPUT; vnm net-repair n'
more 49b packet 'chain input drop; rule "iifname br-n accept"; rule "meta l4proto ipv6-icmp accept"' no_chain
more 49c packet 'chain output accept; rule "oifname uplink0 udp dport 53 drop"' no_chain

# Probes are sent.
fault 79 resolver-loop 'echo nameserver 192.168.77.1 >/etc/resolv.conf'
more 79b resolver-none ': >/etc/resolv.conf'
more 78 'dns-upstream|packet' 'echo nameserver 203.0.113.66 >/etc/resolv.conf'
healthy 'after all faults' n

echo "$faults faults, $named named, $mended mended"
finish
