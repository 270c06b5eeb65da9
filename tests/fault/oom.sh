#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Memory runs out: every call of malloc() in turn, once and from then on, over define, start and destroy, and
# over what these would do.
#
# The program may end with 1 and a message, or not need that memory; it is never killed, never takes what is wrong, and
# whatever it left the next command puts right. Some of the calls in "make check"; all of them with VNM_OOM=all.
. "$srcdir/tests/lib/ns.sh"
: "${builddir:=.}"
so=$builddir/tests/fault/oom.so
[ -e "$so" ] || skip "$so is not built"
LD_PRELOAD=$so "$VNETMGR" --version >/dev/null 2>&1 || skip 'malloc() cannot be replaced in this program (sanitizers?)'
cd "$T" || exit 1
N='<network><name>o</name>'
printf "%s<uuid>5599d7e3-f78d-4f9b-abc2-1a9384ffc5f7</uuid><forward mode='nat'/><bridge name='obr0'/><mac address='52:54:00:00:00:99'/><domain name='o.test'/><ip address='192.168.179.1' prefix='24'><dhcp><range start='192.168.179.2' end='192.168.179.9'/><host mac='52:54:00:00:00:01' name='a' ip='192.168.179.5'/></dhcp></ip></network>" "$N" >good.xml
# Wrong for the parser, for the typed reader, for the validation, and for the schema alone.
printf "<!DOCTYPE network>%s</network>" "$N" >bad1.xml
printf "%s<forward mode='nat'/><bridge name='obr0' stp='perhaps'/></network>" "$N" >bad2.xml
printf "%s<ip address='192.168.179.1' prefix='24'><dhcp><range start='192.168.180.2' end='192.168.180.9'/></dhcp></ip></network>" "$N" >bad3.xml
printf "%s<forward mode='nat'/><bridge name='obr0' zone='a-name-that-is-too-long-for-a-zone'/><ip address='192.168.179.1' prefix='24'/></network>" "$N" >bad4.xml
step=${VNM_OOM:-40}
[ "$step" != all ] || step=1

# bare AT FOR_EVER COMMAND...: with that call of malloc() failing; its status in $status.
bare() {
	nth=$1 ever=$2; shift 2
	env LD_PRELOAD="$so" VNM_OOM_AT="$nth" ${ever:+VNM_OOM_FOR_EVER=1} "$VNETMGR" -q "$@" >o 2>e; status=$?
	checks=$((checks + 1))
	case $status in
	0) ;;
	1) grep -q '^error: ' e || complain 'no message' "$@" ;;
	2) [ "$1 $2" = 'net-apply --dry-run' ] || complain "exit status $status" "$@" ;;	# something would change
	*) complain "exit status $status" "$@" ;;
	esac
}
complain() { failures=$((failures + 1)); echo "FAIL: malloc $nth ${ever:+and all after it }failed: $*" >&2; sed 's/^/    /' e >&2; }
# count COMMAND...: how many calls it makes.
count() { env LD_PRELOAD="$so" VNM_OOM_COUNT="$T/count" "$VNETMGR" -q "$@" >/dev/null 2>&1; cat "$T/count"; }
# sweep WHAT CALLS FUNCTION: FUNCTION AT FOR_EVER for every step-th call, each once and for ever.
sweep() {
	n=0 k=1
	while [ $k -le "$2" ]; do
		"$3" $k ''; "$3" $k 1
		n=$((n + 2)) k=$((k + step))
	done
	echo "$1: $2 calls of malloc, $n runs"
}

define() {
	bare "$1" "$2" net-define good.xml
	if vnm -q net-dumpxml o >dump 2>&1; then
		cmp -s dump full || complain 'half a definition'
		vnm -q net-undefine o || complain 'what was defined cannot be undefined'
	elif [ $status -eq 0 ]; then
		complain 'exit status 0, and no definition'
	fi
}
wrong() {
	bare "$1" "$2" net-define $file
	[ $status -eq 1 ] || complain "$file was taken"
	[ -z "$(vnm -q net-list --all --name)" ] || { complain "$file is there"; vnm -q net-undefine o; }
}
start() {
	bare "$1" "$2" net-start o
	if [ $status -eq 0 ]; then
		vnm -q net-list | grep -q '^ *o  *active' || complain 'exit status 0, and it is not active'
	fi
	vnm -q net-list --all >list 2>&1 || complain 'net-list fails afterwards'
	if grep -q '^ *o  *inactive' list; then
		[ "$(snapshot)" = "$before" ] || complain 'something is left'
		vnm -q net-start o 2>e || complain 'it cannot be started afterwards'
	fi
	vnm -q net-destroy o 2>e || complain 'it cannot be stopped afterwards'
	[ "$(snapshot)" = "$before" ] || complain 'something is left in the end'
}
destroy() {
	vnm -q net-start o || complain 'start'
	bare "$1" "$2" net-destroy o
	vnm -q net-list --all >list 2>&1 || complain 'net-list fails afterwards'
	[ $status -ne 0 ] || grep -q '^ *o  *inactive' list || complain 'exit status 0, and it is active'
	! grep -q '^ *o  *degraded' list || complain 'half a network'
	if grep -q '^ *o  *active' list; then vnm -q net-destroy o 2>e || complain 'it cannot be stopped afterwards'; fi
	[ "$(snapshot)" = "$before" ] || complain 'something is left'
}

# dry_run COMMAND...: a dry run, of which nothing comes but its output
dry_run() {
	nth=$1 ever=$2; shift 2
	bare "$nth" "$ever" "$@"
	[ $status -eq 1 ] || [ -s o ] || complain "exit status $status, and nothing is printed" "$@"
	[ "$(snapshot)" = "$before" ] || complain 'something is changed' "$@"
}
would_start() { dry_run "$1" "$2" net-start o --dry-run; }
would_apply() { dry_run "$1" "$2" net-apply --dry-run changed.xml; cmp -s full "$kept" || complain 'the definition is changed'; }

calls=$(count net-define good.xml)
vnm -q net-dumpxml o >full; vnm -q net-undefine o
ok 'malloc() is counted' test "$calls" -gt 500
sweep 'define' "$calls" define
has 'the last one is wrong for the schema' 'schema' "$(vnm -q net-define bad4.xml 2>&1)"
for file in bad1.xml bad2.xml bad3.xml bad4.xml; do
	sweep "define what is wrong, $file" "$(count net-define $file)" wrong
done
vnm -q net-define good.xml
before=$(snapshot)
calls=$(count net-start o)
stops=$(count net-destroy o)
ok 'malloc() is counted' test "$calls" -gt 100 -a "$stops" -gt 100
sweep 'start' "$calls" start
sweep 'destroy' "$stops" destroy
sweep 'start as a dry run' "$(count net-start o --dry-run)" would_start
sed "s/179.9'/179.8'/" good.xml >changed.xml
kept=$VNETMGR_ROOT/etc/vnetmgr/networks/o.xml
vnm -q net-start o; before=$(snapshot); cp "$kept" full
[ "$step" -eq 1 ] || step=$((step * 4))	# most of it is the parser's, which "define" has had
sweep 'change as a dry run' "$(count net-apply --dry-run changed.xml)" would_apply
vnm -q net-destroy o
finish
