#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# No process but our own dnsmasq is ever signalled, whatever its pidfile record holds and whoever has its number by now; and the
# network stops, starts and is repaired all the same.
. "$srcdir/tests/lib/ns.sh"
cd "$T" || exit 1
rounds=${VNM_ROUNDS:-5}
D=$VNETMGR_ROOT/run/vnetmgr/dnsmasq
signals=0

net() { cat <<X
<network><name>$1</name><bridge name='br-$1' stp='off'/><ip address='10.79.$2.1' prefix='24'><dhcp><range start='10.79.$2.100' end='10.79.$2.200'/></dhcp></ip></network>
X
}
net n 1 >n.xml; net m 2 >m.xml
vnm -q net-define n.xml; vnm -q net-create m.xml

# Somebody who notes every signal: a shell that waits for what never comes.
cat >victim <<'X'
for s in HUP INT QUIT USR1 USR2 TERM PIPE ALRM; do trap "echo $s >>$1/signalled" $s; done
echo $$ >$1/victim.pid
while :; do read -r never <$1/never; done
X
mkfifo never; exec 7<>never
# victim [NUMBER]: it has this process number, if it is free
victim() { rm -f victim.pid; [ -z "${1:-}" ] || echo $(($1 - 1)) >/proc/sys/kernel/ns_last_pid; sh victim "$T" & until [ -s victim.pid ]; do :; done; V=$(cat victim.pid); }
victim; first=$V
dnsmasq --keep-in-foreground --conf-file=/dev/null --port=0 --pid-file= --user=root & system=$!
start_of() { sed 's/.*) //' "/proc/$1/stat" | cut -d ' ' -f 20; }
boot=$(cat /proc/sys/kernel/random/boot_id)
dnsmasq_of() { pgrep -f "dnsmasq/$1/dnsmasq.conf"; }
other=$(dnsmasq_of m)
# unharmed WHAT: nobody was signalled, and nobody is missing
unharmed() {
	checks=$((checks + 1)) signals=$((signals + 1))
	for pid in $first $system $other; do kill -0 "$pid" 2>/dev/null || { echo "FAIL: $1: process $pid is gone" >&2; failures=$((failures + 1)); finish; }; done
	[ ! -e signalled ] || { echo "FAIL: $1: signalled: $(xargs <signalled)" >&2; failures=$((failures + 1)); rm signalled; }
}

# with RECORD: under this record of the process, a change, a repair, a stop; and then a start. What else runs of the
# network is the real dnsmasq, or nothing.
with() {
	for left in running dead; do
		vnm -q net-start n
		[ $left = running ] || { kill -KILL "$(dnsmasq_of n)"; while dnsmasq_of n >/dev/null; do :; done; }
		rm -rf "$D/n/process"; eval "$1"
		ok "$1: list" vnm -q net-list; unharmed "$1: list, $left"
		vnm -q net-update n add-last ip-dhcp-host "<host mac='52:54:00:00:00:01' ip='10.79.1.9'/>" --live >out 2>&1; unharmed "$1: change, $left"
		vnm -q net-repair n >>out 2>&1; unharmed "$1: repair, $left"
		vnm -q net-destroy n >>out 2>&1; unharmed "$1: stop, $left"
		rm -rf "$D/n/process"
		"$VNETMGR" -q net-list --name | grep -q '^n$' && ok "$1: stop at last" vnm -q net-destroy n
		no "$1: none is left, $left" dnsmasq_of n
	done
}
record() { printf %b "$1" >"$D/n/process"; }
with 'record "1 $(start_of 1) $boot\n"'
with 'record "$first $(start_of $first) $boot\n"'
with 'record "$system $(start_of $system) $boot\n"'
with 'record "$other $(start_of $other) $boot\n"'
with 'record "$first 1 $boot\n"'
with 'record "$first $(start_of $first) 00000000-0000-0000-0000-000000000000\n"'
with 'record "$first\n"'
with 'record "-1 0 $boot\n"'
with 'record "0 0 $boot\n"'
with 'record "99999999999999999999999 1 $boot\n"'
with 'record ""'
with 'head -c 100000 /dev/zero | tr "\0" 1 >"$D/n/process"'
with 'ln -s "$T/victim.pid" "$D/n/process"'
with 'mkfifo "$D/n/process"'
with 'mkdir "$D/n/process"'

# Its number is another's by now. (Numbers go up one by one; the one to begin after can be set.)
if (echo 1000 >/proc/sys/kernel/ns_last_pid) 2>/dev/null; then
	i=0 taken=0
	while [ $i -lt "$rounds" ]; do
		i=$((i + 1))
		vnm -q net-start n; pid=$(dnsmasq_of n)
		kill -KILL "$pid"; while kill -0 "$pid" 2>/dev/null; do :; done
		victim "$pid"
		[ "$V" = "$pid" ] && taken=$((taken + 1))
		case $((i % 3)) in
		0) ok 'reused: stop' vnm -q net-destroy n ;;
		1) ok 'reused: repair' vnm -q net-repair n; unharmed 'reused: repair'; ok 'reused: stop it' vnm -q net-destroy n ;;
		2) rm -f "$VNETMGR_ROOT/run/vnetmgr/n.journal"; ok 'reused: start' vnm -q net-start n; unharmed 'reused: start'; ok 'reused: stop then' vnm -q net-destroy n ;;
		esac
		unharmed "reused number $pid"
		kill -0 "$V" 2>/dev/null || { echo "FAIL: $V was killed" >&2; failures=$((failures + 1)); }
		kill -KILL "$V"
	done
	ok "numbers used again: $taken of $rounds" [ "$taken" -gt 0 ]
else
	echo 'no numbers to be used again: ns_last_pid cannot be written here'
fi
echo "$signals times nobody was signalled"
kill -KILL "$first" "$system"
finish
