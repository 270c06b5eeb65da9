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

# ---- a reservation of an address that an attached guest has ----
ip netns add n4
cat >two.xml <<X
<network><name>two</name><bridge name='br-two' stp='off'/>
<ip address='10.152.2.1' prefix='24'><dhcp><range start='10.152.2.100' end='10.152.2.120'/></dhcp></ip>
<ip family='ipv6' address='fd00:153::1' prefix='64'><dhcp><range start='fd00:153::100' end='fd00:153::120'/></dhcp></ip></network>
X
cp two.xml apart.xml; vnm -q net-define two.xml; vnm -q net-start two
vnm -q net-attach two --netns n4 --ip 10.152.2.7 --ip fd00:153::7 --hostname four --mac ${M}44
vnm -q net-attach two --tap t4 --ip 10.152.2.8 --mac ${M}48
kept() { vnm net-dumpxml two; vnm net-dumpxml two --inactive; snapshot "$CARRIER"; cat "$VNETMGR_ROOT/run/vnetmgr/dnsmasq/two/hosts"; }
taken() {	# taken TITLE ADDRESS OWNER GUEST HOST-XML [OPTION...]: refused, and nothing is changed
	title=$1 why="^error: address $2 cannot be reserved for $3 in network 'two': the attached guest $4 has it; .*: vnetmgr net-detach two "; xml=$5; shift 5
	now=$(kept)
	no_because "$title" "$why" vnm net-update two add ip-dhcp-host "$xml" "$@"
	no_because "$title, dry" "$why" vnm net-update two add ip-dhcp-host "$xml" "$@" --dry-run
	same "$title: nothing has changed" "$now" "$(kept)"
}
H4="<host mac='${M}07' ip='10.152.2.7'/>" H6="<host id='00:03:00:01:${M}07' ip='fd00:153::7'/>"
for how in --live --config '--live --config'; do
	# shellcheck disable=SC2086
	taken "$how" 10.152.2.7 ${M}07 "'vnet[0-9]+' \(n4\)" "$H4" --parent-index 0 $how
done
taken 'IPv6' fd00:153::7 "id 00:03:00:01:${M}07" "'vnet[0-9]+' \(n4\)" "$H6" --parent-index 1 --live --config
taken 'of a machine' 10.152.2.8 ${M}07 "'t4'" "<host mac='${M}07' ip='10.152.2.8'/>" --parent-index 0 --live
sed -i "s|<range start='10[^/]*/>|&$H4|" apart.xml
now=$(kept)
no_because 'a file' "^error: address 10.152.2.7 cannot be reserved for ${M}07" vnm net-apply apart.xml
no_because 'a definition' "^error: address 10.152.2.7 cannot be reserved for ${M}07" vnm net-define apart.xml
same 'nothing has changed' "$now" "$(kept)"
ok 'its own' vnm net-update two add ip-dhcp-host "<host mac='${M}44' name='four' ip='10.152.2.7'/>" --parent-index 0 --live --config
ok 'its own, by its DUID' vnm net-update two add ip-dhcp-host "<host id='00:03:00:01:${M}44' ip='fd00:153::7'/>" --parent-index 1 --live --config

# ---- such a reservation in a file that somebody has edited: the guest keeps its address, and no other gets it ----
vnm -q net-update two delete ip-dhcp-host "<host mac='${M}44' name='four' ip='10.152.2.7'/>" --parent-index 0 --live --config
vnm -q net-update two delete ip-dhcp-host "<host id='00:03:00:01:${M}44' ip='fd00:153::7'/>" --parent-index 1 --live --config
vnm -q net-destroy two
sed -i "s|<range start='10[^/]*/>|&$H4|; s|<range start='fd[^/]*/>|&$H6|" "$VNETMGR_ROOT/etc/vnetmgr/networks/two.xml"
ok 'it starts' vnm net-start two
has 'and says so' "^warning: network 'two': the reservation of 10.152.2.7 for ${M}07 has no effect: the attached guest 'vnet[0-9]+' \(n4\) has that address$" "$(cat out)"
has 'IPv6' "^warning: network 'two': the reservation of fd00:153::7 for id 00:03:00:01:${M}07 has no effect" "$(cat out)"
has 'it is a note' "^Note: +the reservation of 10.152.2.7 for ${M}07 has no effect" "$(vnm net-info two)"
guest g07 br-two ${M}07
ok 'the one that it is reserved for gets an address' dhcp g07
has 'another one' '^10\.152\.2\.1[0-2][0-9]$' "$(dhcp_value g07 ip)"
leave g07
vnm -q net-detach two n4
guest g07 br-two ${M}07; ok 'once the guest is detached' dhcp g07
same 'it gets the reserved one' 10.152.2.7 "$(dhcp_value g07 ip)"
leave g07

# ---- one that the network has from its next start on ----
vnm -q net-update two add ip-dhcp-host "<host mac='${M}0d' ip='10.152.2.13'/>" --parent-index 0 --config
no_because 'it is taken' "^error: address 10.152.2.13 is taken already on network 'two'" vnm net-attach two --netns n4 --ip 10.152.2.13
ok 'but for its owner' vnm net-attach two --netns n4 --ip 10.152.2.13 --mac ${M}0d
vnm -q net-destroy two; vnm -q net-undefine two

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
