#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# net-event: every start, stop and definition is reported once and in order, also when commands follow one another fast,
# when the watcher is slow, and when the queue of the kernel overflows; what a network loses and gets back is reported;
# waiting holds no lock; a watcher leaves nothing behind.
. "$srcdir/tests/lib/ns.sh"
cd "$T" || exit 1

run="$VNETMGR_ROOT/run/vnetmgr"
line() { echo "event '$1' for network $2: $3"; }
# net NAME [MORE]: an isolated network without addresses, so that it starts fast.
net() { printf "<network>\n<name>%s</name>%s<bridge name='br-%s'/></network>\n" "$1" "${2:-}" "$1" >"$1.xml"; }

# watch ARGUMENT...: a watcher in the background, which is ready when this returns; its output goes to $T/output.
mkfifo ready
exec 4</dev/null
watch() {
	exec 4<&-
	"$VNETMGR" -v net-event "$@" >output 2>ready 3>&- & watcher=$!
	exec 4<ready
	read -r output <&4
	same "ready: $*" 'waiting for events' "$output"
}
# ends WHAT STATUS LINE...: the watcher ends by itself, and has printed this (its last, empty line aside).
ends() {
	what=$1 status=$2; shift 2
	wait "$watcher"; same "$what: exit status" "$status" $?
	same "$what" "$(printf '%s\n' "$@")" "$(cat output)"
}
events() { grep "^event '" output; }
# stop: end a watcher that goes on.
stop() { kill -INT "$watcher"; wait "$watcher"; same 'exit status of an interrupted watcher' "${1:-0}" $?; }
# once WHAT LINE COMMAND...: one event, and its line.
once() {
	what=$1 expected=$2; shift 2
	watch --all --timeout 20
	ok "$what: $*" "$@"
	ends "$what" 0 "$expected" 'events received: 1'
}

# Wrong arguments, and the output when nothing happens.
same 'types' 'lifecycle
metadata-change
health' "$(vnm net-event --list)"
refused() { message=$1; shift; no "$*" vnm net-event "$@"; same "message of net-event $*" "error: $message" "$(grep . out | grep -v '^hint: ')"; }
refused 'either --list or --event <type> is required'
has 'all of them' '^hint: --all is for events of all types$' "$(cat out)"
refused 'either --list or --event <type> is required' lifecycle
refused 'unknown event type bogus' --event bogus
refused 'unknown event type life' --event life
refused 'Options --all and --event are mutually exclusive' --event health --all
for t in 0 -1 x 99999999999 ''; do no "timeout '$t'" vnm net-event --all --timeout "$t"; done
refused "Numeric value '1s' for <timeout> option is malformed or out of range" --all --timeout 1s
no 'unknown network' vnm net-event nonet lifecycle
same 'message' "error: failed to get network 'nonet'
error: Network not found: no network with matching name 'nonet'" "$(grep . out)"
watch --event lifecycle --timeout 1
ends 'timeout' 1 'event loop timed out' 'events received: 0'
for signal in INT TERM; do
	watch --event lifecycle --loop
	kill "-$signal" "$watcher"
	ends "signal $signal" 1 'event loop interrupted' 'events received: 0'
done

has 'as one of several commands' '^vnetmgr [0-9]' "$(vnm -q 'net-event --all --timeout 1; version')"

# State directories that are not there yet.
root=$VNETMGR_ROOT
export VNETMGR_ROOT="$T/other"
net first
once 'the first definition of all' "$(line lifecycle first Defined)" vnm net-define first.xml
once 'the first start of all' "$(line lifecycle first Started)" vnm net-start first
once 'and stop' "$(line lifecycle first Stopped)" vnm net-destroy first
watch --all --loop
rm -r "$T/other/run/vnetmgr"
wait "$watcher"; same 'the directory is gone: exit status' 1 $?
export VNETMGR_ROOT="$root"

# The life of networks, in order: persistent, transient, renamed, several, and of one only.
net a; net b; net c
watch --event lifecycle --loop --timestamp
vnm -q net-define a.xml; vnm -q net-define a.xml; vnm -q net-start a; vnm -q net-undefine a; vnm -q net-destroy a
vnm -q net-create b.xml; vnm -q net-define b.xml; vnm -q net-autostart b; vnm -q net-destroy b; vnm -q net-rename b b2
vnm -q net-define c.xml; vnm -q net-start b2 c; vnm -q net-list >/dev/null; vnm -q net-destroy --all
no 'no such network' vnm -q net-start nonet
ip link add br-c type bridge; no 'the bridge is taken' vnm -q net-start c; ip link del br-c
printf '<network><name>c</name><x/></network>' >x.xml; no 'no definition' vnm -q net-define x.xml
vnm -q net-undefine b2 c
stop
same 'all in order' "$(
	line lifecycle a Defined; line lifecycle a Defined; line lifecycle a Started
	line lifecycle a Undefined; line lifecycle a Stopped
	line lifecycle b Started; line lifecycle b Defined; line lifecycle b Stopped
	line lifecycle b Undefined; line lifecycle b2 Defined
	line lifecycle c Defined; line lifecycle b2 Started; line lifecycle c Started
	line lifecycle b2 Stopped; line lifecycle c Stopped; line lifecycle b2 Undefined; line lifecycle c Undefined
	echo 'event loop interrupted'; echo 'events received: 17')" \
	"$(sed 's/^[0-9-]\{10\} [0-9:]\{8\}\.[0-9]\{3\}+0000: //' output)"
has 'the time before each' "^$(date -u +%Y)-.*+0000: event 'lifecycle' for network a: Defined\$" "$(head -n 1 output)"
vnm -q net-define a.xml; vnm -q net-define b.xml
watch "$(vnm net-uuid a | head -n 1)" lifecycle --loop
vnm -q net-start b a; vnm -q net-destroy b a
stop
same 'one network only' "$(line lifecycle a Started; line lifecycle a Stopped)" "$(events)"

# In JSON, the UUID as well, of what is gone, too.
uuids="$(vnm net-uuid a | head -n 1) $(vnm net-uuid b | head -n 1)"
sed 's:<name>:<uuid>5eedcafe-0000-4000-8000-000000000001</uuid><name>:; s:br-c:br-t:; s:<name>c:<name>t:' c.xml >t.xml
watch --event lifecycle --loop --json
vnm -q net-create t.xml; vnm -q net-destroy t; vnm -q net-start a; vnm -q net-destroy a; vnm -q net-undefine b
stop
same 'the UUID of each' "5eedcafe-0000-4000-8000-000000000001 5eedcafe-0000-4000-8000-000000000001 ${uuids% *} $uuids" \
	"$(sed -n 's/.*"uuid": *"\([^"]*\)".*/\1/p' output | xargs)"
vnm -q net-define b.xml

# Files that somebody else puts there and takes away.
watch --all --loop
cp a.xml "$VNETMGR_ROOT/etc/vnetmgr/networks/hand.xml"; rm "$VNETMGR_ROOT/etc/vnetmgr/networks/hand.xml"
: >"$run/notes.txt"; rm "$run/notes.txt"; cp b.xml "$VNETMGR_ROOT/etc/vnetmgr/networks/b.xml.orig"
stop
same 'by hand' "$(line lifecycle hand Defined; line lifecycle hand Undefined)" "$(events)"
rm "$VNETMGR_ROOT/etc/vnetmgr/networks/b.xml.orig"

# Title, description, metadata: what differs is reported, each namespace by itself; a command that changes the persistent
# definition and the live one has changed one thing.
m() { net m "<title>$1</title><description>$2</description><metadata><x:v xmlns:x='urn:x'>$3</x:v><y:v xmlns:y='urn:y'>$4</y:v></metadata>"; }
vnm -q net-define b.xml
m t d 1 1; vnm -q net-define m.xml; vnm -q net-start m
watch --event metadata-change --loop
vnm -q net-define m.xml
m t2 d 1 1; vnm -q net-define m.xml
stop
same 'a title' "$(line metadata-change m 'type title, uri <null>')" "$(events)"
watch --event metadata-change --loop
m t2 d2 2 1; vnm -q net-apply m.xml
stop
same 'kept and live' "$(line metadata-change m 'type description, uri <null>'
	line metadata-change m 'type element, uri urn:x'
	line metadata-change m 'type title, uri <null>')" "$(events | sort)"
watch --all --loop
vnm -q net-desc m --live --config --title 'one title'; vnm -q net-desc m --config two; vnm -q net-desc m --live two
vnm -q net-metadata m urn:y --config --live --key y --set '<v>5</v>'; vnm -q net-metadata m urn:y --config --remove
stop
same 'by the commands for it' "$(line metadata-change m 'type title, uri <null>'
	line metadata-change m 'type description, uri <null>'; line metadata-change m 'type description, uri <null>'
	line metadata-change m 'type element, uri urn:y'; line metadata-change m 'type element, uri urn:y')" "$(events)"
vnm -q net-metadata m urn:y --config --key y --set '<v>1</v>'
watch --all --loop
net m; vnm -q net-define m.xml
stop
same 'all of it' "$(line lifecycle m Defined
	line metadata-change m 'type title, uri <null>'
	line metadata-change m 'type description, uri <null>'
	line metadata-change m 'type element, uri urn:x'
	line metadata-change m 'type element, uri urn:y')" "$(events)"
vnm -q net-destroy m; vnm -q net-undefine m

# Health: what is lost, and that it is there again.
cat >h.xml <<-'EOF'
<network><name>h</name><forward mode='nat'/><bridge name='br-h'/>
<ip address='192.168.77.1' prefix='24'><dhcp><range start='192.168.77.10' end='192.168.77.20'/></dhcp></ip></network>
EOF
vnm -q net-define h.xml; vnm -q net-start h; vnm -q net-start b
once 'dnsmasq is killed' "$(line health h 'degraded (dnsmasq)')" pkill -KILL -f dnsmasq/h/
once 'and repaired' "$(line health h whole)" vnm net-repair h
once 'the bridge is deleted' "$(line health h 'degraded (bridge br-h, dnsmasq (its bridge is gone))')" ip link del br-h
once 'and repaired' "$(line health h whole)" vnm net-repair h
once 'the bridge is set down' "$(line health b 'degraded (link br-b up)')" ip link set br-b down
once 'and renamed' "$(line health b "degraded (bridge br-b (it is called 'br-x' now))")" ip link set br-b name br-x
ip link del br-x
once 'and repaired' "$(line health b whole)" vnm net-repair b
has 'the address goes: what is told' "^event 'health' for network h: degraded \(.*192\.168\.77\.1" "$(
	watch --event health; ip addr del 192.168.77.1/24 dev br-h; wait "$watcher"; cat output)"
once 'it is restored by hand' "$(line health h whole)" ip addr add 192.168.77.1/24 broadcast 192.168.77.255 dev br-h
once 'while it lacks something, something else goes' "$(line health h 'degraded (dnsmasq)')" pkill -KILL -f dnsmasq/h/
watch --all
ip link del br-h; wait "$watcher"
same 'what is missing now' "$(line health h 'degraded (bridge br-h, dnsmasq)')" "$(head -n 1 output)"
once 'all of it is repaired' "$(line health h whole)" vnm net-repair h
once 'forwarding of its bridge is switched off' "$(line health h 'degraded (setting net/ipv4/conf/br-h/forwarding=1)')" \
	sh -c 'echo 0 >/proc/sys/net/ipv4/conf/br-h/forwarding'
once 'and repaired' "$(line health h whole)" vnm net-repair h
ip netns add hg; vnm -q net-attach h --netns hg --ip 192.168.77.30
once 'a guest is taken off the bridge' "$(line health h 'degraded (guest vnet0 (hg) lacks vnet0 on bridge br-h)')" \
	ip link set vnet0 nomaster
once 'and repaired' "$(line health h whole)" vnm net-repair h
vnm -q net-detach h hg; ip netns del hg
watch --all --loop
vnm -q net-destroy h b; vnm -q net-start h; vnm -q net-destroy h
stop
same 'a start and a stop are no loss' "$(line lifecycle h Stopped; line lifecycle b Stopped
	line lifecycle h Started; line lifecycle h Stopped)" "$(events)"
vnm -q net-start h
watch --all --loop
vnm -q net-update h add ip-dhcp-host "<host mac='52:54:00:00:00:09' ip='192.168.77.15'/>" --live
vnm -q net-update h add dns-txt "<txt name='x' value='y'/>" --live --config
vnm -q net-update h add dns-txt "<txt name='z' value='y'/>" --config
stop 1
same 'a change of a part is none of a life' '' "$(events)"

# Nobody's lock: a watcher reads when a command is through, not while it is at work; and it begins at any time.
mkfifo go
hold() { flock -x "$run/lock" cat go 4<&- & holder=$!; exec 3>go; until ! flock -n "$run/lock" true; do sleep .02; done; }
watch --event health --timeout 20
hold
dead=$(pgrep -f dnsmasq/h/); kill -9 "$dead"; while [ -e "/proc/$dead" ]; do sleep .02; done
same 'nothing is reported yet' '' "$(cat output)"
exec 3>&-
wait "$holder"
ends 'when the lock is free' 0 "$(line health h 'degraded (dnsmasq)')" 'events received: 1'
hold
watch --all --loop
stop 1
exec 3>&-
wait "$holder"
watch --all --loop
kill -STOP "$watcher"
ok 'no lock is held by one that stands still' flock -n "$run/lock" true
kill -CONT "$watcher"; stop 1
vnm -q net-repair h

# A start that is killed is neither a start nor a stop.
mkdir -p "$VNETMGR_ROOT/etc/vnetmgr/hooks"
mkfifo hook
printf '#!/bin/sh\n[ "$2" != started ] || read x <%s\n' "$T/hook" >"$VNETMGR_ROOT/etc/vnetmgr/hooks/network"
chmod 755 "$VNETMGR_ROOT/etc/vnetmgr/hooks/network"
watch --all --loop
"$VNETMGR" -q net-start a & starter=$!
: >hook
kill -9 "$starter"; wait "$starter" 2>/dev/null
rm "$VNETMGR_ROOT/etc/vnetmgr/hooks/network"
vnm -q net-list >/dev/null 2>&1
vnm -q net-define a.xml
stop
same 'a killed start' "$(line lifecycle a Defined)" "$(events)"
vnm -q net-destroy h; vnm -q net-undefine h

# Many, fast, side by side, and a watcher that sleeps meanwhile: none lost, none doubled, each network's in order.
ROUNDS=12
for i in 1 2 3 4; do net "f$i"; done
life() {
	round=0
	while [ $((round += 1)) -le $ROUNDS ]; do
		vnm -q net-define "$1.xml"; vnm -q net-start "$1"; vnm -q net-define "$1.xml"
		vnm -q net-destroy "$1"; vnm -q net-undefine "$1"
	done
}
lifecycle_of() { sed -n "s/^event 'lifecycle' for network $1: //p" output | tr '\n' ' '; }
expected=$(round=0; while [ $((round += 1)) -le $ROUNDS ]; do printf 'Defined Started Defined Stopped Undefined '; done)
for pace in awake asleep; do
	watch --all --loop
	[ $pace = awake ] || kill -STOP "$watcher"
	lives=
	for i in 1 2 3 4; do life "f$i" & lives="$lives $!"; done
	wait $lives
	kill -CONT "$watcher"
	stop
	for i in 1 2 3 4; do same "$pace: f$i" "$expected" "$(lifecycle_of "f$i")"; done
	same "$pace: how many" "events received: $((ROUNDS * 20))" "$(grep received output)"
	same "$pace: nothing else" "$((ROUNDS * 20))" "$(grep -c "'lifecycle'" output)"
done

# More than the kernel keeps: what is different then is reported.
vnm -q net-start b
watch --all --loop
kill -STOP "$watcher"
i=0 max=$(cat /proc/sys/fs/inotify/max_queued_events)
while [ $i -le "$max" ]; do : >"$run/junk$((i % 2))"; i=$((i + 1)); done
rm "$run/junk0" "$run/junk1"
net new; vnm -q net-define new.xml; vnm -q net-start new; vnm -q net-undefine a; vnm -q net-destroy b; vnm -q net-define b.xml
kill -CONT "$watcher"
stop
same 'after an overflow' "$(line lifecycle a Undefined; line lifecycle b Defined; line lifecycle b Stopped
	line lifecycle new Defined; line lifecycle new Started)" "$(events | sort)"
vnm -q net-destroy new; vnm -q net-undefine new

# One that is killed leaves nothing.
vnm -q net-define a.xml
before=$(snapshot)
watch --all --loop
kill -9 "$watcher"; wait "$watcher" 2>/dev/null
same 'killed: nothing is left' "$before" "$(snapshot)"
same 'no watcher is left' '' "$(ps -e -o args= | grep '[n]et-event')"
finish
