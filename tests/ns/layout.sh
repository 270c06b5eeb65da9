#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The files of an earlier version (lib/vnetmgr/ports, run/vnetmgr/attached with DEV.made) with a network that is active: its guests
# are known, with the lock and without; the files are moved once, whatever moment the command is killed at; a DHCP client goes on
# where it is; what an earlier version has left unfinished is rolled back, and nothing else; nothing stays behind.
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
old_layout() {
	mv "$L/attachments" "$L/ports" && old_journals
}
old_journals() {
	for journal in "$RUN"/attachments/*/*.journal; do
		made=${journal%.journal}.made made=$RUN/attached/${made#"$RUN/attachments/"}
		mkdir -p "${made%/*}"
		sed 's/^state active/state starting/' "$journal" >"$made" && rm "$journal" || return
	done
	rmdir "$RUN"/attachments/* "$RUN/attachments"
}
# names: what a state of either layout has, by file names
names() { (cd "$L" && ls -d ports attachments 2>/dev/null; cd "$RUN" && ls -d attached attachments 2>/dev/null) | xargs; }

same 'a guest is attached' 1 "$(guests)"
same 'directories' 'attachments attachments' "$(names)"

ok 'an old layout' old_layout
exec 9>>"$RUN/lock"
flock 9
same 'without the lock the guest is known' 1 "$(guests)"
same 'and nothing is moved' 'ports attached' "$(names)"
exec 9>&-

has 'a command with the lock finds nothing missing' '^Active: +yes$' "$(vnm net-info a)"
no 'no guest is missed' sh -c "'$VNETMGR' net-info a | grep Degraded"
same 'all is moved' 'attachments attachments' "$(names)"
same 'the guest is known' 1 "$(guests)"
ok 'its bridge goes' ip link del br-a
ok 'and comes back, with the guest' vnm net-repair a
same 'the guest is whole' 1 "$(guests)"

# A DHCP client has its files open.
mkdir -p "$RUN/attached/a"; : >"$RUN/attached/a/vnet9.pid"
ok 'a guest with DHCP' vnm net-attach a --netns gd --create --ip dhcp
rm "$RUN/attached/a/vnet9.pid"
client() { ps -e -o pid=,args= | grep '[u]dhcpc.*-i eth0\|[d]hclient.*eth0'; }
before=$(client)
ok 'an old layout' old_layout
same 'it has a guest that is whole' 1 "$(vnm net-port-list a | grep -c 'gd.*(dhcp) *attached')"
same 'its directory stays' 'attachments attached attachments' "$(names)"
same 'and the client' "$before" "$(client)"
ok 'nothing is repaired' vnm net-repair a
same 'the same client still' "$before" "$(client)"
ok 'detach' vnm net-detach a gd
same 'no client' '' "$(client)"
same 'nor its directory' 'attachments attachments' "$(names)"

# Killed at each change of a name.
if command -v strace >/dev/null; then
	for call in rename renameat rmdir; do
		for k in 1 2; do
			mv "$L/attachments" "$L/ports"
			[ $call = rename ] || { mkdir "$L/attachments"; mv "$L/ports/b.xml" "$L/attachments"; }
			strace -qq -o /dev/null -e trace=$call -e inject=$call:signal=KILL:when=$k "$VNETMGR" net-info a >/dev/null 2>&1
			same "killed at $call $k: the guests are known" '1 1' "$(guests) $(vnm net-port-list b | grep -c 'gb.*attached')"
			same "killed at $call $k: the lists are moved" 'attachments attachments' "$(names)"
		done
	done
	# Each network has a second guest: a tap that an earlier version was attaching, and one that it was journalling again.
	for n in a b; do ok "a tap of $n" vnm net-attach $n --tap tap-$n; done
	for call in renameat:1 renameat:2 renameat:3 renameat:4 unlinkat:1 rmdir:3 rmdir:4 mkdirat:2; do
		ok "killed at $call: old journals" old_journals
		mv "$RUN/attached/a/tap-a.made" "$RUN/attached/a/tap-a.journal"
		cp "$RUN/attached/b/tap-b.made" "$RUN/attached/b/tap-b.journal"
		strace -qq -o /dev/null -e trace=${call%:*} -e inject=${call%:*}:signal=KILL:when=${call#*:} "$VNETMGR" net-info a >/dev/null 2>&1; status=$?
		same "$call: was met" 137 $status
		vnm net-list >/dev/null 2>&1
		same "killed at $call: the journals are moved" 'attachments attachments' "$(names)"
		same "killed at $call: the guests are known" '1 1 1' "$(guests) $(vnm net-port-list b | grep -c 'gb.*attached') $(vnm net-port-list b | grep -c 'tap-b.*attached')"
		no "killed at $call: the unfinished one is rolled back" ip link show tap-a
		same "killed at $call: nothing is unfinished" '' "$(find "$RUN" -name '*.pending' -o -name '*.made')"
		ok "killed at $call: attached again" vnm net-attach a --tap tap-a
	done
	ok 'detach' vnm net-detach a tap-a
	ok 'detach' vnm net-detach b tap-b

	# Changes and renames that an earlier version has left: before the commit they are void, after it they are completed.
	D=$R/etc/vnetmgr/networks
	old_changes() {
		for file in "$RUN"/*.journal.pending; do [ ! -e "$file" ] || mv "$file" "${file%.journal.pending}.update"; done
		for file in "$RUN"/*.xml.pending "$D"/*.xml.pending; do [ ! -e "$file" ] || mv "$file" "${file%.xml.pending}.staged"; done
	}
	left() { find "$RUN" "$D" -name '*.pending' -o -name '*.staged' -o -name '*.update'; }
	named() { vnm net-dumpxml b "$@" | grep -c 192.168.172.7; }
	voids=0 done=0
	for k in 1 2 3 4 5 6 7; do
		strace -qq -o /dev/null -e trace=renameat -e inject=renameat:signal=KILL:when=$k "$VNETMGR" net-update b add ip-dhcp-host "<host mac='52:54:00:00:00:07' ip='192.168.172.7'/>" --live --config >/dev/null 2>&1
		old_changes
		no "change killed at renameat $k: it is whole" sh -c "'$VNETMGR' net-info b | grep Degraded"
		same "change killed at renameat $k: nothing is left" '' "$(left)"
		case $(named)$(named --inactive) in
		00) voids=$((voids + 1)) ;;
		11) done=$((done + 1)); ok "change killed at renameat $k: reverted" vnm net-update b delete ip-dhcp-host "<host mac='52:54:00:00:00:07' ip='192.168.172.7'/>" --live --config ;;
		*) same "change killed at renameat $k: both definitions" 'alike' "$(named) $(named --inactive)" ;;
		esac
	done
	ok "some were void ($voids), and some completed ($done)" [ $voids -gt 1 -a $done -gt 1 ]
	sed 's/172/173/g; s/br-b/br-c/; s/<name>b/<name>c/' "$T/b.xml" >"$T/c.xml"
	ok 'define c' vnm net-define "$T/c.xml"
	old=c new=cc ends=
	for call in renameat:1 renameat:2 unlinkat:2 renameat:4 fsync:2 fsync:5 fsync:6; do
		vnm -q net-autostart $old; echo "0 52:54:00:00:00:08 192.168.173.8 * *" >"$L/leases/$old"
		strace -qq -o /dev/null -e trace=${call%:*} -e inject=${call%:*}:signal=KILL:when=${call#*:} "$VNETMGR" net-rename $old $new >/dev/null 2>&1
		old_changes
		name=$(vnm net-list --all --name | grep '^c')
		same "rename killed at $call: autostart and leases have the name" "$name.xml $name" "$(cd "$D/autostart" && ls | xargs) $(cd "$L/leases" && ls | grep '^c' | xargs)"
		same "rename killed at $call: nothing is left" '' "$(left)"
		[ "$name" = $old ] || { new=$old old=$name; ends=y; }
	done
	ok 'some were completed' [ -n "$ends" ]
	vnm -q net-undefine $old
fi

# Ports that an earlier version was creating or deleting go, with what their network has for them.
echo "<network><name>f</name><bridge name='br-f' stp='off'/><bandwidth><inbound average='1000'/></bandwidth><ip address='192.168.174.1' prefix='24'/></network>" >"$T/f.xml"
port=5599d7e3-f78d-4f9b-abc2-1a9384ffc500
echo "<networkport><uuid>$port</uuid><owner><name>vm</name><uuid>5599d7e3-f78d-4f9b-abc2-1a9384ffc501</uuid></owner><mac address='52:54:00:00:00:09'/><bandwidth><inbound average='1' floor='500'/></bandwidth></networkport>" >"$T/port.xml"
ok 'a network with a rate' vnm net-create "$T/f.xml"
for state in coming going; do
	ok "$state: a port with a floor" vnm net-port-create f "$T/port.xml"
	same "$state: the floor is there" 1 "$(grep -c '^floor ' "$RUN/f.journal")"
	mv "$RUN/ports/f/$port.xml" "$RUN/ports/f/$port.$state"
	same "$state: the port is gone" '' "$(vnm net-port-list f --uuid)"
	same "$state: and its floor" 0 "$(grep -c '^floor ' "$RUN/f.journal")"
	no "$state: and its file" ls "$RUN/ports/f"
done
vnm -q net-destroy f

ok 'detach' vnm net-detach a ga
ok 'detach the other' vnm net-detach b gb
same 'nothing is left' 'attachments' "$(names)"
ok 'attach again' vnm net-attach a --netns ga --create --ip auto
same 'in the new one' 'attachments attachments' "$(names)"
finish
