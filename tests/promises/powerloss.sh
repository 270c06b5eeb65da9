#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# powerloss.sh - the power fails after any system call of a command that changes what is kept: definitions, marks, guests are
# then the old ones or the new ones, never a mix; and once the command has reported success, the new ones.
#
# A trace of the command is replayed by a model of a disk that loses whatever was not synced (replay.awk), and vnetmgr
# is asked what it finds. After a power loss /run is empty.
. "$srcdir/tests/lib/ns.sh"
command -v strace >/dev/null || skip 'strace is not installed'
cd "$T" || exit 1
W=$T/w D=$T/d

sed 's,<name>,<uuid>0f000000-0000-4000-8000-00000000000f</uuid><name>,' "$srcdir/networks/keennet.xml" | sed "s,<bridge ,<mac address='52:54:00:0f:00:01'/><bridge ," >k.xml
sed 's,</network>,<ip family="ipv6" address="fd00:9::1" prefix="64"/></network>,' k.xml >other.xml

# kept ROOT: all that is kept, as vnetmgr finds it
kept() {
	"$VNETMGR" --root "$1" -q net-list --all 2>output || { echo 'net-list fails:'; cat output; }
	for n in $("$VNETMGR" --root "$1" -q net-list --all --name 2>>output); do "$VNETMGR" --root "$1" -q net-dumpxml "$n" --inactive 2>&1; done
	cat "$1"/var/lib/vnetmgr/attachments/*.xml 2>/dev/null
	[ -z "$leases" ] || tail -v -n +1 "$1"/var/lib/vnetmgr/leases/* | sed "s,$1,,"
}
files() { [ ! -d "$W" ] || find "$W/etc" "$W/var" -type d -printf 'd %p\n' -o -type l -printf 'l %p %l\n' -o -type f -printf 'f %p\n'; }
# put STATE-FILE: the disk after the power is back, in $D
put() {
	rm -rf "$D"; mkdir -p "$D/etc" "$D/var"
	sed "s,$W/,$D/,g" "$1" | sort -k 2 >in_order
	while IFS= read -r line; do
		kind=${line%% *} line=${line#* } path=${line%% *}
		case $kind in
		d) mkdir -p "$path"; chmod 0700 "$path" ;;
		l) ln -s "${line#* }" "$path" ;;
		o) line=${line#* }; cp "$before/${line#"$D"/}" "$path" ;;
		f) line=${line#"$path"}; printf '%b' "${line# }" >"$path" ;;
		esac
	done <in_order
}
states=0 disks=0
# power WHAT COMMAND...: run it, replay it
power() {
	title=$1; shift
	before=$T/before; rm -rf "$before"; mkdir "$before"; [ ! -d "$W" ] || cp -a "$W/." "$before"; rm -rf "$before/run"
	files >there; rm -rf "$D"; mkdir "$D"; cp -a "$before/." "$D"; kept "$D" >old
	ok "$title" strace -y -s 1000000 -o trace -e trace=openat,write,pwrite64,fsync,fdatasync,/rename,/unlink,/rmdir,/symlink,/mkdir "$VNETMGR" --root "$W" -q "$@"
	rm -rf "$D"; mkdir "$D"; cp -a "$W/." "$D"; rm -rf "$D/run"; kept "$D" >new
	[ "$title" = "${title#=}" ] && no "$title: something has changed" cmp -s old new
	awk -v root="$W" -f "$srcdir/tests/promises/replay.awk" there trace >replay || { failures=$((failures + 1)); cat replay >&2; }
	rm -f state.* seen.*; awk '/^(state|after)/ { close(f); f = "state." ++n } { print >f }' replay
	i=0
	while i=$((i + 1)); [ -e "state.$i" ]; do
		head=$(head -n 1 "state.$i"); sed -i 1d "state.$i"
		# Most calls change nothing that would be left; the same disk is checked once.
		seen=seen.$(sha256sum <"state.$i" | cut -c 1-64)
		[ -e "$seen" ] || { put "state.$i"; kept "$D" >"$seen"; disks=$((disks + 1)); }
		cp "$seen" found; states=$((states + 1)) checks=$((checks + 1))
		cmp -s found new && continue
		[ "$head" != after ] && cmp -s found old && continue
		failures=$((failures + 1)); echo "FAIL: $title: power lost: $head: neither old nor new (- new, + found)" >&2
		diff -U 0 new found | head -12 >&2; cat output >&2
	done
}

leases=
power 'first definition' net-define k.xml
power 'mark' net-autostart keennet
power 'another definition' net-define other.xml
power 'a part of it' net-update keennet add-last ip-dhcp-host "<host mac='52:54:00:00:00:07' ip='192.168.132.7'/>" --config
power 'a title' net-desc keennet --config --title a title
power 'no mark' net-autostart keennet --disable
power 'mark again' net-autostart keennet
power 'another name' net-rename keennet other
power 'and back' net-rename other keennet
cp "$VNETMGR_ROOT/etc/vnetmgr/network.conf" "$W/etc/vnetmgr/"	# with the firewall back end
ok 'start' vnm --root "$W" -q net-start keennet
power 'a guest' net-attach keennet --tap tap0 --mac 52:54:00:00:00:09
power 'another guest' net-attach keennet --tap tap1 --mac 52:54:00:00:00:0a
power 'a guest less' net-detach keennet tap0
power 'both definitions' net-update keennet add-last ip-dhcp-host "<host mac='52:54:00:00:00:08' ip='192.168.132.8'/>" --config --live
power 'what a file says' net-apply k.xml
ok 'stop' vnm --root "$W" -q net-destroy keennet
leases=y; echo '0 52:54:00:00:00:08 192.168.132.8 * *' >"$W/var/lib/vnetmgr/leases/keennet"
power 'another name, of guests and leases too' net-rename keennet other
power 'and back' net-rename other keennet
leases=
ok 'start' vnm --root "$W" -q net-start keennet
power 'no guest' net-detach keennet tap1
ok 'stop' vnm --root "$W" -q net-destroy keennet
power 'no definition' net-undefine keennet
echo "$states moments, $disks different disks"
finish
