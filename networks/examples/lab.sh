#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# lab.sh - two networks and a router between them, all in network namespaces:
#
#     ns1 --- lab-left --- router --- lab-right --- ns2
#             192.168.100.0/24        192.168.200.0/24
#
#   sudo ./lab.sh up      builds it; then for example: ip netns exec ns1 ping 192.168.200.10
#   sudo ./lab.sh down    takes it away
#
# To try it where it can do no harm: vnetmgr sandbox sh -c './lab.sh up; exec bash'
set -eu
cd "$(dirname "$0")"
vnm=${VNETMGR:-vnetmgr}

up() {
	for ns in ns1 router ns2; do ip netns add $ns; done
	"$vnm" net-apply lab-left.xml lab-right.xml
	"$vnm" net-attach lab-left --netns router --router --ifname left --ip 192.168.100.1
	"$vnm" net-attach lab-right --netns router --router --ifname right --ip 192.168.200.1
	"$vnm" net-attach lab-left --netns ns1
	"$vnm" net-attach lab-right --netns ns2
	for ns in ns1 ns2; do
		ip netns exec $ns "${DHCP_CLIENT:-udhcpc}" -i eth0 -n -q -O staticroutes ${DHCP_SCRIPT:+-s "$DHCP_SCRIPT"}
	done
}

down() {
	"$vnm" net-destroy lab-left lab-right || true
	"$vnm" net-undefine lab-left lab-right || true
	for ns in ns1 router ns2; do ip netns del $ns; done
}

case ${1:-} in
up | down) "$1" ;;
*) echo "usage: $0 up|down" >&2; exit 2 ;;
esac
