#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# public.sh - members of the group "vnetmgr" read the public summary: what they see and what they do not, without
# the lock; after each change, after a command that was killed, and where it cannot be written
. "${srcdir:-.}/tests/lib/ns.sh"
need setpriv strace
setpriv --reuid=12345 --regid=12345 --clear-groups true 2>/dev/null || skip "users are not allowed here"

GROUP=23456
cp "$T/etc-group" "$T/groups" && mount --bind "$T/groups" /etc/group || skip "/etc/group cannot be replaced here"
use_group() { { cat "$T/etc-group"; echo "vnetmgr:x:$GROUP:"; } >"$T/groups"; }
PUBLIC=$VNETMGR_ROOT/run/vnetmgr/public LEASES=$VNETMGR_ROOT/var/lib/vnetmgr/leases
as() { setpriv --reuid=12345 --regid=12345 "$@"; }
member() { as --groups=$GROUP "$VNETMGR" "$@"; }
stranger() { as --clear-groups "$VNETMGR" "$@"; }
user() { { cat "$T/etc-group"; echo "vnetmgr:x:$GROUP:$1"; } >"$T/groups"; echo "u:x:12345:12345::/:/bin/sh" | cat "$T/etc-passwd" - >"$T/users"; }
readable() { as --clear-groups test -x "$VNETMGR" && as --clear-groups test -x "$VNETMGR_ROOT"; }
chmod a+x "$T" "$VNETMGR_ROOT" 2>/dev/null
readable || skip "plain users cannot reach the program or $VNETMGR_ROOT"

mkdir -m 755 "$T/SECRET-3"
cat >"$T/plain.xml" <<END
<network><name>plain</name><title>A title</title><metadata><app:key xmlns:app='urn:app'>SECRET-1</app:key></metadata>
<forward mode='nat'/><bridge name='virbr7'/><domain name='plain.test'/>
<dns><txt name='x' value='SECRET-2'/></dns>
<ip address='192.168.77.1' prefix='24'><tftp root='$T/SECRET-3'/><dhcp><range start='192.168.77.100' end='192.168.77.110'/>
<host mac='52:54:00:00:00:07' name='seven' ip='192.168.77.7'/><bootp file='SECRET-4'/></dhcp></ip>
<vnm:portForward xmlns:vnm='urn:vnetmgr:network:1' proto='tcp' port='8080' to='192.168.77.7'/>
<dnsmasq:options xmlns:dnsmasq='http://libvirt.org/schemas/network/dnsmasq/1.0'><dnsmasq:option value='txt-record=y,SECRET-5'/></dnsmasq:options>
</network>
END
sed '/portForward/d; s/plain/other/g; s/77/78/g; s/virbr7/virbr8/' "$T/plain.xml" >"$T/other.xml"

cat >"$T/port.xml" <<'END'
<networkport><owner><name>vm</name><uuid>c7f3bb9d-8f6e-4a2b-9b53-0d3d56c1a001</uuid></owner><mac address='52:54:00:00:00:99'/></networkport>
END
cp /etc/passwd "$T/etc-passwd"; cp /etc/passwd "$T/users"; mount --bind "$T/users" /etc/passwd

# Without the group, there is no summary.
ok "define" vnm net-define "$T/plain.xml"
no "no summary" test -e "$PUBLIC"
no_because "nothing for users" "^hint: members of the group 'vnetmgr' may run net-list .*; to make the group: sudo groupadd --system vnetmgr$" member net-list --all
same "no advice that only root could follow" 0 "$(grep -Ec 'chown|remove it' "$T/out")"
same "nor leases" 700 "$(stat -c %a "$LEASES")"

use_group
no_because "nothing yet" "^hint: .* once a command of root has changed something since the boot" member net-list
chmod 755 "$LEASES" # of an earlier version
ok "another definition" vnm net-define "$T/other.xml"
same "leases are theirs, and nobody else's" "750 $GROUP" "$(stat -c '%a %g' "$LEASES")"
ok "it is marked" vnm net-autostart other
ok "a start" vnm net-start plain
ok "a guest" vnm net-attach plain --tap tap7 --mac 52:54:00:00:00:07
ok "one in a namespace" vnm net-attach plain --netns g8 --create --ip auto
ok "a forward" vnm net-forward-add plain tcp 8081 192.168.77.7:80
ok "a port of libvirt's clients" vnm net-port-create plain "$T/port.xml"
ok "a guest that asks for its address" vnm net-attach plain --netns g9 --create --ip dhcp
ok "a description" vnm net-desc plain --live --config "For the" tests
echo "$(($(date +%s) + 3600)) 52:54:00:00:00:07 192.168.77.7 seven *" >>"$VNETMGR_ROOT/var/lib/vnetmgr/leases/plain"

# every command that it answers says the same as to root
uuid=$(vnm net-uuid plain)
alike() { same "a member's $*" "$(vnm -q "$@" 2>&1)" "$(member -q "$@" 2>&1)"; }
alike net-list --all
alike net-list --all --wide
alike net-list --all --json
alike net-list --name --autostart --inactive
alike net-uuid plain
alike net-name "$uuid"
alike net-dhcp-leases plain
alike net-dhcp-leases plain --json
alike net-dhcp-leases plain --reservations
alike net-dhcp-leases plain --reservations --json
has "its reservations" ' 192.168.77.7/' "$(member -q net-dhcp-leases plain --reservations)"
alike net-forward-list plain
alike net-info other
shown() { "$@" | sed '/^Note:/d; /^Firewall:/d'; }
same "net-info" "$(shown vnm -q net-info plain)" "$(shown member -q net-info plain)"
has "net-info says what it does not know" '^Note: .*only root can see what is missing' "$(member -q net-info plain)"
alike complete -- vnetmgr net-info ''
alike net-desc plain
alike net-desc plain --title
alike net-desc other
alike net-port-list plain --uuid
alike net-port-list other
port=$(vnm -q net-port-list plain --uuid)
same "net-port-dumpxml, but for whose it is" "$(vnm -q net-port-dumpxml plain "$port" | sed '/<owner>/,/<\/owner>/d')" "$(member -q net-port-dumpxml plain "$port" 2>"$T/told")"
has "which is told" "^warning: this is not all of network port $port" "$(cat "$T/told")"
no_because "a port that is not there" 'Network port not found' member net-port-dumpxml plain c7f3bb9d-8f6e-4a2b-9b53-0d3d56c1a009
ok "another port" vnm net-port-create plain "$T/port.xml"
alike net-port-list plain --uuid
ok "it is deleted" vnm net-port-delete plain "$port"
alike net-port-list plain --uuid
no "and is gone" member net-port-dumpxml plain "$port"
alike net-graph
same "net-graph --json, but for paths and counters" "$(vnm -q net-graph --json | grep -v '"netns"\|_to"\|_from"')" "$(member -q net-graph --json | grep -v '"netns"\|_to"\|_from"')"
alike net-graph plain --format dot
alike version --json
# guests COMMAND...: what net-port-list says, but for what keeps changing, and where a guest is
guests() { "$@" net-port-list plain --json | jq -S 'del(.guests[] | .netns, .netns_name, .id, .bytes_to, .bytes_from, .packets_to, .packets_from)'; }
same "net-port-list --json" "$(guests vnm -q)" "$(guests member -q)"
has "with leased addresses" '"dhcp": true' "$(guests member -q)"
ip link set tap7 nomaster
has "a device that was taken off its bridge" '^ tap7 .* degraded ' "$(member -q net-port-list plain)"
ok "it is put back" vnm -q net-repair plain
# metrics COMMAND...: without counters, and what is not in the summary
metrics() { "$@" net-metrics | grep -v '^#\|_bytes_total\|_packets_total\|rule'; }
same "net-metrics" "$(metrics vnm -q)" "$(metrics member -q)"
has "with traffic" '^vnetmgr_network_.*bytes_total{network="plain"' "$(member -q net-metrics plain)"
has "net-dumpxml says that it is not all" "^warning: this is not all of network 'plain': .*sudo vnetmgr net-dumpxml plain" "$(member net-dumpxml plain 2>&1)"
# shown XML: what is left out, and in brackets what follows it
same "net-dumpxml" "$(vnm -q net-dumpxml plain | sed '/<metadata>/,/<\/metadata>/d; /<txt /d; /<tftp /d; /<bootp /d; /<dnsmasq:options/,/<\/dnsmasq:options>/d' | grep -v '<network\|<dns>\|</dns>')" \
	"$(member -q net-dumpxml plain 2>/dev/null | grep -v '<network\|<dns>\|</dns>')"

# net-diff compares what members see of both, and says that this is not all.
alike net-diff other --live
vnm -q net-dumpxml plain --inactive >"$T/same.xml"
shown_diff() { member -q net-diff plain "$@" 2>"$T/told"; }
same "net-diff of what it is" '' "$(shown_diff "$T/same.xml")"
has "which is not all" "^warning: this is not all: .*sudo vnetmgr net-diff plain" "$(cat "$T/told")"
sed 's/SECRET-[1245]/SECRET-9/; s/192.168.77.110/192.168.77.120/' "$T/same.xml" >"$T/another.xml"
has "net-diff of another" "^\+ .*end='192.168.77.120'" "$(shown_diff "$T/another.xml")"
no "without secrets" sh -c 'setpriv --reuid=12345 --regid=12345 --groups="$1" "$VNETMGR" -q net-diff plain "$2" | grep SECRET' - $GROUP "$T/another.xml"
ok "a live change" vnm -q net-update plain add ip-dhcp-host "<host mac='52:54:00:00:00:08' ip='192.168.77.8'/>" --live
changed_lines() { grep '^[+-] '; }
same "net-diff --live" "$(vnm -q net-diff plain --live | changed_lines)" "$(shown_diff --live | changed_lines)"
has "net-diff --live: the host" "^\\+ .*ip='192.168.77.8'" "$(shown_diff --live)"
same "its exit status" 2 "$(member -q net-diff plain --live >/dev/null 2>&1; echo $?)"
ok "and back" vnm -q net-update plain delete ip-dhcp-host "<host mac='52:54:00:00:00:08' ip='192.168.77.8'/>" --live

# what stays root's
no "no secrets" grep -r SECRET "$PUBLIC"
same "modes" "directory 750 $GROUP" "$(stat -c '%F %a %g' "$PUBLIC")"
same "modes of files" "640 $GROUP" "$(find "$PUBLIC" -type f -exec stat -c '%a %g' {} + | sort -u)"
for command in net-doctor net-start net-undefine; do
	no_because "a member's $command" "^hint: .* for $command ask root, or: sudo vnetmgr $command" member $command plain
done
for command in "net-list" "net-info plain" "net-dhcp-leases plain"; do
	no_because "a stranger's $command" "^hint: members of the group 'vnetmgr' may run" stranger $command
done
no "a change" member net-desc plain --live mine
no "leases are not for strangers" as --clear-groups cat "$LEASES/plain"
ok "but for members" as --groups=$GROUP cat "$LEASES/plain"
user ''
no_because "how a stranger becomes a member" ": sudo usermod -aG vnetmgr u, and log in again$" stranger net-list
user someone,u
no_because "one who is, since the login" "^hint: user 'u' became a member .*: newgrp vnetmgr$" stranger net-list
no "the lock is not theirs" as --groups=$GROUP sh -c ': <"$1"' - "$VNETMGR_ROOT/run/vnetmgr/lock"

# Readers take no lock: neither waits for the other.
exec 8<>"$VNETMGR_ROOT/run/vnetmgr/lock"
flock 8
has "beside a long command" '^ plain +active' "$(as --groups=$GROUP timeout 1 "$VNETMGR" -q net-list)"
exec 8<&-

# Each change is in it.
ok "undefine" vnm net-undefine other
same "it is gone" plain "$(member -q net-list --all --name)"
ok "stop" vnm net-destroy plain
same "its ports are gone" '' "$(ls "$PUBLIC/active/ports")"
has "it is inactive" '^ plain +inactive' "$(member -q net-list --all)"
ok "edit" vnm net-desc plain --config --title --new-desc "Other title"
alike net-list --all --title
ok "rename" vnm net-rename plain renamed
alike net-list --all
for i in 1 2 3; do # in quick succession
	ok "start $i" vnm net-start renamed
	alike net-list --all
	ok "stop $i" vnm net-destroy renamed
	alike net-list --all
done

# Events, as to root, but for what is missing
no_because "health is root's" "only root can see: sudo vnetmgr net-event --event health" member net-event --event health
watch() { name=$1; shift; "$@" net-event --all --loop --timeout 120 >"$T/events.$name" 2>"$T/watching.$name" & eval "$name=$!"; await grep -q 'waiting for events' "$T/watching.$name"; }
watch root "$VNETMGR" -v
watch reader setpriv --reuid=12345 --regid=12345 --groups=$GROUP "$VNETMGR" -v
# changed FILE N: it tells the Nth change of what describes a network; two in a row may be told as one
changed() { [ "$(grep -c metadata-change "$1")" = "$2" ]; }
described=0
for command in "net-define $T/other.xml" "net-start other" "net-desc other --live --config words" "net-desc other --live --config --title One" \
	"net-desc other --live --config --title Two" "net-start renamed" "net-destroy other" "net-autostart other" "net-undefine other"; do
	ok "$command" vnm $command
	case $command in net-desc*)
		described=$((described + 1))
		for name in root reader; do await changed "$T/events.$name" $described; done ;;
	esac
done
for name in root reader; do await grep -q 'other: Undefined' "$T/events.$name"; done
kill $root $reader; wait $root $reader
same "the events" "$(grep -v "'health'" "$T/events.root")" "$(cat "$T/events.reader")"
has "of all kinds" "^events received: 8$" "$(cat "$T/events.reader")"
has "what is left out" "^warning: events of the type 'health' are left out" "$(cat "$T/watching.reader")"
ok "stop" vnm net-destroy renamed

# A killed command leaves it as it was, and it says so until the next command with the lock.
killed_at() { # killed_at INJECTION COMMAND...: its system call is the last one
	injection=$1; shift
	strace -qq -o /dev/null -e trace="${injection%%:*}" -e inject="$injection" "$VNETMGR" -q "$@" >/dev/null 2>&1
	same "$*: killed" 137 $?
}
before=$(member -q net-list --all --title)
killed_at fchown:signal=KILL:when=1 net-desc renamed --config --title --new-desc "Third title"
same "killed before it was written" "$before" "$(member -q net-list --all --title)"
ok "killed while it was written" test -e "$PUBLIC/changing"
has "a hint" '^hint: .*or was killed: this is from before it' "$(member net-list --all 2>&1)"
ok "root looks" vnm net-list
no "it is current again" test -e "$PUBLIC/changing"
alike net-list --all --title
killed_at fchown:signal=KILL:when=1 net-start renamed
has "killed in the middle" '^ renamed +inactive' "$(member -q net-list --all 2>/dev/null)"
has "a hint" '^hint: .*or was killed' "$(member net-list --all 2>&1)"
ok "recovery" vnm net-list --all
alike net-list --all
same "no hint" "" "$(member net-list --all 2>&1 >/dev/null)"

# What it cannot write is a warning: the command has done its work.
rm -r "$PUBLIC"; : >"$PUBLIC"
has "a warning" "^warning: what members of the group 'vnetmgr' see .*: cannot write" "$(vnm net-start renamed 2>&1)"
has "it is started" 'active' "$(vnm net-list)"
rm "$PUBLIC"
ok "made again" vnm net-destroy renamed
alike net-list --all

finish
