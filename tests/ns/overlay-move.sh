#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A guest moves from host to host of an overlay: attached there, and then detached here, with the same MAC and IP address. A third
# guest on a third host sends to it every 2 ms, in both families, while it answers, and while it only listens; what is lost is counted.
. "$srcdir/tests/lib/ns.sh"
. "$srcdir/tests/lib/hosts.sh"
need nft bridge
ok 'hosts' three_hosts
cat >"$T/lab.xml" <<'X'
<network xmlns:vnm='urn:vnetmgr:network:1'><name>lab</name><forward mode='nat'/><bridge name='br-lab'/>
<ip address='192.168.50.1' prefix='24'><dhcp><range start='192.168.50.100' end='192.168.50.199'/>
<host mac='52:54:00:50:00:77' ip='192.168.50.77'/></dhcp></ip><ip family='ipv6' address='fd50::1' prefix='64'/>
<vnm:overlay vni='100'><vnm:host of='3'/><vnm:peer address='10.99.0.1'/><vnm:peer address='10.99.0.2'/>
<vnm:peer address='10.99.0.3'/></vnm:overlay></network>
X
for k in $HOSTS; do
	ok "host $k" host $k net-define "$T/lab.xml"
	ok "host $k" host $k net-start lab
	ip netns add g$k
	ok 'a guest' host $k net-attach lab --netns g$k --ip 192.168.50.1$k/24 --ip fd50::1$k/64 --mac 52:54:00:50:00:0$k
done
ok 'it is on host 1' comes 1
pings 'it answers' 1 2 192.168.50.77 fd50::77
pings 'it comes back' 2 1 192.168.50.77 fd50::77
# It speaks by itself as well, where it was, until it leaves.
ip netns exec m1 ping -n -q -i 0.002 192.168.50.13 >/dev/null 2>&1 & talk=$!
pings 'it speaks until it leaves' 1 2 192.168.50.77
kill $talk 2>/dev/null; wait $talk 2>/dev/null

### It only listens: nothing but its host tells where it is.
# counts HOST: what has come to it there
counts() { inns m$1 nft list chain inet c i 2>/dev/null | sed -n 's/.*packets \([0-9]*\) .*/\1/p'; }
listening() { inns m$1 nft 'table inet c { chain i { type filter hook input priority 0; icmp type echo-request counter drop; }; }'; }
ok 'it only listens' listening 2
ip netns exec g3 ping -n -q -i 0.002 192.168.50.77 >/dev/null & sender=$!
until [ "$(counts 2)" -gt 20 ]; do sleep .02; done
ok 'it comes to host 1' comes 1
ok 'it listens there' listening 1
until [ "$(counts 1)" -gt 20 ]; do sleep .02; done
same 'the other hosts know at once' 10.99.0.1 "$(on 3 bridge fdb show dev vnm100 | sed -n 's/^52:54:00:50:00:77 dst \([^ ]*\) .*/\1/p')"
ok 'it leaves host 2' goes 2
before=$(counts 1)
until [ "$(counts 1)" -gt "$before" ]; do sleep .02; done
kill $sender; wait $sender 2>/dev/null

### Its lease goes on: the reservation is known everywhere.
goes 1
for k in 1 2; do
	ip netns add m$k
	ok "host $k" host $k net-attach lab --netns m$k --mac 52:54:00:50:00:77
	ok "a lease of host $k" dhcp m$k
	same 'the same address' 192.168.50.77 "$(dhcp_value m$k ip)"
	same 'and gateway' 192.168.50.1 "$(dhcp_value m$k router)"
	host $k net-detach lab m$k; ip netns del m$k
done

### One network more on running hosts, and one that is applied: nothing of the first is lost.
ip netns exec g3 ping -n -q -i 0.01 -w 60 192.168.50.11 >"$T/ping" & ping=$!
sed "s/>lab</>lab2</; s/br-lab/br-lab2/; s/192.168.50/192.168.51/g; s/fd50/fd51/; s/vni='100'/vni='101'/" "$T/lab.xml" >"$T/lab2.xml"
for k in $HOSTS; do ok "host $k: net-apply" host $k net-apply "$T/lab2.xml"; done
for k in 1 3; do ip netns add n$k; ok 'a guest' host $k net-attach lab2 --netns n$k --ip auto; done
ok 'its guests reach each other' reaches n1 "$(ip -n n3 -4 -o addr show dev eth0 | sed 's/.* inet \([^/]*\).*/\1/')"
sed "s|<host mac=|<host mac='52:54:00:50:00:78' ip='192.168.50.78'/>&|; s|<vnm:peer address='10.99.0.2'/>||" "$T/lab.xml" >"$T/less.xml"
ok 'a peer less, and a reservation more' host 1 net-apply "$T/less.xml"
same 'flooded to' 10.99.0.3 "$(on 1 bridge fdb show dev vnm100 | sed -n 's/^00:00:00:00:00:00 dst \([^ ]*\).*/\1/p' | xargs)"
ok 'all again' host 1 net-apply "$T/lab.xml"
kill -INT $ping; wait $ping
has 'no packet of the others was lost' '[, ]0% packet loss' "$(cat "$T/ping")"
finish
