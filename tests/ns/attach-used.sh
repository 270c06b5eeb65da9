#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# An address that somebody alive has is given to nobody by net-attach: neither one that is reserved for the guest by now and used by
# the one before, nor one that somebody took without asking; in both families.
. "$srcdir/tests/lib/ns.sh"
cd "$T" || exit 1
N=192.168.152 S=fd00:152:
M=52:54:00:00:00:
cat >r.xml <<X
<network><name>r</name><forward mode='nat'/><bridge name='br-r' stp='off'/>
<ip address='$N.1' prefix='24'><dhcp><range start='$N.100' end='$N.120'/><host mac='${M}01' ip='$N.9'/></dhcp></ip>
<ip family='ipv6' address='$S:1' prefix='64'><dhcp><range start='$S:100' end='$S:120'/></dhcp></ip></network>
X
vnm -q net-define r.xml; vnm -q net-start r
for ns in n1 n2 n3; do ip netns add $ns; done
machine() { guest "g$1" br-r "$M$1"; }
state() { snapshot "$CARRIER" | sort; cat "$VNETMGR_ROOT/var/lib/vnetmgr/attachments/r.xml" "$VNETMGR_ROOT/var/lib/vnetmgr/leases/r" 2>/dev/null; }
refused() {	# refused TITLE WORDS ARGUMENT...: for real and dry; nothing is changed
	title=$1 words=$2; shift 2
	now=$(state)
	for dry in '' --dry-run; do
		# shellcheck disable=SC2086
		no "$title $dry" vnm net-attach r "$@" $dry
		has "$title $dry: whose it is" "$words" "$(cat out)"
	done
	same "$title: nothing has changed" "$now" "$(state)"
}
one() { inns "$1" ip -o addr show dev eth0 scope global permanent | sed -n 's/.*inet6* \([^/]*\).*/\1/p' | sort | xargs; }

# ---- the one before, with a lease ----
machine 01
ok 'DHCP' dhcp g01
same 'its reservation' $N.9 "$(dhcp_value g01 ip)"
has 'it moves' "${M}01 uses it" "$(vnm net-update r modify ip-dhcp-host "<host mac='${M}0a' ip='$N.9'/>" --live --config 2>&1)"
refused 'the reserved address, by itself' "^error: address $N.9 is used by ${M}01 on network 'r' just now; end that, or choose another$" --netns n1 --mac ${M}0a --ip auto
refused 'the reserved address, by name' "^error: address $N.9 is used by ${M}01 on network 'r' just now" --netns n1 --mac ${M}0a --ip $N.9
refused 'for a tap' "^error: address $N.9 is used by ${M}01 on network 'r' just now" --tap t0 --mac ${M}0a --ip $N.9
ok 'the one before is reached' reaches g01 $N.1
leave g01
ok 'when it is gone' vnm net-attach r --netns n1 --mac ${M}0a --ip auto
has 'the next has it' "^$N.9 " "$(one n1) "
same 'the lease has ended' '' "$(vnm -q net-dhcp-leases r | grep "$N\.9/")"
vnm -q net-detach r n1

# ---- the one before, attached ----
ok 'attached' vnm net-attach r --netns n1 --mac ${M}0a --ip auto
if vnm net-update r modify ip-dhcp-host "<host mac='${M}0b' ip='$N.9'/>" --live >out 2>&1; then
	refused 'an attached one has it' "address $N.9 is (taken|used)" --netns n2 --mac ${M}0b --ip auto
	refused 'an attached one has it, by name' "address $N.9 is (taken|used)" --netns n2 --mac ${M}0b --ip $N.9
else
	has 'its address is its own' "$N.9" "$(cat out)"
fi
vnm -q net-detach r n1

# ---- somebody who never asked ----
ok 'what is free' vnm net-attach r --netns n1 --ip auto
free=$(one n1); free4=${free%% *} free6=${free##* }
has 'of both families' "^$N\.[0-9]+ $S:[0-9a-f]+$" "$free"
vnm -q net-detach r n1
machine 21; static g21 "$free4/24"; static g21 "$free6/64"
until ping -n -c 1 -W 1 "$free6" >/dev/null; do sleep .02; done
refused 'IPv4' "^error: address $free4 is used by ${M}21 on network 'r' just now" --netns n1 --ip "$free4"
refused 'IPv6' "^error: address $free6 is used by ${M}21 on network 'r' just now" --netns n1 --ip "$free6"
refused 'IPv6, for a tap' "^error: address $free6 is used by ${M}21" --tap t0 --ip "$free6"
ok 'others are found' vnm net-attach r --netns n1 --ip auto
no 'not those' eval "one n1 | grep -Eq '$free4( |\$)|$free6( |\$)'"
has 'of both families' "^$N\.[0-9]+ $S:[0-9a-f]+$" "$(one n1)"
ok 'its own guest may have them: the same MAC address' vnm net-attach r --tap t0 --mac ${M}21 --ip "$free4"
vnm -q net-detach r t0
ok 'he is reached' ping -n -c 1 -W 2 "$free4"
leave g21
ok 'when he is gone' vnm net-attach r --netns n2 --ip "$free4" --ip "$free6"
same 'the address is free' "$free" "$(one n2)"

# ---- a machine without an address is nobody, and is not waited for long ----
machine 22
ok 'beside it' timeout 3 "$VNETMGR" net-attach r --netns n3 --ip auto
same 'no question is left open' '' "$(ip neigh show dev br-r nud incomplete; ip neigh show dev br-r nud failed)"

# ---- DHCP ----
vnm -q net-detach r n3; vnm -q net-detach r n1; leave g22
machine 23; static g23 $N.9/24
vnm -q net-update r modify ip-dhcp-host "<host mac='${M}23' ip='$N.9'/>" --live; ok 'a lease' dhcp g23
vnm -q net-update r modify ip-dhcp-host "<host mac='${M}0c' ip='$N.9'/>" --live 2>/dev/null
has 'DHCP gives another than the reserved one, and that is told' "^warning: .*$N.9.* is reserved for ${M}0c" "$(vnm net-attach r --netns n1 --ip dhcp --mac ${M}0c 2>&1)"
finish
