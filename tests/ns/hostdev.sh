#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# hostdev.sh - pools of virtual functions: which devices are in them, as sysfs shows them (here one of the test's own: what a device
# has for its functions takes such a device, see tests/kernels/sriov.sh), and what is said of them.
. "$srcdir/tests/lib/ns.sh"
cd "$T" || exit 1
OWNER='<owner><name>vm</name><uuid>12ac5b8c-51de-11ea-8e5f-e3a2a2a2a2a2</uuid></owner>'
printf "<networkport>%s<mac address='52:54:00:00:00:01'/></networkport>\n" "$OWNER" >port.xml
# network NAME FORWARD [REST]
network() { echo "<network><name>$1</name><uuid>5599d7e3-f78d-4f9b-abc2-1a9384ffc5f$2</uuid>$3</network>" >"$1.xml"; ok "define $1" vnm -q net-define --validate "$1.xml"; }
for i in 0 1 2 3; do ip link add f$i type veth peer name e$i; done
network pf 1 "<forward mode='hostdev' managed='yes'><pf dev='f0'/></forward><vlan><tag id='42'/></vlan>"
network own 2 "<forward mode='passthrough'><pf dev='f0'/></forward>"
network listed 3 "<forward mode='hostdev'><address type='pci' domain='0' bus='3' slot='0x10' function='1'/></forward>"
network absent 4 "<forward mode='hostdev'><pf dev='nosuch0'/></forward>"

no_because 'it has none' "device 'f0' of network 'pf' has no virtual functions; if it can have some: echo 4 >/sys/class/net/f0/device/sriov_numvfs" vnm -q net-start pf
no_because 'it is not there' "device 'nosuch0' does not exist" vnm -q net-start absent
no_because 'no such PCI device' "there is no PCI device 0000:03:10.1, which network 'listed' lists" vnm -q net-start listed

# A device with three functions, of which two have a driver of the host.
mkdir -p sys/net sys/pci sys/devices/pf/net/f0
for device in /sys/class/net/*; do ln -s "$(readlink -f "$device")" sys/net/; done
rm sys/net/f0; mkdir sys/net/f0; ln -s "$T/sys/devices/pf" sys/net/f0/device
for i in 0 1 2; do
	vf=sys/devices/0000:03:10.$i
	mkdir -p $vf; [ $i = 1 ] || mkdir -p $vf/net/f$((i + 1))
	ln -s ../pf $vf/physfn; ln -s ../0000:03:10.$i sys/devices/pf/virtfn$i; ln -s "$T/$vf" sys/pci/
done
mkdir sys/devices/0000:04:00.0; ln -s "$T/sys/devices/0000:04:00.0" sys/pci/
mount --bind sys/net /sys/class/net; [ ! -d /sys/bus/pci/devices ] || mount --bind sys/pci /sys/bus/pci/devices

ok 'a pool of PCI devices' vnm -q net-start pf
has 'whole' '^ pf +active ' "$(vnm net-list)"
has 'what it hands out' '^Note: +guests get PCI devices: net-port-create hands one out, with MAC address and VLAN; giving it to the guest is the hypervisor.s work$' "$(vnm net-info pf)"
has 'for programs' '"notes":\["guestsgetPCIdevices:' "$(vnm net-info pf --json | tr -d ' \n')"
same 'those of the device' '0x0 0x1 0x2' "$(vnm net-dumpxml pf | sed -n "s/.*<address type='pci' .*slot='0x10' function='\(.*\)'.*/\1/p" | xargs)"
no 'which stand in no file' sh -c "\"\$VNETMGR\" net-dumpxml --inactive pf | grep '<address'"
no_because 'it has no such settings' "device 'f0' does not tell of its virtual function 0 \(0000:03:10.0\)" vnm -q net-port-create pf port.xml
same 'nothing is handed out' '' "$(vnm -q net-port-list pf)"
no_because 'a trunk' 'vlan trunking is not supported by SR-IOV network devices' \
	sh -c "sed 's|</networkport|<vlan><tag id=\"1\"/><tag id=\"2\"/></vlan>&|' port.xml >trunk.xml; \"\$VNETMGR\" -q net-port-create pf trunk.xml"
no_because 'no tap' "network 'pf' hands out PCI devices, not devices of a guest; for one: vnetmgr net-port-create pf PORT.xml" vnm -q net-attach pf --tap t0
mv sys/devices/pf sys/devices/away
has 'its device is gone, and comes: it can be changed' ' pf ' "$(vnm -q net-update pf add portgroup "<portgroup name='g'/>" --live && vnm net-list)"
mv sys/devices/away sys/devices/pf
ok 'stop' vnm -q net-destroy pf
ok 'devices of the host' vnm -q net-start own
ok 'a port' vnm -q net-port-create own port.xml; ok 'another' vnm -q net-port-create own port.xml
same 'those that have a driver' 'f1 f3' "$(vnm net-dumpxml own | sed -n "s/.*<interface dev='\(.*\)' connections='1'.*/\1/p" | xargs)"
no_because 'no third' 'requires exclusive access to interfaces, but none are available' vnm -q net-port-create own port.xml
if [ -d /sys/bus/pci/devices ]; then
	ok 'one that is listed' vnm -q net-start listed; vnm -q net-destroy listed
	sed -i "s/bus='3' slot='0x10' function='1'/bus='4' slot='0' function='0'/" listed.xml; ok 'another' vnm -q net-define listed.xml
	no_because 'which is none' "PCI device 0000:04:00.0 of network 'listed' is no virtual function of a network device; only those are handed out" vnm -q net-start listed
fi
ip link del f3
has 'one is gone: why' "device f3" "$(vnm net-info own)"
ok 'stop' vnm -q net-destroy own

# Switches that a hypervisor tells of its guests.
for type in 802.1Qbg 802.1Qbh; do
	network q 5 "<forward mode='passthrough'><interface dev='f1'/><interface dev='f2'/></forward><virtualport type='$type'><parameters $([ $type = 802.1Qbh ] && echo "profileid='p'" || echo "managerid='1' typeid='2' typeidversion='3' instanceid='09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f'")/></virtualport>"
	ok "$type" vnm -q net-start q
	has "$type: whose work" "^Note: +<virtualport type='$type'>: connecting a guest is the hypervisor's work, for a port of net-port-create" "$(vnm net-info q)"
	ok "$type: a port" vnm -q net-port-create q port.xml
	has "$type: as it is told" "<virtualport type='$type'>" "$(vnm net-port-dumpxml q "$(vnm -q net-port-list q)")"
	no_because "$type: no attachment" "network 'q' has <virtualport type='$type'>, whose ports are connected by whoever runs the guest; see net-port-create" vnm -q net-attach q --tap t0
	ok 'stop' vnm -q net-destroy q
done
finish
