#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A forged packet opens no way to or between guests, nor past the administrator's own rules: from the LAN, from guests
# of other networks and of the same one, routed and bridged, with every setting of rp_filter and of br_netfilter. And
# what may come otherwise than by the shortest way goes on.
. "$srcdir/tests/lib/ns.sh"
in_iptables || need nft
forge=$builddir/tests/ns/forge
[ -x "$forge" ] || skip "$forge was not built"

# net NAME BRIDGE V4 V6 BODY: guests have .2 and .3, ::2 and ::3
net() {
	printf "<network><name>%s</name><bridge name='%s' stp='off'/>%s<ip address='%s.1' prefix='24'/><ip family='ipv6' address='%s::1' prefix='64'/></network>" \
		"$1" "$2" "$5" "$3" "$4" >"$T/$1.xml"
	ok "create $1" vnm -q net-create "$T/$1.xml"
}
net n1 n1br 192.168.50 fd00:50 "<forward mode='nat'><nat ipv6='yes'/></forward>"
net n2 n2br 192.168.60 fd00:60 "<forward mode='nat'><nat ipv6='yes'/></forward><route address='10.66.0.0' prefix='24' gateway='192.168.60.2'/>"
# Of several subnets, and one behind a guest.
net rt rtbr 192.168.70 fd00:70 "<forward mode='route'/><ip address='192.168.71.1' prefix='24'/><ip family='ipv6' address='fd00:71::1' prefix='64'/><route address='10.77.0.0' prefix='24' gateway='192.168.70.2'/>"
net r2 r2br 192.168.90 fd00:90 "<forward mode='route'/>"
net iso isobr 10.2.1 fd00:21 ''
echo "<network><name>in</name><bridge name='inbr' stp='off'/></network>" >"$T/in.xml"; ok 'create in' vnm -q net-create "$T/in.xml"
# member GUEST BRIDGE V4 V6 NUMBER
member() { guest "$1" "$2"; static "$1" "$3.$5/24" "$3.1"; static "$1" "$4::$5/64" "$4::1"; }
member a n1br 192.168.50 fd00:50 2; member b n1br 192.168.50 fd00:50 3; member c n2br 192.168.60 fd00:60 2
member r rtbr 192.168.70 fd00:70 2; member i isobr 10.2.1 fd00:21 2; guest k inbr; member q r2br 192.168.90 fd00:90 2
inns c ip addr add 10.66.0.1/32 dev lo; inns r ip addr add 10.77.0.1/32 dev lo
static r 192.168.71.2/24; static r fd00:71::2/64
echo 1 >/proc/sys/net/ipv4/ip_forward; echo 1 >/proc/sys/net/ipv6/conf/all/forwarding

# What the victims hear of UDP, what the host's own rule lets in that it should not, and what leaves.
for tool in iptables ip6tables; do
	for g in b c i r q; do inns $g $tool -A INPUT -p udp -j ACCEPT; done
	outside $tool -A INPUT -p tcp --dport 4444 -j ACCEPT
	$tool -A INPUT -i n1br -p udp --dport 7000:7999 -m conntrack --ctstate ESTABLISHED -j ACCEPT
	$tool -A INPUT -i inbr -p udp -j ACCEPT
	$tool -A INPUT -i n1br -p udp --dport 6999 -j ACCEPT
	$tool -A INPUT -i n1br -p udp --dport 7000:7999 -j DROP
done
in_iptables || {
	count_input host 'iifname n1br udp dport 7000-7999 ct state established'
	count_input internal 'iifname inbr meta l4proto udp'
	count_input service 'iifname n1br udp dport 6999'
}
# heard FAMILY WHO: of the first rule for UDP that is not vnetmgr's; "internet": TCP to port 4444
heard() {
	tool=$([ "$1" = 4 ] && echo iptables || echo ip6tables)
	in_iptables || case $2 in host | internal | service) counted $2 $1; return ;; esac
	case $2 in host) $tool -nvxL INPUT ;; internal) $tool -nvxL INPUT | grep ' inbr ' ;; service) $tool -nvxL INPUT | grep dpt:6999 ;; *) inns "$2" $tool -nvxL INPUT ;; esac | awk '$4 == "udp" || $4 == 17 || /dpt:4444/ { print $1; exit }'
}
mac() { cat "/sys/class/net/$1/address"; }
lan=$(outside ip -o route get $UPLINK | sed -n 's/.* dev \([^ ]*\) .*/\1/p')
NOBODY=02:00:00:00:00:99	# no port of the bridge: a frame to it goes to all

port=5000
opens() {	# opens WHAT FAMILY VICTIM COMMAND...: the command sends forged packets; none must arrive
	what=$1 family=$2 victim=$3; shift 3
	was=$(heard "$family" "$victim")
	"$@"
	same "$what" "$was" "$(heard "$family" "$victim")"
}
# two_steps FROM DEVICE MAC FORGED TO OWN GATE: as FORGED to OWN, for the record; then as OWN to GATE, by the way that it made
two_steps() {
	from=$1 dev=$2 to_mac=$3 forged=$4 own=$5 gate=$6 back_mac=${7:-$3}
	port=$((port + 1))
	inns "$from" "$forge" "$dev" "$to_mac" udp "$forged" $port "$own" 4444 forged
	inns "$from" "$forge" "$dev" "$back_mac" udp "$own" 4444 "$gate" $port request
	inns "$from" ping -n -c 1 -W 1 "$(inns "$from" ip route show default | awk '{ print $3; exit }')" >/dev/null 2>&1 # what was sent before it has been dealt with
}
# the same past the administrator's rule, which knows port 7000 and more
to_host() { saved=$port; port=$((7000 + port % 900)); two_steps "$@"; port=$((saved + 1)); }

settings() {
	for f in /proc/sys/net/ipv4/conf/*/rp_filter; do echo "$1" >"$f"; done
	for f in iptables ip6tables; do echo "$2" >/proc/sys/net/bridge/bridge-nf-call-$f 2>/dev/null; done
}

# attacks FAMILY WORDS C OWN-LAN UPLINK A GATE-A R GATE-R I GATE-I
attacks() {
	v=$1 w=$2 c=$3 lan_ip=$4 up=$5 a=$6 ga=$7 r=$8 gr=$9 i=${10} gi=${11}
	opens "$w: the LAN, as a NAT guest" $v c two_steps internet "$lan" "$(mac uplink0)" $c $lan_ip $up
	opens "$w: the LAN, as a guest of a host-only network" $v i two_steps internet "$lan" "$(mac uplink0)" $i $lan_ip $i
	opens "$w: a NAT guest, as one of another network" $v c two_steps a eth0 "$(mac n1br)" $c $a $ga
	opens "$w: a routed guest, as a NAT guest" $v c two_steps r eth0 "$(mac rtbr)" $c $r $gr
	opens "$w: a host-only guest, as a NAT guest" $v c two_steps i eth0 "$(mac isobr)" $c $i $gi
	opens "$w: a NAT guest, as a host-only guest" $v i two_steps a eth0 "$(mac n1br)" $i $a $i
	opens "$w: on the bridge, as one of another network" $v c two_steps a eth0 $NOBODY $c $a $ga "$(mac n1br)"
	opens "$w: on the bridge, as the host" $v host to_host a eth0 $NOBODY $up $a $up "$(mac n1br)"
	opens "$w: on the bridge, as its gateway" $v host to_host a eth0 $NOBODY $ga $a $ga "$(mac n1br)"
}
attacks4() {
	attacks 4 "$1" 192.168.60.2 203.0.113.1 $UPLINK 192.168.50.2 192.168.50.1 192.168.70.2 192.168.70.1 10.2.1.2 10.2.1.1
	opens "$1: the LAN, as one behind a NAT guest" 4 c two_steps internet "$lan" "$(mac uplink0)" 10.66.0.1 203.0.113.1 10.66.0.1
}
attacks6() { attacks 6 "$1" fd00:60::2 2001:db8:113::1 $UPLINK6 fd00:50::2 fd00:50::1 fd00:70::2 fd00:70::1 fd00:21::2 fd00:21::1; }

# one FROM MAC FORGED TO: one packet
one() {
	inns "$1" "$forge" eth0 "$2" udp "$3" 5000 "$4" 4444 forged
	inns "$1" ping -n -c 1 -W 1 "$(inns "$1" ip route show default | awk '{ print $3; exit }')" >/dev/null 2>&1
}
ask_host() { inns a "$forge" eth0 "$(mac n1br)" udp "$1" 5000 "$2" 6999 forged; inns a ping -n -c 1 -W 1 192.168.50.1 >/dev/null; }
reset() { inns "$1" "$forge" eth0 "$2" rst "$3" 5000 "$4" 4444; inns "$1" ping -n -c 1 -W 1 192.168.50.1 >/dev/null; }
# leaks FAMILY WORDS A R ELSEWHERE SERVER: a NAT guest's packets with a source that nobody can answer
leaks() {
	opens "$2: a NAT guest, as somebody outside, to a routed one" "$1" r one a "$(mac n1br)" "$5" "$4"
	opens "$2: a NAT guest, as the host, to a routed one" "$1" r one a "$(mac n1br)" "$6" "$4"
	opens "$2: a NAT guest, as another routed one" "$1" r one a "$(mac n1br)" "${4%2}3" "$4"
	opens "$2: a NAT guest's packet of no connection leaves with its own address" "$1" internet reset a "$(mac n1br)" "$3" "$7"
}
# forged FAMILY WORDS TO OUTSIDE HOST OTHER: what is of none of its subnets, from a routed guest to another one
forged() {
	for from in "$4" "$5" "$6"; do opens "$2: a routed guest of several subnets, as $from" "$1" q one r "$(mac rtbr)" "$from" "$3"; done
}
leaks4() { leaks 4 "$1" 192.168.50.2 192.168.70.2 8.8.8.8 $UPLINK $SERVER; }
leaks6() { leaks 6 "$1" fd00:50::2 fd00:70::2 2001:db8:77::1 $UPLINK6 $SERVER6; }

# Everybody has found everybody, and what is counted can be heard at all.
for g in c r i a b q; do for f in 4 6; do inns $g ping -$f -n -c 1 -W 3 "$(inns $g ip -$f route show default | awk '{ print $3 }')" >/dev/null; done; done
for n in 192.168.60.2 fd00:60::2 10.2.1.2 fd00:21::2 10.66.0.1 10.77.0.1; do ok "the host reaches $n" ping -n -c 1 -W 3 $n; done
for f in 4 6; do
	was=$(heard $f c)
	[ $f = 4 ] && inns b "$forge" eth0 "$(mac n1br)" udp 192.168.50.3 53 192.168.60.2 53 x
	echo x | nc -u -w 1 "$([ $f = 4 ] && echo 192.168.60.2 || echo fd00:60::2)" 4000 >/dev/null 2>&1
	same "IPv$f: c hears the host, and nobody else" $((was + 1)) "$(heard $f c)"
done
[ -e /proc/sys/net/bridge/bridge-nf-call-iptables ] && bridged='0 1' || { bridged=0; echo 'br_netfilter is not loaded' >&2; }
for nf in $bridged; do
	for rp in 0 1 2; do
		settings $rp $nf
		how="rp_filter $rp, nf-call $nf"
		attacks4 "IPv4, $how"
		[ $rp = 0 ] || continue # of IPv4 only
		attacks6 "IPv6, nf-call $nf"
	done
	settings 0 $nf
	opens "IPv4, nf-call $nf: a guest asks the host as one of another network" 4 service ask_host 192.168.60.2 192.168.50.1
	opens "IPv6, nf-call $nf: a guest asks the host as one of another network" 6 service ask_host fd00:60::2 fd00:50::1
	leaks4 "IPv4, nf-call $nf"; leaks6 "IPv6, nf-call $nf"
	forged 4 "IPv4, nf-call $nf" 192.168.90.2 8.8.8.8 $UPLINK 192.168.60.2; forged 6 "IPv6, nf-call $nf" fd00:90::2 2001:db8:77::1 $UPLINK6 fd00:60::2
	for n in 192.168.50.1 203.0.113.2; do
		opens "nf-call $nf: a guest of an internal network, as one of the host's, to $n" 4 internal one k "$(mac inbr)" 192.168.50.7 $n
		opens "nf-call $nf: the same, with an address of its own, to $n" 4 internal one k "$(mac inbr)" 10.200.0.1 $n
	done
done

echo '--- what is right goes on, past rules of the administrator that go by the record'
for nf in $bridged; do
	settings 0 $nf
	for n in n1br rtbr; do iptables -I INPUT -i $n -m conntrack ! --ctstate RELATED,ESTABLISHED -p icmp -j DROP; done
	w="nf-call $nf"
	same "$w: a NAT guest and the outside" "you are $UPLINK" "$(web a $SERVER)"
	same "$w: over IPv6" "you are $UPLINK6" "$(web a "[$SERVER6]")"
	ok "$w: guests of a network" reaches a 192.168.50.3
	for g in a:1 b:2; do inns "${g%:*}" ip addr add "172.30.0.${g#*:}/24" dev eth0; done
	ok "$w: another subnet on the same bridge" reaches a 172.30.0.2
	for g in a:1 b:2; do inns "${g%:*}" ip addr del "172.30.0.${g#*:}/24" dev eth0; done
	for f in 4 6; do
		[ $f = 4 ] && from=192.168.60.9 to=192.168.50.3 || from=fd00:60::9 to=fd00:50::3
		was=$(heard $f b)
		inns a "$forge" eth0 "$(inns b cat /sys/class/net/eth0/address)" udp $from 5000 $to 4444 'through a router'
		inns a ping -n -c 1 -W 1 192.168.50.3 >/dev/null
		same "$w, IPv$f: from another network by a guest's own router" $((was + 1)) "$(heard $f b)"
	done
	ok "$w: <route> behind a routed guest answers the host" ping -n -c 1 -W 2 10.77.0.1
	inns a ip addr add 10.8.0.1/32 dev lo; ip route add 10.8.0.0/24 via 192.168.50.2
	ok "$w: so does a VPN behind a NAT guest that only the host's routes know" ping -n -c 1 -W 2 10.8.0.1
	ip route del 10.8.0.0/24; inns a ip addr del 10.8.0.1/32 dev lo
	for from in 192.168.71.2 fd00:71::2 10.77.0.1; do
		to=192.168.90.2
		case $from in fd*) to=fd00:90::2 ;; esac
		ok "$w: a routed guest to another one, as $from" inns r ping -n -c 1 -W 2 -I $from $to
	done
	outside ip route add 192.168.70.0/24 via $UPLINK
	ok "$w: from outside to a routed guest" outside ping -n -c 1 -W 2 192.168.70.2
	outside ip route del 192.168.70.0/24
	for n in n1br rtbr; do iptables -D INPUT -i $n -m conntrack ! --ctstate RELATED,ESTABLISHED -p icmp -j DROP; done
done
echo '--- by the rules of each network alone: a kernel without rpfilter'
if in_iptables; then
	for tool in iptables ip6tables; do
		while $tool -t raw -S VNM_SRC 1 | grep -Eq 'rpfilter|devgroup'; do $tool -t raw -D VNM_SRC 1; done
	done
else
	for family in ip ip6; do nft -a list chain $family vnetmgr raw_prerouting | grep -E 'fib|ifgroup' |
		sed "s/.* /delete rule $family vnetmgr raw_prerouting handle /" | nft -f -; done
fi
settings 0 "${bridged#0 }"
attacks4 'IPv4, no gates'; attacks6 'IPv6, no gates'
for n in 192.168.60.2 fd00:60::2 10.66.0.1 10.77.0.1; do ok "no gates: the host reaches $n" ping -n -c 1 -W 3 $n; done
same 'no gates: a NAT guest and the outside' "you are $UPLINK" "$(web a $SERVER)"
echo '--- a host-only network keeps closed whatever is on record'
if in_iptables; then for tool in iptables ip6tables; do $tool -t raw -F VNM_SRC; done
else for family in ip ip6; do nft flush chain $family vnetmgr raw_prerouting; done; fi
opens 'IPv4: from it' 4 c two_steps i eth0 "$(mac isobr)" 192.168.60.2 10.2.1.2 10.2.1.1
opens 'IPv6: from it' 6 c two_steps i eth0 "$(mac isobr)" fd00:60::2 fd00:21::2 fd00:21::1
opens 'IPv4: to it' 4 i two_steps a eth0 "$(mac n1br)" 10.2.1.2 192.168.50.2 10.2.1.2
opens 'IPv6: to it' 6 i two_steps a eth0 "$(mac n1br)" fd00:21::2 fd00:50::2 fd00:21::2
for n in n1 n2 rt r2 iso; do ok "repair $n" vnm -q net-repair $n; done
ip link set isobr group 7
no 'its bridge in another group: to the outside' reaches i $SERVER
no 'the same over IPv6' reaches i $SERVER6
outside ip route add 10.2.1.0/24 via $UPLINK
no 'from the outside' outside ping -n -c 1 -W 1 10.2.1.2
outside ip route del 10.2.1.0/24
ok 'among its guests and with the host all is as it was' reaches i 10.2.1.1
ok 'repair iso' vnm -q net-repair iso
same 'the group is its own again' 0x766e6d00 "$(printf '0x%x' "$(cat /sys/class/net/isobr/netdev_group)")"

echo '--- no answer of DNS goes to somebody who did not ask'
settings 0 "${bridged#0 }"
outside iptables -I INPUT -p udp --sport 53 -d $SERVER -j ACCEPT
hex() { printf '%s' "$1" | tr . '\n' | xargs printf '%02x'; }
question=123401000001000000000000076578616d706c6503636f6d0000010001
ask() { inns a "$builddir/tests/ns/frame" eth0 send "$(mac n1br | tr -d :)$(inns a cat /sys/class/net/eth0/address | tr -d :)0800450000000000000040110000$(hex "$1")$(hex 192.168.50.1)0400003500000000$question"; }
answers() { outside iptables -nvxL INPUT | awk '/spt:53/ { print $1; exit }'; }
ask $SERVER; ok 'who asks rightly is answered' inns a dig +tries=1 +time=3 @192.168.50.1 example.com
same 'no answer' 0 "$(answers)"


echo '--- isolated ports are isolated by way of the host, too'
# port_of GUEST: its device on the bridge
port_of() { ip -o link | sed -n "s/^$(inns "$1" cat /sys/class/net/eth0/iflink): \([^@:]*\).*/\1/p"; }
within() { uncounted_rules | grep -E -- "-i $1 -o $1 |iifname \"$1\" oifname \"$1\" "; }
# apart NETWORK BRIDGE V4 V6 HOW...: guests .10 and .11 on isolated ports, .12 not
apart() {
	p=$1 br=$2 v4=$3 v6=$4; shift 4
	for g in 10 11 12; do
		ip netns add "g$g"
		[ $g != 12 ] || set --
		ok "$p: attach $g" vnm -q net-attach "$p" --netns "g$g" --ip "$v4.$g" --ip "$v6::$g" "$@"
	done
	for n in $v4.12 $v6::12; do ok "$p: to a guest that is not isolated: $n" reaches g10 $n; done
	for g in 10:11 11:10; do
		inns "g${g%:*}" ip route add "$v4.${g#*:}/32" via "$v4.1"; inns "g${g%:*}" ip -6 route add "$v6::${g#*:}/128" via "$v6::1"
	done
	inns g11 iptables -A INPUT -p udp -j ACCEPT; inns g11 ip6tables -A INPUT -p udp -j ACCEPT
	for nf in $bridged; do
		settings 0 $nf
		for n in $v4.11 $v6::11; do no "$p, nf-call $nf: by the host to $n" reaches g10 $n; done
		opens "$p, nf-call $nf: not even one way" 4 g11 one g10 "$(mac "$br")" $v4.10 $v4.11
		opens "$p, nf-call $nf: over IPv6" 6 g11 one g10 "$(mac "$br")" $v6::10 $v6::11
		opens "$p, nf-call $nf: nor by the address of its own port" 4 g11 one g10 "$(mac "$(port_of g10)")" $v4.10 $v4.11
		opens "$p, nf-call $nf: over IPv6" 6 g11 one g10 "$(mac "$(port_of g10)")" $v6::10 $v6::11
		for n in $v4.12 $v6::12; do ok "$p, nf-call $nf: to one that is not isolated: $n" reaches g10 $n; done
		ok "$p, nf-call $nf: from there to an isolated one" reaches g12 $v4.11
	done
	for g in 10 11 12; do ok "$p: detach $g" vnm -q net-detach "$p" "g$g"; ip netns del "g$g"; done
}
net p pbr 192.168.80 fd00:80 "<forward mode='nat'><nat ipv6='yes'/></forward>"
before=$(within pbr)
in_iptables || {
	ip netns add g10
	no 'an isolated port with a kernel that does not know what was routed' setarch --uname-2.6 "$VNETMGR" net-attach p --netns g10 --ip auto --isolated
	has 'why' "with the firewall back end 'nftables', that takes Linux 5.7; set firewall_backend to" "$(cat "$T/out")"
	ip netns del g10
}
apart p pbr 192.168.80 fd00:80 --isolated
same 'without isolated guests the rules are as they were' "$before" "$(within pbr)"
settings 0 0 # with br_netfilter the bridge itself leads a translated packet on, and keeps isolated ports apart
ip netns add g; ip netns add h
for g in g:10 h:11; do vnm -q net-attach p --netns "${g%:*}" --ip "192.168.80.${g#*:}" --isolated; done
listens h 80
ok 'a port that leads to one of them' vnm -q net-forward-add p tcp 8080 192.168.80.11:80
ok 'is open to the other' connects g $UPLINK 8080
kill $listener; vnm -q net-destroy p; ip netns del g; ip netns del h
net q qbr 10.2.2 fd00:22 "<portgroup name='apart'><port isolated='yes'/></portgroup>"
apart q qbr 10.2.2 fd00:22 --portgroup apart
ok 'destroy q' vnm -q net-destroy q

# Of guests that others have put on isolated ports there is a record.
net s sbr 192.168.81 fd00:81 "<forward mode='nat'><nat ipv6='yes'/></forward>"
before=$(within sbr)
for g in 10 11; do member g$g sbr 192.168.81 fd00:81 $g; bridge link set dev g$g isolated on; inns g$g iptables -A INPUT -p udp -j ACCEPT; inns g$g ip6tables -A INPUT -p udp -j ACCEPT; done
echo "<networkport><owner><name>vm</name><uuid>00000000-0000-4000-8000-000000000001</uuid></owner><mac address='52:54:00:00:00:10'/><port isolated='yes'/></networkport>" >"$T/port.xml"
ok 'a port on record' vnm net-port-create s "$T/port.xml"; uuid=$(grep -o '[0-9a-f]\{8\}-[0-9a-f-]*' "$T/out" | head -n 1)
for g in 10:11 11:10; do
	inns "g${g%:*}" ip route add "192.168.81.${g#*:}/32" via 192.168.81.1; inns "g${g%:*}" ip -6 route add "fd00:81::${g#*:}/128" via fd00:81::1
done
for nf in $bridged; do
	settings 0 $nf
	for n in 192.168.81.11 fd00:81::11; do no "on record, nf-call $nf: by the host to $n" inns g10 ping -n -c 1 -W 1 $n; done
	opens "on record, nf-call $nf: not even one way" 4 g11 one g10 "$(mac sbr)" 192.168.81.10 192.168.81.11
done
ok 'the record goes' vnm net-port-delete s "$uuid"
same 'and the rules are as they were' "$before" "$(within sbr)"
leave g10 g11; vnm -q net-destroy s

# A routed guest's second way to the host leads over the LAN.
ip link add leg type veth peer name leg1 netns r; ip link set leg netns internet
outside ip addr add 198.18.7.1/24 dev leg; outside ip link set leg up
inns r ip addr add 198.18.7.2/24 dev leg1; inns r ip link set leg1 up
inns r ip route add $UPLINK via 198.18.7.1 src 192.168.70.2
for f in all default leg; do outside sh -c "echo 0 >/proc/sys/net/ipv4/conf/$f/rp_filter"; done
inns r sh -c 'for f in /proc/sys/net/ipv4/conf/*/rp_filter; do echo 0 >$f; done'
ok 'a routed guest that has several ways' reaches r $UPLINK
inns r ip link del leg1

for n in n1 n2 rt r2 iso in; do ok "destroy $n" vnm -q net-destroy $n; done
same 'the raw table is as it was' '' "$(iptables -t raw -S | grep VNM_; ip6tables -t raw -S | grep VNM_)"
finish
