# observe.sh - what a network that was started looks like, as lines that can be compared; sourced in a world.
#
# Every function prints one fact a line. What differs from run to run (indexes, timers, generated MACs) is left out.

hosts_own='=(lo|uplink0|other0|br9|ovs0|g[0-9])$'	# devices that are no network's

# values DIRECTORY PREFIX [EXCEPT]: the files of a directory of the kernel as PREFIX/NAME=VALUE.
values() {
	for file in "$1"/*; do
		[ -f "$file" ] && [ -r "$file" ] || continue
		case " ${3:-} " in *" ${file##*/} "*) continue ;; esac
		value=; read -r value 2>/dev/null <"$file"
		echo "$2/${file##*/}=$value"
	done
}

# seen_xml FILE ARGUMENT...: the definition as it is printed. What was generated because FILE lacks it is only named.
seen_xml() {
	file=$1; shift
	set -- net net-dumpxml "$@"
	grep -q '<uuid' "$file" && uuid='' || uuid='s|<uuid>[0-9a-f-]\{36\}<|<uuid>generated<|'
	grep -q '<mac ' "$file" && mac='' || mac="s|<mac address='52:54:00:..:..:..'|<mac address='generated'|"
	"$@" | sed -e "$uuid" -e "$mac" -e '/^$/d'
}

# seen_link BRIDGE MAC-IS-GENERATED
seen_link() {
	[ -d "/sys/class/net/$1/bridge" ] || return 0
	except=$([ "$2" = yes ] && echo address)
	for name in address mtu flags tx_queue_len netdev_group; do
		[ "$name" = "$except" ] || echo "$name=$(cat "/sys/class/net/$1/$name")"
	done
	values "/sys/class/net/$1/bridge" bridge 'bridge_id root_id flush gc_timer hello_timer tcn_timer topology_change_timer
		topology_change topology_change_detected root_path_cost root_port'
}

seen_devices() { ip -o link | sed 's/^[0-9]*: \([^:@]*\).*/device=\1/' | grep -vE "$hosts_own"; }

seen_addresses() {
	ip -o addr show dev "$1" scope global | sed 's/^[0-9]*: [^ ]* *//; s/\\.*//; s/ tentative//; s/ nodad//; s/ *$//'
	ip -o addr show dev "$1" scope global | grep -o 'valid_lft.*' | sort -u
}

seen_routes() {
	for family in -4 -6; do
		ip $family route show dev "$1" | grep -v '^fe80::/64\|^ff00::/8' | sed "s/^/$family /; s/ linkdown//; s/ *\$//"
	done
}

seen_switches() {
	echo "ip_forward=$(cat /proc/sys/net/ipv4/ip_forward)"
	echo "ipv6.forwarding=$(cat /proc/sys/net/ipv6/conf/all/forwarding)"
	values "/proc/sys/net/ipv4/conf/$1" ipv4
	values "/proc/sys/net/ipv6/conf/$1" ipv6 stable_secret
}

seen_shaping() {
	tc qdisc show dev "$1" | grep -v noqueue
	tc class show dev "$1"; tc filter show dev "$1"; tc filter show dev "$1" parent ffff:
}

# What listens for clients, without what the test itself runs (port 2222).
seen_sockets() { ss -Hlntu | awk '$5 !~ /:2222$/ { sub("%[^:]*", "%dev", $5); print $1, $5 }' | sort; }
