#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Guests of other kinds and other people: by process, by reservation, by portgroup, on direct networks; resolv.conf; what
# two guests may not share; several ports in one namespace.
. "$srcdir/tests/lib/ns.sh"
. "$srcdir/tests/lib/attach.sh"
before=$(snapshot)
N=192.168.190
cat >"$T/n.xml" <<X
<network xmlns:vnm='urn:vnetmgr:network:1'><name>n</name><forward mode='nat'/><bridge name='br-n' stp='off'/><domain name='lab.test'/>
<ip address='$N.1' prefix='24'><dhcp><range start='$N.10' end='$N.200'/><host mac='52:54:00:00:00:01' name='res' ip='$N.2'/></dhcp></ip>
<ip family='ipv6' address='fd00:190::1' prefix='64'><dhcp><range start='fd00:190::100' end='fd00:190::1ff'/></dhcp></ip>
<portgroup name='open' default='yes'/><portgroup name='alone'><port isolated='yes'/></portgroup></network>
X
ok define vnm -q net-define "$T/n.xml"
ok start vnm -q net-start n
up=$(state)
for ns in a b c; do ip netns add $ns; done
hosts() { cat "$VNETMGR_ROOT/run/vnetmgr/dnsmasq/n/"*hosts*; }

# A reservation is its guest's, and nobody else's.
has 'a reserved guest has its address' "eth0 in /run/netns/a $N.2/24 fd00:190::2/64$" "$(vnm net-attach n --netns a --ip auto --mac 52:54:00:00:00:01)"
same 'and its name' "$N.2" "$(inns a dig +short +time=3 @$N.1 res.lab.test)"
same 'which is reserved once' 1 "$(hosts | grep -cE "52:54:00:00:00:01,(id:\*,)?$N")"
ok 'another' vnm net-attach n --netns b --ip auto --hostname two --portgroup alone
has 'a portgroup isolates' 'isolated on' "$(ip -d -o link show vnet1)"
has 'the default one does not' 'isolated off' "$(ip -d -o link show vnet0)"
bridge link set dev vnet1 isolated off
has 'that it is no longer is seen' ' vnet1 .* degraded ' "$(vnm net-port-list n)"
ok 'and repaired' vnm net-repair n
has 'it is isolated again' 'isolated on' "$(ip -d -o link show vnet1)"
now=$(state)
refused() { title=$1 pattern=$2; shift 2; no_change_because "$title" "$pattern" vnm net-attach n "$@"; }
refused 'a MAC twice' "MAC address 52:54:00:00:00:01 is already used by 'vnet0'" --netns c --mac 52:54:00:00:00:01 --ip auto
refused 'a name twice' "host name 'TWO' is already used by 'vnet1'" --netns c --ip auto --hostname TWO
refused 'the name of a reserved guest' "host name 'res' is already used by 'vnet0'" --netns c --ip auto --hostname res
refused 'an address twice' "address $N.7 is given twice" --netns c --ip $N.7 --ip $N.7/24
refused 'no MAC' '00:00:00:00:00:00 cannot be' --netns c --mac 00:00:00:00:00:00
refused 'no portgroup' "has no portgroup 'nosuch'" --netns c --portgroup nosuch
refused 'vnetmgr itself' 'give the process ID' --netns /proc/self/ns/net
refused 'a relative path' 'an absolute path' --netns run/netns/c
refused 'a second default route' "'/run/netns/a' has a default route already; use --no-default-route" --netns a --ifname eth1 --ip auto
ok 'one more port in a namespace' vnm net-attach n --netns a --ifname eth1 --ip auto --no-default-route
has 'what its end would be' '^ip link del dev vnet2$' "$(vnm net-detach n vnet2 --dry-run)"
has 'is not done' ' vnet2 +netns +a +eth1 .* attached ' "$(vnm net-port-list n)"
ok 'is detached by its device' vnm net-detach n vnet2
ok 'the reserved guest goes' vnm net-detach n a
now=$(state)
refused 'a reserved name' "'res' reserved for another guest" --netns c --ip auto --hostname res
refused 'a reserved guest elsewhere' "has $N.2 reserved for MAC address 52:54:00:00:00:01" --netns a --mac 52:54:00:00:00:01 --ip $N.3
ok 'in its place' vnm net-attach n --netns a --mac 52:54:00:00:00:01 --ip $N.2
ok 'gone again' vnm net-detach n a
ok 'an address within the range of DHCPv6' vnm net-attach n --netns a --ip fd00:190::150 --hostname six
has 'is reserved' 'six,\[fd00:190::150\]' "$(hosts)"
# Port forwards find attached guests as they find reservations.
ok 'a forward to an attached guest' vnm net-forward-add n tcp 8080 $N.3:80
no 'nothing is reported of leases' grep -q 'reservation' "$T/out"
ok 'a forward to nobody' vnm net-forward-add n tcp 8081 $N.33:80
has 'a lease is offered' "reservation of $N.33, to which .* leads; make one: vnetmgr net-update n add ip-dhcp-host" "$(cat "$T/out")"
for port in 8080 8081; do vnm -q net-forward-del n tcp $port; done
vnm -q net-detach n a; vnm -q net-detach n b

# By process: gone with it, also when its number is another's.
unshare -n sleep 1000 & pid=$!
until [ "$(readlink /proc/$pid/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do sleep .02; done
ok 'by process' vnm net-attach n --netns $pid --ip auto
has 'it has the address' "inet $N.3/24" "$(nsenter -t $pid -n ip -o addr show eth0)"
kept="$VNETMGR_ROOT/var/lib/vnetmgr/attachments/n.xml"
sed -i "s/process='[0-9]*@/process='1@/" "$kept"
has 'another process of its number is not it' ' vnet0 .* gone ' "$(vnm net-port-list n)"
ok 'collected' vnm net-repair n
has 'and reported' 'vnet0 \(collected: its namespace is gone\)' "$(cat "$T/out")"
no 'its device as well' nsenter -t $pid -n ip link show eth0
ok 'once more' vnm net-attach n --netns $pid --ip auto
kill $pid; wait $pid 2>/dev/null
until ! ip link show vnet0 >/dev/null 2>&1; do sleep .02; done
has 'gone with its process' ' vnet0 .* gone ' "$(vnm net-port-list n)"
ok 'collected, too' vnm net-repair n
same 'nothing is left of them' "$up" "$(state)"

# /etc/netns: its resolv.conf, and nobody else's.
mkdir "$T/upper" "$T/work"
if mount -t overlay overlay -o "lowerdir=/etc,upperdir=$T/upper,workdir=$T/work" /etc 2>/dev/null; then
	mkdir -p /etc/netns/a /etc/netns/b
	echo 'nameserver 192.0.2.53' >/etc/netns/b/resolv.conf
	ok 'with a directory of its own' vnm net-attach n --netns a --ip auto
	same 'it is told the name server' "nameserver $N.1 nameserver fd00:190::1 search lab.test " "$(grep -v '^#' /etc/netns/a/resolv.conf | tr '\n' ' ')"
	same 'and uses it' "$N.1#53" "$(inns a dig +time=3 one.lab.test | sed -n 's/.*SERVER: \([^(]*\)(.*/\1/p')"
	no 'another file is not overwritten' vnm net-attach n --netns b --ip auto
	has 'why' "'/etc/netns/b/resolv.conf' already exists" "$(cat "$T/out")"
	same 'nor touched' 'nameserver 192.0.2.53' "$(cat /etc/netns/b/resolv.conf)"
	ok 'away' vnm net-detach n a
	no 'with its file' test -e /etc/netns/a/resolv.conf
	umount -l /etc
else
	echo 'no overlay file system here: resolv.conf is not looked at'
fi
same 'as before' "$up" "$(state)"

# Direct networks: a device on top of one of the host's.
ip link add nic0 type veth peer name nic1; ip link set nic0 up; ip link set nic1 up
ip addr add 10.77.0.1/24 dev nic1
if ip link add probe0 link nic0 type macvlan mode bridge 2>/dev/null; then
	ip link del probe0
	echo "<networkport><owner><name>vm1</name><uuid>12ac5b8c-51de-11ea-8e5f-e3a2a2a2a2a2</uuid></owner><mac address='52:54:00:00:00:01'/></networkport>" >"$T/port.xml"
	for mode in bridge vepa private passthrough; do
		echo "<network><name>$mode</name><forward mode='$mode'><interface dev='nic0'/></forward></network>" >"$T/$mode.xml"
		ok "define $mode" vnm -q net-define "$T/$mode.xml"
		ok "start $mode" vnm -q net-start $mode
		ok "$mode: a namespace" vnm net-attach $mode --netns a --ip 10.77.0.2/24
		has "$mode: of this mode" "macvlan mode $(echo $mode | sed 's/passthrough/passthru/') " "$(inns a ip -d -o link show eth0)"
		ok "$mode: it reaches what is behind the device" reaches a 10.77.0.1
		mac=$(inns a cat /sys/class/net/eth0/address)
		has "$mode: it is listed, with what passed" " vnet0 +netns +a +eth0 +$mac +10.77.0.2/24 +attached +yes +[1-9][0-9]* +[1-9]" "$(vnm net-port-list $mode)"
		no "$mode: not a device of the host" vnm net-attach $mode --dev nic1
		has "$mode: why" 'has no bridge' "$(cat "$T/out")"
		if [ $mode = passthrough ]; then
			no 'no second guest' vnm net-attach $mode --netns b --ip none
			same 'it is counted' "    <interface dev='nic0' connections='1'/>" "$(vnm -q net-dumpxml passthrough | grep 'interface dev')"
			no 'nor a port beside it' vnm net-port-create passthrough "$T/port.xml"
			has 'why not a port' "network 'passthrough' requires exclusive access" "$(cat "$T/out")"
			ok 'it goes' vnm -q net-detach passthrough a
			ok 'a port has the device' vnm -q net-port-create passthrough "$T/port.xml"
			no 'no guest beside it' vnm net-attach passthrough --netns a --ip none
			has 'why no guest' "network 'passthrough' requires exclusive access" "$(cat "$T/out")"
			ok 'the port goes' vnm -q net-port-delete passthrough "$(vnm -q net-port-list passthrough --uuid)"
			ok 'and the guest is back' vnm net-attach passthrough --netns a --ip 10.77.0.2/24
			no 'no second one' vnm net-attach passthrough --netns b --ip none
			has 'why not' "network 'passthrough' requires exclusive access to interfaces, but none are available" "$(cat "$T/out")"
		else
			ok "$mode: a tap" vnm net-attach $mode --tap mt0 --owner nobody --multiqueue
			number=$(cat /sys/class/net/mt0/ifindex)
			has "$mode: how it is opened" "^-netdev tap,id=mt0,fds=3:4 -device virtio-net-pci,netdev=mt0,mac=[0-9a-f:]*,mq=on,vectors=6 3<>" "$(cat "$T/out")"
			same "$mode: which file" "/dev/tap$number /dev/tap$number" "$(eval "echo $(sed -n 's/.*vectors=6 3<>\(.*\) 4<>/\1 /p' "$T/out")")"
			[ ! -e /dev/tap"$number" ] || same "$mode: by whom" nobody "$(stat -c %U /dev/tap"$number")"
		fi
		ok "$mode: stop" vnm net-destroy $mode
		ok "$mode: start again" vnm -q net-start $mode
		inns a ip link del eth0
		has "$mode: the loss is seen" ' vnet0 .* degraded ' "$(vnm net-port-list $mode)"
		ok "$mode: repair" vnm net-repair $mode
		ok "$mode: it reaches it again" reaches a 10.77.0.1
		vnm -q net-detach $mode a; [ $mode = passthrough ] || vnm -q net-detach $mode mt0
		no "$mode: nothing is left" sh -c "ip -o link | grep -E 'macv|mt0'"
		vnm -q net-destroy $mode; vnm -q net-undefine $mode
	done
else
	echo 'no macvlan here: direct networks are not looked at'
fi
ip link del nic0

# A new name of the network takes its guests along.
ok 'a guest' vnm net-attach n --netns a --ip auto
vnm -q net-destroy n
ok 'a new name' vnm net-rename n renamed
ok 'start' vnm net-start renamed
has 'the guest is there' ' vnet0 +netns +a .* attached ' "$(vnm net-port-list renamed)"
ok 'and reaches the host' reaches a $N.1
ok 'and is let go' vnm net-detach renamed a
vnm -q net-destroy renamed; vnm -q net-rename renamed n; vnm -q net-start n
same 'as it was' "$up" "$(state)"

# With a transient network its guests are detached, which is reported.
sed "s/<name>n</<name>t</; s/br-n/br-t/; s/$N/192.168.191/g; s/fd00:190/fd00:191/g" "$T/n.xml" >"$T/t.xml"
ok 'a transient network' vnm -q net-create "$T/t.xml"
ok 'with a guest' vnm net-attach t --netns a --ip auto
ok 'ends' vnm net-destroy t
has 'and reports it' "network 't' is no more; its 1 guest is detached" "$(cat "$T/out")"
no 'with its device' inns a ip link show eth0
vnm -q net-destroy n
same 'no trace is left' "$before" "$(snapshot)"
finish
