#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every forward mode, IPv4 and IPv6, with real packets in the allowed and in the forbidden directions.
. "$srcdir/tests/lib/ns.sh"

# define_start NAME BRIDGE BODY: no STP, so that guests' ports forward at once.
define_start() {
	printf "<network><name>%s</name><bridge name='%s' stp='off'/>%s</network>" "$1" "$2" "$3" >"$T/$1.xml"
	ok "define $1" vnm net-define "$T/$1.xml" && ok "start $1" vnm net-start "$1"
}
before=$(snapshot)

V4=192.168.140 V6=fd00:140
both() { echo "<ip address='$1.1' prefix='24'/><ip family='ipv6' address='$2::1' prefix='64'/>"; }
# two GUESTS of a network: both families, default routes through the host
guests() {
	for i in 2 3; do
		guest "$1$i" "$2"; inns "$1$i" sh -c 'echo 0 >/proc/sys/net/ipv6/conf/eth0/autoconf'	# else it takes an address of its own as the source
		static "$1$i" "$3.$i/24" "$3.1"; static "$1$i" "$4::$i/64" "$4::1"
	done
}
known() { outside ip route replace "$1.0/24" via "$UPLINK"; outside ip -6 route replace "$2::/64" via "$UPLINK6"; }
unknown() { outside ip route del "$1.0/24"; outside ip -6 route del "$2::/64"; }
gone() { leave "$1"2 "$1"3; ok "destroy $2" vnm net-destroy "$2"; same "$2 leaves no trace" "$before" "$(snapshot)"; vnm -q net-undefine "$2"; }

echo '--- nat: out with the uplink'"'"'s address, nothing in; IPv6 is routed'
define_start nat br-nat "<forward/>$(both $V4 $V6)"
guests n br-nat $V4 $V6
same 'nat: seen as the uplink' "you are $UPLINK" "$(web n2 $SERVER)"
ok 'nat: guest to guest' reaches n2 $V4.3
ok 'nat: guest to guest, v6' reaches n2 $V6::3
known $V4 $V6
same 'nat: v6 is routed, not translated' "you are $V6::2" "$(web n2 "[$SERVER6]")"
no 'nat: outside to guest' outside ping -n -c 1 -W 1 $V4.2
ok 'nat: outside to guest over routed v6' outside ping -n -c 1 -W 2 $V6::2
unknown $V4 $V6
gone n nat

echo '--- nat with ipv6: both families translated'
define_start nat6 br-nat6 "<forward mode='nat'><nat ipv6='yes'/></forward>$(both $V4 $V6)"
guests n br-nat6 $V4 $V6
same 'nat6: seen as the uplink' "you are $UPLINK6" "$(web n2 "[$SERVER6]")"
known $V4 $V6
no 'nat6: outside to guest' outside ping -n -c 1 -W 1 $V6::2
unknown $V4 $V6
gone n nat6

echo '--- nat with addresses, ports and a device'
ip addr add 203.0.113.77/32 dev uplink0
before=$(snapshot)
define_start natopt br-natopt "<forward mode='nat' dev='uplink0'><nat><address start='203.0.113.77' end='203.0.113.77'/><port start='5000' end='5009'/></nat></forward><ip address='$V4.1' prefix='24'/>"
guest n2 br-natopt; static n2 $V4.2/24 $V4.1; guest n3 br-natopt
same 'natopt: seen as the chosen address' 'you are 203.0.113.77' "$(web n2 $SERVER)"
! in_iptables || has 'natopt: ports' '-A VNM_PRT[.]br-natopt -s 192.168.140.0/24 ! -d 192.168.140.0/24 -o uplink0 -p tcp -j SNAT --to-source 203.0.113.77:5000-5009' "$(iptables -t nat -S)"
! in_iptables || has 'natopt: that rule translated it' '^ *[1-9][0-9]* .* SNAT +(6|tcp) ' "$(iptables -t nat -nvL VNM_PRT.br-natopt)"
gone n natopt
ip addr del 203.0.113.77/32 dev uplink0
before=$(snapshot)

echo '--- forward dev: only through that device'
ip link add other0 type veth peer name other1 netns internet
ip addr add 198.18.0.1/24 dev other0; ip link set other0 up
outside ip addr add 198.18.0.2/24 dev other1; outside ip link set other1 up
await sh -c "! ip route show dev other0 | grep -q linkdown"
before=$(snapshot)
define_start natdev br-natdev "<forward mode='nat' dev='uplink0'/><ip address='$V4.1' prefix='24'/>"
guest n2 br-natdev; static n2 $V4.2/24 $V4.1; guest n3 br-natdev
ok 'natdev: through the device' reaches n2 $SERVER
no 'natdev: not through another' reaches n2 198.18.0.2
leave n2 n3
ok 'destroy natdev' vnm net-destroy natdev
same 'natdev: two other devices may rely on the forwarding by now; it stays' 1 "$(cat /proc/sys/net/ipv4/ip_forward)"
echo 0 >/proc/sys/net/ipv4/ip_forward
same 'natdev leaves no other trace' "$before" "$(snapshot)"
ip link del other0
before=$(snapshot)

echo '--- route: both ways, untranslated'
define_start routed br-routed "<forward mode='route'/>$(both $V4 $V6)"
guests r br-routed $V4 $V6
known $V4 $V6
same 'route: seen as itself' "you are $V4.2" "$(web r2 $SERVER)"
same 'route: seen as itself, v6' "you are $V6::2" "$(web r2 "[$SERVER6]")"
ok 'route: outside to guest' outside ping -n -c 1 -W 2 $V4.2
ok 'route: outside to guest, v6' outside ping -n -c 1 -W 2 $V6::2
ok 'route: guest to guest' reaches r2 $V4.3
no 'route: no foreign source address gets out' sh -c "ip netns exec r2 ip addr add 10.9.9.9/32 dev eth0; ip netns exec r2 ping -n -c 1 -W 1 -I 10.9.9.9 $SERVER"
unknown $V4 $V6
gone r routed

echo '--- open: forwarding, and no rules at all'
define_start open br-open "<forward mode='open'/>$(both $V4 $V6)"
guests o br-open $V4 $V6
known $V4 $V6
same 'open: seen as itself' "you are $V4.2" "$(web o2 $SERVER)"
ok 'open: outside to guest, v6' outside ping -n -c 1 -W 2 $V6::2
same 'open: no rules' '' "$(iptables -S | grep VNM_; ip6tables -S | grep VNM_)"
unknown $V4 $V6
gone o open

echo '--- open, without an address: a bridge'
define_start bare br-bare "<forward mode='open'/>"
guest b2 br-bare; static b2 $V4.2/24; guest b3 br-bare; static b3 $V4.3/24
ok 'bare: guest to guest' reaches b2 $V4.3
same 'bare: no address' '' "$(ip -o addr show br-bare)"
same 'bare: nothing is forwarded for it' 0 "$(cat /proc/sys/net/ipv4/ip_forward)"
same 'bare: no dnsmasq' 0 "$(pgrep -fc 'dnsmasq/bare/')"
same 'bare: no rules' '' "$(iptables -S | grep VNM_; ip6tables -S | grep VNM_)"
gone b bare

echo '--- host-only: guests and host, nothing else'
echo 1 >/proc/sys/net/ipv4/ip_forward; echo 1 >/proc/sys/net/ipv6/conf/all/forwarding
before=$(snapshot)
define_start hostonly br-host "$(both $V4 $V6)"
guests h br-host $V4 $V6
known $V4 $V6
ok 'host-only: guest to guest' reaches h2 $V4.3
ok 'host-only: guest to guest, v6' reaches h2 $V6::3
ok 'host-only: guest to host' reaches h2 $V4.1
ok 'host-only: host to guest, v6' ping -n -c 1 -W 2 $V6::2
no 'host-only: guest to outside' reaches h2 $SERVER
no 'host-only: guest to outside, v6' reaches h2 $SERVER6
no 'host-only: outside to guest' outside ping -n -c 1 -W 1 $V4.2
no 'host-only: outside to guest, v6' outside ping -n -c 1 -W 1 $V6::2
unknown $V4 $V6
gone h hostonly
echo 0 >/proc/sys/net/ipv4/ip_forward; echo 0 >/proc/sys/net/ipv6/conf/all/forwarding
before=$(snapshot)

echo '--- internal: guests only'
define_start internal br-int ''
guests i br-int $V4 $V6
ok 'internal: guest to guest' reaches i2 $V4.3
ok 'internal: guest to guest, v6 within the bridge' reaches i2 $V6::3
same 'internal: the host has no address' '' "$(ip -o addr show br-int)"
same 'internal: no IPv6 on the bridge' 1 "$(cat /proc/sys/net/ipv6/conf/br-int/disable_ipv6)"
no 'internal: guest to host' reaches i2 $V4.1
no 'internal: guest to outside' reaches i2 $SERVER
same 'internal: no dnsmasq' 0 "$(pgrep -fc 'dnsmasq .*dnsmasq/internal/')"
gone i internal

echo '--- bridge: a bridge of the host'
printf "<network><name>br</name><forward mode='bridge'/><bridge name='hostbr'/></network>" >"$T/br.xml"
ok 'define bridged' vnm net-define "$T/br.xml"
no 'start without the bridge' vnm net-start br
has 'reports it' "bridge 'hostbr' does not exist" "$(vnm net-start br 2>&1)"
ip link add hostbr type bridge; ip link set hostbr up
before=$(snapshot)
ok 'start bridged' vnm net-start br
same 'bridged: nothing created' "$before" "$(snapshot | grep -v "^$VNETMGR_ROOT/run/vnetmgr/\(br[.]\|devices\)")"
ok 'destroy bridged' vnm net-destroy br
same 'bridged: the bridge stays' "$before" "$(snapshot)"
ip link del hostbr

echo '--- two NAT networks do not reach each other; a routed one is reached from both; isolated guests leak nothing'
define_start a br-a "<forward/><ip address='192.168.141.1' prefix='24'/>"
define_start b br-b "<forward/><ip address='192.168.142.1' prefix='24'/>"
define_start r br-r "<forward mode='route'/><ip address='192.168.143.1' prefix='24'/>"
define_start x br-x "<ip address='192.168.144.1' prefix='24'/>"
for g in a:141 b:142 r:143 x:144; do
	guest "${g%:*}" "br-${g%:*}"; static "${g%:*}" "192.168.${g#*:}.2/24" "192.168.${g#*:}.1"
done
no 'nat to nat' reaches a 192.168.142.2
ok 'nat to routed' reaches a 192.168.143.2
no 'routed to nat' reaches r 192.168.141.2
no 'routed to isolated' reaches r 192.168.144.2
no 'isolated to routed' reaches x 192.168.143.2
# not even one way: the routed guest counts what arrives
inns r iptables -A INPUT -s 192.168.144.0/24
inns x ping -n -c 3 -i 0.2 -W 1 192.168.143.2 >/dev/null 2>&1
has 'isolated to routed: not one packet' '^ +0 +0 ' "$(inns r iptables -nvL INPUT | tail -1)"
finish
