#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# sriov.sh - virtual functions of a network card (igb): ports get them, with MAC address and VLAN; who reaches whom; repair, a change by
# others, what is given back.
. "$srcdir/world.sh"
need strace
modprobe igb; modprobe igbvf
until_is 1 sh -c 'ls /sys/bus/pci/drivers/igb/*/net 2>/dev/null | grep -c .' || skip 'no card of igb'
PF=$(basename /sys/bus/pci/drivers/igb/*/net/*)
ip link set "$PF" up
OWNER='<owner><name>vm</name><uuid>12ac5b8c-51de-11ea-8e5f-e3a2a2a2a2a2</uuid></owner>'
U=7ae53baa-51de-11ea-8e5f-00000000000
# port N [PART]: a port with this number in its UUID and its MAC address
port() { printf "<networkport><uuid>$U%s</uuid>%s<mac address='52:54:00:00:00:0%s'/>%s</networkport>\n" "$1" "$OWNER" "$1" "${2:-}" >"port$1.xml"; vnm -q net-port-create "${NET:-pf}" "port$1.xml"; }
of() { vnm -q net-port-dumpxml "${NET:-pf}" "$U$1" | sed -n "s/.*<address domain='0x\(.*\)' bus='0x\(.*\)' slot='0x\(.*\)' function='0x\(.*\)'.*/\1:\2:\3.\4/p"; }
# has_vf N: MAC address and VLAN that the card has for it
has_vf() { ip link show "$PF" | awk -v vf="$1" '$1 == "vf" && $2 == vf { mac = $4 == "link/ether" ? $5 : $4; sub(/,$/, "", mac); vlan = 0; for (i = 1; i < NF; i++) if ($i == "vlan") vlan = $(i + 1) + 0; print mac, vlan }'; }
numbers() { for vf in 0 1 2 3; do has_vf $vf; done; }
cat >pf.xml <<X
<network><name>pf</name><forward mode='hostdev' managed='yes'><driver name='vfio'/><pf dev='$PF'/></forward><vlan><tag id='42'/></vlan></network>
X
ok 'define' vnm -q net-define --validate pf.xml
no_because 'none is switched on' "device '$PF' of network 'pf' has no virtual functions; if it can have some: echo 4 >/sys/class/net/$PF/device/sriov_numvfs" vnm -q net-start pf
echo 4 >"/sys/class/net/$PF/device/sriov_numvfs" || skip 'the card has no virtual functions'
before=$(numbers)
ok 'start' vnm -q net-start pf
same 'the pool' 4 "$(vnm net-dumpxml pf | grep -c "<address type='pci'")"
ok 'a port' port 1; ok 'another' port 2; ok 'one in another VLAN' port 3 "<vlan><tag id='43'/></vlan>"
same 'the first' '52:54:00:00:00:01 42' "$(has_vf 0)"
same 'its address' "$(basename "$(readlink "/sys/class/net/$PF/device/virtfn0")")" "$(of 1)"
same 'the second' '52:54:00:00:00:02 42' "$(has_vf 1)"
same 'the third' '52:54:00:00:00:03 43' "$(has_vf 2)"
same 'nobody else' "$(echo "$before" | sed -n 4p)" "$(has_vf 3)"
has 'as libvirt says it' "<plug type='hostdev-pci' managed='yes'>" "$(vnm -q net-port-dumpxml pf ${U}1)"
has 'connections' "<address type='pci' .* connections='1'/>" "$(vnm net-dumpxml pf)"
has 'whole' '^ pf +active ' "$(vnm net-list)"

# As a hypervisor would hand them on: the driver of the guest gets them anew.
give() {
	pci=$(of "$1")
	echo "$pci" >/sys/bus/pci/drivers/igbvf/unbind; echo "$pci" >/sys/bus/pci/drivers/igbvf/bind
	until_is 1 sh -c "ls /sys/bus/pci/devices/$pci/net 2>/dev/null | grep -c ."
	vf=$(ls "/sys/bus/pci/devices/$pci/net")
	same "the guest's MAC address" "52:54:00:00:00:0$1" "$(cat "/sys/class/net/$vf/address")"
	ip netns add "g$1"; ip link set "$vf" netns "g$1"; ip -n "g$1" link set "$vf" name eth0; ip -n "g$1" addr add "10.42.0.$1/24" dev eth0; ip -n "g$1" link set eth0 up
	until_is up inns "g$1" cat /sys/class/net/eth0/operstate
}
for n in 1 2 3; do give $n; done
ok 'two of one VLAN reach each other' reaches g1 10.42.0.2
no 'one of another does not' reaches g3 10.42.0.1
for n in 1 2 3; do inns g$n ip link set eth0 netns 1 name vf$n; ip netns del g$n; done

# What others do is seen and repaired.
ip link set "$PF" vf 0 vlan 44
has 'another VLAN: why' "virtual function .* of $PF.*it has another VLAN" "$(vnm net-info pf)"
ok 'repair' vnm -q net-repair pf; same 'repaired' '52:54:00:00:00:01 42' "$(has_vf 0)"
ip link set "$PF" vf 1 mac 52:54:00:00:00:99
has 'another MAC address: why' 'it has another MAC address' "$(vnm net-info pf)"
ok 'repair' vnm -q net-repair pf; same 'repaired' '52:54:00:00:00:02 42' "$(has_vf 1)"

# A second network of the same card gets none of those that guests of the first have.
sed "s/<name>pf/<name>two/; s/<vlan>.*<.vlan>//" pf.xml >two.xml
ok 'a second network' vnm -q net-create two.xml
NET=two; ok 'the last one' port 4; same 'it' "$(basename "$(readlink "/sys/class/net/$PF/device/virtfn3")")" "$(of 4)"; same 'without a VLAN' '52:54:00:00:00:04 0' "$(has_vf 3)"
no_because 'no more' 'requires exclusive access to interfaces, but none are available' port 5
ok 'it ends' vnm -q net-destroy two
NET=pf

# What they had is given back: with the port, with the network; and a killed command leaves nothing behind.
ok 'delete' vnm -q net-port-delete pf ${U}2
same 'given back' "$(echo "$before" | sed -n 2p)" "$(has_vf 1)"
ok 'again' port 2; same 'the second' '52:54:00:00:00:02 42' "$(has_vf 1)"
vnm -q net-port-delete pf ${U}2
for k in 1 2 3 4 5 6; do
	timeout 20 strace -f -o /dev/null -e inject=sendmsg:signal=KILL:when=$k "$VNETMGR" -q net-port-create pf port2.xml >/dev/null 2>&1
	vnm -q net-list >/dev/null
	case $(vnm -q net-port-list pf | grep -c ${U}2) in 0) same "killed at $k: not there" "$(echo "$before" | sed -n 2p)" "$(has_vf 1)" ;; *) same "killed at $k: there" '52:54:00:00:00:02 42' "$(has_vf 1)"; vnm -q net-port-delete pf ${U}2 ;; esac
done
ok 'again' port 2
echo 0 >"/sys/class/net/$PF/device/sriov_numvfs"
has 'they are switched off: why' 'virtual function .* of' "$(vnm net-info pf)"
ok 'a port can be deleted' vnm -q net-port-delete pf ${U}2
no_because 'none is handed out' 'requires exclusive access to interfaces, but none are available' port 2
echo 4 >"/sys/class/net/$PF/device/sriov_numvfs"
ok 'they are on again: repair' vnm -q net-repair pf; same 'repaired' '52:54:00:00:00:01 42' "$(has_vf 0)"
ok 'stop' vnm -q net-destroy pf
same 'what guests had is nowhere' 0 "$(numbers | grep -c -e ^52:54 -e ' 4[0-9]$')"

# Pools of devices of the host.
sed "s/mode='hostdev' managed='yes'/mode='passthrough'/; s|<driver[^>]*>||; s/<vlan>.*<.vlan>//; s/<name>pf/<name>own/" pf.xml >own.xml
ok 'devices of the host' vnm -q net-create own.xml
same 'four' 4 "$(vnm net-dumpxml own | grep -c '<interface dev=')"
ip netns add a
# Kernels of former times look for the name in the host's namespace, too.
if ip link add link "$PF" name "$PF" netns a type macvlan 2>/dev/null; then
	ip -n a link del "$PF"
	ok 'a name of the host' vnm -q net-attach own --netns a --ifname "$PF"
	ok 'is that of the guest' ip -n a link show dev "$PF"
	ok 'detach it' vnm -q net-detach own a
else
	no_because 'a name of the host' "the host has a device '$PF', and the kernel gives no macvlan that name, not in a namespace either; choose another: --ifname" \
		vnm -q net-attach own --netns a --ifname "$PF"
fi
ok 'a guest' vnm -q net-attach own --netns a --ifname net0
has 'on the first' "connections='1'" "$(vnm net-dumpxml own | grep -m 1 '<interface dev=')"
ok 'detach' vnm -q net-detach own a
ok 'stop' vnm -q net-destroy own
finish
