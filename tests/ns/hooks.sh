#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Hooks: what they are given and how, what their failure does, and what becomes of those whose caller is killed.
. "$srcdir/tests/lib/ns.sh"

HOOKS=$VNETMGR_ROOT/etc/vnetmgr/hooks
export LOG="$T/log"	# which a hook must not see
mkdir -p "$HOOKS/network.d"
net() { cat >"$T/$1.xml" <<X
<network><name>$1</name><title>a &amp; b</title><description>one
<![CDATA[<two>]]>
</description><metadata><x:y xmlns:x='u'><x:z>line
 line</x:z></x:y></metadata><forward mode='nat'/><bridge name='br-$1' stp='off'/>
<ip address='192.168.$2.1' prefix='24'><dhcp><range start='192.168.$2.100' end='192.168.$2.200'/></dhcp></ip></network>
X
ok "define $1" vnm -q net-define "$T/$1.xml"; }
# hook FILE [LINE...]: a hook that notes how it was called, and then runs the lines
hook() {
	file=$1; shift
	cat >"$T/hook" <<-X
	#!/bin/sh
	(ls -l /proc/\$\$/fd >"$T/fds")
	{
		echo "call \${0#$HOOKS/} \$*"
		cat >"$T/stdin.\$2"
		env | grep -vE '^(PWD|OLDPWD|SHLVL|_)=' | sort >"$T/env"
		grep -E '^Sig(Blk|Ign):' /proc/self/status | sed s/180000000\$/000000000/ >"$T/signals"
		ip -o link | grep -c " br-\$1: " >"$T/bridge.\$2"
		find "$VNETMGR_ROOT/run/vnetmgr" -name "\$1.journal" -exec tail -n 1 {} \; >"$T/state.\$2"
		pwd >"$T/dir"
	} >>"$LOG"
	X
	[ $# -eq 0 ] || printf '%s\n' "$@" >>"$T/hook"
	chmod 755 "$T/hook"; mv "$T/hook" "$HOOKS/$file"
}
calls() { sed -n 's/^call //p' "$LOG" 2>/dev/null | xargs -r printf '%s %s %s %s %s\n'; : >"$LOG"; }
fds() {	# under which number a shell reads its script is its own affair
	sed -n 's/.* \([0-9]* -> .*\)/\1/p' "$T/fds" | sed -e 's/\[.*//' -e "s|^[0-9]* -> $HOOKS/|script -> $HOOKS/|" | sort
}
expected() { printf '<hookData>\n'; indent "$1"; printf '</hookData>'; }
# indent FILE: but not what is text and no indentation
indent() { awk '{ print (text ? "" : "  ") $0 } /<description>|<x:z>/ { text = 1 } /<\/description>|<\/x:z>/ { text = 0 }' "$1"; }

# One that stops itself, elsewhere and beside all the rest: its time is up at the end of this test.
mkdir -p "$T/slow/etc/vnetmgr/hooks"
hook network 'echo going to sleep >&2; kill -STOP $$'
sed "s|>>\"$LOG\"|>/dev/null|; s|$VNETMGR_ROOT/run|$T/slow/run|" "$HOOKS/network" >"$T/slow/etc/vnetmgr/hooks/network"
chmod 755 "$T/slow/etc/vnetmgr/hooks/network"
echo '<network><name>slow</name></network>' >"$T/slow.xml"
ok 'define' vnm -q --root "$T/slow" net-define "$T/slow.xml"
vnm --root "$T/slow" net-start slow >"$T/slow.out" 2>&1 & slow=$!

net h 170
before=$(snapshot)

# What they are given.
hook network 'exit 0'
hook network.d/20-b; hook network.d/10-a; hook network.d/1-c
echo 'no program' >"$HOOKS/network.d/README"
mkdir "$HOOKS/network.d/30-dir"
vnm -q net-dumpxml h >"$T/persistent"
ok 'dry run' vnm net-start h --dry-run
same 'a dry run calls none' '' "$(calls)"
ok 'start' vnm net-start h
vnm -q net-dumpxml h >"$T/live"
same 'start: order and arguments' 'network h start begin -
network.d/1-c h start begin -
network.d/10-a h start begin -
network.d/20-b h start begin -
network h started begin -
network.d/1-c h started begin -
network.d/10-a h started begin -
network.d/20-b h started begin -' "$(calls)"
for op in start:persistent started:live; do
	expected "$T/${op#*:}" >"$T/should"
	ok "stdin of ${op%:*}, byte for byte" cmp "$T/should" "$T/stdin.${op%:*}"
done
no 'the live definition is another' cmp "$T/stdin.start" "$T/stdin.started"
has 'it shows the ports' "^        <port start='1024' end='65535'/>" "$(cat "$T/stdin.started")"
same 'environment' "HOME=$(getent passwd "$(id -u)" | cut -d: -f6)
LC_ALL=C
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" "$(grep -v '^VNETMGR_HOOK=[0-9]*:[0-9]*$' "$T/env")"
same 'descriptors: input, output, errors, and the shell has its script' "0 -> /memfd:hookData (deleted)
1 -> pipe:
2 -> pipe:
script -> $HOOKS/network.d/20-b" "$(fds)"
same 'signals' 'SigBlk:	0000000000000000
SigIgn:	0000000000000000' "$(cat "$T/signals")"
same 'directory' / "$(cat "$T/dir")"
same 'start: nothing is made' '0 ' "$(cat "$T/bridge.start") $(cat "$T/state.start")"
same 'started: all is there, not yet active' '1 state starting' "$(cat "$T/bridge.started") $(cat "$T/state.started")"
up=$(snapshot)
lose_rules "$(names "$(vnm net-info h | sed -n 's/^Bridge: *//p')")"
ok 'repair' vnm net-repair h
same 'repair calls none' '' "$(calls)"
out=$(vnm net-destroy h 2>&1)
same 'no word of hooks' "Network h destroyed" "$(echo "$out" | grep .)"
same 'stop: order and arguments' 'network h stopped end -
network.d/1-c h stopped end -
network.d/10-a h stopped end -
network.d/20-b h stopped end -' "$(calls)"
ok 'stopped: the live definition' cmp "$T/stdin.started" "$T/stdin.stopped"
same 'stopped: nothing is left' '0 ' "$(cat "$T/bridge.stopped") $(cat "$T/state.stopped")"
rm -r "$HOOKS"/network.d/*

# A caller that ignores the end of its children, with signals blocked and descriptors open.
ok 'start from an odd caller' sh -c "trap '' CHLD PIPE USR1; exec 7</dev/null; exec '$VNETMGR' net-start h"
same 'no descriptors of the caller' '0 1 2 script' "$(fds | sed 's/ .*//' | xargs)"
has 'nothing ignored' '^SigIgn:	0000000000000000$' "$(cat "$T/signals")"
same 'whole' "$up" "$(snapshot)"
ok 'stop' vnm -q net-destroy h

# Failure.
fails() { hook network "[ \$2 = $1 ] || exit 0" "$2"; }
fails start 'echo hook >&2; echo says no >&2; exit 3'
out=$(vnm net-start h 2>&1); rc=$?
same 'a start hook that fails: the command does' 1 "$rc"
has 'as virsh has it' '^error: Failed to start network h$' "$out"
has 'and why' "^error: Hook script execution failed: Child process \(LC_ALL=C PATH=[^ ]* HOME=[^ ]* VNETMGR_HOOK=[0-9:]* $HOOKS/network h start begin -\) unexpected exit status 3: hook says no\$" "$out"
same 'nothing is changed' "$before" "$(snapshot)"
has 'it was not made' '^0$' "$(cat "$T/bridge.start")"
fails started 'echo too late; kill -15 $$; while :; do :; done'
no 'a started hook that fails' vnm net-start h
has 'by a signal, output instead of errors' 'h started begin -\) unexpected fatal signal 15: too late$' "$(cat "$T/out")"
same 'all is rolled back' "$before" "$(snapshot)"
has 'it had been made' '^1$' "$(cat "$T/bridge.started")"
fails stopped 'echo never mind >&2; exit 143'
ok 'start' vnm -q net-start h
ok 'a stopped hook that fails' vnm net-destroy h
has 'is a warning' "^warning: network 'h' is stopped, but: Hook script execution failed: .* h stopped end -\) unexpected exit status 143: never mind$" "$(cat "$T/out")"
same 'it is stopped' "$before" "$(snapshot)"
printf '#!/no/such/shell\n' >"$HOOKS/network"
no 'a hook that cannot be run' vnm net-start h
has 'is named' "cannot run $HOOKS/network: No such file or directory" "$(cat "$T/out")"

# All are called, also after one failed; and the first failure is reported.
: >"$LOG"
hook network 'echo first >&2; exit 1'; hook network.d/a 'echo second >&2; exit 2'
no 'both fail' vnm net-start h
has 'the first is told' 'status 1: first$' "$(cat "$T/out")"
same 'both were called' 'network h start begin -
network.d/a h start begin -' "$(calls)"
rm "$HOOKS/network.d/a"

# What it writes is bounded, what it leaves in the background is its own.
fails start 'head -c 3000000 /dev/zero | tr "\\0" x >&2; exit 1'
no 'one that talks' vnm net-start h
same 'one error in two lines' 2 "$(grep -c . "$T/out")"
hook network "[ \$2 = start ] || exit 0" "mkfifo '$T/fifo'; (read -r x <'$T/fifo'; echo done >'$T/done') &"
ok 'one that leaves a daemon is not waited for' vnm -q net-start h
mkfifo "$T/end"; echo >"$T/fifo"
until [ -s "$T/done" ]; do sleep .02; done
same 'which lives on' done "$(cat "$T/done")"
hook network
ok 'stop' vnm -q net-destroy h

# Several networks, and the boot: a hook that fails stops its network only.
net k 171
ok 'mark for autostart' vnm -q net-autostart h k
hook network '[ $1 != k ] || exit 1'
no 'the boot reports it' vnm autostart
same 'the other is up' h "$(vnm -q net-list --name | xargs)"
same 'whole' "$up" "$(snapshot)"
ok 'stop' vnm -q net-destroy h
no 'two at once' vnm net-start h k
same 'the other is up' h "$(vnm -q net-list --name | xargs)"
ok 'stop' vnm -q net-destroy h
: >"$LOG"
hook network
sed 's/<name>h</<name>t</; s/br-h/br-t/; s/168\.170/168.172/g' "$T/h.xml" >"$T/t.xml"
ok 'a transient one' vnm -q net-create "$T/t.xml"
ok 'stop it' vnm -q net-destroy t
same 'has hooks as well' 'network t start begin -
network t started begin -
network t stopped end -' "$(calls)"
same 'no trace' "$before" "$(snapshot)"

# A hook that calls us does not wait for itself.
hook network "'$VNETMGR' --root '$VNETMGR_ROOT' net-list >'$T/called' 2>&1; echo \$? >>'$T/called'"
ok 'start with a hook that calls vnetmgr' timeout 20 "$VNETMGR" -q net-start h
has 'it is reported' '^error: a hook cannot use vnetmgr: process [0-9]*, which called the hook, has not finished' "$(cat "$T/called")"
has 'and can know it' '^1$' "$(cat "$T/called")"
ok 'later it may' env VNETMGR_HOOK=1:1 "$VNETMGR" -q net-destroy h

# Whom anybody can change is not run.
refused() { no "$1" vnm net-start h; has "$1: why" "$2" "$(cat "$T/out")"; same "$1: it was not run" '' "$(calls)"; }
hook network; : >"$LOG"
chmod g+w "$HOOKS/network"
refused 'the group may write it' "^error: Hook script execution failed: '$HOOKS/network' may be changed by others, who could have anything run as root; change that with chmod go-w$"
chmod 757 "$HOOKS/network"
refused 'anybody may write it' "'$HOOKS/network' may be changed by others"
chmod 755 "$HOOKS/network"
if chown 12345 "$HOOKS/network" 2>/dev/null; then
	refused 'somebody else owns it' "'$HOOKS/network' belongs to somebody else, .* chown$"
	chown 0 "$HOOKS/network"
fi
chmod 1777 "$HOOKS"
refused 'anybody may put one there' "'$HOOKS' may be changed by others"
chmod 755 "$HOOKS"
mkdir -m 777 "$T/open" "$T/open/below"; chmod 755 "$T/open/below"
mv "$HOOKS/network" "$T/open/below/it"; ln -s "$T/open/below/it" "$HOOKS/network"
refused 'a link to where anybody may rename' "'$T/open' may be changed by others"
chmod 1777 "$T/open"
ok 'a sticky directory above it' vnm -q net-start h
ok 'stop' vnm -q net-destroy h
chmod 777 "$T/open/below"; : >"$LOG"
refused 'a link to where anybody may write' "'$T/open/below' may be changed by others"
rm "$HOOKS/network"; hook network; chmod -x "$HOOKS/network"
ok 'one that is no program' vnm net-start h
has 'is a warning' "^warning: the hook '$HOOKS/network' is not run: it is no executable file" "$(cat "$T/out")"
same 'it was not run' '' "$(calls)"
ok 'stop' vnm -q net-destroy h
rm "$HOOKS/network"; mkdir "$HOOKS/network"
ok 'a directory' vnm net-start h
has 'is a warning, too' '^warning: the hook ' "$(cat "$T/out")"
ok 'stop' vnm -q net-destroy h; rmdir "$HOOKS/network"

# Changes and ports of an active network; what has been done is not reverted, a refused port is.
ok 'start' vnm -q net-start h
rm -f "$HOOKS"/network.d/[0-9]*-?; hook network 'exit 0'
calls >/dev/null
ok 'a live change' vnm -q net-update h add dns-txt "<txt name='a' value='b'/>" --live
same 'updated' 'network h updated begin -' "$(calls)"
vnm -q net-dumpxml h >"$T/live"; expected "$T/live" >"$T/should"
ok 'stdin of updated, byte for byte' cmp "$T/should" "$T/stdin.updated"
ok 'a change of the persistent definition' vnm -q net-update h add dns-txt "<txt name='c' value='d'/>" --config
same 'updated, too' 'network h updated begin -' "$(calls)"
ok 'of an active network: what it is now' cmp "$T/should" "$T/stdin.updated"
hook network 'echo no >&2; exit 3'
ok 'a hook that fails does not revert it' vnm -q net-update h delete dns-txt "<txt name='a'/>" --live
has 'it is reported' "^warning: the change of network 'h' is complete, but its hook failed: Hook script execution failed: .*: no$" "$(cat "$T/out")"
echo "<networkport><owner><name>vm</name><uuid>12ac5b8c-51de-11ea-8e5f-e3a2a2a2a2a2</uuid></owner><mac address='52:54:00:7b:35:93'/></networkport>" >"$T/port.xml"
calls >/dev/null
no 'a port that a hook refuses' vnm -q net-port-create h "$T/port.xml"
same 'port-created' 'network h port-created begin -' "$(calls)"
same 'there is none' '' "$(vnm -q net-port-list h --uuid)"
hook network
ok 'a port' vnm -q net-port-create h "$T/port.xml"
has 'the hook was given it' '^  <networkport>$' "$(cat "$T/stdin.port-created")"
has 'and that it is there' "^  <network connections='1'>$" "$(cat "$T/stdin.port-created")"
uuid=$(vnm -q net-port-list h --uuid)
ok 'deleted' vnm -q net-port-delete h "$uuid"
same 'both' 'network h port-created begin -
network h port-deleted begin -' "$(calls)"
has 'the hook was given it, too' "<uuid>$uuid</uuid>" "$(cat "$T/stdin.port-deleted")"
has 'and that it is gone' '^  <network>$' "$(cat "$T/stdin.port-deleted")"
ok 'another port' vnm -q net-port-create h "$T/port.xml"
vnm -q net-update h delete dns-txt "<txt name='c'/>" --config
vnm -q net-destroy h
has 'stopped with it' "^  <network connections='1'>$" "$(cat "$T/stdin.stopped")"

# kill -9 while a hook runs: the next command ends the hook, and rolls back what was made.
killed() {
	op=$1; shift
	rm -f "$T/at" "$T/go"; mkfifo "$T/at" "$T/go"
	hook network "[ \$2 = $op ] || exit 0" "echo \$\$ >'$T/at'" "cat '$T/go'" "echo survived >>'$LOG'"
	"$VNETMGR" -q "$@" >/dev/null 2>&1 & pid=$!
	hook=$(timeout 20 head -n 1 "$T/at")
	kill -9 "$pid"; wait "$pid" 2>/dev/null
	ok "$op: the hook has lost its caller" kill -0 "$hook"
	# A zombie is gone.
	no "$op: the next command is told" sh -c "'$VNETMGR' net-info h 2>&1 | grep -q '^Active: *yes' "
	no "$op: the hook is ended" grep -q '^State:	[^ZX]' "/proc/$hook/status"
	n=0; while pgrep -f "cat $T/go" >/dev/null && [ $((n += 1)) -lt 200 ]; do sleep .02; done
	no "$op: with what it was waiting for" pgrep -f "cat $T/go"
	same "$op: nothing is left" "$before" "$(snapshot)"
}
killed start net-start h
killed started net-start h
hook network
ok 'start' vnm -q net-start h
killed stopped net-destroy h
killed start net-start --all
rm "$HOOKS/network"
ok 'it starts after all that' vnm -q net-start h
same 'whole' "$up" "$(snapshot)"

# While a hook takes its time, a command that only reads is not held up, and one that changes something reports for whom it waits.
ms() { echo $(($(date +%s%N) / 1000000)); }
rm -f "$T/at" "$T/go"; mkfifo "$T/at" "$T/go"
# begun: k is being started by $pid, in its hook $hook, which ends when something comes by $T/go
begun() {
	hook network "[ \$1\$2 = kstarted ] || exit 0" "echo \$\$ >'$T/at'" "read -r x <'$T/go'"
	"$VNETMGR" -q net-start k >"$T/start.out" 2>&1 & pid=$!
	hook=$(timeout 20 head -n 1 "$T/at")
	until grep -q "(process $hook)" "$VNETMGR_ROOT/run/vnetmgr/lock"; do sleep .02; done
}
begun
before_ms=$(ms)
list=$(vnm -q net-list --all)
has 'others are what they are' '^ h  *active ' "$list"
has 'this one is on its way' '^ k  *starting ' "$list"
same 'and not yet active' h "$(vnm -q net-list --name | xargs)"
has 'info' '^Active: *starting$' "$(vnm -q net-info k)"
for line in 'net-info h' 'net-dumpxml h' 'net-dumpxml k' 'net-dhcp-leases h' 'net-port-list h' 'net-forward-list h' 'net-uuid k' \
	"net-name $(vnm -q net-uuid k)" 'net-desc h' 'net-metadata h u' "net-diff h $T/h.xml"; do
	# shellcheck disable=SC2086
	ok "meanwhile: $line" vnm -q $line
done
ok 'nobody waited' [ $(($(ms) - before_ms)) -lt 15000 ]
no 'a change waits' vnm --wait 1 net-autostart h
has 'for whom' "^error: process $pid, which is running the hook '$HOOKS/network' of network 'k' \(process $hook\), has held '.*/lock' for 1 second; wait for it, for longer with --wait SECONDS, or end it\$" "$(cat "$T/out")"
no 'or not at all' vnm --wait=0 net-autostart h
has 'for whom' "^error: process $pid, which is running .*, holds '.*/lock';" "$(cat "$T/out")"
no 'how long?' vnm --wait soon net-list
kill -STOP "$pid"
no 'one that is stopped' vnm --wait 1 net-autostart h
has 'is told to be' "it is stopped: let it go on with kill -CONT $pid, or end it\$" "$(cat "$T/out")"
has 'and holds up nobody who looks' '^ k  *starting' "$(vnm -q net-list --all)"
kill -CONT "$pid"
echo >"$T/go"; ok 'started' wait "$pid"
has 'now it is active' '^ k  *active' "$(vnm -q net-list)"
vnm -q net-destroy k
# Between two networks of --all, and of the boot, others get their turn, though a hook runs nearly all the time. In the order
# of names: h, k.
# waiting N: so many wait for a lock
waiting() { until [ "$(grep -c '^[0-9]*: -> FLOCK ' /proc/locks)" -ge "$1" ]; do sleep 0.02; done; }
# in_turn OP COMMAND...: the hook of h runs; somebody waits; the hook of k runs, and he is through
in_turn() {
	op=$1; shift
	hook network "[ \$2 = $op ] || exit 0" "echo \$1 >'$T/at'" "read -r x <'$T/go'"
	rm -f "$T/at" "$T/go"; mkfifo "$T/at" "$T/go"
	"$VNETMGR" -q "$@" >"$T/all.out" 2>&1 & pid=$!
	same "$*: the first" h "$(timeout 20 head -n 1 "$T/at")"
	timeout 20 "$VNETMGR" -q net-define "$T/slow.xml" >"$T/other.out" 2>&1 & other=$!
	waiting 1 # the first to wait is the first to be let in
	timeout 20 "$VNETMGR" --wait 19 -q net-autostart slow >"$T/third.out" 2>&1 & third=$!
	waiting 2
	echo >"$T/go"
	same "$*: the second" k "$(timeout 20 head -n 1 "$T/at")"
	ok "$*: somebody was let in between" wait "$other"
	no "$*: and it goes on meanwhile" eval "vnm --wait=0 net-undefine slow"
	echo >"$T/go"
	ok "$*: it ends well" wait "$pid"
	wait "$third"; vnm -q net-undefine slow
}
vnm -q net-autostart h k
vnm -q net-destroy h
in_turn start autostart
in_turn stopped net-destroy --all
in_turn started net-start --all

# A hook that hides whose it is: it is among the descendants of the one that holds the lock.
hook network "[ \$1\$2 = kstart ] || exit 0" "sh -c 'exec env -u VNETMGR_HOOK timeout 25 \"$VNETMGR\" --root \"$VNETMGR_ROOT\" net-autostart h' >'$T/called' 2>&1"
before_ms=$(ms)
no 'a hook that calls vnetmgr as if it were none' vnm -q net-start k
has 'it is reported all the same' '^error: a hook cannot use vnetmgr: process [0-9]*, which called the hook, has not finished' "$(cat "$T/called")"
ok 'at once' [ $(($(ms) - before_ms)) -lt 15000 ]
rm "$HOOKS/network"

no 'a hook that does not end' wait "$slow"
has 'it was given time' '^error: Hook script execution failed: Child process .* slow start begin -\) did not end within 30 seconds and was killed: going to sleep$' "$(cat "$T/slow.out")"
no 'and is gone' pgrep -f "$T/slow/etc/vnetmgr/hooks"
finish
