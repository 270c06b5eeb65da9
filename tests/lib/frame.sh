# SPDX-License-Identifier: GPL-2.0-or-later
# frame.sh - frames as guests may send them, in hexadecimal; sourced after ns.sh. tests/ns/frame fills in lengths and
# checksums.
: "${builddir:?where the tool frame is}"
FRAME=$builddir/tests/ns/frame
[ -x "$FRAME" ] || skip "tests/ns/frame is not built: make check builds it"

mac_of() { inns "$1" cat /sys/class/net/eth0/address | tr -d :; }	# mac_of GUEST
hex4() { printf '%02x%02x%02x%02x' $(echo "$1" | tr . ' '); }		# hex4 IPV4
hex6() {								# hex6 IPV6
	echo "$1" | awk '{
		n = split($0, side, "::"); left = n_of(side[1], a); right = n > 1 ? n_of(side[2], b) : 0
		for (i = 1; i <= left; i++) printf "%4s", a[i]
		for (i = left + right; i < 8; i++) printf "   0"
		for (i = 1; i <= right; i++) printf "%4s", b[i]
	}
	function n_of(text, list) { return text == "" ? 0 : split(text, list, ":") }' | tr ' ' 0
}
mark() { echo "ffffffffffff${1}88b5"; }			# mark SRC: the end, for "frame DEV hear"
ip4() { echo "${1}${2}0800450000000001000040${3}0000$(hex4 "$4")$(hex4 "$5")"; }	# ip4 DSTMAC SRCMAC PROTO SRC DST
ip6() { echo "${1}${2}86dd600000000000${3}ff$(hex6 "$4")$(hex6 "$5")"; }		# ip6 DSTMAC SRCMAC PROTO SRC DST

# sends GUEST FRAME...
sends() { ns=$1; shift; inns "$ns" "$FRAME" eth0 send "$@"; }

# hears NAMESPACE DEV: from now on, what comes in there lies in $T/heard.NAMESPACE; heard waits for the end of it
hears() {
	: >"$T/heard.$1"
	ip netns exec "$1" "$FRAME" "$2" hear >"$T/heard.$1" 2>&1 &
	ears="${ears:-} $!"
	until grep -q ready "$T/heard.$1"; do sleep .02; done
}
heard() { for ear in $ears; do wait "$ear" || { ears=; return 1; }; done; ears=; }

### what only a server may say, with "c0ffee" in it
ALL=ffffffffffff ALL6=333300000001 LINK6=fe80::dead
ra() { # ra DSTMAC SRCMAC: a router advertisement, with a prefix
	echo "$(ip6 "$1" "$2" 3a $LINK6 ff02::1)86000000400007080000000000000000030440c00000708000003840000000002001 0db8c0ffee000000000000000000" | tr -d ' '
}
ra_behind() { # the same behind a hop-by-hop header
	ra "$1" "$2" | sed 's/\(86dd600000000000\)3aff/\100ff/; s/\(ff020000000000000000000000000001\)86/\13a0001040000000086/'
}
redirect6() { echo "$(ip6 "$1" "$2" 3a $LINK6 ff02::1)8900000000c0ffee$(hex6 2001:db8::1)$(hex6 2001:db8::1)"; }
redirect4() { echo "$(ip4 "$1" "$2" 01 10.4.1.66 10.4.1.67)0501000000c0ffee4500002400014000401100000a0401430a090909"; }
router4() { echo "$(ip4 "$1" "$2" 01 10.4.1.66 224.0.0.1)09000000010207080ac0ffee00000000"; }
offer() { # offer DSTMAC SRCMAC [SPORT]: DHCP
	echo "$(ip4 "$1" "$2" 11 10.4.1.66 255.255.255.255)${3:-0043}004400000000""0201060000c0ffee00000000000000000a0401c80a040142"
}
offer6() { echo "$(ip6 "$1" "$2" 11 $LINK6 ff02::1)0223022200000000""02c0ffee"; }
# tagged FRAME [VLAN]: in a VLAN tag, by default one that means none: the receiver looks behind it. Four hexadecimal digits.
tagged() { behind=${1#????????????????????????}; echo "${1%"$behind"}8100${2:-0000}$behind"; }
