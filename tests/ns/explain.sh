#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# net-explain names what stops a packet: the chain and the rule, of whatever kind of tables; the route, the rule or the setting; the
# port, the next hop, the way back. Its command for it helps. Healthy ways pass, and nothing of it is left on the host, by a kill either.
. "$srcdir/tests/lib/ns.sh"
[ "$FIREWALL" != iptables-nft ] || skip 'the tables that it puts faults into, and flushes, would be those with our rules'
need nft iptables-legacy ip6tables-legacy iptables-nft ip6tables-nft bridge strace setpriv
G=192.168.194 G6=fd00:194:
cat >"$T/n.xml" <<X
<network xmlns:vnm='urn:vnetmgr:network:1'><name>n</name><forward mode='nat'><nat ipv6='yes'/></forward><bridge name='br-n' stp='off'/>
<ip address='$G.1' prefix='24'><dhcp><host mac='52:54:00:00:00:30' ip='$G.30'/></dhcp></ip><ip family='ipv6' address='$G6:1' prefix='64'/>
<vnm:portForward proto='tcp' port='8080' to='$G.10' toPort='80'/></network>
X
ok start vnm -q net-create "$T/n.xml"
for n in 1 2; do
	ip netns add g$n; inns g$n sh -c 'echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad'
	ok "attach g$n" vnm -q net-attach n --netns g$n --ip $G.${n}0/24 --ip $G6:${n}0/64
done
sysctl -qw net.bridge.bridge-nf-call-iptables=0 net.bridge.bridge-nf-call-ip6tables=0 2>/dev/null
D1=vnet0 D2=vnet1
OUT=$SERVER:80 OUT6=[$SERVER6]:80
# The legacy tables of both families exist, so that making them is no change.
for table in filter nat mangle raw; do iptables-legacy -t $table -S; ip6tables-legacy -t $table -S; done >/dev/null

# What a run could leave behind.
host() {
	nft -s list ruleset | sed '/elements = {/,/}/d'; cat /proc/sys/net/netfilter/nf_log/2 /proc/sys/net/netfilter/nf_log/10
	ip -o link | sed 's/^[0-9]*: //; s/ state [A-Z]*//; s/qlen [0-9]*//'; tc qdisc show | grep clsact
	ls "$VNETMGR_ROOT/run/vnetmgr" | grep -x trace
}
# explain ARGUMENT...: the answer is in $T/is, its JSON in $T/json, its exit status in $status
explain() { vnm -q net-explain n "$@" >"$T/is" 2>&1; status=$?; }
value() { sed -n "s/^    \"$1\": \"\{0,1\}\(.*[^\",]\)\"\{0,1\},\{0,1\}$/\1/p" "$T/json"; }
# passes WHAT ARGUMENT...
passes() {
	what=$1; shift; explain "$@"
	same "$what: exit status" 0 $status || cat "$T/is" >&2
	has "$what" '^The packet passes( this host)?[.]$' "$(cat "$T/is")"
}
# stops REASON PATTERN ARGUMENT...: it names that, and the command that it gives mends it, unless $unmended says why there is none
stops() {
	reason=$1 pattern=$2; shift 2
	vnm -q net-explain n "$@" --json >"$T/json" 2>"$T/err"; status=$?
	same "$reason: exit status" 3 $status || cat "$T/err" >&2
	same "$reason: $pattern" "$reason" "$(value reason)" || vnm net-explain n "$@" >&2
	has "$reason: what" "$pattern" "$(value text)"
	mend=$(value mend | sed 's/\\"/"/g')
	[ -z "${unmended:-}" ] || { unmended=; return; }
	mended=$((mended + 1))
	PATH="$T/path:$PATH" ok "$reason: mended by '$mend'" sh -c "$mend"
	passes "$reason: after '$mend'" "$@"
	deleted "$@"
}
# deleted ARGUMENT...: the other way that is told for a rule of nobody known, in place of the first
deleted() {
	case $mend in *DOCKER-USER*) return 0 ;; *tables*' -I '*) ;; *) return 0 ;; esac
	sh -c "$(printf '%s\n' "$mend" | sed 's/ -I / -D /g')"
	[ "$reason" != policy-drops ] || return 0
	explain "$@"
	other=$(sed -n 's/.*it can be deleted: //p' "$T/is")
	ok "$reason: or '$other'" sh -c "${other:-false}"
}
mended=0; mkdir "$T/path"; ln -s "$VNETMGR" "$T/path/vnetmgr"
# On which guests and the host are listened.
listens g1 80; listens g2 22
before=$(host)

passes 'to the outside' g1 $OUT
has 'its source is translated' "the source becomes $UPLINK:" "$(cat "$T/is")"
has 'the next hop' '203.0.113.1 on uplink0 answers' "$(cat "$T/is")"
passes 'to the outside by IPv6' g1 $OUT6
passes 'an echo' g1 $SERVER
passes 'an echo of IPv6' g1 $SERVER6
passes 'UDP' g1 $SERVER:53 --proto udp
passes 'to the gateway' g1 $G.1
passes 'to the gateway by IPv6' g1 $G6:1
passes 'to another guest' g1 $G.20:22
has 'by its port' "by port '$D2'" "$(cat "$T/is")"
passes 'to another guest by IPv6' g1 $G6:20
passes 'a forwarded port' g1 $UPLINK:8080 --from 203.0.113.1
has 'its destination is translated' "^ prerouting .*; the destination becomes $G.10:80$" "$(cat "$T/is")"
passes 'to a guest by its name' g1 g2
passes 'and its port' g1 g2:22
passes 'a guest by its address' $G.20 $OUT
same 'nothing is left' "$before" "$(host)"
same 'nothing was received' '' "$(outside ss -Htn)"
same 'no connection is left' '' "$(grep -E "src=$G[.][123]0 " /proc/net/nf_conntrack)"

# -- Other networks: why a rule of ours stops it, and what lets it pass

echo "<network><name>m</name><bridge name='br-m' stp='off'/><ip address='192.168.195.1' prefix='24'/></network>" >"$T/m.xml"
ok 'another network' vnm -q net-create "$T/m.xml"
ok 'a guest of it' vnm -q net-attach m --netns g3 --create --ip 192.168.195.2
g2_listener=$listener
listens g3 22
explain g1 192.168.195.2:22
has 'why' "^ note +the destination is on network 'm', which guests of 'n' reach only where <vnm:allow network='m'/> lets them$" "$(cat "$T/is")"
stops rule-rejects 'of vnetmgr, rejects the packet' g1 192.168.195.2:22
stops rule-rejects 'of vnetmgr, rejects the packet' g1 192.168.195.2
for allow in "<vnm:allow network='m' proto='tcp' port='22'/>" "<vnm:allow network='m'/>"; do ok 'no more' vnm net-update n delete allow "$allow" --live; done
kill $listener; ended $listener; listener=$g2_listener
vnm -q net-destroy m 2>/dev/null

# -- Rules, of every kind of tables

iptables-legacy -I FORWARD -j DROP
stops rule-drops 'rule 1 of chain FORWARD in the legacy table filter drops the packet: -A FORWARD -j DROP$' g1 $OUT
iptables-legacy -I FORWARD -i br-n -j REJECT
stops rule-rejects 'rule 1 of chain FORWARD in the legacy table filter .*-i br-n -j REJECT' g1 $OUT
ip6tables-legacy -I FORWARD -p tcp -j DROP
stops rule-drops 'rule 1 of chain FORWARD in the legacy table filter of IPv6 .*-p tcp -j DROP' g1 $OUT6
iptables-legacy -t raw -A PREROUTING -i br-n -j DROP
stops rule-drops 'rule [12] of chain PREROUTING in the legacy table raw' g1 $OUT # ours may be before it
iptables-legacy -t mangle -A POSTROUTING -o uplink0 -j DROP
stops rule-drops 'chain POSTROUTING in the legacy table mangle' g1 $OUT
iptables-legacy -t mangle -A PREROUTING -i br-n -j DROP
stops rule-drops 'rule 1 of chain PREROUTING in the legacy table mangle' g1 $OUT
iptables-legacy -N mine; iptables-legacy -I FORWARD -j mine; iptables-legacy -A mine -i br-n; iptables-legacy -A mine -j DROP
stops rule-drops 'rule 2 of chain mine in the legacy table filter' g1 $OUT
iptables-legacy -D FORWARD -j mine; iptables-legacy -F mine; iptables-legacy -X mine
iptables-legacy -D FORWARD -j DROP; iptables-legacy -D FORWARD -i br-n -j REJECT; ip6tables-legacy -D FORWARD -p tcp -j DROP
iptables-legacy -I INPUT -p icmp -j DROP
stops rule-drops 'rule 1 of chain INPUT in the legacy table filter' g1 $G.1
iptables-legacy -P INPUT DROP
stops policy-drops 'the policy of chain INPUT in the legacy table filter' g1 $G.1
iptables-legacy -P INPUT ACCEPT
ip6tables-legacy -P INPUT DROP
stops policy-drops 'the policy of chain INPUT in the legacy table filter of IPv6' g1 $G6:1
ip6tables-legacy -P INPUT ACCEPT

iptables-nft -P FORWARD DROP
stops policy-drops 'the policy of chain FORWARD in table ip filter' g1 $OUT
iptables-nft -P FORWARD ACCEPT; iptables-nft -F FORWARD
iptables-nft -A FORWARD -i br-n -p tcp --dport 80 -j DROP
stops rule-drops 'the rule with handle [0-9]+ of chain FORWARD in table ip filter .*-A FORWARD -i br-n -p tcp .*-j DROP' g1 $OUT
iptables-nft -A FORWARD -i br-n -j REJECT
stops rule-rejects 'of chain FORWARD in table ip filter .*-j REJECT' g1 $OUT
ip6tables-nft -P FORWARD DROP
stops policy-drops 'the policy of chain FORWARD in table ip6 filter' g1 $OUT6
ip6tables-nft -P FORWARD ACCEPT; ip6tables-nft -F FORWARD
iptables-nft -N DOCKER-USER; iptables-nft -A FORWARD -j DOCKER-USER; iptables-nft -N DOCKER-FORWARD; iptables-nft -A FORWARD -j DOCKER-FORWARD
iptables-nft -A DOCKER-FORWARD -j DROP
stops rule-drops 'chain DOCKER-FORWARD in table ip filter, of docker' g1 $OUT
iptables-nft -F; iptables-nft -X
nft delete table ip filter; nft delete table ip6 filter; nft delete table ip nat 2>/dev/null

nft -f - <<X
table inet fw {
	chain f { type filter hook forward priority 0; policy drop; }
	chain i { type filter hook input priority 0; udp dport 67 drop; meta l4proto { icmp, icmpv6 } jump sub; }
	chain sub { iifname "br-n" counter drop; }
}
X
stops policy-drops 'the policy of chain f in table inet fw' g1 $OUT
stops rule-drops 'the rule with handle [0-9]+ of chain sub in table inet fw' g1 $G.1
nft flush chain inet fw f; nft 'add chain inet fw f { policy accept; }'
nft add rule inet fw f iifname br-n reject with icmpx type admin-prohibited
stops rule-rejects 'of chain f in table inet fw' g1 $OUT6
nft delete table inet fw
nft -f - <<X
table ip6 six { chain f { type filter hook forward priority 10; ip6 nexthdr tcp drop; }; }
table inet firewalld { chain filter_FORWARD { type filter hook forward priority 10; ip saddr $G.0/24 reject; }; }
X
stops rule-drops 'of chain f in table ip6 six' g1 $OUT6
unmended='there is no firewalld'
stops rule-rejects 'of chain filter_FORWARD in table inet firewalld, of firewalld' g1 $OUT
same 'the command is its own' 'firewall-cmd --zone=trusted --change-interface=br-n' "$mend"
nft delete table ip6 six; nft delete table inet firewalld
nft -f - <<X
table bridge b { chain p { type filter hook prerouting priority -300; iifname "$D1" drop; }; }
X
stops rule-drops 'of chain p in table bridge b' g1 $OUT
nft delete table bridge b
nft -f - <<X
table bridge b { chain f { type filter hook forward priority 0; policy drop; }; }
X
stops policy-drops 'the policy of chain f in table bridge b' g1 $G.20
nft delete table bridge b
nft -f - <<X
table netdev nd { chain i { type filter hook ingress device "$D1" priority 0; policy drop; }; }
X
stops policy-drops 'the policy of chain i in table netdev nd' g1 $OUT
nft delete table netdev nd
if [ -e /proc/sys/net/bridge/bridge-nf-call-iptables ]; then
	sysctl -qw net.bridge.bridge-nf-call-iptables=1; iptables-legacy -I FORWARD -j DROP
	stops rule-drops 'rule 1 of chain FORWARD in the legacy table filter' g1 $G.20
	sysctl -qw net.bridge.bridge-nf-call-iptables=0
fi

# -- Their text, as nft(8) lists them

nft "add table inet fw; add set inet fw guests { type ipv4_addr; elements = { $G.10 }; }; add chain inet fw c { type filter hook forward priority 0; }"
text() {	# text RULE ARGUMENT...
	rule=$1; shift
	nft flush chain inet fw c; ok "$rule: it is made" nft add rule inet fw c "$rule"
	vnm -q net-explain n g1 "$@" --json >"$T/json" 2>"$T/err"
	same "its text" "$rule" "$(value rule | sed 's/\\"/"/g')"
}
text 'iifname "br-n" tcp dport 80 drop' $OUT
text "iifname \"br*\" ip saddr $G.0/24 ip daddr $SERVER meta l4proto tcp drop" $OUT
text 'ip saddr 192.168.192.0/18 tcp dport 22-80 drop' $OUT
text 'ip saddr @guests tcp dport != 22-79 ct state established,new drop' $OUT
text 'iifname != "lo" oifname "uplink0" meta mark != 0x00000001 reject' $OUT
text 'icmp type echo-request drop' $SERVER
text 'icmpv6 type echo-request drop' $SERVER6
text 'ip6 daddr 2001:db8:51::/48 tcp dport 80 log prefix "gone " drop' $OUT6
text 'iif "br-n" udp dport 53 drop' $SERVER:53 --proto udp
text 'limit rate 5/minute burst 9 packets drop' $OUT
text 'fib daddr type unicast drop' $OUT
text 'tcp dport 80 reject with tcp reset' $OUT
nft flush chain inet fw c; nft add rule inet fw c tcp dport 80 quota over 1 bytes drop
vnm -q net-explain n g1 $OUT --json >"$T/json" 2>"$T/err"
same 'what is not told is seen to be missing' 'tcp dport 80 quota ... drop' "$(value rule)"
nft delete table inet fw
listed() {	# listed TOOL RULE ARGUMENT...: and as the commands of iptables list them
	tool=$1 rule=$2; shift 2
	ok "$tool $rule: it is made" eval "$tool -I FORWARD $rule"
	vnm -q net-explain n g1 "$@" --json >"$T/json" 2>"$T/err"
	same "its text with $tool" "$($tool -S FORWARD 1)" "$(value rule | sed 's/\\"/"/g')"
	$tool -D FORWARD 1
}
for kind in legacy nft; do
	listed iptables-$kind '-p tcp --syn -m multiport --dports 22,80:90 -j REJECT --reject-with tcp-reset' $OUT
	listed iptables-$kind "-s $G.0/24 -m conntrack --ctstate NEW -m comment --comment 'not out' -j DROP" $OUT
	listed iptables-$kind '-p udp --dport 53 -m addrtype ! --dst-type LOCAL -j REJECT' $SERVER:53 --proto udp
	listed ip6tables-$kind '-p tcp --dport 80 -m mark --mark 0/0xff -m limit --limit 3/min -j DROP' $OUT6
done
nft delete table ip filter; nft delete table ip6 filter

# -- The answer

nft -f - <<X
table bridge b { chain f { type filter hook forward priority 0; ether type ip icmp type echo-reply drop; }; }
X
stops rule-drops 'of chain f in table bridge b drops the answer: ether type ip icmp type echo-reply drop' g1 $G.20
nft delete table bridge b
nft 'add table ip fw { chain f { type filter hook forward priority 0; tcp sport 80 drop; }; }'
stops rule-drops 'of chain f in table ip fw drops the answer: tcp sport 80 drop' g1 $UPLINK:8080 --from 203.0.113.1
nft delete table ip fw

iptables-legacy -A OUTPUT -o br-n -p icmp -j DROP
stops rule-drops 'rule [12] of chain OUTPUT in the legacy table filter drops the answer' g1 $G.1
iptables-legacy -I FORWARD -o br-n -m conntrack --ctstate ESTABLISHED -j DROP
stops rule-drops 'rule 1 of chain FORWARD in the legacy table filter drops the answer' g1 $OUT
nft 'add table ip6 six { chain f { type filter hook forward priority 10; iifname "uplink0" ct state established drop; }; }'
stops rule-drops 'of chain f in table ip6 six drops the answer' g1 $OUT6
nft delete table ip6 six
nft 'add table inet fw { chain o { type filter hook output priority 0; policy drop; }; }'
stops policy-drops 'the policy of chain o in table inet fw drops the answer' g1 $G6:1
nft delete table inet fw
nft 'add table inet fw { chain p { type filter hook prerouting priority -10; iifname "uplink0" meta l4proto udp drop; }; }'
stops rule-drops 'of chain p in table inet fw drops the answer' g1 $SERVER:53 --proto udp
nft delete table inet fw

# -- Routing

echo 0 >/proc/sys/net/ipv4/ip_forward
stops forwarding-off 'net.ipv4.ip_forward is 0' g1 $OUT
echo 0 >/proc/sys/net/ipv6/conf/all/forwarding
stops forwarding-off 'net.ipv6.conf.all.forwarding is 0' g1 $OUT6
echo 0 >/proc/sys/net/ipv4/conf/br-n/forwarding
stops device-forwarding-off 'net.ipv4.conf.br-n.forwarding is 0' g1 $OUT
sysctl -qw net.ipv4.conf.br-n.rp_filter=1; ip route add $G.10 dev uplink0
stops reverse-path-filter "the way back to $G.10 leads to uplink0 by route $G.10/32" g1 $OUT
sysctl -qw net.ipv4.conf.br-n.rp_filter=0
for type in blackhole unreachable prohibit; do
	ip route add $type $SERVER; unmended='whose it is is not known'
	stops route-${type%prohibit}$([ $type = prohibit ] && echo prohibited) "a route of type $type to $SERVER" g1 $OUT
	ip route del $type $SERVER
	ip rule add from $G.0/24 pref 77 $type
	stops routing-rule-refuses 'the routing rule with preference 77' g1 $OUT
done
ip -6 route add unreachable $SERVER6; unmended='whose it is is not known'
stops route-unreachable "a route of type unreachable to $SERVER6" g1 $OUT6
ip -6 route del unreachable $SERVER6
nft 'add table ip mk { chain p { type filter hook prerouting priority mangle; iifname "br-n" meta mark set 0x66; }; }'
ip rule add fwmark 0x66 pref 66 prohibit
stops routing-rule-refuses 'the routing rule with preference 66' g1 $OUT
nft delete table ip mk
iptables-legacy -t mangle -A PREROUTING -i br-n -j TTL --ttl-set 1; unmended='a rule that may be wanted'
stops time-to-live-expired 'set it to 1' g1 $OUT
iptables-legacy -t mangle -F PREROUTING
default=$(ip route show default)
ip route del default; unmended='the router is not known'
stops no-route "the host has no route to $SERVER" g1 $OUT
ip route add $default

# -- Translation

ip route add $G.10 dev uplink0
stops no-way-back "leads $G.10 to 'uplink0', not to 'br-n'" g1 $G.1
ip route del $G.0/24 dev br-n
stops no-way-back "leads $G.10 to 'uplink0'" g1 $G.1
lose_rules '-j MASQUERADE|masquerade'
stops source-not-translated "by 'uplink0' with the guest's own address $G.10" g1 $OUT
nft "add table ip x { chain p { type nat hook postrouting priority 90; ip saddr $G.0/24 snat to 198.51.100.99; }; }"
stops led-elsewhere 'of chain p in table ip x' g1 $OUT
nft delete table ip x
iptables-legacy -t nat -I PREROUTING -p tcp --dport 8080 -j DNAT --to $G.20:80
stops led-elsewhere 'rule 1 of chain PREROUTING in the legacy table nat' g1 $UPLINK:8080 --from 203.0.113.1
kill $listener; ended $listener
unmended='it is the guest'; stops no-service "nobody there listens on tcp port 22 at $G.20" g1 $G.20:22
unmended='nobody knows what should'; stops no-service "nobody on the host listens on udp port 99 at $G.1" g1 $G.1:99 --proto udp
listens g2 22
listens g1 8081
stops port-not-forwarded "no rule leads the packet to a guest" g1 $UPLINK:8081 --from 203.0.113.1

# -- The next hop, ports, the guest

outside ip link set dev "$(outside ip -o route get $UPLINK | sed 's/.* dev \([^ ]*\).*/\1/')" arp off; ip neigh flush dev uplink0; unmended='it is another machine'
stops next-hop-silent "the next hop 203.0.113.1 on 'uplink0' is silent" g1 $OUT
outside ip link set dev "$(outside ip -o route get $UPLINK | sed 's/.* dev \([^ ]*\).*/\1/')" arp on
inns g1 ip link set eth0 arp off; unmended='it is the guest'
stops next-hop-silent "the next hop $G.10 on 'br-n' is silent" g1 $UPLINK:8080 --from 203.0.113.1
inns g1 ip link set eth0 arp on
ip link set $D1 nomaster
stops port-off-bridge "device '$D1' is not on bridge 'br-n'" g1 $OUT
ip link set $D1 down
stops port-down "device '$D1' is down" g1 $OUT
ip link del $D1
stops port-missing "device '$D1', which leads to the guest, does not exist" g1 $OUT
ip link set br-n down
stops bridge-down "bridge 'br-n' is down" g1 $OUT
bridge link set dev $D1 locked on
stops port-locked "port '$D1' of bridge 'br-n' is locked" g1 $OUT
ip link set dev $D1 type bridge_slave state 1; unmended='it is not the spanning tree that has set it'
stops port-not-forwarding "port '$D1' of bridge 'br-n' does not forward: the spanning tree has it listening" g1 $OUT
ip link set dev $D1 type bridge_slave state 3
bridge link set dev $D1 isolated on; bridge link set dev $D2 isolated on
stops port-isolated "ports '$D1' and '$D2' are isolated" g1 $G.20:22
bridge link set dev $D1 isolated off
inns g1 ip link set eth0 down; unmended='it is the guest'
stops port-no-carrier "device '$D1' has no carrier" g1 $OUT
ok 'the guest is repaired' vnm -q net-repair n
inns g1 ip route del default
stops guest-no-route "the guest has no route to $SERVER: Network is unreachable" g1 $OUT
inns g1 ip route replace default via $G.1
for kind in blackhole prohibit unreachable; do
	inns g1 ip route add $kind "$SERVER"; unmended='it is the guest'
	stops guest-no-route "a $kind route in the guest stops what it sends to $SERVER; there: ip route show type $kind" g1 $OUT
	inns g1 ip route del $kind "$SERVER"
done
inns g1 ip route replace default via $G.66; unmended='it is the guest'
stops guest-next-hop-silent "the guest finds nobody at $G.66" g1 $OUT
inns g1 ip route replace default via $G.1
inns g1 ip route add $SERVER dev lo; unmended='it is the guest'
stops guest-other-way "by 'eth0'" g1 $OUT
inns g1 ip route del $SERVER dev lo
before=$(host)

# -- Machines, behind a tap

ip netns add m1; ip link add m1 type veth peer name eth0 address 52:54:00:00:00:30 netns m1; inns m1 ip link set eth0 up
ok 'attach a device' vnm -q net-attach n --dev m1
unmended='nothing tells it'
stops guest-no-address "guest 'm1' has no IPv6 address that is known" m1 $OUT6
inns m1 ip addr add $G.30/24 dev eth0; ok 'it is heard' inns m1 ping -c 1 -W 2 $G.1
passes 'from a machine' m1 $OUT
has 'with its reserved address' "m1 sends from $G.30" "$(cat "$T/is")"
nft "add table bridge b { chain p { type filter hook prerouting priority -300; iifname m1 drop; }; }"
stops rule-drops 'of chain p in table bridge b' m1 $OUT
nft delete table bridge b
ip link del m1
same 'nothing is left' "$before" "$(host)"

# -- Killed, at any request to the kernel or at the packet itself: the next command restores

kills=0 changed=0
killed() {	# killed SYSTEM-CALL STEP: at every STEP-th
	at=0
	while at=$((at + $2)); do
		timeout 20 strace -qq -o /dev/null -e trace=$1 -e inject=$1:signal=KILL:when=$at \
			"$VNETMGR" -q net-explain n $G.20 $OUT >/dev/null 2>&1
		[ $? = 137 ] || break
		kills=$((kills + 1)); [ "$before" = "$(host)" ] || changed=$((changed + 1))
		vnm net-list >/dev/null
		same "killed at $1 $at" "$before" "$(host)" || break
	done
}
killed sendto 1
killed sendmsg 5
ok "$kills kills, of which $changed left something" [ "$changed" -ge 2 ]

# -- Without privileges

unprivileged() {
	setpriv --reuid=65534 --regid=65534 --clear-groups env -u VNETMGR_ROOT -u VNETMGR_SANDBOX PATH="$PATH" HOME=/ "$VNETMGR" sandbox --uplink sh -c '
		$VNETMGR -q net-create /dev/stdin <<X 2>/dev/null
<network><name>u</name><forward/><bridge name="br-u" stp="off"/><ip address="192.168.195.1" prefix="24"/></network>
X
		$VNETMGR -q net-attach u --netns g --create --ip auto; $VNETMGR net-explain u g 198.51.100.10:80; echo "status $?"
		$VNETMGR net-doctor u; echo "doctor $?"
		nft insert rule ip filter FORWARD drop 2>/dev/null || { nft add table ip f; nft "add chain ip f f { type filter hook forward priority 0; policy drop; }"; }
		$VNETMGR net-explain u g 198.51.100.10:80; echo "status $?"; $VNETMGR net-doctor u; echo "doctor $?"'
}
now=$(unprivileged 2>&1)
has 'it passes' '^status 0$' "$now"
has 'it is stopped' '^status 3$' "$now"
has 'by a rule' '^Stopped: the (policy|rule)' "$now"
has 'net-doctor: healthy' '^doctor 0$' "$now"; has 'net-doctor: findings' '^doctor 3$' "$now"

# -- Refused

ip link set dev uplink0 down; unmended='its routes are gone with it'
stops no-route "the host has no route" g1 $OUT

refused() { why=$1; shift; no "$why" vnm -q net-explain n "$@"; has "$why: why" "$why" "$(cat "$T/out")"; }
refused "is not an IP address" g1 nowhere
refused "is not a port" g1 $SERVER:70000
refused "needs a port" g1 $SERVER --proto tcp
refused "icmp has no ports" g1 $OUT --proto icmp
refused "is not a protocol" g1 $OUT --proto sctp
refused "different families" g1 $OUT --from 2001:db8:113::1
refused "no guest of network 'n' is called 'nobody'" nobody $OUT

echo "$mended of them were mended by the command that was given"
finish
