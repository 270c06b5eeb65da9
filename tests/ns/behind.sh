#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Subnets behind guests (<route>): the rules have them as they have the network's own; and what stays on a bridge is not
# translated, wherever iptables sees it. A lab: a guest of the NAT network is the router of another network of ours.
. "$srcdir/tests/lib/ns.sh"
before=$(snapshot)
N=192.168.50 N6=fd00:50: R=192.168.60 R6=fd00:60:
cat >"$T/n.xml" <<X
<network xmlns:vnm='urn:vnetmgr:network:1'><name>n</name><forward mode='nat'><nat ipv6='yes'/></forward><bridge name='br-n' stp='off'/>
<ip address='$N.1' prefix='24'/><ip family='ipv6' address='$N6:1' prefix='64'/>
<route address='10.20.0.0' prefix='16' gateway='$N.5'/><route family='ipv6' address='fd20::' prefix='64' gateway='$N6:5'/></network>
X
cat >"$T/r.xml" <<X
<network><name>r</name><forward mode='route'/><bridge name='br-r' stp='off'/>
<ip address='$R.1' prefix='24'/><ip family='ipv6' address='$R6:1' prefix='64'/>
<route address='10.30.0.0' prefix='16' gateway='$R.5'/><route family='ipv6' address='fd30::' prefix='64' gateway='$R6:5'/></network>
X
echo "<network><name>m</name><bridge name='br-m' stp='off'/></network>" >"$T/m.xml"
for n in n r m; do ok "define $n" vnm -q net-define "$T/$n.xml"; ok "start $n" vnm -q net-start $n; done
for g in a h n2 g; do ip netns add $g; inns $g sh -c 'echo 0 >/proc/sys/net/ipv6/conf/default/accept_ra'; done
ok 'the router' vnm -q net-attach n --netns a --ip $N.5 --ip $N6:5 --router
ok 'its other side' vnm -q net-attach m --netns a --ifname eth1 --ip 10.20.0.1/16 --ip fd20::1/64
ok 'one behind it' vnm -q net-attach m --netns h --ip 10.20.0.9/16 --ip fd20::9/64
inns h ip route add default via 10.20.0.1; inns h ip route add default via fd20::1
way_out() { inns a ip route replace default via $N.1; inns a ip route replace default via $N6:1; } # a router is given none
way_out
ok 'its neighbour' vnm -q net-attach n --netns n2 --ip $N.7 --ip $N6:7
ok 'a routed guest' vnm -q net-attach r --netns g --ip $R.5 --ip $R6:5
inns g ip addr add 10.30.0.1/32 dev lo; inns g ip addr add fd30::1/128 dev lo
for s in "$R.0/24" 10.20.0.0/16 10.30.0.0/16 "$N.0/24"; do outside ip route add $s via $UPLINK; done
for s in $R6:/64 fd20::/64 fd30::/64; do outside ip -6 route add $s via $UPLINK6; done

# see GUEST PORT: an HTTP server there, which answers whom it sees
servers=
see() {
	mkdir -p "$T/www/cgi-bin"
	printf '#!/bin/sh\nprintf "Content-type: text/plain\\n\\n"\necho "$REMOTE_ADDR" | tr -d [] | sed s/::ffff://\n' >"$T/www/cgi-bin/me"; chmod +x "$T/www/cgi-bin/me"
	ip netns exec "$1" busybox httpd -f -h "$T/www" -p '[::]:80' </dev/null >/dev/null 2>&1 & servers="$servers $!"
	await_port 80 inns "$1"
}
see h; see n2; see g
for tool in iptables ip6tables; do inns h $tool -A INPUT -p udp --dport 4000 -j DROP; done
# seen FROM|host ADDRESS: as whom ADDRESS sees it by TCP
seen() { if [ "$1" = host ]; then set -- '' "$2"; else set -- "ip netns exec $1" "$2"; fi; $1 timeout 2 busybox wget -q -O - "http://$2/cgi-bin/me"; }
settings() { for f in iptables ip6tables; do echo "$1" >/proc/sys/net/bridge/bridge-nf-call-$f 2>/dev/null; done; }
[ -e /proc/sys/net/bridge/bridge-nf-call-iptables ] && bridged='0 1' || { bridged=0; echo 'br_netfilter is not loaded' >&2; }

# counts FAMILY FROM|host SOURCE ADDRESS: by UDP, too, it comes from SOURCE
counts() {
	[ "$1" = 4 ] && tool=iptables || tool=ip6tables
	by=; [ "$2" = host ] || by="ip netns exec $2"
	inns h $tool -I INPUT -p udp --dport 4000 -s "$3"
	echo x | $by timeout 2 nc -u -w 1 "$4" 4000 >/dev/null 2>&1
	was=$(inns h $tool -nvxL INPUT 1 | awk '{ print $1 }'); inns h $tool -D INPUT 1
	same "$5" 1 "$was"
}
# all WORDS FAMILY: ADDRESSES of the gateway, the neighbour, the router, behind, behind the routed one, the routed one, the server, the uplink, a bracket
all() {
	w=$1 f=$2 gate=$3 near=$4 behind=$5 routed=$6 guest=$7 server=$8 up=$9
	b() { [ $f = 4 ] && echo "$1" || echo "[$1]"; }
	same "$w: host to behind, TCP" "$gate" "$(seen host "$(b $behind)")"
	ok "$w: ICMP" ping -n -c 1 -W 2 $behind
	counts $f host $gate $behind "$w: UDP"
	same "$w: a neighbour to behind, TCP" "$near" "$(seen n2 "$(b $behind)")"
	ok "$w: ICMP" reaches n2 $behind
	counts $f n2 $near $behind "$w: UDP"
	same "$w: from behind to a neighbour" "$behind" "$(seen h "$(b $near)")"
	same "$w: from behind to the outside, translated" "you are $up" "$(web h "$(b $server)")"
	ok "$w: ICMP" reaches h $server
	same "$w: the neighbour to the outside" "you are $up" "$(web n2 "$(b $server)")"
	no "$w: the outside does not get there" outside ping -n -c 1 -W 1 $behind
	ok "$w: the outside to behind a routed guest" outside ping -n -c 1 -W 2 $routed
	same "$w: the same by TCP" "$([ $f = 4 ] && echo 203.0.113.1 || echo 2001:db8:113::1)" "$(seen internet "$(b $routed)")"
	same "$w: from there, untranslated" "you are $routed" "$(inns g curl -s -m 3 --interface $routed "http://$(b $server)/" 2>/dev/null || inns g timeout 3 sh -c "printf 'GET / HTTP/1.0\r\n\r\n' | nc -s $routed -w 2 $server 80 | tail -n 1")"
	ok "$w: a NAT guest to behind a routed one" reaches n2 $routed
	same "$w: a NAT guest is translated on its way there" "$([ $f = 4 ] && echo $R.1 || echo $R6:1)" "$(seen n2 "$(b $routed)")"
}
both() {
	all "$1, IPv4" 4 $N.1 $N.7 10.20.0.9 10.30.0.1 $R.5 $SERVER $UPLINK
	all "$1, IPv6" 6 $N6:1 $N6:7 fd20::9 fd30::1 $R6:5 $SERVER6 $UPLINK6
}
for n in h n2 g a; do until ! inns $n ip -6 addr | grep -q tentative; do sleep .02; done; done
for nf in $bridged; do settings $nf; both "nf-call $nf"; done

echo '--- another forged sender is refused as before'
inns g ip addr add 10.31.0.1/32 dev lo
no 'one that is behind nobody' inns g ping -n -c 1 -W 1 -I 10.31.0.1 $SERVER
echo '--- live: a route goes, and comes again'
out() { reaches h $SERVER && reaches h $SERVER6; }
ok 'a route goes' vnm -q net-update n delete route "<route address='10.20.0.0' prefix='16' gateway='$N.5'/>" --live
no 'its subnet does not get out' reaches h $SERVER
ok 'that of the other family does' reaches h $SERVER6
same 'no rule knows it' '' "$(saved_rules | grep 10.20)"
ok 'it comes again' vnm -q net-update n add route "<route address='10.20.0.0' prefix='16' gateway='$N.5'/>" --live
ok 'and gets out' out
lose_rules "$(names br-n)"
has 'missing rules are noticed' '^ n +degraded ' "$(vnm net-list)"
ok 'repaired' vnm -q net-repair n; vnm -q net-repair r
ok 'and gets out' out
vnm -q net-destroy n 2>/dev/null; ok 'started again' vnm -q net-start n; way_out
ok 'and gets out' out
echo '--- a larger route than one network: what comes to it by other ways is not translated'
ok 'live' vnm -q net-update n add route "<route address='10.0.0.0' prefix='8' gateway='$N.5'/>" --live
same 'not the routed guest' "you are 10.30.0.1" "$(inns g sh -c "printf 'GET / HTTP/1.0\r\n\r\n' | timeout 3 nc -s 10.30.0.1 -w 2 $SERVER 80 | tail -n 1")"
echo '--- the example of vnetmgr-network(5): a routed network that leaves by one device only'
sed "s/mode='route'/mode='route' dev='uplink0'/" "$T/r.xml" >"$T/dev.xml"
ok 'live' vnm -q net-apply "$T/dev.xml"
for n in 10.30.0.1 fd30::1; do ok "from outside to $n" outside ping -n -c 1 -W 2 $n; ok "from $n" inns g ping -n -c 1 -W 2 -I $n $(case $n in fd*) echo $SERVER6 ;; *) echo $SERVER ;; esac); done
echo '--- a proxy, too, has what comes from behind; not what stays'
listens2() { nc -l -k -p 3129 </dev/null >/dev/null 2>&1 & servers="$servers $!"; await_port 3129; }
listens2
ok 'a redirection' vnm -q net-update n add redirect "<vnm:redirect proto='tcp' port='7777' toPort='3129'/>" --live
ok 'from behind to the proxy' connects h $SERVER 7777
for nf in $bridged; do
	settings $nf
	no "nf-call $nf: a neighbour to behind has no proxy" connects n2 10.20.0.9 7777
done
kill $servers
for n in n r m; do ok "destroy $n" vnm -q net-destroy $n; done
for g in 'n a' 'm a' 'm h' 'n n2' 'r g'; do vnm -q net-detach $g; done
for g in a h n2 g; do ip netns del $g; done
settings 1
same 'no trace is left' "$before" "$(snapshot)"
finish
