#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What a process of ours inherits from whoever called us: nothing. And the files that we make: their modes whatever the umask,
# nothing outside of the state directories, and no step over a symlink.
. "$srcdir/tests/lib/ns.sh"
cd "$T" || exit 1
R=$VNETMGR_ROOT
cat >n.xml <<'X'
<network><name>n</name><bridge name='br-n' stp='off'/><ip address='10.81.1.1' prefix='24'><dhcp><range start='10.81.1.100' end='10.81.1.200'/></dhcp></ip></network>
X
ok define vnm -q net-define n.xml
pid() { pgrep -f 'dnsmasq/n/dnsmasq.conf'; }
field() { sed -n "s/^$1:[[:space:]]*//p" "/proc/$P/status"; }
clean() {
	P=$(pid); w=$1
	same "$w: its standard descriptors" '/dev/null /dev/null /dev/null' "$(for f in 0 1 2; do readlink "/proc/$P/fd/$f"; done | xargs)"
	no "$w: a file of its caller" sh -c "ls -l /proc/$P/fd | grep -E 'canary|lock|journal'"
	same "$w: no signal is blocked" 0000000000000000 "$(field SigBlk)"
	# 32 and 33 are libc's own, and it lets nobody set them.
	same "$w: none ignored but what it ignores itself" 0000000000001000 \
		"$(printf '%016x' $((0x$(field SigIgn) & ~0x180000000)))"
	same "$w: its environment" 'LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin' "$(tr '\0' '\n' <"/proc/$P/environ" | sort | xargs)"
	same "$w: its directory" / "$(readlink "/proc/$P/cwd")"
	same "$w: its umask" 0022 "$(field Umask)"
	same "$w: a session of its own" "$P" "$(sed 's/.*) //' "/proc/$P/stat" | cut -d ' ' -f 4)"
	ok "$w: stop" vnm -q net-destroy n
}
ok start vnm -q net-start n; clean 'as usual'
(exec 5>canary 6<>canary 9</; trap '' HUP TERM PIPE INT; LD_DEBUG_OUTPUT=/x FOO=bar; export FOO; cd "$T"; umask 0; vnm -q net-start n); clean 'from a shell with much open, and signals ignored'
if command -v setpriv >/dev/null; then ok 'standard descriptors closed' sh -c '"$VNETMGR" -q net-start n 0<&- 1>&- 2>&-'; clean 'without standard descriptors'; fi
ok 'a pipe ends when the command does' timeout 10 sh -c '"$VNETMGR" -q net-start n 2>&1 | cat'; clean 'into a pipe'
setsid sh -c '"$VNETMGR" -q net-start n; kill -HUP 0' 2>/dev/null; ok 'it outlives its session' pid; clean 'after its session'

### A login session, which logind may end with all that is in it: in a hierarchy of control groups of our own.
# (Their root is ours after unshare; the name of the group is as systemd makes them.)
mkdir cgroup; top=$T/cgroup/vnm-test-$(cat /proc/sys/kernel/random/uuid)
if mount -t cgroup2 none cgroup 2>/dev/null && mkdir "$top" 2>/dev/null; then
	cat >session <<X
echo \$\$ >"$top/cgroup.procs"
exec unshare -C -m sh -c '
mount -t cgroup2 none /sys/fs/cgroup && mkdir -p /run/systemd/system "/sys/fs/cgroup\$1" || exit 9
echo \$\$ >"/sys/fs/cgroup\$1/cgroup.procs"
"\$VNETMGR" -q net-start n; P=\$(pgrep -f "[d]nsmasq/n/dnsmasq.conf")
grep ^0:: /proc/\$P/cgroup; grep ^0:: /proc/self/cgroup; "\$VNETMGR" -q net-destroy n' sh "\$1"
X
	same 'from a session: into a group of its own' '0::/vnetmgr 0::/user.slice/user-0.slice/session-1.scope' "$(sh session /user.slice/user-0.slice/session-1.scope | xargs)"
	same 'from a unit: where that is' '0::/system.slice/cron.service 0::/system.slice/cron.service' "$(sh session /system.slice/cron.service | xargs)"
	find "$top" -depth -type d -exec rmdir {} + 2>/dev/null
else
	echo 'control groups cannot be made here: that was not tested'
fi

### Modes, whatever the umask.
modes() { (cd "$R" && find etc/vnetmgr run/vnetmgr var/lib/vnetmgr ! -type l -printf '%M %u %p\n' | sed 's/ [^ ]*\.pending$//' | sort -k 3); }
rm -rf "$R/etc/vnetmgr" "$R/run/vnetmgr" "$R/var/lib/vnetmgr"
for mask in 022 000 077 777; do
	(umask $mask; vnm -q net-define n.xml; vnm -q net-autostart n; vnm -q net-start n
	 vnm -q net-attach n --tap tap-n --mac 52:54:00:00:00:05; vnm -q net-desc n --live --config words) >out 2>&1; modes >"modes.$mask"; cat out
	vnm -q net-detach n tap-n; vnm -q net-destroy n; vnm -q net-undefine n; rm -rf "$R/etc/vnetmgr" "$R/run/vnetmgr" "$R/var/lib/vnetmgr"
	same "umask $mask makes no difference" "$(cat modes.022)" "$(cat "modes.$mask")"
done
no 'nothing is for others to write' grep -E '^.{5}w|^.{8}w' modes.022
same 'definitions are for root alone' '-rw------- drwx------' "$(awk '$3 ~ /networks(\/n\.xml)?$/ { print $1 }' modes.022 | sort | xargs)"
same 'so is what is written in /run' '-rw-------' "$(awk '$3 ~ /run\/vnetmgr\/(lock|[^\/]*\.(journal|xml))$/ { print $1 }' modes.022 | sort -u)"

### Directories and files that somebody has put there.
vnm -q net-define n.xml
mkdir elsewhere; echo precious >elsewhere/file
refused() {	# refused WHAT DIRECTORY: not stepped into, and nothing written
	before=$(find elsewhere -printf '%p %s %m\n')
	no "$1" vnm -q net-start n; has "$1: why" "^error: .*$2" "$(cat "$T/out")"
	same "$1: nothing was written there" "$before" "$(find elsewhere -printf '%p %s %m\n')"
}
for d in etc/vnetmgr/networks run/vnetmgr var/lib/vnetmgr/leases; do
	vnm -q net-list >/dev/null
	mv "$R/$d" "$R/$d.real"; ln -s "$T/elsewhere" "$R/$d"
	refused "a symlink for $d" "$d.*symbolic link"
	rm "$R/$d"; mv "$R/$d.real" "$R/$d"
	mode=$(stat -c %a "$R/$d"); chmod 0777 "$R/$d"
	refused "$d for all to write" "$d.*mode 0777"
	chmod "$mode" "$R/$d"
done
# Whoever owns what is above them, or a symlink there, could put another in its place.
for d in etc etc/vnetmgr run var var/lib var/lib/vnetmgr; do
	chown 12345 "$R/$d" 2>/dev/null || break
	refused "$d is somebody else's" "'$R/$d' belongs to user 12345"
	chown 0 "$R/$d"; mv "$R/$d" "$R/$d.real"; ln -s "$R/$d.real" "$R/$d"
	ok "a symlink of ours for $d" vnm -q net-list
	chown -h 12345 "$R/$d"
	refused "a symlink of somebody else's for $d" "'$R/$d' belongs to user 12345"
	chown -h 0 "$R/$d"; chown 12345 "$R/$d.real"
	refused "a symlink to somebody else's for $d" "'$R/$d' belongs to user 12345"
	chown 0 "$R/$d.real"; rm "$R/$d"; mv "$R/$d.real" "$R/$d"
	chmod 0777 "$R/$d"; refused "$d for all to write" "'$R/$d' has mode 0777"; chmod 0755 "$R/$d"
done
for f in run/vnetmgr/lock etc/vnetmgr/networks/n.xml; do
	mv "$R/$f" saved; ln -s "$T/elsewhere/file" "$R/$f"
	refused "a symlink for $f" '.'
	rm "$R/$f"; mv saved "$R/$f"
done
# What is replaced is replaced, not followed; what goes is the link.
for f in n.journal n.xml dnsmasq/n/dnsmasq.conf dnsmasq/n/process; do
	mkdir -p "$R/run/vnetmgr/${f%/*}" 2>/dev/null; case $f in */*) mkdir -p "$R/run/vnetmgr/dnsmasq/n" ;; *) rmdir "$R/run/vnetmgr/$f" 2>/dev/null ;; esac
	ln -sf "$T/elsewhere/file" "$R/run/vnetmgr/$f"
	vnm -q net-start n >/dev/null 2>&1; vnm -q net-destroy n >/dev/null 2>&1
	same "a symlink for $f is not followed" precious "$(cat elsewhere/file)"
	rm -f "$R/run/vnetmgr/$f"
done
ok 'it starts again' vnm -q net-start n; ok 'and stops' vnm -q net-destroy n

### Names that lead elsewhere: refused by define and create, and by every command that takes a name; nothing is written.
for name in ../../etc/x .. . '' ' ' -x 'a/b' /abs 'a
b' "$(printf %0250d 1)" "$(printf 'a\377')" "$(printf 'a\001')" .hidden; do
	printf "<network><name>%s</name></network>" "$name" >bad.xml
	before=$(find "$R" ! -name lock | sort)
	for c in net-define net-create; do
		"$VNETMGR" -q $c bad.xml >out 2>&1; status=$?
		case $name in .hidden | *0001) [ $status = 0 ] && { "$VNETMGR" -q net-destroy "$name"; "$VNETMGR" -q net-undefine "$name"; } >/dev/null 2>&1 ;; *) same "$c '$name'" 1 $status ;; esac
	done
	for c in net-start net-destroy net-undefine net-autostart net-dumpxml net-info net-repair; do
		"$VNETMGR" -q $c -- "$name" >out 2>&1; same "$c '$name'" 1 $?
	done
	same "'$name': nothing is written" "$before" "$(find "$R" ! -name lock | sort)"
	no "'$name': nor elsewhere" ls "$R/etc/x.xml" "$R/etc/vnetmgr/x.xml" /abs.xml /etc/x
done
for bridge in abcdefghijklmnop lo a/b br%d%d all default . .. ' ' 'a b' 'a:b'; do
	printf "<network><name>t</name><bridge name='%s'/></network>" "$bridge" >bad.xml
	no "bridge '$bridge'" vnm -q net-define bad.xml; has "bridge '$bridge': why" '^error: bad.xml:1:' "$(grep bad.xml "$T/out" | sed "s,^error: .*bad.xml,error: bad.xml,")"
done

### What is missing is named, with the remedy, and nothing changes. (No privileges, tables and dnsmasq: bad-input.sh.)
missing() {	# missing WHAT PATTERN COMMAND...: one line with cause and remedy
	title=$1 words=$2; shift 2
	before=$(snapshot); "$@" >out 2>err; same "$title: exit status" 1 $?
	has "$title: cause and remedy" "$words" "$(sed -n 's/^error: //p' err | tail -n 1)"
	same "$title: nothing changed" "$before" "$(snapshot)"
}
if command -v setpriv >/dev/null; then
	missing 'no CAP_NET_ADMIN' '(CAP_NET_ADMIN|root)' setpriv --bounding-set -net_admin --inh-caps -net_admin "$VNETMGR" -q net-start n
fi
mount --bind /dev/null "$VNETMGR_SCHEMAS/network.rng" 2>/dev/null && {
	missing 'a damaged schema' 'network.rng' "$VNETMGR" -q net-define n.xml; umount "$VNETMGR_SCHEMAS/network.rng"; }
missing 'no schemas' '/nosuch' env VNETMGR_SCHEMAS=/nosuch "$VNETMGR" -q net-define n.xml
# A command that only reads, or whose definition is refused, leaves no trace; its output is the same.
mkdir "$T/fresh"
echo '<network><name>fresh</name><frob/></network>' >"$T/refused.xml"
untouched() { what=$1 words=$2; shift 2; "$VNETMGR" --root "$T/fresh/root" "$@" >"$T/output" 2>&1; has "$what: said" "$words" "$(cat "$T/output")"; same "$what: made" '' "$(ls "$T/fresh")"; }
nosuch="^error: Network not found: no network with matching name 'x'|^error: failed to get network 'x'"
untouched 'a list' ' Name   State ' net-list --all
for c in net-info net-graph net-dumpxml net-dhcp-leases net-port-list net-forward-list net-desc net-name net-uuid; do untouched "$c" "$nosuch" $c x; done
untouched 'net-diff' "$nosuch" net-diff x --live
untouched 'a refused definition' 'unknown element <frob>' net-define "$T/refused.xml"
# Where there are definitions and nothing was started since the boot, nothing is made in /run.
echo '<network><name>fresh</name></network>' >"$T/fresh.xml"
ok 'define' vnm -q --root "$T/fresh/root" net-define "$T/fresh.xml"
rm -r "$T/fresh/root/run"
has 'a list' ' fresh +inactive ' "$(vnm --root "$T/fresh/root" net-list --all)"
ok 'a description' vnm --root "$T/fresh/root" net-info fresh
same 'nothing is made' 'etc var' "$(ls "$T/fresh/root" | xargs)"
ok 'undefine' vnm -q --root "$T/fresh/root" net-undefine fresh

finish
