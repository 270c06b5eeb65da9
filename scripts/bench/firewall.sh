#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# firewall.sh - what the rules cost: a start and a stop beside other programs' rules, and packets and connections of a
# guest among many networks; vnetmgr with each of its back ends, libvirt, and one MASQUERADE rule as the measure.
#
#   ONLY=firewall make bench                      RUNS=15 COUNTS="1 60 250" FOREIGN=10000 ROUNDS=5
#
# Every contestant has a network, mount and PID namespace that stays, and does what it is told by a line; so all are measured
# in turns, round after round, and what disturbs disturbs all of them. Of a figure the median of the rounds counts.
set -euo pipefail
RUNS=${RUNS:-15} ROUNDS=${ROUNDS:-5} COUNTS=${COUNTS:-1 60 250} FOREIGN=${FOREIGN:-10000}
VNETMGR=${VNETMGR:-$PWD/vnetmgr}
here=$(cd "$(dirname "$0")" && pwd)
export VNETMGR_SCHEMAS=${VNETMGR_SCHEMAS:-$PWD/schemas}

# -- Inside: a contestant ----------------------------------------------------------------------------------------------

# xml NUMBER [dhcp]: of the networks that are many, none needs a dnsmasq
xml() {
	local net=10.$((100 + $1 / 200)).$(($1 % 200)) dns="<dns enable='no'/>" dhcp=
	[ $# -eq 1 ] || { dns=; dhcp="<dhcp><range start='$net.2' end='$net.254'/></dhcp>"; }
	cat >"/run/net$1.xml" <<-EOF
	<network><name>net$1</name><forward/><bridge name='tbr$1'/>$dns<ip address='$net.1' prefix='24'>$dhcp</ip></network>
	EOF
}
tool() {
	case $who in
	libvirt) virsh -q "$@" ;;
	*) "$VNETMGR" -q "$@" ;;
	esac
}
iptables_of() { case $who in legacy) echo iptables-legacy ;; *) echo iptables-nft ;; esac; }

bring_up() {
	case $who in
	base)
		ip link add "tbr$1" type bridge
		ip addr add "10.$((100 + $1 / 200)).$(($1 % 200)).1/24" dev "tbr$1"
		ip link set "tbr$1" up ;;
	*) xml "$1"; tool net-define "/run/net$1.xml"; tool net-start "net$1" ;;
	esac >/dev/null
}
# networks N: as many are up, and the guest is in the last one
networks() {
	local i net=10.$((100 + $1 / 200)).$(($1 % 200))
	if [ "$who" = base ]; then
		[ -e "/sys/class/net/tbr$1" ] || bring_up "$1"
	else
		for ((i = up + 1; i <= $1; i++)); do bring_up "$i"; done
	fi
	up=$1
	ip link set guest0 master "tbr$1" up
	ip -n guest addr flush dev eth0
	ip -n guest addr add "$net.2/24" dev eth0; ip -n guest link set eth0 up
	ip -n guest route replace default via "$net.1"
	until ip netns exec guest ping -q -c 1 -W 1 203.0.113.1 >/dev/null; do :; done
}
foreign() {
	{
		echo '*filter'; echo ':FOREIGN - [0:0]'
		seq "$1" | awk '{ printf "-A FOREIGN -s 172.%d.%d.%d/32 -j RETURN\n", 16 + $1 / 62500, $1 / 250 % 250, $1 % 250 }'
		echo COMMIT
	} | "$(iptables_of)-restore" -n
}
traffic() { ip netns exec guest /run/traffic "$1" /run/netns/out 203.0.113.1; }
now() { echo "${EPOCHREALTIME/./}"; }
elapsed() { local t; t=$(now); "$@" >/dev/null; echo $(($(now) - t)); }

prepare() {
	mount --make-rprivate /
	cp "$TRAFFIC" /tmp/traffic.$$
	mount -t tmpfs tmpfs /run
	mv /tmp/traffic.$$ /run/traffic
	for d in /etc/libvirt /var/lib/libvirt /var/cache/libvirt /var/log/libvirt; do
		[ ! -d $d ] || mount -t tmpfs tmpfs $d
	done
	export VNETMGR_ROOT=/run/vnetmgr-root
	mkdir -p $VNETMGR_ROOT/etc/vnetmgr
	ip link set lo up
	ip netns add out; ip netns add guest
	ip link add uplink0 type veth peer eth0 netns out
	ip addr add 203.0.113.2/24 dev uplink0; ip link set uplink0 up
	ip -n out addr add 203.0.113.1/24 dev eth0; ip -n out link set eth0 up
	ip route add default via 203.0.113.1
	ip link add guest0 type veth peer eth0 netns guest
	case $who in
	base)
		echo 1 >/proc/sys/net/ipv4/ip_forward
		iptables-nft -t nat -A POSTROUTING -s 10.0.0.0/8 -o uplink0 -j MASQUERADE ;;
	libvirt)
		mkdir -p /run/dbus
		libvirtd >/dev/null 2>&1 &
		until virsh -q list >/dev/null 2>&1; do :; done ;;
	*) echo "firewall_backend = \"$who\"" >$VNETMGR_ROOT/etc/vnetmgr/network.conf ;;
	esac
	[ "$who" = base ] || { xml 0 dhcp; tool net-define /run/net0.xml >/dev/null; }
	up=0
}
contestant() {
	local line
	prepare >&2
	echo ready
	while read -r line; do
		case $line in
		start) elapsed tool net-start net0 ;;
		stop) elapsed tool net-destroy net0 ;;
		udp | tcp) traffic "$line" ;;
		*) $line >&2; echo done ;;
		esac
	done
}
if [ "${1:-}" = inside ]; then who=$2; contestant; exit; fi

# -- Outside: the rounds -----------------------------------------------------------------------------------------------

[ "$(id -u)" = 0 ] || { echo "this needs root" >&2; exit 1; }
dir=$(mktemp -d)
trap 'kill "${pids[@]}" 2>/dev/null; rm -rf "$dir"' EXIT
export TRAFFIC=$dir/traffic
${CC:-cc} -O2 -o "$TRAFFIC" "$here/traffic.c"
pids=()

post() {	# post WHO: it waits for lines
	mkfifo "$dir/$1.in" "$dir/$1.out"
	unshare -n -m -p -f --mount-proc --kill-child bash "$here/firewall.sh" inside "$1" <"$dir/$1.in" >"$dir/$1.out" &
	pids+=($!)
	exec {fd}>"$dir/$1.in"; to[$1]=$fd
	exec {fd}<"$dir/$1.out"; from[$1]=$fd
	read -r -u "${from[$1]}" answer && [ "$answer" = ready ]
}
ask() {	# ask WHO LINE: its answer
	echo "${*:2}" >&"${to[$1]}"
	read -r -u "${from[$1]}" answer || { echo "$1 broke down at: ${*:2}" >&2; return 1; }
	echo "$answer"
}
# can WHO: a back end that vnetmgr does not take, or the host does not have, is left out
can() {
	case $1 in
	libvirt) command -v libvirtd >/dev/null ;;
	base) ;;
	*) unshare -n -m sh -c "mount --make-rprivate /; mount -t tmpfs tmpfs /run; export VNETMGR_ROOT=/run/r; mkdir -p /run/r/etc/vnetmgr
		echo 'firewall_backend = \"$1\"' >/run/r/etc/vnetmgr/network.conf
		echo \"<network><name>a</name><forward/><bridge name='a'/><ip address='10.1.1.1' prefix='24'/></network>\" >/run/a
		'$VNETMGR' -q net-create /run/a && '$VNETMGR' net-info a | grep '^Firewall: *$1\$' >/dev/null; r=\$?; '$VNETMGR' -q net-destroy a; exit \$r" >/dev/null 2>&1 ;;
	esac
}
declare -A to from
all=()
for who in base legacy iptables-nft nftables libvirt; do
	can "$who" && post "$who" && all+=("$who") || echo "left out: $who, which does not work here" >&2
done

for who in "${all[@]}"; do
	[ "$who" != base ] || continue
	for state in empty foreign; do
		[ $state = empty ] || ask "$who" foreign "$FOREIGN" >/dev/null
		for ((i = 0; i < RUNS; i++)); do
			[ "$who" != libvirt ] || [ $i -lt 5 ] || break
			for what in start stop; do echo "$who $what $state $(ask "$who" $what)"; done
		done
	done
done >"$dir/results"
# The rules of others would count for packets, too: contestants begin anew.
for who in "${all[@]}"; do exec {to[$who]}>&- {from[$who]}<&-; rm "$dir/$who.in" "$dir/$who.out"; done
for who in "${all[@]}"; do post "$who"; done
for size in $COUNTS; do
	for who in "${all[@]}"; do
		echo "measuring $who with $size networks ..." >&2
		ask "$who" networks "$size" >/dev/null
	done
	for ((i = 0; i < ROUNDS; i++)); do
		for what in udp tcp; do
			for who in "${all[@]}"; do echo "$who $what $size $(ask "$who" $what)"; done
		done
	done
done >>"$dir/results"
awk -v all="${all[*]}" -v sizes="$COUNTS" -v foreign="$FOREIGN" -f "$here/firewall.awk" "$dir/results"
