# SPDX-License-Identifier: GPL-2.0-or-later
# world.sh - the world of a test on a kernel of its own: the machine is the host, with an uplink to a namespace; sourced first.
# The helpers are those of tests/lib/ns.sh, whose sandbox is not needed here.
VNETMGR_SANDBOX=1 VNETMGR_ROOT=
. "$srcdir/tests/lib/ns.sh"
cd "$T" || exit 1
uplink() {
	ip netns add internet
	ip link add uplink0 type veth peer name eth0 netns internet
	ip addr add $UPLINK/24 dev uplink0; ip addr add $UPLINK6/64 dev uplink0 nodad; ip link set uplink0 up
	for a in 203.0.113.1/24 $SERVER/32 2001:db8:113::1/64 $SERVER6/128; do
		case $a in *:*) nodad=nodad ;; *) nodad= ;; esac
		outside ip addr add $a dev eth0 $nodad
	done
	outside ip link set lo up; outside ip link set eth0 up
	ip route add default via 203.0.113.1; ip -6 route add default via 2001:db8:113::1
}
loaded() { lsmod | awk '{ print $1 }' | grep -qx "$1"; }
define() { for n; do "$VNETMGR" -q net-define "$srcdir/networks/$n.xml" >/dev/null || echo "FAIL: define $n"; done; }
up() { ok "start $1" vnm -q net-start "$1"; has "$1 is whole" "^ $1 +active " "$(vnm net-list)"; }
# refused NETWORK PATTERN: it does not start, says why, says the same when it is only asked, and nothing is left.
refused() {
	before=$(snapshot 2>/dev/null)
	no "start $1" vnm -q net-start "$1"; has "$1: why" "$2" "$(cat "$T/out")"
	no "start $1 --dry-run" vnm -q net-start "$1" --dry-run; has "$1: why" "$2" "$(cat "$T/out")"
	same "$1: nothing is left" "$before" "$(snapshot 2>/dev/null)"
}
nat_works() { guest g keenbr0; ok 'a lease' dhcp g; ok 'through NAT' reaches g $SERVER; }
# taken BACKEND WHY MODULE: the host gets it, why is reported in one line with the remedy, and guests reach the outside
taken() {
	# Not by use_firewall: it asks first, and a dry run in legacy tables has them in use, which is a reason to take them.
	echo 'firewall_backend = "auto"' >"$VNETMGR_ROOT/etc/vnetmgr/network.conf"
	vnm net-start keennet >out 2>&1 || { cat out; failures=$((failures + 1)); }
	has 'what is missing' "^warning: firewall back end: $1, since $2; load it: modprobe $3; or set it in /etc/" "$(cat out)"
	same 'in one line' 1 "$(grep -c 'firewall back end' out)"
	has 'it is taken' "^Firewall: +$1$" "$(vnm net-info keennet)"
	has 'whole' '^ keennet +active ' "$(vnm net-list)"
	nat_works
	ok 'IPv6' vnm -q net-start ipv6
	leave g
	ok 'stop' vnm -q net-destroy keennet ipv6
}
