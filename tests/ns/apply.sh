#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# net-apply, net-diff and net-rename: a network becomes what a file defines, again and again.
. "$srcdir/tests/lib/ns.sh"
before=$(snapshot)
definition() {	# definition NAT-PORTS BRIDGE
	cat >"$T/n.xml" <<X
<network><name>n</name><forward mode='nat'>$1</forward><bridge name='$2' stp='off'/>
<ip address='192.168.190.1' prefix='24'><dhcp><range start='192.168.190.100' end='192.168.190.200'/></dhcp></ip></network>
X
}
definition '' br-n
same 'dry: what it would do' 'Network n would be defined, started' "$(vnm net-apply --dry-run "$T/n.xml" | head -n 1)"
same 'dry: nothing is done' "$before" "$(snapshot)"
same 'first time' 'Network n defined, started' "$(vnm net-apply "$T/n.xml")"
up=$(snapshot) kept=$(vnm net-dumpxml n --inactive)
same 'second time' 'Network n unchanged' "$(vnm net-apply "$T/n.xml")"
same 'nothing has changed' "$up" "$(snapshot)"
same 'nor the definition' "$kept" "$(vnm net-dumpxml n --inactive)"
ok 'no difference' vnm net-diff n "$T/n.xml"
ok 'none to reality' vnm net-diff n --live

guest g1 br-n
ok 'a guest' dhcp g1
definition "<nat><port start='5000' end='6000'/></nat>" br-n
vnm -q net-diff n "$T/n.xml" >"$T/diff"
same 'a difference: exit status' 2 $?
same 'the difference' "--- n (defined)
+++ $T/n.xml
-  <forward mode='nat'/>
+  <forward mode='nat'>
+    <nat>
+      <port start='5000' end='6000'/>
+    </nat>
+  </forward>" "$(grep '^[-+]' "$T/diff")"
ok 'it is one that patch(1) takes' sh -c "vnm() { \"\$VNETMGR\" \"\$@\"; }; vnm -q net-dumpxml n --inactive >'$T/old'; busybox patch -p0 '$T/old' <'$T/diff' && grep -q 6000 '$T/old'"
same 'dry' 'Network n would be defined, changed live' "$(vnm net-apply --dry-run "$T/n.xml" | head -n 1)"
same 'applied' 'Network n defined, changed live' "$(vnm net-apply "$T/n.xml")"
has 'in effect' '(--to-ports |masquerade to :)5000-6000' "$(saved_rules)"
same 'the guest goes on' "you are $UPLINK" "$(web g1 "$SERVER")"
same 'again' 'Network n unchanged' "$(vnm net-apply "$T/n.xml")"

lose_rules "$(accepts br-n 192.168.190.0/24)"
vnm -q net-diff n --live >"$T/diff"
same 'something is missing: exit status' 2 $?
has 'what' '^missing: [12] of [0-9]+ firewall rules$' "$(cat "$T/diff")"
same 'it is repaired' 'Network n repaired' "$(vnm net-apply "$T/n.xml")"
same 'the guest is on the net again' "you are $UPLINK" "$(web g1 "$SERVER")"

now=$(snapshot) kept=$(vnm net-dumpxml n --inactive)
definition '' br-other
no 'what takes a restart is refused' vnm net-apply "$T/n.xml"
has 'with what to do' 'net-destroy' "$(cat "$T/out")"
same 'nothing was done' "$now" "$(snapshot)"
same 'nor kept' "$kept" "$(vnm net-dumpxml n --inactive)"
leave g1
vnm -q net-destroy n
same 'when it is down it can' 'Network n defined, started' "$(vnm net-apply "$T/n.xml")"
has 'another bridge' ': br-other: ' "$(ip -o link show br-other)"
definition '' br-n
sed -i 's/192.168.190/203.0.113/g' "$T/n.xml"
vnm -q net-destroy n
kept=$(vnm net-dumpxml n --inactive)
no 'a start that fails' vnm net-apply "$T/n.xml"
same 'leaves the old definition' "$kept" "$(vnm net-dumpxml n --inactive)"
sed 's/>n</>m</; s/br-n/br-m/; s/203.0.113/192.168.77/g' "$T/n.xml" >"$T/m.xml"
definition '' br-n
same 'several files' 'Network n defined, started
Network m defined, started' "$(vnm net-apply "$T/n.xml" "$T/m.xml")"
echo '<network>' >"$T/bad.xml"
no 'one of them bad' vnm net-apply "$T/bad.xml" "$T/m.xml"
has 'the other is told' '^Network m unchanged$' "$(cat "$T/out")"
no 'neither file nor --live' vnm net-diff n
no 'another network' vnm net-diff n "$T/m.xml"
has 'reports it' "m.xml: defines network 'm', not 'n'" "$(cat "$T/out")"

# A new name.
ok 'marked for autostart' vnm net-autostart n
no 'not while it is active' vnm net-rename n new
has 'why' "cannot rename active network 'n'; stop it first" "$(cat "$T/out")"
vnm -q net-destroy n
echo '1 52:54:00:00:00:01 192.168.190.100 * *' >"$VNETMGR_ROOT/var/lib/vnetmgr/leases/n"
kept=$(vnm net-dumpxml n)
no 'not that of another' vnm net-rename n m
no 'not its own' vnm net-rename n n
no 'not a bad one' vnm net-rename n a/b
same 'it is as it was' "$kept" "$(vnm net-dumpxml n)"
same 'renamed' 'Network n renamed to new' "$(vnm net-rename n new)"
same 'nothing else changed' "$(printf '%s\n' "$kept" | sed 's/>n</>new</')" "$(vnm net-dumpxml new)"
no 'the old one is unknown' vnm net-info n
has 'the mark went along' ' new +inactive +yes +yes' "$(vnm net-list --all)"
ok 'so did the leases' test -e "$VNETMGR_ROOT/var/lib/vnetmgr/leases/new"

vnm -q net-destroy m
vnm -q net-undefine m new

# ---- directories: all of their files, and nothing else with --prune
mkdir "$T/nets" "$T/none"
for n in x y; do echo "<network><name>$n</name><bridge name='br-$n' stp='off'/></network>" >"$T/nets/$n.xml"; done
echo 'no definition' | tee "$T/nets/notes.txt" >"$T/nets/.x.xml"
ok 'a persistent network' vnm net-define "$T/nets/x.xml"
vnm net-undefine x >/dev/null
echo "<network><name>old</name><bridge name='br-old' stp='off'/></network>" >"$T/old.xml"
echo "<network><name>brief</name><bridge name='br-brief' stp='off'/></network>" >"$T/brief.xml"
ok 'others' eval 'vnm net-apply "$T/old.xml" && vnm net-create "$T/brief.xml"'
# Their guests go with them, and nobody is told that they come back.
ok 'guests' eval 'vnm -q net-attach old --netns kept --create --ip none && vnm -q net-attach brief --netns lost --create --ip none'
ip link add other type veth peer name other-p; ip link set other master br-old
gone="warning: network 'brief' is no more; its 1 guest is detached
warning: network 'old' is no more; its 1 guest is detached
warning: network 'old' is stopped with ports of others on its bridge: other; they are cut off"
would=$(vnm net-apply "$T/nets" --prune --autostart --dry-run 2>"$T/warnings"); same 'dry: there is something to do' 2 $?
same 'dry: who is lost' "$gone" "$(sort "$T/warnings")"
same 'dry: a stop' "warning: network 'brief' is no more; its 1 guest is detached
warning: network 'old' is stopped with 1 guest attached; their devices stay, down, and are reattached when it starts
warning: network 'old' is stopped with ports of others on its bridge: other; they are cut off, and restored when it starts" "$(
	vnm net-destroy --all --dry-run 2>&1 >/dev/null | sort)"
same 'dry: what' 'Network x would be defined, started, marked as autostarted
Network y would be defined, started, marked as autostarted
Network brief would be destroyed
Network old would be destroyed, undefined' "$(printf '%s\n' "$would" | grep '^Network')"
has 'dry: the steps' 'ip link del br-old' "$would"
same 'dry: nothing is done' "brief old" "$(vnm net-list --all --name | xargs)"
same 'applied' 'Network x defined, started, marked as autostarted
Network y defined, started, marked as autostarted
Network brief destroyed
Network old destroyed, undefined' "$(vnm net-apply "$T/nets" --prune --autostart 2>"$T/warnings")"
same 'who is lost' "$gone" "$(sort "$T/warnings")"
ip link del other
same 'what is left' "x y" "$(vnm net-list --all --autostart --name | xargs)"
same 'bridges that are left' '' "$(ip -o link show | grep -E 'br-(old|brief)')"
same 'again' 'Network x unchanged
Network y unchanged' "$(vnm net-apply "$T/nets" --prune --autostart)"
ok 'dry: nothing to do' vnm net-apply "$T/nets" --prune --autostart --dry-run
ok 'another one' vnm net-apply "$T/old.xml"
echo '<network><name>z</nam></network>' >"$T/nets/z.xml"
vnm net-apply "$T/nets" --prune >"$T/out" 2>&1
same 'a file that is wrong: exit status' 1 $?
has 'it is named' "$T/nets/z.xml:1:" "$(cat "$T/out")"
has 'and nothing is removed' '^hint: no network was removed' "$(cat "$T/out")"
same 'the others are as they were' 'old x y' "$(vnm net-list --name | xargs)"
no_because 'a directory without files' "has no file \*\.xml" vnm net-apply "$T/none"
no_because 'nothing of that name' "^error: Failed to open '$T/nowhere': No such file" vnm net-apply "$T/nowhere" --prune
cp "$T/nets/y.xml" "$T/yy.xml"
same 'the same twice' "warning: network 'y' is defined by '$T/nets/y.xml' and again by '$T/yy.xml', which replaces it: keep one of them" "$(
	vnm net-apply "$T/nets/y.xml" "$T/yy.xml" 2>&1 >/dev/null)"
no_because 'no directory' "^error: --prune needs a directory" vnm net-apply "$T/old.xml" --prune
ok 'stop' vnm net-destroy --all
same 'no trace is left' "$before" "$(snapshot)"
finish
