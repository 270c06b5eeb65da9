#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every rule that a network makes is there for packets that come: each is sent one, and has counted it.
. "$srcdir/tests/lib/ns.sh"

V4=192.168.150 V6=fd00:150
cat >"$T/n.xml" <<X
<network xmlns:vnm='urn:vnetmgr:network:1'><name>n</name><forward mode='nat'><nat ipv6='yes'/></forward><bridge name='br-n' stp='off'/>
<ip address='$V4.1' prefix='24'><dhcp><range start='$V4.100' end='$V4.200'/><host mac='52:54:00:00:00:02' ip='$V4.2'/></dhcp></ip>
<ip family='ipv6' address='$V6::1' prefix='64'><dhcp><range start='$V6::100' end='$V6::200'/></dhcp></ip>
<vnm:portForward proto='tcp' port='8080' to='$V4.2' toPort='80'/><vnm:portForward proto='tcp' port='8080' to='$V6::2' toPort='80'/>
<route address='10.66.0.0' prefix='24' gateway='$V4.2'/><route family='ipv6' address='fd66::' prefix='64' gateway='$V6::2'/>
<vnm:redirect proto='tcp' port='3128' toPort='3129'/></network>
X
ok 'define' vnm -q net-define "$T/n.xml"
ok 'start' vnm -q net-start n
for g in 2 3; do
	ip netns add g$g
	ok "guest $g" vnm -q net-attach n --netns g$g --ip $V4.$g --ip $V6::$g --mac 52:54:00:00:00:0$g
done
# A guest of another network, whose rules are not asked for.
echo "<network><name>m</name><bridge name='br-m' stp='off'/><ip address='$V4.9' prefix='30'/><ip family='ipv6' address='fd00:151::1' prefix='64'/></network>" |
	sed 's/150[.]9/151.9/' >"$T/m.xml"
ok 'another network' vnm -q net-create "$T/m.xml"
guest k br-m
# unheard TOOL: the rules of ours that no packet has met
unheard() {
	if ! in_iptables; then
		case $1 in iptables) family=ip ;; *) family=ip6 ;; esac
		nft list table $family vnetmgr | awk '/chain/ { chain = $2 } /counter packets 0 / && !/br-m/ && chain !~ /br-m/ { print chain, $0 }'
		return
	fi
	for table in filter nat mangle raw; do
		$1 -t $table -nvxL | awk -v table=$table '
			/^Chain/ { chain = $2; next }
			chain ~ /^VNM_/ && $1 == 0 && !/ !?br-m / { print table, chain, $0 }'
	done | tr -s ' '
}
for br in br-n br-m; do echo 0 >/proc/sys/net/ipv4/conf/$br/rp_filter; done # drops what foreign senders send before a rule sees it
has 'nothing has come yet' 'MASQUERADE|masquerade' "$(unheard iptables)"

# Somebody behind another device of the host, whose packets are nobody's of ours; and who answers.
ip netns add other; ip link add other0 type veth peer name eth0 netns other; ip link set other0 up
ip addr add 198.18.0.1/24 dev other0; ip addr add fd18::1/64 dev other0 nodad
inns other ip link set eth0 up; static other 198.18.0.2/24 198.18.0.1; static other fd18::2/64 fd18::1
for n in $V4.0/24 198.18.0.0/24; do outside ip route add $n via $UPLINK; done
for n in $V6::/64 fd18::/64; do outside ip -6 route add $n via $UPLINK6; done
lan=$(outside ip -o route get $UPLINK | sed -n 's/.* dev \([^ ]*\) .*/\1/p')
answers=
for v in 4 6; do
	ip netns exec g2 nc -$v -l -k -p 80 </dev/null >/dev/null 2>&1 & answers="$answers $!"
	nc -$v -l -k -p 3129 </dev/null >/dev/null 2>&1 & answers="$answers $!"
done
until [ "$( (inns g2 ss -Hltn 'sport = :80'; ss -Hltn 'sport = :3129') | wc -l)" = 4 ]; do sleep .02; done

# packets FAMILY: one for each rule. Nobody need answer to what is only counted.
packets() {
	v=$1 host=$2 one=$3 two=$4 server=$5 up=$6 gate=$7 foreign=$8 behind=$9
	tcp() { timeout 3 nc -z -w 1 "$@" >/dev/null 2>&1; }
	udp() { echo x | timeout 3 nc -u -w 1 "$@" >/dev/null 2>&1; }
	ok "v$v: nobody's of ours" reaches other $server
	ok "v$v: of the host" ping -n -c 1 -W 2 $gate
	ok "v$v: out by ICMP" reaches g2 $server
	ok "v$v: out by TCP" connects g2 $server 80
	inns g2 dig +tries=1 +time=1 @$gate example.com >/dev/null 2>&1
	inns g2 dig +tries=1 +time=2 @$host example.com >/dev/null
	inns g2 dig +tcp +tries=1 +time=2 @$host example.com >/dev/null
	for port in 67 547; do inns g2 timeout 1 nc -z -w 1 $host $port; echo x | inns g2 timeout 3 nc -u -w 1 $host $port >/dev/null 2>&1; done
	for port in 53 68 546; do tcp $one $port; udp $one $port; done
	no "v$v: in" outside ping -n -c 1 -W 1 $one
	static g2 $foreign
	no "v$v: a foreign sender" inns g2 ping -n -c 1 -W 1 -I ${foreign%/*} $server
	ip -$v route add $foreign via $one
	no "v$v: one who is behind a guest" inns g2 ping -n -c 1 -W 1 -I ${foreign%/*} $server
	ip -$v route del $foreign
	inns g2 ip addr del $foreign dev eth0
	static g2 $behind
	from=${behind%/*}
	# The first one may find nobody's address known any more.
	ok "v$v: behind a guest, by ICMP" inns g2 ping -n -c 3 -i .3 -W 2 -I $from $server
	inns g2 nc -z -w 1 -s $from $server 80 >/dev/null 2>&1
	ok "v$v: redirected, from behind" inns g2 nc -z -w 2 -s $from $server 3128
	tcp $two 3128; inns g2 nc -z -w 1 -s $from $two 3128 >/dev/null 2>&1
	inns g3 ip route add $behind via $host; inns g3 nc -z -w 1 $from 3128 >/dev/null 2>&1; inns g3 ip route del $behind
	echo x | inns g2 timeout 3 nc -u -w 1 -s $from $server 9 >/dev/null 2>&1
	inns g2 ip addr del $behind dev eth0
	for claimed in $one $from; do
		outside "$builddir/tests/ns/forge" "$lan" "$(cat /sys/class/net/uplink0/address)" udp $claimed 1 $gate 1 'as the guest'
		inns k "$builddir/tests/ns/forge" eth0 "$(cat /sys/class/net/br-m/address)" udp $claimed 1 $host 1 'as a guest of n'
	done
	ip netns exec g2 "$builddir/tests/ns/forge" eth0 "$(cat /sys/class/net/br-n/address)" udp ${foreign%/*} 1 $host 53 'a question'
	ip netns exec g2 "$builddir/tests/ns/forge" eth0 "$(cat /sys/class/net/br-n/address)" udp $host 1 $gate 1 'as the host'
	# What the rules by name are for: a bridge that was removed from its group.
	group=$(cat /sys/class/net/br-n/netdev_group)
	ip link set br-n group 0; for n in $two ${behind%/*}; do ip -$v route add $n/$([ $v = 4 ] && echo 32 || echo 128) dev other0; done
	for from in $host ${foreign%/*} $two ${behind%/*}; do
		ip netns exec g2 "$builddir/tests/ns/forge" eth0 "$(cat /sys/class/net/br-n/address)" udp $from 1 $gate 1 'by name'
	done
	for n in $two ${behind%/*}; do ip -$v route del $n dev other0; done; ip link set br-n group "$group"
	inns g2 ip route add $two via $host
	inns g2 ping -n -c 1 -W 1 $two >/dev/null 2>&1; inns g2 nc -z -w 1 $two 3128 # by the host, also where it does not see bridged packets
	ok "v$v: a forwarded port, from outside" connects internet $up 8080
	ok "v$v: from the host" tcp $up 8080
	ok "v$v: from the other guest" connects g3 $up 8080
	ok "v$v: redirected" connects g2 $server 3128
	ok "v$v: redirected on the host" connects g2 $host 3128
}
packets 4 $V4.1 $V4.2 $V4.3 $SERVER $UPLINK 203.0.113.1 10.9.9.9/32 10.66.0.1/32
packets 6 $V6::1 $V6::2 $V6::3 $SERVER6 $UPLINK6 2001:db8:113::1 fd99::9/128 fd66::1/128
# A query for listeners (MLD), from fe80::2 to ff02::1.
mld=86dd6000000000200001fe800000000000000000000000000002ff0200000000000000000000000000013a000502000001008200
ip netns exec g2 "$builddir/tests/ns/frame" eth0 send "333300000001$(inns g2 cat /sys/class/net/eth0/address | tr -d :)${mld}7c3e03e8000000000000000000000000000000000000"
ok 'a lease' inns g3 busybox udhcpc -i eth0 -n -q -f -s /bin/true
ping -n -c 1 -W 1 -b -I br-n 255.255.255.255 >/dev/null 2>&1
ping -n -c 1 -W 1 -I br-n 224.0.0.1 >/dev/null 2>&1
ping -n -c 1 -W 1 -I $V6::1 ff02::1%br-n >/dev/null 2>&1
# The host's loopback, and guests that want to get there.
ok 'a forwarded port, from the loopback' nc -z -w 2 127.0.0.1 8080
inns g2 sh -c 'echo 1 >/proc/sys/net/ipv4/conf/all/route_localnet; ip route del local 127.0.0.0/8 dev lo table local; ip addr add 127.9.9.9/32 dev eth0'
inns g2 ping -n -c 1 -W 1 -I 127.9.9.9 $V4.1 >/dev/null 2>&1
inns g2 ip route add 127.8.8.8/32 via $V4.1; inns g2 ping -n -c 1 -W 1 127.8.8.8 >/dev/null 2>&1
kill $answers
# Where the kernel has device groups, VNM_FWX, or the first rules of nftables' "forward", have let through already what belongs to a connection.
for tool in iptables ip6tables; do
	same "$tool: every rule has counted a packet" '' "$(unheard $tool | grep -vE '^filter VNM_FWI[^ ]* .* ctstate RELATED,ESTABLISHED$|^to_guests_out.* ct state established,related ')"
done
! in_iptables || rules=$(for tool in iptables ip6tables; do for t in filter nat mangle raw; do $tool -t $t -S; done; done | grep '^-A VNM_' | grep -vc ' br-m ')
echo "${rules:-} rules"
for g in g2 g3; do vnm -q net-detach n $g; ip netns del $g; done
ip netns del k; vnm -q net-destroy n; vnm -q net-destroy m
finish
