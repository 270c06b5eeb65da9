# SPDX-License-Identifier: GPL-2.0-or-later
# mtu.sh - networks with an MTU, and how large packets may be. To be sourced after ns.sh.
# shellcheck shell=sh

X='xmlns:vnm="urn:vnetmgr:network:1"'
# define NAME MTU MODE MORE
define() {
	printf "<network $X><name>%s</name><bridge name='%sb' stp='off'/>%s%s%s</network>" "$1" "$1" "$3" \
		"${2:+<mtu size='$2'/>}" "$4" >"$T/$1.xml"
	vnm -q net-define "$T/$1.xml"
}
mtu() { cat "/sys/class/net/$1/mtu"; }		# of a device here
inside() { inns "$1" ip -o link show eth0 | sed 's/.* mtu \([0-9]*\).*/\1/'; }
big() { inns "$1" ping -n -c 1 -W 2 -M do -s "$2" "$3"; }	# big GUEST BYTES ADDRESS
host_big() { ping -n -c 1 -W 2 -M do -s "$1" "$2"; }
