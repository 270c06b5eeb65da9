#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The directories of an earlier version (lib/vnetmgr/ports, run/vnetmgr/attached) with a network that is active: its guests are
# known, with the lock and without; the lists are moved once, whatever moment the command is killed at; nothing stays behind.
. "$srcdir/tests/lib/ns.sh"
need flock

R=$VNETMGR_ROOT L=$R/var/lib/vnetmgr RUN=$R/run/vnetmgr
for n in a b; do
	case $n in a) lan=192.168.171 ;; *) lan=192.168.172 ;; esac
	printf "<network><name>$n</name><bridge name='br-$n' stp='off'/><ip address='$lan.1' prefix='24'><dhcp><range start='$lan.10' end='$lan.99'/></dhcp></ip></network>" >"$T/$n.xml"
	ok "define $n" vnm net-define "$T/$n.xml"
	ok "start $n" vnm net-start $n
	ok "a guest of $n" vnm net-attach $n --netns g$n --create --ip auto
done
guests() { vnm net-port-list a | grep -c 'ga.*attached'; }
# old_layout: as an earlier version has left it
old_layout() { mv "$L/attachments" "$L/ports" && mv "$RUN/attachments" "$RUN/attached"; }
# told: what a state of either layout has, by file names
told() { (cd "$L" && ls -d ports attachments 2>/dev/null; cd "$RUN" && ls -d attached attachments 2>/dev/null) | xargs; }

same 'a guest is attached' 1 "$(guests)"
same 'directories' 'attachments attachments' "$(told)"

ok 'an old layout' old_layout
exec 9>>"$RUN/lock"
flock 9
same 'without the lock the guest is known' 1 "$(guests)"
same 'and nothing is moved' 'ports attached' "$(told)"
exec 9>&-

has 'a command with the lock finds nothing missing' '^Active: +yes$' "$(vnm net-info a)"
no 'no guest is missed' sh -c "'$VNETMGR' net-info a | grep Degraded"
same 'the lists are moved' 'attachments attached' "$(told)"
same 'the guest is known' 1 "$(guests)"
ok 'its bridge goes' ip link del br-a
ok 'and comes back, with the guest' vnm net-repair a
same 'the guest is whole' 1 "$(guests)"

# Killed at each change of a name.
if command -v strace >/dev/null; then
	for call in rename renameat rmdir; do
		for k in 1 2; do
			mv "$L/attachments" "$L/ports"
			[ $call = rename ] || { mkdir "$L/attachments"; mv "$L/ports/b.xml" "$L/attachments"; }
			strace -qq -o /dev/null -e trace=$call -e inject=$call:signal=KILL:when=$k "$VNETMGR" net-info a >/dev/null 2>&1
			same "killed at $call $k: the guests are known" '1 1' "$(guests) $(vnm net-port-list b | grep -c 'gb.*attached')"
			same "killed at $call $k: the lists are moved" 'attachments attached' "$(told)"
		done
	done
fi

ok 'detach' vnm net-detach a ga
ok 'detach the other' vnm net-detach b gb
same 'nothing is left of the old layout' 'attachments' "$(told)"
ok 'attach again' vnm net-attach a --netns ga --create --ip auto
same 'in the new one' 'attachments attachments' "$(told)"
finish
