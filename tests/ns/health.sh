#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# An active network is one that is in effect: what stands in its way is reported by every command in the same words, and
# net-repair repairs what is ours. What stands before our rules: rule-order.sh.
. "$srcdir/tests/lib/ns.sh"
. "$srcdir/tests/lib/health.sh"

# Tables of iptables have chains of the network's own for some of its rules, and packets come there.
if in_iptables; then
	fault 'a rule in a chain of its own' n "rule 1 '-j ACCEPT' of chain VNM_FWO[.]br-n is not" iptables -I VNM_FWO.br-n -j ACCEPT
	fault 'in that of nat' n "rule 6 '-j ACCEPT' of chain nat VNM_PRT[.]br-n is not" iptables -t nat -A VNM_PRT.br-n -j ACCEPT
	fault 'a rule of another chain' n "rule 3 '-i br-n -p tcp -j VNM_FWO[.]br-n' of chain VNM_FWO is not" iptables -A VNM_FWO -i br-n -p tcp -j VNM_FWO.br-n
	order() { iptables -D VNM_FWO.br-n -s 192.168.160.0/24 -i br-n -j ACCEPT && iptables -A VNM_FWO.br-n -s 192.168.160.0/24 -i br-n -j ACCEPT; }
	fault 'the order of its rules there' n 'the rules of chain VNM_FWO[.]br-n are not in order' order
	fault 'the dispatch rule is gone' n 'iptables -A VNM_FWO -i br-n -j VNM_FWO.br-n|1 of [0-9]+ firewall rules' iptables -D VNM_FWO -i br-n -j VNM_FWO.br-n
	fault 'so is the chain' n '3 of [0-9]+ firewall rules' \
		sh -c 'iptables -D VNM_FWO -i br-n -j VNM_FWO.br-n; iptables -F VNM_FWO.br-n; iptables -X VNM_FWO.br-n'

	fault 'the chain of a network that is not known' n "rule [0-9]+ '-i lost -j VNM_FWO[.]lost' of chain VNM_FWO is not" \
		sh -c 'iptables -N VNM_FWO.lost && iptables -A VNM_FWO.lost -i lost -j ACCEPT && iptables -A VNM_FWO -i lost -j VNM_FWO.lost'
	fault 'another rule leads to ours' n '1 of [0-9]+ firewall rules' \
		sh -c 'iptables -D VNM_FWO -i br-n -j VNM_FWO.br-n && iptables -A VNM_FWO -j VNM_FWO.br-n'
fi

# dnsmasq that is there and serves nobody.
server() { pgrep -f dnsmasq/n/; }
halt() { kill -STOP "$(server)"; until grep -q '^State:.T' "/proc/$(server)/status"; do sleep .02; done; }
old=$(server)
fault 'dnsmasq is stopped' n 'dnsmasq [(]stopped by a signal[)]' halt
no 'it is another one now' [ "$old" = "$(server)" ]
halt
ok 'a change with a stopped dnsmasq' vnm net-update n add dns-host "<host ip='192.168.160.77'><hostname>late</hostname></host>" --live
has 'is reported' "^warning: the dnsmasq of network 'n' was stopped by a signal; it is started anew" "$(cat "$T/out")"
same 'and serves what was changed' 192.168.160.77 "$(dig +short +time=2 +tries=1 @192.168.160.1 late)"
halt
ip netns add k
ok 'a guest with a name' vnm net-attach n --netns k --ip 192.168.160.11 --hostname kay
same 'which dnsmasq knows' 192.168.160.11 "$(dig +short +time=2 +tries=1 @192.168.160.1 kay)"
halt
ok 'detach' vnm net-detach n k
same 'and forgets' '' "$(dig +short +time=2 +tries=1 @192.168.160.1 kay)"
ip netns del k
ok 'healthy' healthy

# Forwarding of the bridge alone, which the host's setting does not show.
off() { echo 0 >"/proc/sys/net/$1/conf/br-n/forwarding"; }
fault 'forwarding of the bridge is off' n 'setting net/ipv4/conf/br-n/forwarding=1' off ipv4
fault 'that of IPv6' n 'setting net/ipv6/conf/br-n/forwarding=1' off ipv6
echo 0 >/proc/sys/net/ipv4/conf/default/forwarding
ok 'where new devices do not forward' vnm net-destroy n; ok 'a start' vnm net-start n
ok 'forwards' out
echo 1 >/proc/sys/net/ipv4/conf/default/forwarding

# Guests.
up=$(state)
vnet=$(vnm net-port-list n | sed -n 's/^ *\(vnet[0-9]*\).*/\1/p')
fault 'a port is taken off the bridge' n "guest $vnet [(]g[)] lacks $vnet on bridge br-n|$vnet on bridge br-n of guest $vnet [(]g[)]" ip link set "$vnet" nomaster
fault "a guest's address is gone" n "guest $vnet [(]g[)] lacks address 192.168.160.10/24 on eth0, route|address 192.168.160.10/24 on eth0, route.* of guest $vnet" inns g ip -4 addr flush dev eth0
fault 'its device is deleted' n "guest $vnet [(]g[)] lacks eth0 in|eth0 in .* of guest $vnet" ip link del "$vnet"
fault 'its device is down' i "guest vnet[0-9]+ [(]h[)] lacks link eth0 up|link eth0 up.* of guest vnet[0-9]+ [(]h[)]$" inns h ip link set eth0 down
ip netns add gone
ok 'one more' vnm net-attach n --netns gone --ip 192.168.160.12
ip netns del gone; until [ "$(ls /sys/class/net/br-n/brif | wc -l)" = 1 ]; do sleep .02; done
ok 'a guest that has ended is no fault' healthy
has 'but reported' '^Note: +guest vnet[0-9]+ [(]gone[)] is gone with its namespace' "$(vnm net-info n)"
ok 'and collected' vnm net-repair n

# nf_tables chains of others drop what we accept, whatever we accept: what is certain is a fault that others must mend.
call=/proc/sys/net/bridge/bridge-nf-call
bridged() { [ ! -e $call-iptables ] || { echo "$1" >$call-iptables; echo "$1" >$call-ip6tables; }; }
seen=$(cat $call-iptables 2>/dev/null)
if command -v nft >/dev/null; then
	bridged 0
	# obstacle WHAT PATTERN: reported everywhere; what is advised helps.
	obstacle() {
		about=$1 pattern=$2
		has "$about: net-list" '^ n +degraded ' "$(vnm net-list)"
		has "$about: net-info" "^Degraded: +nf_tables chain $pattern" "$(vnm net-info n)"
		has "$about: net-diff" "^degraded: nf_tables chain $pattern" "$(vnm net-diff n --live)"
		no "$about: net-repair" vnm net-repair n
		has "$about: and why" "^error: not for vnetmgr to mend: nf_tables chain $pattern" "$(cat "$T/out")"
		sed -n 's/^error:.*there, too: //p' "$T/out" | tr ';' '\n' >"$T/advice"
		no "$about: so it is" out
		ok "$about: what is advised" sh -e "$T/advice"
		ok "$about: helps" out; ok "$about: healthy" healthy
		no "$about: nothing more is reported" grep -q ^Note "$(vnm net-info n >"$T/info"; echo "$T/info")"
	}
	chain='{ type filter hook forward priority 0; policy drop; }'
	nft add table inet theirs; nft add chain inet theirs strict "$chain"
	obstacle 'a policy' "'strict' of table 'inet theirs' drops forwarded packets of the guests on br-n by its policy"
	nft delete table inet theirs
	nft add table ip theirs; nft add chain ip theirs base '{ type filter hook forward priority 0; policy accept; }'
	nft add chain ip theirs more; nft add rule ip theirs more ct state established,related accept
	nft add rule ip theirs more iifname lo accept; nft add rule ip theirs base jump more; nft add rule ip theirs base counter reject
	obstacle 'a rule' "'base' of table 'ip theirs' drops forwarded packets of the guests on br-n by the rule with handle [0-9]+"
	nft delete table ip theirs
	# As Docker has it, with iptables-nft: nothing of it lets our guests pass, unless our rules are in that chain (firewall-nft.sh).
	if [ $FIREWALL != iptables-nft ] && command -v iptables-nft >/dev/null; then
		ip link add docker0 type bridge
		iptables-nft -P FORWARD DROP; iptables-nft -N DOCKER; iptables-nft -N DOCKER-USER
		iptables-nft -A DOCKER-USER -j RETURN; iptables-nft -A FORWARD -j DOCKER-USER
		iptables-nft -A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
		iptables-nft -A FORWARD -o docker0 -j DOCKER; iptables-nft -A FORWARD -i docker0 ! -o docker0 -j ACCEPT
		iptables-nft -A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT
		obstacle 'Docker' "'FORWARD' of table 'ip filter' drops forwarded packets of the guests on br-n by its policy"
		iptables-nft -P FORWARD ACCEPT; iptables-nft -F; iptables-nft -X; ip link del docker0
		nft delete table ip filter
	fi
	# What may let them pass is no fault, and reported.
	nft add table inet theirs; nft add chain inet theirs strict "$chain"
	nft add rule inet theirs strict ip saddr 192.168.0.0/16 accept
	nft add rule inet theirs strict ct state vmap '{ established : accept, related : accept }'
	ok 'what may accept is no fault' healthy; ok 'and so it is' out
	has 'but reported' "^Note: +nf_tables chain 'strict' of table 'inet theirs' drops forwarded packets of the guests that none" "$(vnm net-info n)"
	nft delete table inet theirs
	# What guests ask the host for.
	nft add table inet theirs; nft add chain inet theirs in '{ type filter hook input priority 0; policy drop; }'
	nft add rule inet theirs in iif lo accept; nft add rule inet theirs in ct state established accept
	nft add rule inet theirs in meta l4proto tcp tcp dport 22 accept
	has 'no DHCP' "^Degraded: +nf_tables chain 'in' of table 'inet theirs' drops requests to the host" "$(vnm net-info n)"
	nft add rule inet theirs in meta l4proto udp udp dport '{ 53, 67 }' accept
	has 'no IPv6' 'drops neighbour solicitations of the guests on br-n' "$(vnm net-info n)"
	nft add rule inet theirs in meta l4proto ipv6-icmp accept
	ok 'DHCP and neighbour discovery are let in' healthy
	nft delete table inet theirs
	ok 'no trace' healthy
fi

# Bridged packets, where iptables sees them: networks without rules of ours are reported.
if [ -e $call-iptables ]; then
	ip link add br-own type bridge; ip link set br-own up
	echo "<network><name>own</name><forward mode='bridge'/><bridge name='br-own'/></network>" >"$T/own.xml"
	ok 'a network on a bridge of the host' vnm net-create "$T/own.xml"
	iptables-legacy -P FORWARD DROP
	bridged 0
	no 'nothing, where they are not seen' grep 'legacy table' "$(vnm net-info own >"$T/info"; echo "$T/info")"
	bridged 1
	has 'the policy is told' "^Degraded: +chain 'FORWARD' of the legacy table 'filter' drops bridged packets of the guests on br-own by its policy, .*iptables[a-z-]* -I FORWARD -i br-own -o br-own -j ACCEPT" "$(vnm net-info own)"
	iptables-legacy -I FORWARD -m physdev --physdev-in port0 -j ACCEPT
	has 'what may let them pass' "^Note: +chain 'FORWARD' of the legacy table 'filter' drops bridged packets of the guests that none of its rules accepts; .*iptables[a-z-]* -I FORWARD -i br-own -o br-own -j ACCEPT" "$(vnm net-info own)"
	iptables-legacy -I FORWARD -i br-own -o br-own -j ACCEPT
	no 'until they are let pass' grep 'legacy table' "$(vnm net-info own >"$T/info"; echo "$T/info")"
	iptables-legacy -D FORWARD 1; iptables-legacy -D FORWARD 1; iptables-legacy -P FORWARD ACCEPT
	if command -v nft >/dev/null; then
		nft add table ip theirs; nft add chain ip theirs strict '{ type filter hook forward priority 0; policy drop; }'
		has 'and of nf_tables' "^Degraded: +nf_tables chain 'strict' of table 'ip theirs' drops bridged packets of the guests on br-own" "$(vnm net-info own)"
		nft delete table ip theirs
	fi
	ok 'stop it' vnm net-destroy own
	ip link del br-own
	bridged "$seen"
fi

# A bridge whose marks somebody has changed is still ours: it is put right, or goes with its network, and never stays open.
mac=$(cat /sys/class/net/br-i/address)
fault 'the group is changed' i 'bridge br-i [(]its group was changed to 7, so that it is not guarded[)]' ip link set br-i group 7
fault 'the MAC address is changed' i 'bridge br-i [(]its MAC address was changed[)]' ip link set br-i address 02:00:00:00:00:99
renamed() { ip link set br-i down; ip link set br-i name weird; ip link set weird up; }
fault 'the name is changed' i "bridge br-i [(]it is called 'weird' now[)]" renamed
same 'there is one bridge of that address' 1 "$(ip -o link show type bridge | grep -c "$mac")"
renamed; ip link add br-i type dummy 2>/dev/null || ip link add br-i type bridge
no 'not while somebody else has its name' vnm net-repair i
has 'that is reported' "^error: bridge 'br-i' of the network is called 'weird' now, and another device has its name" "$(cat "$T/out")"
ip link del br-i
ok 'then' vnm net-repair i; ok 'healthy' healthy; ok 'held' held
for change in 'ip link set br-i group 7' 'ip link set br-i address 02:00:00:00:00:99' renamed; do
	$change
	ok "$change: destroy" vnm net-destroy i
	no "$change: nothing of it is left" grep . "$(ip -o addr show to 192.168.161.1 >"$T/left"; ip -o link show type bridge | grep -E 'br-i|weird' >>"$T/left"; echo "$T/left")"
	ok "$change: start" vnm net-start i
	ok "$change: healthy" healthy; ok "$change: held" held
done
ip link del br-i; ip link add br-i type bridge
ok 'one of somebody else stays' vnm net-destroy i
has 'and is named' "^warning: device 'br-i' is not the one that vnetmgr made, and stays; if nothing needs it: ip link del br-i" "$(cat "$T/out")"
ip link del br-i; ok 'start again' vnm net-start i
ip link set br-n group 7; ip link set br-i group 7
ok 'several' vnm net-destroy n i
no 'none of them is left' ip link show br-n; no 'nor the other' ip link show br-i
ok 'start them' vnm net-start n i
ok 'healthy' healthy
up=$(state)

# What others have put on a bridge is named when it goes.
ip link add mine type dummy 2>/dev/null || ip link add mine type veth peer name yours
ip link set mine master br-i
ok 'with a port of somebody else' vnm net-destroy i
has 'it is named, and it alone' "^warning: network 'i' is stopped with ports of others on its bridge: mine; they are cut off" "$(cat "$T/out")"
ip link del mine; ok 'start it again' vnm net-start i; ok 'whole' healthy
up=$(state)

# Rules of another state directory are not taken for anybody's.
echo "<network><name>x</name><bridge name='br-x' stp='off'/><ip address='192.168.162.1' prefix='24'/></network>" >"$T/x.xml"
ok 'another state directory' vnm --root "$T/other" net-create "$T/x.xml"
ok 'its rules are no fault here' healthy
lose_rules "$(among br-n)"
ok 'and a repair' vnm net-repair n
ok 'leaves them' vnm --root "$T/other" net-list
no 'whole' grep degraded "$T/out"
ok 'stop it' vnm --root "$T/other" net-destroy x
same 'all is as it was' "$up" "$(state)"
finish
