# SPDX-License-Identifier: GPL-2.0-or-later
# observe.sh - what a network that was started looks like, as lines that can be compared; sourced in a world.
#
# Every function prints one fact a line. What differs from run to run (indexes, timers, generated MACs) is left out. This is done for
# thousands of networks: what the shell can read starts no program.

# values DIRECTORY PREFIX [EXCEPT]: the files of a directory of the kernel as PREFIX/NAME=VALUE.
values() {
	for file in "$1"/*; do
		[ -f "$file" ] && [ -r "$file" ] || continue
		case " ${3:-} " in *" ${file##*/} "*) continue ;; esac
		value=; read -r value 2>/dev/null <"$file"
		echo "$2/${file##*/}=$value"
	done
}

# value_of FILE NAME: its line as NAME=VALUE
value_of() { value=; read -r value <"$1"; echo "$2=$value"; }

# seen_xml FILE COMMAND ARGUMENT...: what the command prints of it. What was generated because FILE lacks it is only named.
seen_xml() {
	file=$1; shift
	grep -q '<uuid' "$file" && uuid='' || uuid='s|<uuid>[0-9a-f-]\{36\}<|<uuid>generated<|'
	grep -q '<mac ' "$file" && mac='' || mac="s|<mac address='52:54:00:..:..:..'|<mac address='generated'|"
	"$@" | sed -e "$uuid" -e "$mac" -e '/^$/d'
}

# seen_link BRIDGE MAC-IS-GENERATED
seen_link() {
	[ -d "/sys/class/net/$1/bridge" ] || return 0
	except=$([ "$2" = yes ] && echo address)
	for name in address mtu flags tx_queue_len netdev_group; do
		[ "$name" = "$except" ] || value_of "/sys/class/net/$1/$name" "$name"
	done
	values "/sys/class/net/$1/bridge" bridge 'bridge_id root_id flush gc_timer hello_timer tcn_timer topology_change_timer
		topology_change topology_change_detected root_path_cost root_port'
}

# Devices that are no network's are those of the world, and its guests'.
seen_devices() {
	for device in /sys/class/net/*; do
		case ${device##*/} in lo | uplink0 | other0 | br9 | ovs0 | g[0-9]) ;; *) echo "device=${device##*/}" ;; esac
	done
}

seen_addresses() {
	ip -o addr show dev "$1" scope global >"$T/addresses"
	sed 's/^[0-9]*: [^ ]* *//; s/\\.*//; s/ tentative//; s/ nodad//; s/ *$//' "$T/addresses"
	grep -o 'valid_lft.*' "$T/addresses" | sort -u
}

seen_routes() {
	for family in -4 -6; do
		ip $family route show dev "$1" | sed "/^fe80::\/64/d; /^ff00::\/8/d; s/^/$family /; s/ linkdown//; s/ *\$//"
	done
}

seen_switches() {
	value_of /proc/sys/net/ipv4/ip_forward ip_forward
	value_of /proc/sys/net/ipv6/conf/all/forwarding ipv6.forwarding
	values "/proc/sys/net/ipv4/conf/$1" ipv4
	values "/proc/sys/net/ipv6/conf/$1" ipv6 stable_secret
}

# number SIZE-OR-RATE: what tc(8) printed or was told, or nft(8) said, as bytes or bits a second.
number() {
	echo "$1" | sed -E 's/^[0-9]+/& /' | awk '{
		n = split("bit 1 Kbit 1e3 Mbit 1e6 Gbit 1e9 kbps 8e3 bytes/second 8 kbytes/second 8192 mbytes/second 8388608 " \
			"b 1 kb 1024 Kb 1024 Mb 1048576 bytes 1 kbytes 1024 mbytes 1048576", unit)
		for (i = 1; i < n; i += 2) if (unit[i] == $2) printf "%.0f\n", $1 * unit[i + 1] }'
}

# word NAME LINE: the word behind another one
word() { echo "$2" | sed -n "s/.* $1 \([^ ]*\).*/\1/p"; }

# with_burst DIRECTION FILE: does the definition ask for a burst?
with_burst() { grep -q "<$1 [^>]*burst=" "$2"; }

# outbound_limit BRIDGE: the line that tells it, whatever does it: "police" that was not there, "police", nf_tables, or
# a class of the ifb device.
outbound_limit() {
	if [ -e "$T/police.$1" ]; then cat "$T/police.$1"; return; fi
	case $queues in *' ingress '*) tc filter show dev "$1" parent ffff: | grep ' police ' && return ;; esac
	nft list ruleset | sed -nE '/limit rate/ { s/over //; s/([0-9]) ([kmb])/\1\2/gp }' | grep . && return
	[ ! -e "/sys/class/net/ifb-$1" ] || tc class show dev "ifb-$1" | grep ' leaf '
}

# seen_shaping BRIDGE FILE: rates, and what FILE asks for beyond; whatever numbers, queue lengths and defaults there are. Classes and
# filters are in queues.
seen_shaping() {
	queues=$(tc qdisc show dev "$1")
	case $queues in *' htb '*) inbound_limit "$@" ;; esac
	limit=$(outbound_limit "$1")
	[ -z "$limit" ] || echo "outbound rate=$(number "$(word rate "$limit")")"
	[ -z "$limit" ] || ! with_burst outbound "$2" || echo "outbound burst=$(number "$(word burst "$limit")")"
}
inbound_limit() {
	echo "$queues" | awk '$2 != "noqueue" && $2 != "ingress" { sub("sfq", "bfifo", $2); print "queue=" $2 }'
	tc class show dev "$1" | grep ' leaf ' | while read -r class; do
		echo "inbound rate=$(number "$(word rate "$class")") ceil=$(number "$(word ceil "$class")")"
		burst=$(number "$(word burst "$class")") fast=$(number "$(word cburst "$class")")
		! with_burst inbound "$2" || echo "inbound burst=$burst at once: $(result [ "$fast" -ge "$burst" ])"
	done
}

# What listens for clients, without what the test itself runs (port 2222).
seen_sockets() { ss -Hlntu | awk '$5 !~ /:2222$/ { sub("%[^:]*", "%dev", $5); print $1, $5 }' | sort; }
