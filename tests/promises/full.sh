#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# full.sh - no space, no inodes, read-only, too few descriptors: each command is done, or refused with a message and
# nothing changed; and works as soon as there is room again. net-list works all the time.
. "$srcdir/tests/lib/ns.sh"
cd "$T" || exit 1
step=${VNM_STEP:-12}	# every which amount of room is tried; 1: "make check-promises"
R=$VNETMGR_ROOT

cat >n.xml <<'X'
<network xmlns:vnm='urn:vnetmgr:network:1'><name>n</name><uuid>0e000000-0000-4000-8000-00000000000e</uuid><forward mode='nat'/><bridge name='br-n' stp='off'/><mac address='52:54:00:0e:00:01'/>
<ip address='10.78.1.1' prefix='24'><dhcp><range start='10.78.1.100' end='10.78.1.200'/></dhcp></ip></network>
X
sed 's,<ip ,<domain name="later.test"/><ip ,' n.xml >later.xml
# What follows from what: every line brings the state of the one before to its own.
cat >commands <<'X'
net-define n.xml
net-autostart n
net-start n
net-update n add-last ip-dhcp-host <host\040mac='52:54:00:78:00:01'\040ip='10.78.1.9'/> --live --config
net-forward-add n tcp 8080 10.78.1.9:80 --live --config
net-attach n --tap tap-n --mac 52:54:00:78:00:09
net-desc n --live --config some words
net-apply later.xml
net-rename n m
net-rename m n
net-define n.xml
net-detach n tap-n
net-destroy n
net-autostart n --disable
net-undefine n
X
sed -i '/net-rename/d' commands	# of inactive networks only; here they are:
sed -i '/^net-destroy/a net-rename n m\nnet-rename m n' commands

state() {
	snapshot 's/ linkdown//; s/NO-CARRIER,//'
	find "$R/etc/vnetmgr" "$R/var/lib/vnetmgr" "$R/run/vnetmgr" \( -type f -o -type l \) ! -name lock ! -name owner ! -name process ! -name room ! -name forwarding4 ! -path '*/leases/*' ! -path '*/handles/*' | sort >files
	# dnsmasq/NAME/bridge is a number, of a bridge that is made anew here.
	cat files; grep -vE '[.]journal$|/dnsmasq/[^/]*/bridge$' files | while read -r f; do [ -L "$f" ] && readlink "$f" || cat "$f"; done |
		sed -E 's/^[0-9]+ [0-9]+ ([a-z]+ [0-9]+ [0-9a-f-]{36})( [0-9]+)?$/\1/' # numbers of devices
}
command_() { set -f; set -- $1; for a; do shift; set -- "$@" "$(printf '%b' "$a")"; done; set +f; timeout 30 "$LIMIT" "$VNETMGR" -q "$@" >out 2>err </dev/null; }
LIMIT=env

for d in etc run var/lib; do mkdir -p "$R/$d/vnetmgr"; mount -t tmpfs -o mode=755,size=512k,nr_inodes=200 tmpfs "$R/$d/vnetmgr"; done
chmod 0700 "$R/etc/vnetmgr"
vnm -q net-list >/dev/null
i=0; state >state.0
while IFS= read -r line; do
	i=$((i + 1))
	ok "undisturbed: $line" command_ "$line"
	state >state.$i
done <commands
same 'the last state is the first' "$(cat state.0)" "$(cat state.$i)"

# tried WHAT LIMIT-ON LIMIT-OFF: the chain of commands, each under the limit and then, if it was refused, without
refused=0 done_=0 ended=0
tried() {
	title=$1 on=$2 off=$3 i=0
	while IFS= read -r line; do
		i=$((i + 1)) checks=$((checks + 1))
		$on
		command_ "$line"; status=$?
		[ "$title" = "${title#descriptors}" ] && [ "$title" != 'read-only run' ] && ok "$title: net-list after $line" vnm -q net-list --all
		$off
		if [ $status = 0 ]; then want=$i done_=$((done_ + 1)); else want=$((i - 1)) refused=$((refused + 1)); fi
		[ $status -le 1 ] || { echo "FAIL: $title: $line: exit status $status" >&2; cat err; failures=$((failures + 1)); }
		[ $status = 0 ] || grep -q '^error: ..*' err || { echo "FAIL: $title: $line: refused without a message" >&2; failures=$((failures + 1)); }
		cp err first; "$VNETMGR" -q net-list >/dev/null 2>recovered; state >now
		# What takes something away may be ended by the next command, if it was reported as not done.
		case $status$line in 1net-de[st]* | 1net-undefine*) cmp -s now state.$i && { ended=$((ended + 1)); continue; } ;; esac
		cmp -s now state.$want || {
			echo "FAIL: $title: $line: exit status $status, and the state is another:" >&2; diff -U 0 state.$want now | head -20 >&2; cat first recovered >&2
			failures=$((failures + 1))
		}
		[ $status = 0 ] || ok "$title: again with room: $line" command_ "$line"
		[ $status = 0 ] || cat err >&2
		state >now
		cmp -s now state.$i || {
			echo "FAIL: $title: after $line with room the state is another" >&2; diff -U 0 state.$i now | head -20 >&2
			failures=$((failures + 1)); [ $failures -lt 20 ] || finish
		}
	done <commands
}
fill() {
	cat /dev/zero >"$D/room" 2>/dev/null
	size=$(stat -c %s "$D/room"); [ "$pages" = 0 ] || truncate -s $((size - pages * 4096)) "$D/room"
}
empty() { rm -rf "$D/room"; }
fill_inodes() {
	mkdir "$D/room" || return; k=0
	while true >"$D/room/$k"; do k=$((k + 1)); done 2>/dev/null
	j=0; while [ $j -lt "$pages" ]; do rm -f "$D/room/$j"; j=$((j + 1)); done
}
read_only() { mount -o remount,ro "$D" 2>/dev/null; }	# refused while dnsmasq writes there
writable() { mount -o remount,rw "$D" 2>/dev/null; }
nothing() { :; }

for d in etc run var/lib; do
	D=$R/$d/vnetmgr pages=0
	while [ $pages -le "${VNM_PAGES:-16}" ]; do tried "$pages pages for $d" fill empty; pages=$((pages + step)); done
	pages=0
	while [ $pages -le 10 ]; do tried "$pages inodes for $d" fill_inodes empty; pages=$((pages + step)); done
	tried "read-only $d" read_only writable
done
printf 'no room: %s refused, %s done all the same\n' $refused $done_

# Descriptors: 0, 1 and 2 are there; with 3 the program cannot load its libraries.
refused=0 done_=0 fds=4
printf '#!/bin/sh\nulimit -n $VNM_FDS; exec "$@"\n' >limit; chmod +x limit
while [ $fds -le 24 ]; do
	few() { LIMIT=./limit; export VNM_FDS=$fds; }
	many() { LIMIT=env; }
	tried "descriptors: $fds" few many
	fds=$((fds + step))
done
printf 'few descriptors: %s refused, %s done all the same, %s ended by the next command\n' $refused $done_ $ended
finish
