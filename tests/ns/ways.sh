#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What a way into a network takes away from others: from services of the host (all of one, or one of its addresses), and
# from networks that are active, or not.
. "$srcdir/tests/lib/ns.sh"
cd "$T" || exit 1
A=203.0.113.21 A6=2001:db8:113::21 ROUTED=203.0.113.22 ROUTED6=2001:db8:113::22 G=192.168.190 G6=fd00:190:
before=$(snapshot)
has_not() { checks=$((checks + 1)); printf '%s\n' "$3" | grep -Eq -- "$2" || return 0; failures=$((failures + 1)); printf 'FAIL: %s: a line matches %s in\n%s\n' "$1" "$2" "$3" >&2; return 1; }
warned() { what=$1 words=$2; shift 2; ok "$what" "$@" && has "$what: reported" "^warning: .*$words" "$(cat out)"; }
quietly() { what=$1; shift; ok "$what" "$@" && has_not "$what: without a warning" '^warning' "$(cat out)"; }
rules() { uncounted_rules; }
# serve NAME ADDRESS:PORT [RUNNER...]: a server that answers who it is; its pid goes into $server
serve() {
	name=$1 at=$2; shift 2
	mkdir -p "www/$name"; echo "$name" >"www/$name/me"
	"$@" busybox httpd -f -h "www/$name" -p "$at" </dev/null >/dev/null 2>&1 & server=$!
	await_port "${at##*:}" "$@"
}
from() { inns "$1" timeout 2 busybox wget -q -O - "http://$2/me" 2>/dev/null; }
# define NAME MODE WAYS
define() {
	cat >"$1.xml" <<X
<network xmlns:vnm='urn:vnetmgr:network:1'><name>$1</name><forward mode='$2'/><bridge name='br-$1' stp='off'/>
<ip address='$G.1' prefix='24'/><ip family='ipv6' address='$G6:1' prefix='64'/>$3</network>
X
	vnm -q net-define "$1.xml"
}

ip addr add $A/32 dev uplink0; ip addr add $A6/128 dev uplink0 nodad
outside ip route add $ROUTED via $UPLINK; outside ip route add $ROUTED6 via $UPLINK6
serve host '[::]:8022'; everywhere=$server
same 'the host serves' host "$(from internet $A:8022)"

for mode in nat route; do
	define s $mode ''
	ok "$mode: start" vnm net-start s
	guest g0 br-s; inns g0 sysctl -qw net.ipv6.conf.eth0.accept_ra=0
	static g0 $G.6/24 $G.1; static g0 $G6:6/64 $G6:1
	serve guest '[::]:8022' ip netns exec g0; guest_server=$server
	# A service on all addresses loses one of them.
	now=$(rules)
	no_because "$mode: for all addresses" "busybox \\(process $everywhere\\) listens on :: port 8022 .*say which address" vnm net-forward-add s tcp 8022 $G.6
	no_because "$mode: by a device" "busybox \\(process $everywhere\\) listens on :: port 8022 .*say which address" vnm net-forward-add s tcp 8022 $G.6 --dev uplink0
	warned "$mode: one address, looked at" "tcp port 8022 of $A leads into network 's' while that is active: there busybox \\(process $everywhere\\) of the host is out of reach" vnm net-forward-add s tcp 8022 $G.6 --address $A --dry-run
	same "$mode: nothing changed" "$now" "$(rules)"
	warned "$mode: one address" "tcp port 8022 of $A leads into network 's' while that is active: there busybox \\(process $everywhere\\) of the host is out of reach" vnm net-forward-add s tcp 8022 $G.6 --address $A --live --config
	same "$mode: reported once" 1 "$(grep -c ^warning out)"
	warned "$mode: one of IPv6" "tcp port 8022 of $A6 leads into network 's' while" vnm net-forward-add s tcp 8022 $G6:6 --address $A6 --live --config
	same "$mode: it leads there" guest "$(from internet $A:8022)"
	same "$mode: that of IPv6, too" guest "$(from internet "[$A6]:8022")"
	same "$mode: the others are the host's" host "$(from internet $UPLINK:8022)"
	same "$mode: those of IPv6, too" host "$(from internet "[$UPLINK6]:8022")"
	quietly "$mode: an address that is not the host's" vnm net-forward-add s tcp 8022 $G.6 --address $ROUTED
	quietly "$mode: one of IPv6" vnm net-forward-add s tcp 8022 $G6:6 --address $ROUTED6
	same "$mode: it leads there, routed" guest "$(from internet $ROUTED:8022)"
	same "$mode: so does that of IPv6" guest "$(from internet "[$ROUTED6]:8022")"
	# Other changes do not report it again; a start and a boot do, and go on.
	quietly "$mode: another change" vnm net-forward-add s tcp 8023 $G.6 --address $A
	kill $guest_server; leave g0
	ok "$mode: stop" vnm net-destroy s
	warned "$mode: start, looked at" "tcp port 8022 of $A6 leads" vnm net-start s --dry-run
	warned "$mode: start" "tcp port 8022 of $A6 leads" vnm net-start s
	ok "$mode: stop" vnm net-destroy s
	vnm -q net-autostart s
	warned "$mode: boot" "tcp port 8022 of $A leads" vnm autostart
	has "$mode: active" ' s +active ' "$(vnm net-list)"
	quietly "$mode: repair" vnm net-repair s
	vnm -q net-destroy s
	quietly "$mode: an end, kept" vnm net-forward-del s tcp 8022 --address $A --config
	warned "$mode: kept" "tcp port 8022 of $A leads" vnm net-forward-add s tcp 8022 $G.6 --address $A --config
	vnm -q net-undefine s
done
kill $everywhere

# One that listens on just that address is lost.
define s nat ''
vnm -q net-start s
serve one $A:8022; pid=$server
now=$(rules)
no_because 'just that address' "tcp port 8022 of $A cannot be forwarded into network 's': busybox \\(process $pid\\) listens on $A port 8022 .* or another address" vnm net-forward-add s tcp 8022 $G.6 --address $A
no_because 'just that address, looked at' "process $pid" vnm net-forward-add s tcp 8022 $G.6 --address $A --dry-run
no_because 'all of its ports' "address $A cannot lead into network 's': busybox \\(process $pid\\) listens on $A port 8022" vnm net-update s add static-nat "<vnm:staticNat outside='$A' inside='$G.6'/>" --live
no_because 'all of its ports, kept' "process $pid" vnm net-update s add static-nat "<vnm:staticNat outside='$A' inside='$G.6'/>" --config
same 'nothing changed' "$now" "$(rules)"
quietly 'another address' vnm net-forward-add s tcp 8022 $G.6 --address $UPLINK
quietly 'IPv6' vnm net-forward-add s tcp 8022 $G6:6
vnm -q net-destroy s
define s nat "<vnm:staticNat outside='$A' inside='$G.6'/>"
no_because 'a start' "address $A cannot lead into network 's'" vnm net-start s
vnm -q net-autostart s
no_because 'a boot' "address $A cannot lead into network 's'" vnm autostart
kill $pid
serve six "[$A6]:8022"; pid=$server
ok 'IPv4 is not concerned' vnm net-start s
no_because 'IPv6' "address $A6 cannot lead into network 's': busybox \\(process $pid\\) listens on $A6 port 8022" vnm net-update s add static-nat "<vnm:staticNat outside='$A6' inside='$G6:6'/>"
kill $pid
ok 'stop' vnm net-destroy s
# One that binds a socket to each address is still there.
cat >each.py <<'P'
import socket, sys, signal
held = []
for a in sys.argv[1:]:
    s = socket.socket(socket.AF_INET6 if ':' in a else socket.AF_INET, socket.SOCK_DGRAM)
    s.bind((a, 123)); held.append(s)
print('bound', flush=True)
signal.pause()
P
if command -v python3 >/dev/null; then
	mkfifo bound
	python3 each.py $UPLINK $A $UPLINK6 $A6 >bound & pid=$!
	read -r _ <bound
	warned 'a socket for each address' "address $A leads into network 's' while that is active: there all services of the host are out of reach, such as python3 \\(process $pid\\) on port 123" vnm net-start s
	warned 'IPv6, live' "address $A6 leads into network 's'" vnm net-update s add static-nat "<vnm:staticNat outside='$A6' inside='$G6:6'/>"
	warned 'a port of it' "udp port 123 of $UPLINK leads" vnm net-forward-add s udp 123 $G.6 --address $UPLINK
	vnm -q net-destroy s
	kill $pid
fi
serve host '[::]:8022'; everywhere=$server
warned 'a service on all addresses' "address $A leads into network 's' while that is active: there all services of the host are out of reach, such as busybox \\(process $everywhere\\) on port 8022" vnm net-start s
same 'reported once' 1 "$(grep -c "^warning: address" out)"
quietly 'a change of another way' vnm net-forward-add s tcp 8023 $G6:7 --address $A6
same 'the others are the host'"'s" host "$(from internet $UPLINK:8022)"
vnm -q net-destroy s
vnm -q net-undefine s
define s nat "<vnm:staticNat outside='$ROUTED' inside='$G.6'/>"
quietly 'an address that is not the host'"'s" vnm net-start s
vnm -q net-destroy s
vnm -q net-undefine s
kill $everywhere

# Two networks: only active ones are in each other's way. That they share something is a warning when it is defined.
G1=$G
define s nat "<vnm:portForward proto='tcp' port='8080' to='$G.6'/>"
G=192.168.191 G6=fd00:191:
define n nat ''
ok 'start one' vnm net-start n
both="tcp port 8080 leads into network 'n', and into network 's': only one of them can be active at a time"
warned 'beside an inactive one, looked at' "$both" vnm net-forward-add n tcp 8080 $G.6 --dry-run
warned 'beside an inactive one' "$both" vnm net-forward-add n tcp 8080 $G.6 --live --config
has 'it is there' ' 8080 .* active' "$(vnm net-forward-list n)"
quietly 'another change' vnm net-forward-add n tcp 8081 $G.6
no_because 'the other one cannot start' "tcp port 8080 is already forwarded by network 'n', to $G.6" vnm net-start s
no_because 'nor change' "tcp port 8081 is already forwarded by network 'n', to $G.6" sh -c "'$VNETMGR' -q net-forward-del s tcp 8080; '$VNETMGR' -q net-start s; '$VNETMGR' net-forward-add s tcp 8081 $G1.6"
has_not 'and only that is told' '^warning' "$(cat out)"
no_because 'nor live and kept' "tcp port 8081 is already forwarded by network 'n'" vnm net-forward-add s tcp 8081 $G1.6 --live --config
has_not 'and only that is told, too' '^warning' "$(cat out)"
warned 'kept only' "tcp port 8081 leads into network 's', and into network 'n'" vnm net-forward-add s tcp 8081 $G1.6 --config
vnm -q net-destroy n
vnm -q net-destroy s
ok 'the other one alone' vnm net-start s
no_because 'the one cannot, then' "tcp port 8080 is already forwarded" sh -c "'$VNETMGR' -q net-forward-add s tcp 8080 $G1.6; '$VNETMGR' net-start n"
vnm -q net-destroy s
vnm -q net-autostart s; vnm -q net-autostart n
vnm -q net-forward-add s tcp 8080 $G1.6 --config >/dev/null 2>&1
no_because 'a boot of both' "tcp port 8080 is already forwarded by network 'n'" vnm autostart
has 'one is there' ' n +active ' "$(vnm net-list)"
vnm -q net-destroy n
# The same with addresses.
ok 'an address' vnm -q net-update s add static-nat "<vnm:staticNat outside='$ROUTED' inside='$G1.7'/>" --config
warned 'twice' "address $ROUTED leads into network 'n', and into network 's'" vnm net-update n add static-nat "<vnm:staticNat outside='$ROUTED' inside='$G.7'/>" --config
cp n.xml twin.xml; sed -i "s/>n</>twin</; s/br-n/br-twin/; s,</network>,<vnm:portForward proto='tcp' port='8080' to='$G.9'/>&," twin.xml
warned 'a definition' "tcp port 8080 leads into network 'twin', and into network 's'" vnm net-define twin.xml
for n in n s twin; do vnm -q net-undefine $n; done
ip addr del $A/32 dev uplink0; ip addr del $A6/128 dev uplink0
same 'no trace is left' "$before" "$(snapshot)"
finish
