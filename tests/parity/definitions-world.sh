# SPDX-License-Identifier: GPL-2.0-or-later
# definitions-world.sh CASES OUT MESSAGES - inside a world: puts every case through define, start, questions, destroy, undefine.
#
# CASES is a directory with NAME/{xml,checks,questions,ports}; what is seen goes to OUT/NAME, one fact a line, each with
# its aspect before a colon; messages go to MESSAGES/NAME.
. "$srcdir/tests/parity/world.sh"
parity_up && parity_session || exit 1
. "$srcdir/tests/parity/observe.sh"
. "$srcdir/tests/parity/probe.sh"
probe_world
cases=$1 out=$2 messages=$3
# What libvirt reads must be in its root, too.
[ -z "$parity_root" ] || { cp -r "$cases" "$T/cases" && cases=$T/cases; } || exit 1

# aspect NAME COMMAND...: what it prints, between marks that "aspects" makes prefixes of, once a case
aspect() { printf '\001%s\n' "$1"; shift; "$@" 2>&1; printf '\001\n'; }
aspects() { awk '/^\001/ { prefix = $0 == "\001" ? "" : substr($0, 2) ": "; next } { print prefix $0 }'; }
check() { sed -n "s/^$1=//p; s/^$1\$/yes/p" "$case/checks" | head -n 1; }	# the value of a check, empty without it

state() {
	aspect xml-live seen_xml "$case/xml" cat "$T/live"
	# The persistent definition is what it was before the start.
	net net-dumpxml --inactive "$id" >"$T/inactive"
	aspect xml-inactive diff "$T/defined" "$T/inactive"
	# The device that vnetmgr leads traffic through where the kernel has no police is compared as what it does.
	aspect device eval 'seen_devices | grep -v =ifb-'
	[ -z "$bridge" ] || {
		grep -q '<mac ' "$case/xml" && generated=no || generated=yes
		aspect link seen_link "$bridge" $generated
		aspect address seen_addresses "$bridge"
		aspect route seen_routes "$bridge"
		aspect sysctl seen_switches "$bridge"
		aspect shaping seen_shaping "$bridge" "$case/xml"
	}
	aspect socket seen_sockets
}

# libvirt's dnsmasq takes an IPv6 address when the kernel has found it unique, which needs a guest on the bridge.
serving() {
	end=$(($(date +%s) + 4))
	settled "$bridge"
	for address in $(ip -6 -o addr show dev "$bridge" scope global | awk '{ sub("/.*", "", $4); print $4 }'); do
		until ss -Hlntu | grep -qF "[$address]:53" || [ "$(date +%s)" -ge "$end" ]; do sleep .02; done
	done
}

probes() {
	[ -s "$case/checks" ] || return 0
	from_port=$((from_port + 1))
	mac=$(check dhcp) duid=$(check dhcp6) ports=$(check packets)
	gateway=$(ip -o addr show dev "$bridge" scope global | awk '{ sub("/.*", "", $4); print $4; exit }')
	machines "$bridge" "${mac#yes}"
	serving
	[ -z "$(check dns)" ] || case $gateway in
	*:*) static g1 "$(neighbour "$gateway" 10)/64" ;;
	*) static g1 "$(neighbour "$gateway" 10)/24" ;;
	esac
	# A reservation first: while dnsmasq finds out whether an address is free it leaves other clients waiting, and
	# it answers for a guest's name when the guest has its lease.
	[ -z "$mac" ] || [ "$mac" = yes ] || aspect dhcp-host probe_dhcp g4 >"$T/p.dhcp-host"
	(
		[ -z "$mac" ] || aspect dhcp probe_dhcp g3 >"$T/p.dhcp" &
		[ -z "$duid" ] || aspect dhcp6 probe_dhcp6 g4 "${duid%yes}" >"$T/p.dhcp6" &
		[ -z "$(check ra)" ] || aspect ra probe_ra g2 >"$T/p.ra" &
		[ -z "$(check tftp)" ] || aspect tftp probe_tftp "$(check tftp)" "$gateway" >"$T/p.tftp" &
		{
			[ -z "$(check dns)" ] || aspect dns probe_dns "$gateway" "$case/questions"
			[ -z "$ports" ] || aspect packets probe_open "$bridge"
		} >"$T/p.open" &
		wait
	)
	[ -z "$ports" ] || aspect packets probe_dropping "$bridge" "${ports#yes}" >"$T/p.packets"
	[ -z "$(check between)" ] || aspect packets probe_between "$bridge" "$(net net-dumpxml "$other" | sed -n "s/^  <bridge name='\([^']*\)'.*/\1/p")"
	cat "$T"/p.* 2>/dev/null; rm -f "$T"/p.*
	part
}

# Ports, which come and go together.
ports() {
	n=0
	while read -r port; do
		n=$((n + 1))
		echo "$port" >"$T/port.xml"
		net -q net-port-create "$id" "$T/port.xml" >>"$T/output" 2>&1 </dev/null && echo "$n: created" || echo "$n: refused"
	done <"$case/ports"
	net net-dumpxml "$id" | grep connections=
	for uuid in $(net -q net-port-list "$id" --uuid | sort); do
		seen_xml "$case/ports" net net-port-dumpxml "$id" "$uuid"
	done
	[ -z "$bridge" ] || seen_shaping "$bridge" "$case/ports"
	for uuid in $(net -q net-port-list "$id" --uuid); do net -q net-port-delete "$id" "$uuid" || echo 'not deleted'; done
	[ -z "$bridge" ] || seen_shaping "$bridge" "$case/xml"
}

after() {
	seen_devices; [ -n "$other" ] || seen_sockets
	tc qdisc show dev br9 | grep -v noqueue; nft list tables netdev
	value_of /proc/sys/net/ipv4/ip_forward ip_forward
	[ -z "$other" ] || return 0
	for tables in iptables-legacy ip6tables-legacy; do
		$tables -S | sed -nE '/-j (LIBVIRT|VNM)_...$/d; /^-A/p'
	done
}

# The host forwards nothing, and listens to advertisements as hosts do, whatever was before: with two uplinks vnetmgr leaves on what
# other people's forwarding may need.
no_router() {
	echo 0 >/proc/sys/net/ipv4/ip_forward; echo 0 >/proc/sys/net/ipv6/conf/all/forwarding
	for setting in /proc/sys/net/ipv6/conf/*/accept_ra; do
		case $setting in */all/*) ;; *) echo 1 >"$setting" ;; esac
	done
}

# One case. What it says first, "outcome", is what the rest hangs on.
through() {
	[ ! -s "$case/other" ] || {
		net -q net-define "$case/other" && other=$(net -q net-list --all --uuid) && net -q net-start "$other" ||
			echo 'outcome: the other network does not start'
	}
	if ! net -q net-define "$case/xml" >"$T/output" 2>&1; then echo 'outcome: refused when defined'; return; fi
	id=$(net -q net-list --all --uuid | grep -vxF "${other:-none}" | head -n 1)
	net net-dumpxml --inactive "$id" >"$T/defined"
	aspect xml-defined seen_xml "$case/xml" cat "$T/defined"
	no_router
	if net -q net-start "$id" >"$T/output" 2>&1; then
		echo 'outcome: started'
		net net-dumpxml "$id" >"$T/live"
		bridge=$(sed -n "s/^  <bridge name='\([^']*\)'.*/\1/p" "$T/live")
		state; probes
		[ ! -s "$case/ports" ] || aspect port ports
		net -q net-destroy "$id" || echo 'after: destroy failed'
		aspect after after
	else
		echo 'outcome: refused when started'
		aspect after after
	fi
	net -q net-undefine "$id" || echo 'after: undefine failed'
}

# What a failed case left must not be the next one's trouble.
sweep() {
	for device in $(seen_devices); do ip link del "${device#*=}"; done 2>/dev/null
}

for case in "$cases"/*/; do
	case=${case%/} other=
	: >"$T/output"
	through >"$T/facts" 2>"$T/err"
	aspects <"$T/facts" >"$out/${case##*/}"
	cat "$T/output" "$T/err" >"$messages/${case##*/}"
	[ -z "$other" ] || { net -q net-destroy "$other"; net -q net-undefine "$other"; } >>"$T/output" 2>&1
	sweep
	echo "$(date +%s.%N | cut -c1-13) ${case##*/}"
done
