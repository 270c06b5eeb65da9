#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What has been tried with packets against networks and has not worked. More of it: spoof.sh, models.sh, modes.sh,
# forwards.sh, redirects.sh, answers.sh, names.sh; against commands: held-input.sh.
. "$srcdir/tests/lib/ns.sh"
need perl
forge=$builddir/tests/ns/forge
[ -x "$forge" ] || skip "$forge was not built"
cd "$T" || exit 1

# net NAME BODY V4 V6: no address for "-"
net() {
	ips=; [ "$3" = - ] || ips="<ip address='$3.1' prefix='24'>$5</ip><ip family='ipv6' address='$4::1' prefix='64'/>"
	printf "<network><name>%s</name><bridge name='%sbr' stp='off'/>%s%s</network>" "$1" "$1" "$2" "$ips" >"$1.xml"
	ok "create $1" vnm -q net-create "$1.xml"
}
net n1 "<forward mode='nat'><nat ipv6='yes'/></forward>" 192.168.50 fd00:50 "<dhcp><range start='192.168.50.100' end='192.168.50.102'/></dhcp>"
net n2 '<forward/>' 192.168.60 fd00:60 ''
net rt "<forward mode='route'/>" 192.168.70 fd00:70 ''
net iso '' 10.2.1 fd00:21 ''
net intl '' - - ''
member() { guest "$1" "$2"; static "$1" "$3.$5/24" "$3.1"; static "$1" "$4::$5/64" "$4::1"; }
member a n1br 192.168.50 fd00:50 2; member b n1br 192.168.50 fd00:50 3; member c n2br 192.168.60 fd00:60 2
member r rtbr 192.168.70 fd00:70 2; member i isobr 10.2.1 fd00:21 2; member j isobr 10.2.1 fd00:21 3
guest k intlbr; static k 10.9.9.2/24 10.9.9.1; static k fd00:99::2/64 fd00:99::1
echo 1 >/proc/sys/net/ipv4/ip_forward; echo 1 >/proc/sys/net/ipv6/conf/all/forwarding
for n in 192.168.50 192.168.60 192.168.70 10.2.1; do outside ip route add $n.0/24 via $UPLINK; done
for n in fd00:50 fd00:60 fd00:70 fd00:21; do outside ip -6 route add $n::/64 via $UPLINK6; done
mac() { cat "/sys/class/net/$1/address"; }
lan=$(outside ip -o route get $UPLINK | sed -n 's/.* dev \([^ ]*\) .*/\1/p')
for f in 4 6; do for g in a b c r i j; do ok "$g has its gateway, IPv$f" inns $g ping -$f -n -c 1 -W 3 "$(inns $g ip -$f route show default | awk '{ print $3; exit }')"; done; done
ok 'the LAN has the host' outside ping -n -c 1 -W 3 $UPLINK; ok 'in both families' outside ping -n -c 1 -W 3 $UPLINK6

# Whoever is to hear nothing counts what it hears of UDP to port 7777, in front of everything else.
count() { inns "$1" $2 -t raw -I PREROUTING -p udp --dport 7777; }
for w in internet a c r i k; do count $w iptables; count $w ip6tables; done
for t in iptables ip6tables; do $t -A INPUT -p udp --dport 7777; done # behind vnetmgr's
in_iptables || count_input host 'udp dport 7777'
# heard WHO FAMILY
heard() {
	t=$([ "$2" = 4 ] && echo iptables || echo ip6tables)
	[ $1 != host ] || in_iptables || { counted host $2; return; }
	case $1 in host) $t -nvxL INPUT ;; *) inns "$1" $t -t raw -nvxL PREROUTING ;; esac | awk '/dpt:7777/ { print $1; exit }'
}
# nothing WHAT WHO FAMILY FROM DEVICE TO-MAC SOURCE DESTINATION: sent, and not heard
nothing() {
	was=$(heard $2 $3)
	inns "$4" "$forge" "$5" "$6" udp "$7" 7 "$8" 7777 x
	inns "$4" ping -n -c 1 -W 1 "$(inns "$4" ip route show default | awk '{ print $3; exit }')" >/dev/null 2>&1 # what was sent before it has been dealt with
	same "$1" "$was" "$(heard $2 $3)"
}

# What is allowed is heard, wherever nothing is to be heard below.
# heard_by WHO FAMILY FROM DEVICE TO-MAC SOURCE DESTINATION
heard_by() {
	was=$(heard $1 $2)
	inns "$3" "$forge" "$4" "$5" udp "$6" 7 "$7" 7777 x
	inns "$3" ping -n -c 1 -W 1 "$(inns "$3" ip route show default | awk '{ print $3; exit }')" >/dev/null 2>&1
	same "$1 hears what is allowed, IPv$2" $((was + 1)) "$(heard $1 $2)"
}
guest_mac() { inns $1 cat /sys/class/net/eth0/address; }
heard_by a 4 b eth0 "$(guest_mac a)" 192.168.50.3 192.168.50.2; heard_by a 6 b eth0 "$(guest_mac a)" fd00:50::3 fd00:50::2
heard_by i 4 j eth0 "$(guest_mac i)" 10.2.1.3 10.2.1.2; heard_by i 6 j eth0 "$(guest_mac i)" fd00:21::3 fd00:21::2
heard_by r 4 internet "$lan" "$(mac uplink0)" 203.0.113.1 192.168.70.2; heard_by r 6 internet "$lan" "$(mac uplink0)" 2001:db8:113::1 fd00:70::2
heard_by host 4 a eth0 "$(mac n1br)" 192.168.50.2 192.168.50.1; heard_by c 4 c lo "$(inns c cat /sys/class/net/lo/address)" 192.168.60.2 192.168.60.2
heard_by internet 4 r eth0 "$(mac rtbr)" 192.168.70.2 203.0.113.1; heard_by internet 6 r eth0 "$(mac rtbr)" fd00:70::2 2001:db8:113::1

echo '--- addresses that are not theirs, on their way out'
for from in a:n1br c:n2br r:rtbr i:isobr k:intlbr; do
	g=${from%:*} br=${from#*:}
	for source in 8.8.8.8 203.0.113.99 $UPLINK 192.168.60.77 192.168.70.77 10.2.1.77 127.0.0.1; do
		[ $g:$source != r:192.168.70.77 ] || continue # of its own subnet
		[ $g:$source != c:192.168.60.77 ] || continue # translated
		nothing "$g as $source to the LAN" internet 4 $g eth0 "$(mac $br)" $source 203.0.113.1
	done
	for source in 2001:db8:9::9 $UPLINK6 fd00:21::77 ::1; do nothing "$g as $source to the LAN" internet 6 $g eth0 "$(mac $br)" $source 2001:db8:113::1; done
done
for source in 10.2.1.2 10.2.1.77 192.168.70.77; do nothing "i as $source to a routed guest" r 4 i eth0 "$(mac isobr)" $source 192.168.70.2; done
for source in 10.9.9.2 192.168.70.77 $UPLINK; do nothing "k as $source to a routed guest" r 4 k eth0 "$(mac intlbr)" $source 192.168.70.2; done
nothing 'i as itself to a routed guest' r 6 i eth0 "$(mac isobr)" fd00:21::2 fd00:70::2
nothing 'k as itself to a routed guest' r 6 k eth0 "$(mac intlbr)" fd00:99::2 fd00:70::2
nothing 'a as itself to a guest of another NAT network' c 4 a eth0 "$(mac n1br)" 192.168.50.2 192.168.60.2

echo '--- from the LAN'
for source in 203.0.113.1 192.168.50.3 192.168.50.1 127.0.0.1 8.8.8.8; do
	nothing "the LAN as $source to a NAT guest" a 4 internet "$lan" "$(mac uplink0)" $source 192.168.50.2
	nothing "the LAN as $source to an isolated guest" i 4 internet "$lan" "$(mac uplink0)" $source 10.2.1.2
done
for source in 2001:db8:113::1 fd00:50::3 ::1; do
	nothing "the LAN as $source to a NAT guest, IPv6" a 6 internet "$lan" "$(mac uplink0)" $source fd00:50::2
	nothing "the LAN as $source to an isolated guest, IPv6" i 6 internet "$lan" "$(mac uplink0)" $source fd00:21::2
done
for to in 10.2.1.255 192.168.50.255 192.168.70.255; do for who in i a r; do nothing "the LAN to the broadcast address $to: $who" $who 4 internet "$lan" "$(mac uplink0)" 203.0.113.1 $to; done; done
nothing 'a guest to the broadcast address of another network' i 4 a eth0 "$(mac n1br)" 192.168.50.2 10.2.1.255
nothing 'and to that of the LAN' internet 4 a eth0 "$(mac n1br)" 192.168.50.2 203.0.113.255

echo '--- name servers, and who may ask them'
q() { ns=$1; shift; inns "$ns" dig +short +time=1 +tries=1 "$@" example.com >/dev/null; }
ok 'its own guest' q a @192.168.50.1; ok 'by TCP' q a +tcp @192.168.50.1
for who in internet c r i; do
	for how in '' +tcp; do
		no "$who $how" q $who $how @192.168.50.1
		no "$who $how, IPv6" q $who $how @fd00:50::1
	done
done

echo '--- services of the host on its loopback, where that is routed'
ok 'a forward that begins there' vnm -q net-forward-add n1 tcp 8080 192.168.50.2:80 --live --address 127.0.0.1
ok 'and one of all addresses' vnm -q net-forward-add n1 tcp 8081 192.168.50.2:80 --live
same 'it is routed' 1 "$(cat /proc/sys/net/ipv4/conf/n1br/route_localnet)"
for from in a:n1br c:n2br r:rtbr i:isobr; do
	g=${from%:*} br=${from#*:}
	nothing "$g to 127.0.0.1" host 4 $g eth0 "$(mac $br)" "$(inns $g ip -o -4 addr show dev eth0 | awk '{ sub("/.*", "", $4); print $4 }')" 127.0.0.1
	nothing "$g as 127.0.0.1" host 4 $g eth0 "$(mac $br)" 127.0.0.1 "$(inns $g ip route show default | awk '{ print $3 }')"
done
nothing 'the LAN as 127.0.0.1' host 4 internet "$lan" "$(mac uplink0)" 127.0.0.1 $UPLINK
nothing 'the LAN to 127.0.0.1' host 4 internet "$lan" "$(mac uplink0)" 203.0.113.1 127.0.0.1
listens a 80
ok 'the LAN has the published port' outside nc -z -w 2 $UPLINK 8081
for at in $UPLINK 10.2.1.1; do for port in 8080 8081; do no "an isolated guest has not, by $at:$port" connects i $at $port; done; done
no 'nor the LAN what is published on 127.0.0.1' outside nc -z -w 2 $UPLINK 8080
kill $listener

echo '--- source routes, and fragments'
cat >srr.pl <<'X'
use Socket; my ($via, $to) = @ARGV;
socket(my $s, PF_INET, SOCK_DGRAM, 17) or die; setsockopt($s, 0, 4, pack("C4", 1, 131, 7, 4) . inet_aton($via)) or die "option: $!";
send($s, "x", 0, sockaddr_in(7777, inet_aton($to))) or exit 0;
X
inns a sysctl -qw net.ipv4.conf.all.accept_source_route=1
for way in "a 192.168.50.1 192.168.60.2 c" "i 10.2.1.1 192.168.70.2 r" "internet $UPLINK 192.168.50.2 a" "internet $UPLINK 10.2.1.2 i"; do
	set -- $way
	was=$(heard $4 4); ok "$1 sends one" inns $1 perl srr.pl $2 $3
	same "a source route of $1 over $2 to $3" "$was" "$(heard $4 4)"
done
inns a ip route replace $SERVER via 192.168.50.1 mtu lock 576
ok 'fragments of a NAT guest are put together and translated' inns a ping -n -c 1 -W 3 -s 3000 -M dont $SERVER

echo '--- a second way out'
ip link add other0 type veth peer name other1 netns internet
ip addr add 198.18.0.1/24 dev other0; ip link set other0 up; outside ip addr add 198.18.0.2/24 dev other1; outside ip link set other1 up
printf "<network><name>d</name><forward mode='nat' dev='uplink0'/><bridge name='dbr' stp='off'/><ip address='192.168.90.1' prefix='24'/></network>" >d.xml
ok 'a network of one device' vnm -q net-create d.xml
guest dd dbr; static dd 192.168.90.2/24 192.168.90.1
talk dd $SERVER; echoes 'a connection by it'
outside iptables -t raw -I PREROUTING -i other1 ! -s 198.18.0.1
strays() { outside iptables -t raw -nvxL PREROUTING 1 | awk '{ print $1 }'; }
ip route replace default via 198.18.0.2 dev other0
echo more >&3
for i in 1 2 3; do inns dd ping -n -c 1 -W 1 $SERVER >/dev/null; done
inns dd "$forge" eth0 "$(mac dbr)" rst 192.168.90.2 7 $SERVER 7
no 'a new connection' connects dd $SERVER 80
same 'nothing leaves by the other one when the default route moves there' 0 "$(strays)"
hang_up; ip route replace default via 203.0.113.1 dev uplink0; leave dd; ok 'stop' vnm -q net-destroy d; ip link del other0

echo '--- bridges that the host has no address on'
same 'an internal network: none at all' '' "$(ip -o addr show dev intlbr)"
for br in intlbr isobr n1br rtbr; do same "$br takes no router advertisements" '0 0' "$(cat /proc/sys/net/ipv6/conf/$br/accept_ra) $(cat /proc/sys/net/ipv6/conf/$br/autoconf)"; done

echo '--- what DHCP clients call themselves, byte by byte'
guest e1 n1br
L=$VNETMGR_ROOT/var/lib/vnetmgr/leases/n1
for bytes in 1b5b324a1b5d303b787a07 610a3120 6100 62c3a9 612062 24286964293b 2e2e2f2e2e 2a 2d72 "$(printf '61%.0s' $(seq 200))" 2022; do
	ok "an address for $bytes" dhcp e1 -x "0x0c:$bytes"
	no "$bytes: no byte of it that could do harm in the file" sh -c "LC_ALL=C grep -aq '[^ -~]' '$L'"
	same "$bytes: lines as they should be" '' "$(awk 'NF != 5' "$L")"
	has "$bytes: shown as a name or not at all" '^ .* 192\.168\.50\.10[0-2]/24 +(-|[A-Za-z0-9][A-Za-z0-9_.-]*) ' "$(vnm -q net-dhcp-leases n1)"
done

echo '--- no address left'
for n in 2 3; do guest e$n n1br; ok "client $n" dhcp e$n; done
guest e4 n1br; no 'one more than there are addresses' timeout 20 sh -c "ip netns exec e4 busybox udhcpc -i eth0 -n -q -f -t 3 -T 1 -s /bin/true"
ip netns add e5
begin=$(date +%s)
no 'nor is there one for an attached guest' vnm -q net-attach n1 --netns e5 --ip dhcp
cp "$T/out" why
ok 'which is reported in time' test $(($(date +%s) - begin)) -le 50
has 'with the reason' 'no DHCP server has answered|lease' "$(cat why)"
same 'the others: active' 5 "$(vnm -q net-list | grep -c ' active ')"
ok 'an address beside the range' vnm -q net-attach n1 --netns e5 --ip auto
ok 'and off' vnm -q net-detach n1 e5
leave e1 e2 e3 e4 a b c r i j k
for n in n1 n2 rt iso intl; do ok "stop $n" vnm -q net-destroy $n; done
finish
