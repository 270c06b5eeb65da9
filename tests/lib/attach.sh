# SPDX-License-Identifier: GPL-2.0-or-later
# attach.sh - what tests of attachments share. Sourced after ns.sh.
# shellcheck shell=sh

R=$VNETMGR_ROOT
attachment_files() { find "$R/var/lib/vnetmgr/attachments" "$R/run/vnetmgr/attachments" -type f 2>/dev/null | sort; }
state() { snapshot "$CARRIER"; attachment_files; }

# power_cycle: nothing is left in the kernel of what we made, and no record of it; then the boot
power_cycle() {
	for pid in $(pgrep -f "$R/run/vnetmgr/dnsmasq/"); do kill -KILL "$pid"; ended "$pid"; done
	ip -br link | sed -n 's/^\(br-[a-z]*\|vnet[0-9]*\|tap[0-9]*\)[ @].*/\1/p' | xargs -n 1 -r ip link del
	flush_tables
	rm -rf "$R/run/vnetmgr"
	for setting in ipv4/ip_forward ipv6/conf/all/forwarding; do echo 0 >/proc/sys/net/$setting; done
	echo 1 >/proc/sys/net/ipv6/conf/default/accept_ra
	timeout 30 "$VNETMGR" autostart >"$T/boot.out" 2>&1
}

# relay GUEST DEVICE KIND NAME: a machine that holds the tun or tap DEVICE, and has NAME in the namespace GUEST; see relay.pl. Its
# process is $relay.
relay() {
	perl "$srcdir/tests/lib/relay.pl" "$@" & relay=$!
	until inns "$1" ip link show "$4" >/dev/null 2>&1; do kill -0 $relay 2>/dev/null || return 1; sleep .02; done
}
has_carrier() { until ip -o link show "$1" | grep -q LOWER_UP; do kill -0 $relay 2>/dev/null || return 1; sleep .02; done; }	# DEVICE
