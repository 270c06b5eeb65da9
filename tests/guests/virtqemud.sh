#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A machine of libvirt's virtqemud, which finds vnetmgr-rpc in the place of virtnetworkd: its port comes and goes with it, and is
# claimed again after the network was started anew. VIRTQEMUD: the program, of a build of libvirt without the monolithic libvirtd's
# defaults; virtproxyd beside it is tried, too.
[ -n "${VIRTQEMUD:-}" ] || { echo 'SKIP: no virtqemud: make check-virtqemud VIRTQEMUD=PATH' >&2; exit 77; }
[ -x "$VIRTQEMUD" ] || { echo "SKIP: there is no program VIRTQEMUD=$VIRTQEMUD" >&2; exit 77; }
for dir in /etc/libvirt /var/lib/libvirt /var/cache/libvirt /var/log/libvirt; do
	[ -d $dir ] || { echo "SKIP: there is no $dir, where virtqemud has its files (libvirt-daemon-system)" >&2; exit 77; }
done
. "$srcdir/tests/lib/ns.sh"
. "$srcdir/tests/lib/rpc.sh"
. "$srcdir/tests/guests/guest.sh"
for dir in /etc/libvirt /var/lib/libvirt /var/cache/libvirt /var/log/libvirt; do mount -t tmpfs -o mode=755 tmpfs $dir; done
cat >/etc/libvirt/qemu.conf <<X
security_driver = "none"
user = "root"
group = "root"
namespaces = []
cgroup_controllers = []
stdio_handler = "file"
X
mkdir -p /run/libvirt
SOCK=/run/libvirt/virtnetworkd-sock SOCK_RO=/run/libvirt/virtnetworkd-sock-ro
before=$(snapshot)
serve

# manage: start virtqemud; it is $manager. Its machines do not end with it.
manage() {
	"$VIRTQEMUD" --timeout 600 >"$T/virtqemud" 2>&1 3>&- 4<&- & manager=$!
	try=0; until Q uri >/dev/null 2>&1; do [ $((try = try + 1)) -le 600 ] && kill -0 $manager || { cat "$T/virtqemud"; return 1; }; sleep .1; done
}
unmanage() { kill "$manager"; wait "$manager"; }
Q() { virsh -q -c 'qemu:///system?socket=/run/libvirt/virtqemud-sock' "$@"; }
# ports: the ports of the network, by their UUIDs
ports() { vnm -q net-port-list --uuid lab; }

cat >lab.xml <<'X'
<network><name>lab</name><forward mode='nat'/><bridge name='br-lab' stp='off'/>
<ip address='192.168.195.1' prefix='24'><dhcp><range start='192.168.195.10' end='192.168.195.99'/></dhcp></ip></network>
X
cat >vm1.xml <<X
<domain type='qemu'><name>vm1</name><uuid>6d5ff4ab-1e4b-4a30-9a35-6a1c8a4d0195</uuid><memory unit='MiB'>160</memory>
<os><type arch='x86_64' machine='pc'>hvm</type><kernel>$T/kernel</kernel><initrd>$T/initrd</initrd>
<cmdline>console=ttyS1 quiet panic=-1 mitigations=off net.ifnames=0</cmdline></os>
<features><acpi/></features>
<devices><emulator>$(command -v qemu-system-x86_64)</emulator><controller type='usb' model='none'/><memballoon model='none'/>
<serial type='pipe'><source path='$T/vm1'/><target port='0'/></serial>
<serial type='file'><source path='$T/vm1.console'/><target port='1'/></serial>
<interface type='network'><mac address='52:54:00:00:00:95'/><source network='lab'/><model type='virtio'/></interface></devices></domain>
X
ok 'virtqemud' manage || finish

# Networks through virtqemud, which knows of none itself.
ok 'define' Q net-define lab.xml
has 'it is ours' ' lab +inactive +no +yes' "$(vnm net-list --all)"
has 'and is listed' '^ lab +inactive +no +yes' "$(Q net-list --all)"
ok 'a machine' Q define vm1.xml
no_because 'on an inactive network' "network 'lab' is not active" Q start vm1
same 'has no port' '' "$(ports 2>/dev/null)"
ok 'start' Q net-start lab

pipes vm1
echo '(libvirt has it)' >vm1.qemu
ok 'the machine starts' Q start vm1
port=$(ports)
has 'with a port' '^[0-9a-f-]{36}$' "$port"
has 'which it knows' "<source network='lab' portid='$port' bridge='br-lab'/>" "$(Q dumpxml vm1)"
tap=$(Q domiflist vm1 | sed -n 's/^ *\(vnet[0-9]*\) .*/\1/p')
has 'on the bridge' ' master br-lab ' "$(ip -o link show "$tap")"
has 'whose owner is it' '<name>vm1</name>' "$(vnm -q net-port-dumpxml lab "$port")"
ok 'it boots' up vm1 || finish
address=$(vm vm1 lease)
has 'a lease' '^192\.168\.195\.[0-9]+$' "$address"
ok 'the host' vm vm1 'reaches 192.168.195.1'
same 'outside, as the host' "you are $UPLINK" "$(vm vm1 "page $SERVER")"
has 'its address is known' " 52:54:00:00:00:95 +ipv4 +$address/24" "$(Q domifaddr vm1 --source lease)"
# Which it sets before the tap's, for which a kernel may lack something.
Q domiftune vm1 "$tap" --outbound 800,1600,512 --live >tuned 2>&1 || has 'rates' 'Child process \([^ ]*tc ' "$(cat tuned)"
has 'rates of the port' "<outbound average='800' peak='1600' burst='512'/>" "$(vnm -q net-port-dumpxml lab "$port")"

# The network is started anew: its ports are lost, the machine's tap is on the bridge again, and virtqemud claims the port when it
# looks for it.
ok 'destroy' Q net-destroy lab
ok 'start again' Q net-start lab
has 'the tap is back' ' master br-lab ' "$(ip -o link show "$tap")"
ok 'the machine goes on' vm vm1 'reaches 192.168.195.1'
unmanage
same 'no port' '' "$(ports)"
ok 'virtqemud again' manage
ok 'claims the port' until_is "$port" ports
has 'as it was' "<plug type='network' bridge='br-lab'/>" "$(vnm -q net-port-dumpxml lab "$port")"
same 'the lease is renewed' "$address" "$(vm vm1 lease)"
same 'outside again' "you are $UPLINK" "$(vm vm1 "page $SERVER")"

# The server is needed for none of that.
end_server; rm -f "$SOCK" "$SOCK_RO"
ok 'the machine does not notice' vm vm1 'reaches 192.168.195.1'
serve

# By the socket where clients look that know of libvirtd only.
proxy=${VIRTQEMUD%/*}/virtproxyd
if [ -x "$proxy" ]; then
	"$proxy" --timeout 600 >"$T/virtproxyd" 2>&1 3>&- 4<&- & proxied=$!
	await test -S /run/libvirt/libvirt-sock
	has 'by virtproxyd' '^ lab +active' "$(virsh -q -c 'network:///system?socket=/run/libvirt/libvirt-sock' net-list)"
	has 'beside machines' '^ lab +active' "$(virsh -q -c 'qemu:///system?socket=/run/libvirt/libvirt-sock' net-list)"
	has 'to look at' '^ lab +active' "$(virsh -q -r -c 'network:///system?socket=/run/libvirt/libvirt-sock-ro' net-list)"
	kill $proxied; wait $proxied
fi
for uri in network:///system 'network:///system?mode=direct'; do
	has "without a path: $uri" '^ lab +active' "$(virsh -q -c "$uri" net-list)"
done

ok 'the machine stops' Q destroy vm1
same 'and its port with it' '' "$(ports)"
no 'and its tap' ip link show "$tap"
ok 'destroy the network' Q net-destroy lab
ok 'undefine it' Q net-undefine lab
unmanage
same 'no process is left of clients' '' "$(connections)"
end_server
same 'no trace is left' "$before" "$(snapshot)"
finish
