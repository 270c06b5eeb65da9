#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Ports of active networks: created, listed, printed, deleted; a pool runs out, also when many ask at once; what
# is guaranteed cannot be given twice; nothing of a port outlives its network, a restart, a reboot.
. "$srcdir/tests/lib/ns.sh"
cd "$T" || exit 1

OWNER='<owner><name>vm1</name><uuid>12ac5b8c-51de-11ea-8e5f-e3a2a2a2a2a2</uuid></owner>'
U=7ae53baa-51de-11ea-8e5f-0000000000
# port FILE PART...: a port with the parts; without a UUID unless one is among them
port() { f=$1; shift; printf "<networkport>%s<mac address='52:54:00:00:00:01'/>\n%s</networkport>\n" "$OWNER" "$*" >"$f"; }
net() { printf '<network><name>%s</name>%s</network>' "$1" "$2" >net.xml; ok "create $1" vnm -q net-create net.xml; }
# refused STATUS-LINE PATTERN COMMAND...
refused() {
	line=$1 pattern=$2; shift 2
	"$@" >o 2>e; same "exit status of $*" 1 $?
	same "first line of $*" "error: $line" "$(head -n 1 e)"
	has "message of $*" "^error: .*$pattern" "$(grep -v "^hint: " e | tail -n 1)"
	same "$*: nothing on standard output" '' "$(cat o)"
}
states() { find "$VNETMGR_ROOT/run/vnetmgr" -path '*ports*' | sort; }

for i in 1 2 3 4 5; do ip link add "d$i" type veth peer name "e$i"; done
ip link add hostbr type bridge
net a "<bridge name='br-a'/><bandwidth><inbound average='1000'/></bandwidth><port isolated='yes'/><portgroup name='slow' default='yes'><bandwidth><inbound average='10'/></bandwidth></portgroup>"
net host "<forward mode='bridge'/><bridge name='hostbr'/>"
net shared "<forward mode='vepa'><interface dev='d1'/><interface dev='d2'/></forward>"
net own "<forward mode='passthrough'><interface dev='d1'/><interface dev='d2'/><interface dev='d3'/><interface dev='d4'/><interface dev='d5'/></forward>"

# The commands, as a user of virsh sees them.
same 'no ports: the table' ' UUID
-------' "$(vnm net-port-list a)"
port p.xml "<uuid>${U}01</uuid>"
same 'create' "Network port ${U}01 created from p.xml" "$(vnm net-port-create a p.xml)"
same 'from standard input, any UUID form' "Network port ${U}02 created from -" \
	"$(sed "s/${U}01/7AE53BAA51DE11EA8E5F000000000002/" p.xml | vnm net-port-create --file - --validate --network a)"
same 'the table' " UUID
----------------------------------------
 ${U}01
 ${U}02" "$(vnm net-port-list a | sed 's/^---*$/----------------------------------------/')"
same 'the UUIDs' "${U}01
${U}02" "$(vnm -q net-port-list a --uuid)"
same 'quiet: no headings' " ${U}01
 ${U}02" "$(vnm -q net-port-list a --table)"
same 'a port' "<networkport>
  <uuid>${U}01</uuid>
  <owner>
    <name>vm1</name>
    <uuid>12ac5b8c-51de-11ea-8e5f-e3a2a2a2a2a2</uuid>
  </owner>
  <mac address='52:54:00:00:00:01'/>
  <bandwidth>
    <inbound average='10'/>
  </bandwidth>
  <port isolated='yes'/>
  <plug type='network' bridge='br-a'/>
</networkport>" "$(vnm -q net-port-dumpxml a "${U}01")"
has 'the network counts them' "^<network connections='2'>" "$(vnm -q net-dumpxml a)"
same 'delete' "Network port ${U}02 deleted" "$(vnm net-port-delete a "${U}02")"
has 'and again' "^<network connections='1'>" "$(vnm -q net-dumpxml a)"
port p.xml
made=$(vnm net-port-create host p.xml)
has 'a UUID is generated' '^Network port [0-9a-f-]{36} created from p\.xml$' "$made"
has 'the bridge of the host' "<plug type='bridge' bridge='hostbr'/>" \
	"$(vnm -q net-port-dumpxml host "$(vnm -q net-port-list host --uuid)")"

# What is wrong, and that nothing comes of it.
before=$(states)
printf '<network><name>idle</name></network>' >net.xml; vnm -q net-define net.xml
create='Failed to create network port from'
refused "$create p.xml" "network 'idle' is not active" vnm net-port-create idle p.xml
refused "Requested operation is not valid: network 'idle' is not active" 'not active' vnm net-port-list idle
refused "failed to get network 'nosuch'" "no network with matching name 'nosuch'" vnm net-port-create nosuch p.xml
refused "Failed to open file 'nosuch.xml': No such file or directory" nosuch vnm net-port-create a nosuch.xml
port bad.xml '<plug type="network" bridge="br-a"/>'
refused "$create bad.xml" 'bad\.xml:2: Port reclaim not requested but plug type is not none' vnm net-port-create a bad.xml
port bad.xml '<virtualprot/>'
refused "$create bad.xml" 'bad\.xml:2: unknown element <virtualprot>' vnm net-port-create a bad.xml
port bad.xml '<vlan><tag id="5"/></vlan>'
refused "$create bad.xml" "bridge 'br-a' does not filter VLANs, so a guest would not be kept in one; give network 'a'" vnm net-port-create a bad.xml
refused "$create bad.xml" "bridge 'hostbr' (cannot keep guests in their VLANs|does not filter VLANs)" vnm net-port-create host bad.xml
port bad.xml "<virtualport type='midonet'><parameters interfaceid='${U}02'/></virtualport>"
refused "$create bad.xml" "<virtualport type='midonet'> not supported for network 'own' which uses a macvtap device" vnm net-port-create own bad.xml
port bad.xml "<virtualport type='802.1Qbh'><parameters profileid='p'/></virtualport>"
refused "$create bad.xml" "<virtualport type='802.1Qbh'> not supported for network 'host' which uses a bridge device" vnm net-port-create host bad.xml
port bad.xml '<virtualport type="openvswitch"/>'
refused "$create bad.xml" "<virtualport type='openvswitch'> not supported for network 'a' which uses IP forwarding" vnm net-port-create a bad.xml
port bad.xml "<uuid>${U}01</uuid>"
refused "$create bad.xml" "Network port with UUID ${U}01 already exists" vnm net-port-create a bad.xml
head -c 1100000 /dev/zero | tr '\0' ' ' >bad.xml
refused "$create bad.xml" 'more than 1048576 bytes' vnm net-port-create a bad.xml
refused "failed to get network port '${U}09'" "network 'a' has no port with matching uuid" vnm net-port-delete a "${U}09"
refused "failed to get network port '${U}09'" "network 'a' has no port with matching uuid" vnm net-port-dumpxml a "${U}09"
refused "failed to get network port '../../a'" 'is not a UUID' vnm net-port-delete a ../../a
refused 'Only one argument from --table and --uuid may be specified.' 'Only one' vnm net-port-list a --uuid --table
same 'nothing came of it' "$before" "$(states)"
port odd.xml '<group>nosuch</group>'
has 'an unknown portgroup: a warning' "^warning: network 'host' has no portgroup 'nosuch'" "$(vnm -q net-port-create host odd.xml 2>&1)"

# A pool: by turns; and for passthrough each device once, even when twenty ask at the same time.
for i in 1 2 3; do ok 'shared' vnm -q net-port-create shared p.xml; done
same 'connections of a pool' "<network connections='3'>
    <interface dev='d1' connections='2'/>
    <interface dev='d2' connections='1'/>" "$(vnm -q net-dumpxml shared | grep connections)"
no 'not of the definition that is kept' sh -c "'$VNETMGR' -q net-dumpxml shared --inactive | grep connections"
ok 'the pool grows while it is used' vnm -q net-update shared add forward-interface "<interface dev='d3'/>" --live
ok 'and the new device is taken' vnm -q net-port-create shared p.xml
has 'which the others do not notice' "interface dev='d1' connections='2'" "$(vnm -q net-dumpxml shared)"
has 'taken' "interface dev='d3' connections='1'" "$(vnm -q net-dumpxml shared)"
pids=
for i in $(seq 20); do
	vnm net-port-create own p.xml >"c$i" 2>&1 & pids="$pids $!"
done
made=0
for pid in $pids; do wait "$pid" && made=$((made + 1)); done
same 'five devices, five ports' 5 "$made"
same 'and five records' 5 "$(vnm -q net-port-list own --uuid | wc -l)"
same 'the others are told' 15 "$(cat c* | grep -c "network 'own' requires exclusive access to interfaces, but none are available")"
plugs() { for u in $(vnm -q net-port-list own --uuid); do vnm -q net-port-dumpxml own "$u"; done | sed -n "s/.*plug .*dev='\([^']*\)'.*/\1/p" | sort | xargs; }
same 'each device once' 'd1 d2 d3 d4 d5' "$(plugs)"
first=$(vnm -q net-port-list own --uuid | head -n 1)
freed=$(vnm -q net-port-dumpxml own "$first" | sed -n "s/.*dev='\([^']*\)'.*/\1/p")
ok 'one is given back' vnm -q net-port-delete own "$first"
same 'and is free' "    <interface dev='$freed'/>" "$(vnm -q net-dumpxml own | grep "interface dev='$freed'")"
ok 'and given out again' vnm -q net-port-create own p.xml
same 'each device once, still' 'd1 d2 d3 d4 d5' "$(plugs)"

# Floors: no more than the network has, and again once one is given back.
floor() { port f.xml "<uuid>${U}$1</uuid><bandwidth><inbound average='1' floor='$2'/></bandwidth>"; vnm -q net-port-create "${3:-a}" f.xml; }
ok 'floor' floor 21 600
has 'it has a class' "<bandwidth classID='3'>" "$(vnm -q net-port-dumpxml a "${U}21")"
refused "$create f.xml" "new combined inbound floor=1001 would overcommit average=1000 on network 'a'" floor 22 401
ok 'the rest' floor 22 400
ok 'give it back' vnm -q net-port-delete a "${U}21"
ok 'and take it again' floor 23 600
refused "$create f.xml" "'floor' is only supported for interface type 'network'" floor 24 1 host

# The end of a network is that of its ports; a restart begins with none.
has 'destroy warns' "^warning: network 'own' still has 5 ports, which go with it" "$(vnm net-destroy own 2>&1)"
no 'no trace' sh -c "find '$VNETMGR_ROOT/run/vnetmgr' | grep -w own"
ok 'revert' vnm -q net-port-delete a "${U}01"
xml=$(vnm -q net-dumpxml a --inactive); echo "$xml" >net.xml
ok 'keep it' vnm -q net-define net.xml
ok 'stop' vnm -q net-destroy a
ok 'start' vnm -q net-start a
same 'restarted: no ports' '' "$(vnm -q net-port-list a --uuid)"
ok 'and all floors free' floor 31 1000
# Another boot: what the run directory has about this one is void.
ip link del br-a
sed -i 's/^boot .*/boot 00000000-0000-0000-0000-000000000000/' "$VNETMGR_ROOT/run/vnetmgr/a.journal"
ok 'start after a reboot' vnm -q net-start a
same 'rebooted: no ports' '' "$(vnm -q net-port-list a --uuid)"
ok 'all down' vnm -q net-destroy --all
same 'nothing is left' '' "$(states)"
finish
