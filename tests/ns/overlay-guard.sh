#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Who is a host of an overlay, with IPv4 and with IPv6 between the hosts: not a machine beside them, and not a guest, neither by NAT nor by
# its own host. And what a host forwards to guests elsewhere, in both families.
. "$srcdir/tests/lib/ns.sh"
. "$srcdir/tests/lib/hosts.sh"
need nft bridge
HOSTS='1 2'
ok 'hosts' lab_make 2
for k in $HOSTS; do cp "$VNETMGR_ROOT/etc/vnetmgr/network.conf" "$LAB/h$k/etc/vnetmgr/"; done
ip addr add 10.99.0.100/24 dev under; ip addr add fd99::100/64 dev under nodad
# An administrator's rules, which accept nothing by themselves: those in tables of nftables of his own are his.
! in_iptables || for tool in iptables ip6tables; do
	on 1 $tool -P INPUT DROP; on 1 $tool -A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT
	[ $tool = iptables ] || on 1 $tool -A INPUT -p ipv6-icmp -j ACCEPT
done

# definition OUTER-PREFIX
definition() {
	cat <<X
<network xmlns:vnm='urn:vnetmgr:network:1'><name>lab</name><forward mode='nat'><nat ipv6='yes'/></forward><bridge name='br-lab'/>
<ip address='192.168.50.1' prefix='24'/><ip family='ipv6' address='fd50::1' prefix='64'/>
<vnm:overlay vni='100'><vnm:host of='2'/><vnm:peer address='${1}1'/><vnm:peer address='${1}2'/></vnm:overlay></network>
X
}
# A frame that says who has sent it: what has that address is counted where the guest of a host hears.
FORGED=192.168.50.98
count() { inns g$1 nft "table netdev t { chain i { type filter hook ingress device eth0 priority 0; arp saddr ip $FORGED counter; }; }"; }
counted_at() { seen=$(inns g$1 nft list table netdev t); inns g$1 nft delete table netdev t; echo "$seen" | grep 'packets [1-9]'; }
# forges NAMESPACE HOST: with VXLAN of its own, which sends to the address of a host; is it heard by the host's guest?
forges() {
	ip -n $1 link add vx type vxlan id 100 remote $outer$2 dstport 4789 dev eth0 udp6zerocsumrx
	ip -n $1 addr add $FORGED/32 dev vx; ip -n $1 link set vx up
	ip -n $1 route add 192.168.50.97 dev vx
	count $2
	inns $1 ping -n -c 2 -i .3 -W 1 -I $FORGED 192.168.50.97
	ip -n $1 link del vx
	counted_at $2
}
unfiltered() { on $1 nft delete table $inner vnetmgr-vnm100; }

for outer in 10.99.0. fd99::; do
	case $outer in *.) with=IPv4 inner=ip ;; *) with=IPv6 inner=ip6 ;; esac
	definition $outer >"$T/lab.xml"
	for k in $HOSTS; do
		ok "$with: defined" host $k net-define "$T/lab.xml"
		ok "$with: started" host $k net-start lab
		ip netns add g$k
		ok "$with: a guest" host $k net-attach lab --netns g$k --ip 192.168.50.1$k --ip fd50::1$k
	done
	ok "$with: they reach each other, whatever INPUT's policy is" reaches g1 192.168.50.12
	ok "$with: in IPv6, too" reaches g2 fd50::11

	for g in g1 g2; do for out in 10.99.0.100 fd99::100; do ok "$with: $g has the outside, by NAT: $out" reaches $g $out; done; done

	### A machine beside the hosts.
	ip netns add rogue
	ip link add rogue type veth peer name eth0 netns rogue && ip link set rogue master under up
	ip -n rogue link set eth0 up; ip -n rogue addr add 10.99.0.9/24 dev eth0; ip -n rogue addr add fd99::9/64 dev eth0 nodad
	no "$with: a machine that is none of the hosts" forges rogue 2
	ok "$with: without the filter it would be one" unfiltered 2
	ok "$with: and it is" forges rogue 2
	ok "$with: repaired" host 2 net-repair lab
	no "$with: it is not any more" forges rogue 2
	ip link del rogue; ip netns del rogue

	### A guest, in its host's name.
	no "$with: a guest, by NAT" forges g1 2
	no "$with: a guest, to its own host" forges g1 1
	ok "$with: without the filter its host would be its name" unfiltered 1
	ok "$with: and it is" forges g1 2
	ok "$with: repaired" host 1 net-repair lab
	no "$with: it is not any more" forges g1 2

	### A port of one host for a guest of the other one, which only then hears another sender than the guest.
	for to in 192.168.50.12 fd50::12; do
		case $to in *:*) on=fd99::1 end="[$to]:80"; listen=-6 ;; *) on=10.99.0.1 end=$to:80 listen=-4 ;; esac
		own6=$(ip -n g1 -6 -o addr show dev eth0 scope global | sed 's/.*inet6 \([^/]*\).*/\1,/')
		inns g2 nft "table inet n { chain i { type filter hook input priority 0; ip saddr 192.168.50.11 tcp dport 80 accept
			ip6 saddr { $own6 } tcp dport 80 accept; tcp dport 80 counter; }; }"
		translated() { inns g2 nft list table inet n | grep 'packets [1-9]'; }
		ip netns exec g2 nc $listen -l -k -p 80 </dev/null >/dev/null 2>&1 & listener=$!
		await_port 80 inns g2
		ok "$with: guests of two hosts, $to" connects g1 $to 80
		no "$with: without NAT, $to" translated
		ok "$with: a port of host 1 for $to" host 1 net-forward-add lab tcp 8080 "$end" --live
		ok "$with: from outside" nc -z -w 2 $on 8080
		ok "$with: which translates" translated
		inns g2 nft delete table inet n
		ok "$with: from host 1 itself" on 1 nc -z -w 2 $on 8080
		ok "$with: no more" host 1 net-forward-del lab tcp 8080 --live
		kill $listener; ended $listener
	done
	for k in $HOSTS; do
		host $k net-detach lab g$k; ip netns del g$k
		ok "$with: stopped" host $k net-destroy lab; host $k net-undefine lab
	done
done

### Two networks are routed to each other by the host of the guests, and by no other one.
definition 10.99.0. | sed "s|<forward.*/forward>|<forward mode='route'/>|" >"$T/lab.xml"
sed 's/>lab</>two</; s/br-lab/br-two/; s/192.168.50/192.168.51/; s/fd50/fd51/; s/100/101/' "$T/lab.xml" >"$T/two.xml"
for k in $HOSTS; do for n in lab two; do ok "$n on host $k" host $k net-create "$T/$n.xml"; done; done
for g in g1 x1; do ip netns add $g; done
ok 'a guest' host 1 net-attach lab --netns g1 --ip 192.168.50.11 --ip fd50::11
ok 'a guest of the other network' host 1 net-attach two --netns x1 --ip 192.168.51.11 --ip fd51::11
ip link set u1 down
for to in 192.168.51.11 fd51::11; do ok "without any other host: $to" reaches g1 $to; done
ip link set u1 up
for k in $HOSTS; do for n in lab two; do host $k net-destroy $n; done; done
finish
