#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# <bridge zone=''/>: with a real firewalld, whose rules are the guests' fate; without one; with one that hangs.
. "$srcdir/tests/lib/ns.sh"
. "$srcdir/tests/lib/kill.sh"
. "$srcdir/tests/lib/dbus.sh"
need dbus-daemon busctl firewalld firewall-cmd strace

# net NAME NUMBER ZONE [FORWARD]
net() { cat >"$T/$1.xml" <<X
<network><name>$1</name><uuid>5599d7e3-f78d-4f9b-abc2-0000000000$2</uuid>${4:-}<bridge name='br-$1' stp='off'${3:+ zone='$3'}/>
<mac address='52:54:00:00:00:$2'/><ip address='192.168.$2.1' prefix='24'/></network>
X
}
asks() { inns g dig +short +time=1 +tries=1 @192.168.60.1 example.com; }
left() { for n in z y x w; do zone_of br-$n; done; }
seconds() { s=$(date +%s); "$@" >"$T/out" 2>&1; r=$?; s=$(($(date +%s) - s)); return $r; }

net z 60 trusted "<forward mode='nat'/>"
net plain 70 ''
ok 'define' vnm -q net-define "$T/z.xml"
ok 'define one without' vnm -q net-define "$T/plain.xml"
before=$(snapshot)

# Nobody there.
no 'no bus' vnm net-start z
grep -q 'built without D-Bus' "$T/out" && skip "$VNETMGR was built without libsystemd"
refused="error: zone trusted requested for network z but firewalld is not active; start it (systemctl start firewalld), or take zone='trusted' out of the definition"
same 'why' "$refused" "$(sed -n 2p "$T/out")"
no 'a dry run reports it, too' vnm net-start z --dry-run
same 'why' "$refused" "$(grep zone "$T/out")"
bus
no 'a bus without firewalld' vnm net-start z
same 'why' "$refused" "$(sed -n 2p "$T/out")"
same 'nothing is left' "$before" "$(snapshot)"
ok 'one without a zone does not ask' strace -qq -e trace=connect -o "$T/trace" "$VNETMGR" net-start plain
no 'not even connect' grep dbus "$T/trace"
ok 'stop it' vnm net-destroy plain

ok 'firewalld starts' firewalld || { finish; }
before=$(snapshot)
ok 'dry run' vnm net-start z --dry-run
has 'dry run' '^firewall-cmd --zone=trusted --change-interface=br-z$' "$(cat "$T/out")"
net no 61 no-such-zone
no 'a zone that is not there' vnm net-create "$T/no.xml"
same 'why' "error: zone no-such-zone requested for network no does not exist in firewalld; firewall-cmd --get-zones lists those that do" "$(sed -n 2p "$T/out")"
same 'nothing is left' "$before" "$(snapshot)"

# In effect: firewalld lets nobody ask for names but those in a zone that allows it.
ok 'start' vnm net-start z
same 'its zone' trusted "$(zone_of br-z)"
has 'whole' '^Active: +yes$' "$(vnm net-info z)"
guest g br-z; static g 192.168.60.5/24 192.168.60.1
same 'a guest is answered' "$SERVER" "$(asks)"
same 'and let out' "you are $UPLINK" "$(web g "$SERVER")"
ok 'dry run of the stop' vnm net-destroy z --dry-run
has 'dry run of the stop' '^firewall-cmd --zone=trusted --remove-interface=br-z$' "$(cat "$T/out")"

# Changed while it runs: in one step.
net z 60 drop "<forward mode='nat'/>"
ok 'another zone' vnm net-apply "$T/z.xml"
same 'its zone' drop "$(zone_of br-z)"
no 'a guest is not answered' asks
net z 60 no-such-zone "<forward mode='nat'/>"
no 'a zone that is not there' vnm net-apply "$T/z.xml"
same 'stays where it was' drop "$(zone_of br-z)"
has 'whole' '^Active: +yes$' "$(vnm net-info z)"
net z 60 '' "<forward mode='nat'/>"
ok 'none' vnm net-apply "$T/z.xml"
same 'its zone' '' "$(zone_of br-z)"
net z 60 trusted "<forward mode='nat'/>"
ok 'and one again' vnm net-apply "$T/z.xml"
same 'a guest is answered' "$SERVER" "$(asks)"

# The truth, and its repair.
ok 'somebody moves it' firewall-cmd --zone=work --change-interface=br-z
has 'it shows' "zone trusted \(somebody else's is in its place\)" "$(vnm net-info z)"
ok 'repair' vnm net-repair z
same 'repaired' trusted "$(zone_of br-z)"
ok 'somebody takes it out' firewall-cmd --zone=trusted --remove-interface=br-z
has 'it shows' "device br-z in firewalld's zone trusted$" "$(vnm net-info z)"
has 'net-list' ' z +degraded ' "$(vnm net-list)"
ok 'repair' vnm net-repair z
same 'repaired' trusted "$(zone_of br-z)"
ok 'reload' firewall-cmd --reload
has 'whole after a reload' '^Active: +yes$' "$(vnm net-info z)"
ok 'it restarts' kill "$firewalld"
wait "$firewalld"
has 'gone' "firewalld's zone trusted$FLUSHED" "$(vnm net-info z)"
no 'no repair without it' vnm net-repair z
ok 'firewalld starts again' firewalld
has 'it has forgotten' "firewalld's zone trusted$FLUSHED" "$(vnm net-info z)"
ok 'repair' vnm net-repair --all
same 'a guest is answered' "$SERVER" "$(asks)"
leave g
ok 'somebody moves it' firewall-cmd --zone=work --change-interface=br-z
ok 'stop' vnm net-destroy z
same 'what is not ours stays' work "$(zone_of br-z)"
ok 'start' vnm net-start z
same 'its zone' trusted "$(zone_of br-z)"
ok 'stop' vnm net-destroy z
same 'in no zone' 'no zone' "$(timeout 5 firewall-cmd --get-zone-of-interface=br-z 2>&1)$(zone_of br-z)"
same 'nothing is left' "$before" "$(snapshot)"

# All modes that have a bridge of their own.
for mode in nat route open ''; do
	net y 62 work "${mode:+<forward mode='$mode'/>}"
	ok "mode $mode" vnm -q net-create "$T/y.xml"
	same "mode $mode" work "$(zone_of br-y)"
	ok "mode $mode" vnm -q net-destroy y
	same "mode $mode" '' "$(left)"
done

# Killed at every message to firewalld, and at some of the others: the next command rolls it back.
messages() {
	strace -qq -yy -o "$T/trace" -e trace=sendmsg "$VNETMGR" -q "$@" >/dev/null 2>&1
	awk '/<UNIX/ || NR % 5 == 1 { print NR }' "$T/trace"
}
starts=$(messages net-start z)
ok 'firewalld is sent some' grep -q '<UNIX' "$T/trace"
stops=$(messages net-destroy z)
for k in $starts; do
	killed sendmsg "$k" net-start z; vnm -q net-list >/dev/null
	vnm -q net-list --name | grep -q . && vnm -q net-destroy z
	same "start killed at $k: nothing is left" "$before" "$(snapshot)$(left)"
done
for k in $stops; do
	ok "start before $k" vnm -q net-start z
	killed sendmsg "$k" net-destroy z; vnm -q net-list >/dev/null
	vnm -q net-list --name | grep -q . && vnm -q net-destroy z
	same "stop killed at $k: nothing is left" "$before" "$(snapshot)$(left)"
done
echo "$(echo "$starts $stops" | wc -w) points"

# One that hangs is waited for once, whatever the number of networks.
for n in y:62 x:63 w:64; do net ${n%:*} ${n#*:} work; ok "create ${n%:*}" vnm -q net-create "$T/${n%:*}.xml"; done
kill -STOP "$firewalld"
no 'hangs: start' seconds vnm net-start z
has 'hangs: why' 'firewalld does not answer within 5 seconds' "$(cat "$T/out")"
ok "hangs: bounded ($s s)" [ $s -le 7 ]
no 'hangs: destroy' seconds vnm net-destroy y
has 'hangs: why' 'firewalld does not answer within 5 seconds' "$(cat "$T/out")"
ok "hangs: bounded ($s s)" [ $s -le 12 ]
seconds vnm net-list --all
same 'hangs: what cannot be asked is not whole' 2 "$(grep -c ' degraded ' "$T/out")"
ok "hangs: one wait for all ($s s)" [ $s -le 12 ]
kill -CONT "$firewalld"
ok 'goes on: completed' vnm net-list
for n in y x w; do vnm -q net-destroy $n 2>/dev/null; done
same 'goes on: nothing is left' "$before" "$(snapshot)$(left)"

# So is a bus that hangs.
kill -STOP "$bus"
no 'the bus hangs: start' seconds vnm net-start z
ok "the bus hangs: bounded ($s s)" [ $s -le 7 ]
kill -CONT "$bus"
ok 'start' vnm net-start z
kill -9 "$firewalld"
wait "$firewalld" 2>/dev/null
ok 'stop without firewalld' vnm net-destroy z
finish
