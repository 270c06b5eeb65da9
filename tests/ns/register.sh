#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# <domain register='yes'/>: with a real systemd-resolved, that finds a guest by its name; without one; with one that hangs.
. "$srcdir/tests/lib/ns.sh"
. "$srcdir/tests/lib/dbus.sh"
need dbus-daemon busctl systemd-resolved resolvectl
single_uid && skip 'systemd-resolved needs a user of its own; run as root'

# net NAME NUMBER [IP-ELEMENT] [REGISTER]
net() { cat >"$T/$1.xml" <<X
<network><name>$1</name><uuid>5599d7e3-f78d-4f9b-abc2-0000000000$2</uuid><bridge name='br-$1' stp='off'/>
<mac address='52:54:00:00:00:$2'/><domain name='$1.lab' localOnly='yes'${4-" register='yes'"}/>
${3:-"<ip address='192.168.$2.1' prefix='24'><dhcp><range start='192.168.$2.100' end='192.168.$2.200'/></dhcp></ip>"}</network>
X
}
# host NAME [TYPE]: what the host is told when it asks systemd-resolved
host() { dig +short +time=2 +tries=1 @127.0.0.53 "$1" "${2:-A}"; }

net r 60
ok 'define' vnm -q net-define "$T/r.xml"
before=$(snapshot)
no 'nobody there' vnm net-start r
grep -q 'built without D-Bus' "$T/out" && skip "$VNETMGR was built without libsystemd"
refused="error: failed to register name server: systemd-resolved is not available; start it (systemctl start systemd-resolved), or take register='yes' out of the definition"
same 'why' "$refused" "$(sed -n 2p "$T/out")"
bus
no 'a bus without it' vnm net-start r
same 'why' "$refused" "$(sed -n 2p "$T/out")"
same 'nothing is left' "$before" "$(snapshot)"

ok 'systemd-resolved starts' resolved || { finish; }
ok 'dry run' vnm net-start r --dry-run
has 'dry run' "^resolvectl domain br-r '~r.lab'$" "$(cat "$T/out")"
has 'dry run' '^resolvectl dns br-r 192.168.60.1$' "$(cat "$T/out")"
ok 'start' vnm net-start r
same 'registered' '~r.lab | 192.168.60.1' "$(registered br-r)"
has 'whole' '^Active: +yes$' "$(vnm net-info r)"
ok 'dry run of the stop' vnm net-destroy r --dry-run
has 'dry run of the stop' '^resolvectl revert br-r$' "$(cat "$T/out")"

# What it is for.
guest g br-r
ok 'a guest gets a lease' dhcp g -x hostname:web1
ip=$(dhcp_value g ip)
ok 'its link is seen to be up' eventually sh -c 'resolvectl status br-r | grep -q "Scopes: DNS"'
same 'the host finds the guest' "$ip" "$(host web1.r.lab)"
same 'and its name' 'web1.r.lab.' "$(dig +short +time=2 +tries=1 @127.0.0.53 -x "$ip")"
same 'none that is not there' '' "$(host web2.r.lab)"
same 'the rest of the world is asked elsewhere' "$SERVER" "$(host example.com)"

# The truth, and its repair.
ok 'somebody takes it away' resolvectl revert br-r
has 'it shows' 'registration of domain r.lab with systemd-resolved$' "$(vnm net-info r)"
ok 'repair' vnm net-repair r
same 'repaired' '~r.lab | 192.168.60.1' "$(registered br-r)"
for other in 'domain br-r ~r.lab other.lab' 'domain br-r r.lab' 'dns br-r 192.0.2.1' 'dns br-r 192.168.60.1 192.0.2.1'; do
	# shellcheck disable=SC2086
	ok "somebody says $other" resolvectl $other
	has "it shows: $other" 'registration of domain r.lab with systemd-resolved$' "$(vnm net-info r)"
	ok "repair: $other" vnm net-repair r
	same "repaired: $other" '~r.lab | 192.168.60.1' "$(registered br-r)"
done

# It restarts. (What it knew of its links it finds again in /run, or not.)
kill "$resolved"; wait "$resolved"
has 'gone' 'systemd-resolved$' "$(vnm net-info r)"
no 'no repair without it' vnm net-repair r
ok 'starts again' resolved
vnm net-repair r >/dev/null 2>&1
same 'the host finds the guest' "$ip" "$(host web1.r.lab)"

# Changed while it runs.
net r 60 '' ''
ok 'taken out' vnm net-apply "$T/r.xml"
same 'reverted' '|' "$(registered br-r | tr -d ' ')"
no 'the host does not find the guest' sh -c "dig +short +time=2 +tries=1 @127.0.0.53 web1.r.lab | grep ."
net r 60
ok 'put in' vnm net-apply "$T/r.xml"
same 'registered' '~r.lab | 192.168.60.1' "$(registered br-r)"
sed -i 's/r\.lab/s.lab/' "$T/r.xml"
ok 'another name' vnm net-apply "$T/r.xml"
same 'registered' '~s.lab | 192.168.60.1' "$(registered br-r)"
leave g
ok 'stop' vnm net-destroy r
no 'the link is gone' sh -c 'resolvectl status | grep br-r'
same 'nothing is left' "$before" "$(snapshot)"

# By IPv6, and several at once.
net v 61 "<ip family='ipv6' address='fd00:61::1' prefix='64'/>"
ok 'IPv6' vnm -q net-create "$T/v.xml"
same 'IPv6' '~v.lab | fd00:61::1' "$(registered br-v)"
has 'whole' '^Active: +yes$' "$(vnm net-info v)"
ok 'IPv6' vnm -q net-destroy v
for n in 70 71 72 73 74 75; do net n$n $n; ok "define $n" vnm -q net-define "$T/n$n.xml"; done
ok 'six at once' vnm net-start n70 n71 n72 n73 n74 n75
for n in 70 71 72 73 74 75; do same "registered: $n" "~n$n.lab | 192.168.$n.1" "$(registered br-n$n)"; done

# One that hangs is waited for once.
kill -STOP "$resolved"
no 'hangs: start' seconds vnm net-start r
has 'hangs: why' 'systemd-resolved does not answer within 5 seconds' "$(cat "$T/out")"
ok "hangs: bounded ($s s)" [ $s -le 7 ]
seconds vnm net-list
same 'hangs: what cannot be asked is not whole' 6 "$(grep -c ' degraded ' "$T/out")"
ok "hangs: one wait for all ($s s)" [ $s -le 7 ]
kill -CONT "$resolved"
same 'goes on' 6 "$(vnm net-list | grep -c ' active ')"
kill -9 "$resolved"; wait "$resolved" 2>/dev/null
ok 'stop without it' vnm -q net-destroy n70 n71 n72 n73 n74 n75
for n in 70 71 72 73 74 75; do ok "undefine $n" vnm -q net-undefine n$n; done
same 'nothing is left' "$before" "$(snapshot)"
finish
