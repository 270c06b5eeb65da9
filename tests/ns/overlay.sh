#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A network on three hosts, by VXLAN: its guests reach each other, and have their own host for all else; a machine that is not one of the
# hosts gets nowhere, and neither does a guest that passes for one.
. "$srcdir/tests/lib/ns.sh"
. "$srcdir/tests/lib/hosts.sh"
need nft bridge
ok 'hosts' three_hosts
echo 'dev = "eth0"' >>"$LAB/h3/etc/vnetmgr/host.conf"

# definition OUTER-PREFIX: the same file for all hosts
definition() {
	cat <<X
<network xmlns:vnm='urn:vnetmgr:network:1'><name>lab</name><forward mode='nat'><nat ipv6='yes'/></forward><bridge name='br-lab'/>
<ip address='192.168.50.1' prefix='24'><dhcp><range start='192.168.50.2' end='192.168.50.254'/>
<host mac='52:54:00:50:00:77' ip='192.168.50.77'/></dhcp></ip><ip family='ipv6' address='fd50::1' prefix='64'>
<dhcp><range start='fd50::100' end='fd50::1ff'/></dhcp></ip><vnm:overlay vni='100'><vnm:host of='3'/>$(for k in $HOSTS; do echo "<vnm:peer address='$1$k'/>"; done)</vnm:overlay></network>
X
}
# host_state: what is on the hosts; tables of iptables that are empty do not count
host_state() {
	for k in $HOSTS; do
		on "$k" sh -c 'ip -o link; ip -o addr; ip route; ip -6 route; iptables-save; ip6tables-save; nft list ruleset; find "$VNETMGR_ROOT/run" -type f'
	done 2>&1 | sed 's/^[0-9]*: //; s/@if[0-9]*//; /^#/d; /^:/d; /^[*]/d; /^COMMIT/d; /^table ip/,/^}/d; /scope link/d; /^fe80/d; /serving\|handles\|dnsmasq\|lock\|owner\|firewall/d' | sort
}
# started: the network on all hosts, at once, each with a guest
started() {
	pids=
	for k in $HOSTS; do host $k net-start lab & pids="$pids $!"; done
	for pid in $pids; do wait "$pid" || return; done
	for k in $HOSTS; do
		ip netns add g$k && host $k net-attach lab --netns g$k --ip auto --mac 52:54:00:50:00:0$k || return
	done
}
gone() { for k in $HOSTS; do host $k net-detach lab g$k && ip netns del g$k && host $k net-destroy lab || return; done; }

### IPv6 between the hosts, and then IPv4.
definition fd99:: >"$T/lab.xml"
ok 'defined' each net-define "$T/lab.xml"
before=$(host_state)
ok 'IPv6 between the hosts: started' started
ok 'IPv6 between the hosts: all reach all' all_reach
same 'IPv6 between the hosts: the MTU' 1430 "$(ip -n h1 -o link show br-lab | sed 's/.* mtu \([0-9]*\).*/\1/')"
ok 'IPv6 between the hosts: stopped' gone
same 'no trace is left' "$before" "$(host_state)"
ok 'undefined' each net-undefine lab
definition 10.99.0. >"$T/lab.xml"
ok 'defined' each net-define "$T/lab.xml"
same 'the same MAC address on all hosts' 1 "$(for k in $HOSTS; do host $k net-dumpxml lab | grep '<mac'; done | sort -u | wc -l)"
ok 'started' started
ok 'all reach all' all_reach
for k in $HOSTS; do same "host $k is whole" active "$(host $k net-info lab --json | sed -n 's/.*"state": "\([a-z]*\)".*/\1/p')"; done
has 'net-info has the number, the address and the MTU' '^Overlay: *VNI 100, UDP port 4789, from 10.99.0.2, MTU 1450$' "$(host 2 net-info lab)"
same 'and the peers' '10.99.0.1 10.99.0.3' "$(host 2 net-info lab | sed -n 's/^Peer: *//p' | xargs)"
has 'as JSON' '"vni": 100' "$(host 2 net-info lab --json)"
has 'the live definition has what is this host'\''s' "vni='100' local='10.99.0.2' mtu='1500'" "$(host 2 net-dumpxml lab)"
has 'the device, if host.conf has it' "vni='100' local='10.99.0.3' dev='eth0' mtu='1500'" "$(host 3 net-dumpxml lab)"
has 'and its number' "<vnm:host index='2' of='3'/>" "$(host 2 net-dumpxml lab)"

### Each host serves its own guests.
printf '#!/bin/sh\n[ "$reason" != BOUND6 ] || echo "$new_ip6_address" >"$SIX"\n' >"$T/script6"; chmod +x "$T/script6"
# dhcp6 GUEST: the address that it is given
dhcp6() {
	until inns $1 ip -6 -o addr show dev eth0 scope link | grep -qv tentative; do sleep .02; done
	ip netns exec $1 timeout 20 dhclient -6 -1 -e SIX="$T/$1.six" -sf "$T/script6" -lf "$T/$1.leases6" -pf "$T/$1.pid6" eth0 >&2
	kill -9 "$(cat "$T/$1.pid6")"; cat "$T/$1.six"
}
optional dhclient && six=y || six=
for k in $HOSTS; do
	ip netns add d$k
	ok "host $k: a guest" host $k net-attach lab --netns d$k
	ok "host $k: a lease" dhcp d$k -O mtu
	lease=$(dhcp_value d$k ip); last=${lease##*.}
	ok "host $k: $lease is of its part" [ $((last > (k - 1) * 83 + 1)) = 1 -a $((last < k * 83 + 4)) = 1 ]
	same "host $k: the gateway" 192.168.50.1 "$(dhcp_value d$k router)"
	same "host $k: the MTU" 1450 "$(dhcp_value d$k mtu)"
	[ -n "$six" ] || continue
	lease=$(dhcp6 d$k 2>"$T/out6") last=$((0x0${lease##*:} - 0x100))
	ok "host $k: $lease is of its part" [ $((last >= (k - 1) * 85)) = 1 -a $((last < k * 85 + (k == 3))) = 1 ] || cat "$T/out6"
done
ok 'host 2 is cut off' ip link set u2 down
ok 'its guest has its gateway' reaches g2 192.168.50.1
ok 'in IPv6, too' reaches g2 fd50::1
ok 'and a lease' dhcp d2
ip link set u2 up
same 'the reservation is known on every host' 3 "$(cat "$LAB"/h?/run/vnetmgr/dnsmasq/lab/hosts | grep -c 192.168.50.77)"
# What a host sends to its guests is not heard elsewhere. It is sure to have been sent when the frame behind it has come.
gateway=$(host 1 net-dumpxml lab | sed -n "s/.*<mac address='\(.*\)'.*/\1/p")
for k in $HOSTS; do
	ok "g$k has its gateway" reaches g$k 192.168.50.1
	same "the gateway of g$k is on its host" "$gateway" "$(ip -n g$k neigh show 192.168.50.1 | sed 's/.*lladdr \([^ ]*\).*/\1/')"
	same "of IPv6, too" "$gateway" "$(reaches g$k fd50::1 >/dev/null; ip -n g$k neigh show fd50::1 | sed 's/.*lladdr \([^ ]*\).*/\1/')"
done
no 'no frame of the gateway comes from another host' on 1 sh -c "bridge fdb show dev vnm100 | grep $gateway"

### NAT is for the outside, and never between guests.
ip addr add 10.99.0.100/24 dev under
listens g2 80
guest=$(address g2 -4)
inns g2 nft "table ip n { chain i { type filter hook input priority 0; tcp dport 80 ip saddr != $(address g1 -4) counter; }; }"
translated() { inns g2 nft list table ip n | grep -q 'packets [1-9]'; }
ok 'a guest of another host' connects g1 "$guest" 80
no 'is not reached through NAT' translated
ok 'a forward of host 1' host 1 net-forward-add lab tcp 8080 "$guest:80" --live
ok 'leads to the guest of host 2, from outside' nc -z -w 2 10.99.0.1 8080
ok 'which does translate' translated
inns g2 nft delete table ip n
ok 'and from host 1 itself' on 1 nc -z -w 2 10.99.0.1 8080
kill $listener

### Hosts come and go, and the others go on.
# rogue COMMAND...: in a machine on the link between the hosts that is none of them. It speaks VXLAN, as a guest of the network would.
ip netns add rogue
ip link add rogue type veth peer name eth0 netns rogue && ip link set rogue master under up
ip -n rogue link set lo up; ip -n rogue link set eth0 up; ip -n rogue addr add 10.99.0.9/24 dev eth0
ip -n rogue link add vx type vxlan id 100 remote 10.99.0.1 dstport 4789 dev eth0
ip -n rogue addr add 192.168.50.99/24 dev vx; ip -n rogue link set vx up
own=$(address g1 -4)
# intrudes: with nothing left of earlier attempts
intrudes() { ip -n rogue neigh flush dev vx; reaches rogue "$own"; }
no 'a machine that is no host of the network reaches no guest' intrudes
no 'and no guest has heard of it' sh -c "ip -n g1 neigh show 192.168.50.99 | grep lladdr"
ip netns exec g3 ping -n -q -i 0.01 -w 20 "$own" >"$T/ping" & ping=$!
ok 'a host is added' host 1 net-update lab add peer "<vnm:peer address='10.99.0.9'/>" --live
ok 'it reaches the guest now' intrudes
no_because 'twice' "has peer 10.99.0.9 already" host 1 net-update lab add peer "<vnm:peer address='10.99.0.9'/>" --live
ok 'a host is removed' host 1 net-update lab delete peer "<vnm:peer address='10.99.0.9'/>" --live
no 'it does not reach the guest any more' intrudes
no_because 'once more' "has no peer 10.99.0.9" host 1 net-update lab delete peer "<vnm:peer address='10.99.0.9'/>" --live
same 'the same as before' '10.99.0.2 10.99.0.3' "$(on 1 bridge fdb show dev vnm100 | sed -n 's/^00:00:00:00:00:00 dst \([^ ]*\).*/\1/p' | sort | xargs)"
ok 'host 2 stops' sh -c "ip link set u2 down"
ok 'g1 reaches g3 without it' reaches g1 "$(address g3 -4)"
ip link set u2 up
kill -INT $ping; wait $ping
has 'no packet of the others was lost' '[, ]0% packet loss' "$(cat "$T/ping")"

### A guest moves: it is reached where it is now, before it has sent anything; its host has told the others.
# comes HOST: m, which sends nothing by itself, with the address that is reserved for its MAC address
comes() { host $1 net-attach lab --netns m --ip 192.168.50.77/24 --ip fd50::77/64 --mac 52:54:00:50:00:77; }
ip netns add m
ok 'a guest comes to host 1' comes 1
ok 'it is reached from host 2' reaches g2 192.168.50.77
ok 'and from host 3' reaches g3 192.168.50.77
ok 'it leaves' host 1 net-detach lab m
for k in 1 3; do on $k ip neigh flush dev br-lab; done
ok 'it comes to host 2' comes 2
has 'the others know at once' '^52:54:00:50:00:77 dst 10.99.0.2 self' "$(on 3 bridge fdb show dev vnm100)"
for k in 1 3; do
	for it in 192.168.50.77 fd50::77; do
		case $it in *:*) [ -e /proc/sys/net/ipv6/conf/all/accept_untracked_na ] || continue ;; esac
		ok "host $k itself, too: $it" until_is 1 sh -c 'ip -n $0 neigh show $1 dev br-lab | grep -c 52:54:00:50:00:77' h$k $it
	done
done
ok 'it is reached from host 3' reaches g3 192.168.50.77
ok 'in IPv6, too' reaches g3 fd50::77
ok 'and from host 1, where it was' reaches g1 192.168.50.77
ok 'it leaves' host 2 net-detach lab m
ok 'it comes back to host 1' comes 1
has 'the others know at once' '^52:54:00:50:00:77 dst 10.99.0.1 self' "$(on 3 bridge fdb show dev vnm100)"
same 'the bridge here knows, too' vnet "$(on 1 bridge fdb show br br-lab | sed -n 's/^52:54:00:50:00:77 dev \([a-z]*\).*/\1/p' | grep -v vnm | sort -u)"
host 1 net-detach lab m; ip netns del m

### A guest does not pass for a host: through NAT it would have the address of one.
victim=$(address g2 -4)
ip -n g1 link add vx type vxlan id 100 remote 10.99.0.2 dstport 4789 dev eth0
ip -n g1 addr add 192.168.50.98/32 dev vx; ip -n g1 link set vx up
ip -n g1 route add "$victim" dev vx
heard() { inns g2 nft list table netdev t | grep -q 'packets [1-9]'; }
inns g2 nft 'table netdev t { chain i { type filter hook ingress device eth0 priority 0; arp saddr ip 192.168.50.98 counter; }; }'
inns g1 ping -n -c 1 -W 1 -I 192.168.50.98 "$victim" >/dev/null
no 'what a guest sends to the port of another host' heard
on 1 nft delete table ip vnetmgr-vnm100
has 'without the filter, the network is degraded' 'filter of vnm100' "$(host 1 net-info lab)"
inns g1 ping -n -c 1 -W 1 -I 192.168.50.98 "$victim" >/dev/null
ok 'and the guest would pass for one' heard
ok 'repaired' host 1 net-repair lab
inns g2 nft delete table netdev t
inns g2 nft 'table netdev t { chain i { type filter hook ingress device eth0 priority 0; arp saddr ip 192.168.50.98 counter; }; }'
ip -n g1 neigh flush dev vx
inns g1 ping -n -c 1 -W 1 -I 192.168.50.98 "$victim" >/dev/null
no 'it does not any more' heard
ip -n g1 link del vx

### What somebody has removed is missed, and made again.
on 2 bridge fdb del 00:00:00:00:00:00 dev vnm100 dst 10.99.0.3
has 'a host that is not flooded to' 'host 10.99.0.3 of vnm100' "$(host 2 net-info lab)"
on 2 ip link del vnm100
has 'no device' 'VXLAN device vnm100' "$(host 2 net-info lab)"
ok 'repaired' host 2 net-repair lab
ok 'all reach all' all_reach
sed "s/>lab</>lab2</; s/br-lab/br-lab2/; s/192.168.50/192.168.51/g; s/fd50/fd51/g" "$T/lab.xml" >"$T/lab2.xml"
for verb in create define; do
	no_because "net-$verb: two networks, one number" "VNI 100 of network 'lab2' is already in use by network 'lab'" host 1 net-$verb "$T/lab2.xml"
done
### Guests that are isolated from each other are so on all hosts; a guest that is not reaches those of others as before.
for k in 1 2; do ip netns add i$k; ok 'an isolated guest' host $k net-attach lab --netns i$k --ip auto --isolated; done
no 'one does not reach one of another host' reaches i1 "$(address i2 -4)"
no 'nor the other way' reaches i2 "$(address i1 -4)"
ok 'it reaches its gateway' reaches i1 192.168.50.1
ok 'guests that are not isolated reach each other' reaches g1 "$(address g2 -4)"
same 'both hosts are whole' 0 "$(for k in 1 2; do host $k net-info lab; done | grep -c Degraded)"
for k in 1 2; do ok 'it leaves' host $k net-detach lab i$k; ip netns del i$k; done
ok 'all reach all' all_reach
# Two networks with the same hosts do not depend on each other.
sed -i "s/vni='100'/vni='101'/" "$T/lab2.xml"
ok 'a second network' host 1 net-create "$T/lab2.xml"
ok 'it ends' host 1 net-destroy lab2
same 'the first is whole' 0 "$(host 1 net-info lab | grep -c Degraded)"
ok 'all reach all' all_reach

### The end.
for k in $HOSTS; do host $k net-detach lab d$k; ip netns del d$k; done
ip netns del rogue
ok 'stopped' gone
same 'no trace is left' "$before" "$(host_state)"
finish
