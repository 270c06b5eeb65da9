# SPDX-License-Identifier: GPL-2.0-or-later
# vlan-world.sh - what the tests of VLANs share; sourced after world.sh. $NET is the network.
need bridge
# table DEVICE: its VLANs, each with ";" behind it
table() { bridge -compressvlans vlan show dev "$1" 2>/dev/null | awk 'NR > 1 { sub(/^[^ \t]+/, ""); sub(/^[ \t]+/, ""); print }' | tr '\n' ';'; }
put() { ip netns add "$1"; ns=$1; shift; ok "guest $ns" vnm -q net-attach "$NET" --netns $ns "$@"; }
dev() { vnm -q net-port-list "$NET" | awk -v ns="$1" '$3 == ns || $3 ~ "/" ns "$" { print $1 }'; }
both() { ok "$1 reaches $3" reaches "$2" "$4"; }
not() { no "$1 does not reach $3" reaches "$2" "$4"; }
# tag NS VLAN ADDRESS [DEV]: a device of that VLAN in it, with the address
tag() {
	inns "$1" ip link add link "${4:-eth0}" name "v$2" type vlan id "$2"
	inns "$1" ip addr add "$3/24" dev "v$2"; inns "$1" ip link set "v$2" up
}
healthy() { has "$1" "^ $NET +active " "$(vnm net-list)"; }
