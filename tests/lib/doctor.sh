# SPDX-License-Identifier: GPL-2.0-or-later
# doctor.sh - faults that are made one by one in a live network, for tests of net-doctor; sourced after ns.sh, with the network in $net.
# Each must be named by its check, and be mended by the command of the finding: then there are no findings any more.
# VNM_DOCTOR=all makes all of them, else a sample; VNM_DOCTOR_ONLY=NUMBER one.
status() { vnm net-doctor "$@" >"$T/report" 2>&1; echo $?; }
command_of() { sed -n 's/^Command: *//p' "$T/report" | head -n 1; }
# A printed command is run as a user would.
mkdir -p "$T/bin"
printf '#!/bin/sh\nexec "%s" "$@"\n' "$VNETMGR" >"$T/bin/vnetmgr"; chmod +x "$T/bin/vnetmgr"
follow() { PATH="$T/bin:$PATH" sh -c "$1"; }

# healthy WHAT [ARGUMENT...]: no findings
healthy() {
	about=$1; shift
	same "$about: no findings" 0 "$(status "$@")" || cat "$T/report" >&2
}
# flow TARGET: a flow of UDP to a port of the host, which never rests, and then the forward of that port; flowed: their end. They need
# conntrack(8), which a directory of unpacked packages may have.
[ -z "${VNM_TEST_UNPACKED:-}" ] || ln -sf "$VNM_TEST_UNPACKED/usr/sbin/conntrack" "$T/bin/conntrack"
flow() {
	ip netns exec internet sh -c 'while :; do printf x | nc -u -w 1 -p 5999 203.0.113.2 9999; done' & sender=$!
	await sh -c 'conntrack -L -p udp --orig-port-dst 9999 | grep -q dport=9999'
	vnm -q net-forward-add $net udp 9999 $1:99
}
flowed() { kill $sender; ended $sender; vnm -q net-forward-del $net udp 9999; }
# How faults are looked for: those that are to be seen without sending anything are made first. Of which guest, "": of all.
how=--passive guest=
faults=0 named=0 mended=0 only=${VNM_DOCTOR_ONLY:-}
look_again() { status $net $guest $how; }
made() {	# made NUMBER CHECK COMMAND
	[ -z "$only" ] || [ "$only" = "$1" ] || return 1
	faults=$((faults + 1)) about="fault $1 ($2): $3"
	eval "$3" >"$T/out" 2>&1 || { ok "$about: it is made" false; cat "$T/out" >&2; return 1; }
	same "$about: exit status" 3 "$(look_again)"
	has "$about: named" "^Check: +($2)\$" "$(cat "$T/report")" && named=$((named + 1))
	# Where that can be said, the place of a rule.
	[ -z "${where:-}" ] || has "$about: where" "$where" "$(cat "$T/report")"
}
undo() { [ -z "${1:-}" ] || eval "$1" >"$T/out" 2>&1; }
# fault NUMBER CHECK COMMAND [UNDO]: made by the command, it is found by that check, and what the finding tells to run mends it, perhaps in
# several steps; UNDO tidies up afterwards
fault() {
	made "$1" "$2" "$3" || return 0
	for step in 1 2 3 4 5; do
		told=$(command_of)
		has "$about: a command" . "$told" || break
		# It may fail: what it ends has ended by itself meanwhile.
		follow "$told" >"$T/out" 2>&1
		[ "$(look_again)" != 0 ] || break
	done
	if same "$about: mended by $told" "Network $net is healthy" "$(head -n 1 "$T/report")"; then
		mended=$((mended + 1))
	else
		cat "$T/out" "$T/report" >&2
	fi
	undo "${4:-}"
}
# only_named NUMBER CHECK COMMAND UNDO: no command can mend it
only_named() {
	[ "${VNM_DOCTOR:-}" = all ] || [ "$only" = "$1" ] || return 0
	made "$1" "$2" "$3"
	undo "$4"
}
# more ...: a fault that is not in the sample
more() { [ "${VNM_DOCTOR:-}" != all ] && [ -z "$only" ] || fault "$@"; }
