#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# lab.sh - two networks and a router between them, all in network namespaces:
#
#     ns1 --- lab-left --- router --- lab-right --- ns2
#             192.168.100.0/24        192.168.200.0/24
#
#   sudo ./lab.sh up      builds it; then for example: ip netns exec ns1 ping 192.168.200.10
#   sudo ./lab.sh down    removes it
#
# To try it without risk: vnetmgr sandbox sh -c './lab.sh up; exec bash'
#
# ns1 and ns2 have their addresses by DHCP, for which net-attach needs busybox (or its udhcpc) or dhclient.
# DHCP gives them the route to the other side, too.
set -eu
cd "$(dirname "$0")"
vnm=${VNETMGR:-vnetmgr}

# guest NAMESPACE DEVICE NETWORK OPTION...: what exists is left alone, so "up" is idempotent.
guest() {
	ns=$1 dev=$2 net=$3; shift 3
	ip netns exec "$ns" true 2>/dev/null || ip netns add "$ns"
	ip netns exec "$ns" ip link show dev "$dev" >/dev/null 2>&1 ||
		"$vnm" net-attach "$net" --netns "$ns" --ifname "$dev" "$@"
}

up() {
	"$vnm" net-apply lab-left.xml lab-right.xml
	guest router left lab-left --router --ip 192.168.100.1
	guest router right lab-right --router --ip 192.168.200.1
	guest ns1 eth0 lab-left --mac 52:54:00:64:00:10 --ip dhcp
	guest ns2 eth0 lab-right --mac 52:54:00:c8:00:10 --ip dhcp
}

down() {
	for net in lab-left lab-right; do
		if "$vnm" net-list --name | grep -qx $net; then "$vnm" net-destroy $net; fi
		if "$vnm" net-list --all --name | grep -qx $net; then "$vnm" net-undefine $net; fi
	done
	for ns in ns1 router ns2; do
		if ip netns exec $ns true 2>/dev/null; then ip netns del $ns; fi
	done
}

case ${1:-} in
up | down) "$1" ;;
*) echo "usage: $0 up|down" >&2; exit 2 ;;
esac
