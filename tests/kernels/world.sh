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
