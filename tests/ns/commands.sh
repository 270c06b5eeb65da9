#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Words, columns, streams and exit status: a session as virsh answers it, byte for byte.
. "$srcdir/tests/lib/ns.sh"
cd "$T" || exit 1
cp "$srcdir/networks/keennet.xml" n1.xml

# says EXPECTED COMMAND...: stdout, then stderr with "E| " in front, then the exit status; UUID and MAC masked.
says() {
	expected=$1; shift
	"$VNETMGR" "$@" >"$T/stdout" 2>"$T/stderr"; status=$?
	actual=$(cat "$T/stdout"; sed 's/^/E| /' "$T/stderr"; echo "rc=$status")
	actual=$(printf '%s\n' "$actual" | sed -E 's/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/UUID/g; s/52:54:00(:[0-9a-f]{2}){3}/MAC/g')
	same "$*" "$expected" "$actual"
}

says ' Name   State   Autostart   Persistent
----------------------------------------

rc=0' net-list
says 'Network keennet defined from n1.xml

rc=0' net-define n1.xml
says ' Name      State      Autostart   Persistent
----------------------------------------------
 keennet   inactive   no          yes

rc=0' net-list --all
says ' keennet   inactive   no   yes
rc=0' -q net-list --all
says 'UUID

rc=0' net-list --inactive --uuid
says 'Name:           keennet
UUID:           UUID
Active:         no
Persistent:     yes
Autostart:      no
Bridge:         keenbr0
Mode:           nat
Subnet:         192.168.132.0/24
DHCP range:     192.168.132.2 - 192.168.132.254
Guests:         0

rc=0' net-info keennet
says ' Name      State      Autostart   Persistent   Bridge    Mode   Subnet             Guests
-------------------------------------------------------------------------------------------
 keennet   inactive   no          yes          keenbr0   nat    192.168.132.0/24   0

rc=0' net-list --all --wide
says "<network>
  <name>keennet</name>
  <uuid>UUID</uuid>
  <forward mode='nat'/>
  <bridge name='keenbr0' stp='off' delay='0'/>
  <mac address='MAC'/>
  <ip address='192.168.132.1' netmask='255.255.255.0'>
    <dhcp>
      <range start='192.168.132.2' end='192.168.132.254'/>
    </dhcp>
  </ip>
</network>

rc=0" net-dumpxml keennet
says 'Network keennet started

rc=0' net-start keennet
says '
E| error: Failed to start network keennet
E| error: Requested operation is not valid: network is already active
rc=1' net-start keennet
says "
E| error: failed to get network 'nosuch'
E| error: Network not found: no network with matching name 'nosuch'
rc=1" net-start nosuch
says "
E| error: failed to get network 'kenet'
E| error: Network not found: no network with matching name 'kenet'
E| hint: did you mean 'keennet'?
rc=1" start kenet
says 'words
keennet	active
rc=0' __complete -- vnetmgr net-destroy ''
says 'words
rc=0' __complete -- vnetmgr net-start ''
says "<network>
  <name>keennet</name>
  <uuid>UUID</uuid>
  <forward mode='nat'>
    <nat>
      <port start='1024' end='65535'/>
    </nat>
  </forward>
  <bridge name='keenbr0' stp='off' delay='0'/>
  <mac address='MAC'/>
  <ip address='192.168.132.1' netmask='255.255.255.0'>
    <dhcp>
      <range start='192.168.132.2' end='192.168.132.254'/>
    </dhcp>
  </ip>
</network>

rc=0" net-dumpxml keennet
has 'how many leases there are' '^Leases:         0 of 253 \(IPv4\)$' "$(vnm net-info keennet)"
ip netns add g
has 'no address, and what gives it one' "^hint: eth0 in 'g' has no address; --ip auto gives it a free one, " "$(vnm net-attach keennet --netns g 2>&1)"
vnm -q net-detach keennet g
same 'none is meant' '' "$(vnm net-attach keennet --netns g --ip none 2>&1 >/dev/null | grep address)"
offers() { expected=$1; shift; same "$* is completed" "$expected" "$("$VNETMGR" __complete -- vnetmgr "$@" | cut -f 1 | xargs)"; }
device=$(vnm net-port-list keennet | awk '$2 == "netns" { print $1 }')
offers "words $device g" net-detach keennet ''
offers 'words g' net-attach keennet --netns g
offers "words $device" net-attach keennet --dev "$device"
offers 'words g' net-forward-add keennet tcp 80 g
vnm -q net-detach keennet g
ok 'a guest' vnm net-attach keennet --netns g --ip auto
has 'is counted' '^Guests:         1$' "$(vnm net-info keennet)"
has 'in the list, too' ' keenbr0 +nat +192.168.132.0/24 +1 *$' "$(vnm net-list --title --wide)"
vnm -q net-detach keennet g; ip netns del g
has 'the persistent one is as it was' "<forward mode='nat'/>" "$(vnm net-dumpxml --inactive keennet)"
says 'Network keennet marked as autostarted

rc=0' net-autostart keennet
says ' Name      State    Autostart   Persistent
--------------------------------------------
 keennet   active   yes         yes

rc=0' net-list --all --autostart
says ' Name   State   Autostart   Persistent
----------------------------------------

rc=0' net-list --all --no-autostart
says 'Network keennet unmarked as autostarted

rc=0' net-autostart keennet --disable
says ' Expiry Time   MAC address   Protocol   IP address   Hostname   Client ID or DUID
-----------------------------------------------------------------------------------

rc=0' net-dhcp-leases keennet
says '
E| error: Failed to get leases info for keennet
E| error: invalid MAC address: zz
rc=1' net-dhcp-leases keennet zz
says 'UUID

rc=0' net-uuid keennet
uuid=$(vnm -q net-uuid keennet)
says 'keennet

rc=0' net-name "$uuid"
says 'keennet

rc=0' net-name "$(echo "$uuid" | tr a-f A-F)"
says "
E| error: failed to get network 'keennet'
rc=1" net-name keennet
says 'Network keennet destroyed

rc=0' net-destroy "$uuid"
says "
E| error: Failed to destroy network keennet
E| error: Requested operation is not valid: network 'keennet' is not active
rc=1" net-destroy keennet
says 'Network keennet has been undefined

rc=0' net-undefine keennet
says "
E| error: failed to get network 'keennet'
E| error: Network not found: no network with matching name 'keennet'
rc=1" net-undefine keennet
says 'Network keennet created from n1.xml

rc=0' net-create n1.xml
says ' Name      State    Autostart   Persistent
--------------------------------------------
 keennet   active   no          no

rc=0' net-list
says '
E| error: failed to mark network keennet as autostarted
E| error: Requested operation is not valid: cannot set autostart for transient network
rc=1' net-autostart keennet
says "
E| error: Failed to undefine network keennet
E| error: Requested operation is not valid: can't undefine transient network
rc=1" net-undefine keennet
says "
E| error: Failed to create network from n1.xml
E| error: Requested operation is not valid: network is already active as 'keennet'
rc=1" net-create n1.xml
says 'Network keennet destroyed

rc=0' net-destroy keennet
says ' Name   State   Autostart   Persistent
----------------------------------------

rc=0' net-list --all
says "
E| error: Failed to open file '/nosuch.xml': No such file or directory
rc=1" net-define /nosuch.xml
says "E| error: unknown command: 'net-frob'
E| hint: 'vnetmgr help' lists the commands
rc=1" net-frob
says "E| error: command 'net-define' requires <file> option
E| hint: 'vnetmgr help net-define' shows what it takes
rc=1" net-define
says "E| error: command 'net-list' doesn't support option --frob
E| hint: 'vnetmgr help net-list' shows what it takes
rc=1" net-list --frob
says '
E| error: Only one argument from --table, --name and --uuid may be specified.
rc=1' net-list --name --uuid

# Undefining an active network makes it transient; redefining one changes the persistent definition only.
says 'Network keennet defined from n1.xml

rc=0' net-define n1.xml
vnm -q net-start keennet
sed 's/132\.254/132.50/' n1.xml >n2.xml
says 'Network keennet defined from n2.xml

E| hint: it takes effect at the next start; now: vnetmgr net-dumpxml --inactive keennet | vnetmgr net-apply -
rc=0' net-define n2.xml
has 'live: the old one' '132\.254' "$(vnm net-dumpxml keennet)"
has 'persistent: the new one' '132\.50' "$(vnm net-dumpxml keennet --inactive)"
says 'Network keennet has been undefined

rc=0' net-undefine keennet
has 'transient now' ' keennet +active +no +no' "$(vnm net-list)"
vnm -q net-destroy keennet
same 'and gone' '' "$(vnm -q net-list --all)"

# Several names; --all; sorting without regard to case; --dry-run changes nothing.
for i in b A c; do printf "<network><name>%s</name><bridge name='br%s'/></network>" $i $i >$i.xml; vnm -q net-define $i.xml; done
says 'A
b
c

rc=0' net-list --all --name
before=$(snapshot)
ok 'dry run' vnm net-start b --dry-run
has 'shows the bridge' 'brb' "$(vnm net-start b --dry-run)"
# With -v, the steps of the dry run are printed on standard error as they are done.
vnm net-start b --dry-run >plan
ok 'reported' sh -c "'$VNETMGR' -v net-start b 2>steps"
same 'each step' "$(grep -v '^$' plan | without_ways)" "$(grep -v '^firewall back end: ' steps)"
has 'and why the rules are kept where they are' '^firewall back end: [a-z-]+, since [a-z]' "$(cat steps)"
lose_rules "$(among brb)"
"$VNETMGR" -v net-info b >info 2>missing
has 'how many rules are missing' '^Degraded: +missing 1 of [0-9]+ firewall rules$' "$(cat info)"
lacks="^network b lacks: (iptables -A VNM_[^ ]* -i brb -o brb -j ACCEPT|nft 'add rule ip vnetmgr [^ ]* iifname \"brb\" oifname \"brb\" .*)\$"
has 'which one' "$lacks" "$(cat missing)"
same 'only that' 1 "$(wc -l <missing)"
has 'not without -v' '^0 /' "$(vnm net-info b 2>&1 >/dev/null | wc -l) /"
has 'the repair names it, too' "$lacks" "$("$VNETMGR" -v net-repair b 2>&1 >/dev/null)"
vnm net-destroy b --dry-run >plan
ok 'reported' sh -c "'$VNETMGR' -v net-destroy b 2>steps"
same 'each step back' "$(grep -v '^$' plan | without_ways | grep -v '^#' | sort)" "$(grep -v '^#' steps | sort)"
same 'changes nothing' "$before" "$(snapshot)"
says "Network A started
Network c started

E| error: failed to get network 'nosuch'
E| error: Network not found: no network with matching name 'nosuch'
rc=1" net-start A nosuch c
ok 'start the rest' vnm net-start --all
same 'all are up' 'A b c' "$(vnm -q net-list --name | xargs)"
has 'dry run of a destroy' 'brb' "$(vnm net-destroy b --dry-run)"
same 'all are still up' 'A b c' "$(vnm -q net-list --name | xargs)"
ok 'destroy all' vnm net-destroy --all
same 'none is up' '' "$(vnm -q net-list --name)"
says 'Nothing to do

rc=0' net-destroy --all
says 'Nothing to do

rc=0' net-repair --all
says 'rc=0' -q net-repair --all
says "vnetmgr $(vnm --version | sed 's/.* //')
rc=0" --version

# XPath, titles, several commands in one argument; and what net-update must not do by mistake.
cat >t.xml <<'X'
<network><name>t</name><title>Zum Grünen Krug</title><bridge name='brt'/><dns><host ip='10.9.9.9'><hostname>x</hostname></host></dns>
<ip address='10.1.1.1' prefix='24'><dhcp><range start='10.1.1.2' end='10.1.1.9'/><host mac='02:00:00:00:00:01' ip='10.1.1.7'/></dhcp></ip></network>
X
vnm -q net-define t.xml
says '<range start="10.1.1.2" end="10.1.1.9"/>

rc=0' net-dumpxml t --xpath //range
says '<nodes>
  <range start="10.1.1.2" end="10.1.1.9"/>
</nodes>

rc=0' net-dumpxml t --wrap --xpath //range
says '
rc=0' net-dumpxml t --xpath //nosuch
says "
E| error: Incorrect xpath '//ip[': Invalid expression
rc=1" net-dumpxml t --xpath '//ip['
has 'a title, in the locale of C' ' t +inactive +no +yes +Zum Gr.xc3.xbcnen Krug$' "$(vnm net-list --all --title)"
has 'and of UTF-8' ' t +inactive +no +yes +Zum Grünen Krug$' "$(LC_ALL=C.UTF-8 vnm net-list --all --title)"
says 't

Network t marked as autostarted

rc=0' 'net-dumpxml t --xpath "/network/name/text()"; net-autostart t # and so on'
says "E| error: unknown command: 'net-frob'
E| hint: 'vnetmgr help' lists the commands
rc=1" 'net-autostart t --disable; net-frob'
has 'none was run' ' t +inactive +yes' "$(vnm net-list --all)"
says "
E| error: Failed to update network t
E| error: At least one of name, mac, or ip attribute must be specified for static host definition in network 't'
rc=1" net-update t delete ip-dhcp-host '<host/>'
has 'the host is still there' "02:00:00:00:00:01" "$(vnm net-dumpxml t)"
ok 'a second address of a name' vnm net-update t add dns-host "<host ip='10.9.9.8'><hostname>x</hostname></host>"
says '
E| error: Failed to update network t
E| error: Requested operation is not valid: multiple matching DNS HOST records were found in network t
rc=1' net-update t delete dns-host '<host><hostname>x</hostname></host>'
says 'Updated network t persistent config
rc=0' net-update t modify ip-dhcp-range "<range start='10.1.1.3' end='10.1.1.20'/>"
has 'the only range' "<range start='10.1.1.3' end='10.1.1.20'/>" "$(vnm net-dumpxml t)"
says '
E| error: unrecognized command name '"'ad'
E| hint: did you mean 'add'?
rc=1" net-update t ad dns-host x
vnm -q net-undefine t
no 'a full device is told' sh -c "'$VNETMGR' net-list --all >/dev/full"
# What a newer version has started: its state cannot be read here, and nobody touches it.
J=$VNETMGR_ROOT/run/vnetmgr/newer.journal
sed 's/keennet/newer/; s/keenbr0/br-newer/; s/192\.168\.132/192.168.133/g' n1.xml >newer.xml
ok 'define' vnm -q net-define newer.xml
ok 'start' vnm -q net-start newer
whole() { snapshot; cat "$VNETMGR_ROOT"/etc/vnetmgr/networks/*.xml; cksum "$J"; }
own=$("$VNETMGR" -V | sed 's/.* //')
cp "$J" journal
sed "s/^version .*/version 99.1\nteleport to=moon/" journal >"$J"
before=$(whole)
# refused PATTERN COMMAND...: with this word, and without any effect
refused() { why=$1; shift; no "$*" vnm -q "$@"; has "$*: why" "$why" "$(cat "$T/out")"; same "$*: nothing is done" "$before" "$(whole)"; }
why="error: network 'newer' was started by vnetmgr 99\.1, and $own does not know all that it is made of \(line [0-9]* of its journal: .*teleport.*\); use that version, or stop the network with it$"
has 'unknown' '^ newer  *unknown  *no  *yes$' "$(vnm -q net-list 2>/dev/null)"
has 'it is reported why' "^warning:${why#error:}" "$(vnm -q net-list 2>&1)"
has 'info' '^Active: *unknown$' "$(vnm -q net-info newer 2>/dev/null)"
for line in 'net-destroy newer' 'net-repair newer' 'net-attach newer --tap tap-9' 'net-start newer'; do
	# shellcheck disable=SC2086
	refused "$why" $line
done
refused "$why" net-update newer add dns-txt "<txt name='a' value='b'/>" --live
sed 's/^vnetmgr-journal 1$/vnetmgr-journal 2/' journal >"$J"
before=$(whole) why="error: journal of network 'newer' is of an unknown format, 'vnetmgr-journal 2', which another version of vnetmgr has written; this is $own\. Use that one, or stop the network with it$"
has 'another format: unknown' '^ newer  *unknown' "$(vnm -q net-list 2>/dev/null)"
for line in 'net-destroy newer' 'net-repair newer' 'net-start newer'; do
	# shellcheck disable=SC2086
	refused "$why" $line
done
cat journal >"$J"
has 'active' '^ newer  *active' "$(vnm -q net-list 2>&1)"
ok 'stop' vnm -q net-destroy newer
finish
