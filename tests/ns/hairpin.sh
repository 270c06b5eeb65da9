#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A guest reaches itself by what leads to it: its forwarded port and its 1:1 address, of both families, wherever the
# kernel translates. And nothing else comes back by the port that it came by: not what is said to all.
. "$srcdir/tests/lib/ns.sh"
command -v nft >/dev/null || skip 'nft is not installed'
N=192.168.170 N6=fd00:170: O=203.0.113.70 O6=2001:db8:113::70
before=$(snapshot)
ip addr add $O/32 dev uplink0; ip addr add $O6/128 dev uplink0 nodad
# Without port forwarding at first, and without a server, where fewer frames are filtered.
cat >"$T/n.xml" <<X
<network xmlns:vnm='urn:vnetmgr:network:1'><name>n</name><forward mode='nat'><nat ipv6='yes'/></forward><bridge name='br-n' stp='off'/><dns enable='no'/>
<ip address='$N.1' prefix='24'/><ip family='ipv6' address='$N6:1' prefix='64'/></network>
X
ok define vnm -q net-define "$T/n.xml"; ok start vnm -q net-start n; vnm -q net-autostart n
port() { ip -d -o link show "$1" | grep -o "hairpin [a-z]*"; }
for g in a b; do
	ip netns add $g; inns $g sh -c 'for c in all default; do echo 0 >/proc/sys/net/ipv6/conf/$c/enhanced_dad; done; echo 0 >/proc/sys/net/ipv6/conf/default/accept_ra'
	[ $g = a ] && i=10 || i=11
	ok "attach $g" vnm -q net-attach n --netns $g --ip $N.$i --ip $N6:$i
done
ok 'a tap' vnm -q net-attach n --tap t0
for d in vnet0 t0; do same "$d is ready" 'hairpin on' "$(port $d)"; done
has 'a dry run reports it' '^bridge link set dev vnet2 root_block on hairpin on$' "$(vnm net-attach n --tap vnet2 --dry-run)"
ip link add nic type veth peer name nic1; ok 'a device that was there' vnm -q net-attach n --dev nic
same 'is not: nobody knows who is behind it' 'hairpin off' "$(port nic)"
ok detach vnm -q net-detach n nic; ip link del nic

serve() {
	servers=
	for v in 4 6; do ip netns exec a nc -$v -l -k -p 80 </dev/null >/dev/null 2>&1 & servers="$servers $!"; done
	until [ "$(inns a ss -Hltn 'sport = :80' | wc -l)" = 2 ]; do sleep .02; done
}
serve
for v in 4 6; do
	[ $v = 4 ] && a=$N.10 o=$O || a=$N6:10 o=$O6
	ok "IPv$v: a port, later" vnm -q net-update n add port-forward "<vnm:portForward proto='tcp' port='8080' to='$a' toPort='80'/>" --live --config
	ok "IPv$v: a 1:1 address" vnm -q net-update n add static-nat "<vnm:staticNat outside='$o' inside='$a'/>" --live --config
done
settings() { for f in iptables ip6tables; do echo "$1" >/proc/sys/net/bridge/bridge-nf-call-$f 2>/dev/null; done; }
[ -e /proc/sys/net/bridge/bridge-nf-call-iptables ] && bridged='0 1' || { bridged=0; echo 'br_netfilter is not loaded' >&2; }
reach() {	# reach WHAT
	for g in a b; do
		for n in $UPLINK $UPLINK6; do ok "$1: $g to the port at $n" connects $g $n 8080; done
		for n in $O $O6; do ok "$1: $g to $n" connects $g $n 80; ok "$1: $g to $n, ICMP" reaches $g $n; done
	done
}
for nf in $bridged; do settings $nf; reach "nf-call $nf"; done

# own GUEST ADDRESS: nobody has the address: it is the guest's, after it has asked all
own() {
	inns "$1" ip addr add "$2/64" dev eth0
	inns "$1" timeout 5 sh -c "until ! ip -6 -o addr show dev eth0 | grep '$2/' | grep -q ' tentative'; do sleep .02; done"
	inns "$1" ip -6 -o addr show dev eth0 | grep "$2/" | grep -q dadfailed && r=1 || r=0
	inns "$1" ip addr del "$2/64" dev eth0
	return $r
}
for nf in $bridged; do settings $nf; ok "nf-call $nf: duplicate addresses are detected by nobody's own words" own a $N6:77; done
inns b ip addr add $N6:78/64 dev eth0 nodad; no 'but by those of others' own a $N6:78
# What comes back without the filter: so much for this test.
nft delete table bridge vnetmgr
no 'without it, its own words' own a $N6:77
has 'that is noticed' '^ n +degraded ' "$(vnm net-list)"
ok 'and mended' vnm -q net-repair n; ok 'as before' own a $N6:77
bridge link set dev vnet0 hairpin off
has 'the port, too: noticed' ' a +.*degraded|vnet0 .*degraded' "$(vnm net-port-list n)"
ok 'and mended' vnm -q net-repair n; same 'it is ready' 'hairpin on' "$(port vnet0)"
vnm -q net-destroy n 2>/dev/null; ok 'started again' vnm -q net-start n
reach 'after a restart'
kill $servers; for g in a b; do ip netns del $g; ip netns add $g; done
vnm -q net-destroy n 2>/dev/null; rm -rf "$VNETMGR_ROOT/run/vnetmgr"; ip link del t0
vnm autostart >/dev/null 2>&1; vnm -q net-repair n >/dev/null 2>&1
serve; for nf in $bridged; do settings $nf; ok "after a boot, nf-call $nf" connects a $UPLINK 8080; ok 'over IPv6' connects a $O6 80; done
kill $servers
settings 1
vnm -q net-destroy n 2>/dev/null; for g in a b t0; do vnm -q net-detach n $g 2>/dev/null; done; vnm -q net-undefine n
for g in a b; do ip netns del $g; done
ip addr del $O/32 dev uplink0; ip addr del $O6/128 dev uplink0
same 'no trace is left' "$before" "$(snapshot)"
finish
