#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# net-attach and net-detach: namespaces, taps and devices on a network, across stops, restarts and sabotage.
. "$srcdir/tests/lib/ns.sh"
. "$srcdir/tests/lib/attach.sh"
before=$(snapshot)
cat >"$T/n.xml" <<'X'
<network><name>n</name><forward mode='nat'><nat ipv6='yes'/></forward><bridge name='br-n' stp='off'/><domain name='lab.test'/>
<ip address='192.168.190.1' prefix='24'><dhcp><range start='192.168.190.10' end='192.168.190.200'/><host mac='52:54:00:00:00:01' ip='192.168.190.2'/></dhcp></ip>
<ip family='ipv6' address='fd00:190::1' prefix='64'/></network>
X
N=192.168.190
vnm -q net-define "$T/n.xml"; vnm -q net-start n
up=$(state)
for ns in g1 g2 g3; do ip netns add $ns; done
mkdir -p /etc/netns 2>/dev/null

# A namespace: device, addresses of both families, routes, names.
ok 'what it would do' vnm net-attach n --netns g1 --ip auto --hostname one --dry-run
has 'a pair' '^ip link add vnet0 type veth peer name eth0 address 52:54:00:.* netns /run/netns/g1$' "$(cat "$T/out")"
same 'nothing is done' "$up" "$(state)"
has 'attached' "^Device vnet0 attached to network n: eth0 in /run/netns/g1 $N.3/24 fd00:190::2/64$" "$(vnm net-attach n --netns g1 --ip auto --hostname one)"
ok 'it reaches the host' reaches g1 $N.1
ok 'by IPv6, too' reaches g1 fd00:190::1
same 'it is on the net' "you are $UPLINK" "$(web g1 "$SERVER")"
same 'and on the other' "you are $UPLINK6" "$(web g1 "[$SERVER6]")"
ok 'a second one' vnm net-attach n --netns g2 --ip auto --hostname two --ifname lan0 --mac 52:54:00:12:34:56 --isolated
same 'its name is answered' "$N.4" "$(inns g1 dig +short +time=3 @$N.1 two.lab.test)"
same 'in both families' fd00:190::3 "$(inns g1 dig +short +time=3 @$N.1 two AAAA)"
same 'and back' two.lab.test. "$(inns g1 dig +short +time=3 @$N.1 -x $N.4)"
has 'its MAC' 'link/ether 52:54:00:12:34:56 ' "$(inns g2 ip -o link show lan0)"
has 'its port is isolated' 'isolated on' "$(ip -d -o link show vnet1)"
has 'in the table' " vnet1 +netns +g2 +lan0 +52:54:00:12:34:56 +$N.4/24 fd00:190::3/64 +attached +yes +[0-9]+ +[0-9]+$" "$(vnm net-port-list n)"
guest d1 br-n
ok 'a DHCP client' dhcp d1
no 'is not given their addresses' sh -c "[ $(dhcp_value d1 ip) = $N.3 ] || [ $(dhcp_value d1 ip) = $N.4 ]"
unshare -n sleep 1000 & pid=$!
until [ "$(readlink /proc/$pid/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do sleep .02; done
ok 'by PID' vnm net-attach n --netns $pid --ip none --ifname pid0
has 'right there' ': pid0@' "$(nsenter -t $pid -n ip -o link show pid0)"
ok 'and away' vnm net-detach n vnet2
kill $pid

# A tap for a virtual machine, a device that exists.
has 'a tap' '^-netdev tap,id=tap0,ifname=tap0,script=no,downscript=no,queues=2(,vhost=on)? -device virtio-net-pci,netdev=tap0,mac=52:54:00:[0-9a-f:]*,mq=on,vectors=6$' "$(vnm net-attach n --tap tap0 --owner nobody --group nogroup --multiqueue --vnet-hdr 2>/dev/null)"
has 'as asked for' 'master br-n .*tun type tap .*vnet_hdr on .*persist on user nobody group nogroup' "$(ip -d -o link show tap0)"
# What QEMU opens besides: the options ask for it where the owner can open it; else a warning names what is missing.
cat >"$T/devices.sh" <<'END'
mkdir "$T/dev" && mount -t tmpfs -o mode=755 tmpfs "$T/dev" && mkdir "$T/dev/net" || exit
for file in null urandom net/tun; do : >"$T/dev/$file"; mount --bind "/dev/$file" "$T/dev/$file" || exit; done
[ "$1" = none ] || { : >"$T/dev/vhost-net"; chmod "$1" "$T/dev/vhost-net"; }
mount --rbind "$T/dev" /dev || exit; shift
"$VNETMGR" "$@"; status=$?
"$VNETMGR" -q net-detach n vtap; exit $status
END
export T
attached_with() { unshare -m sh "$T/devices.sh" "$@" >"$T/line" 2>"$T/output"; rmdir "$T/dev"; grep -c 'script=no,vhost=on -device' "$T/line"; }
ok 'a tap with an address' vnm -q net-attach n --tap vtap --ip $N.77 --hostname fc
same 'its name' $N.77 "$(inns g1 dig +short +time=3 @$N.1 fc.lab.test)"
ok 'away' vnm -q net-detach n vtap
VTAP='net-attach n --tap vtap --vnet-hdr'
same 'vhost-net is there' 1 "$(attached_with 600 $VTAP)"
same 'and not asked for' 0 "$(attached_with 600 net-attach n --tap vtap)"
same 'nor without it' 0 "$(attached_with none -v $VTAP)"
has 'why' '^vhost=on is left out: root cannot open /dev/vhost-net: No such file or directory$' "$(cat "$T/output")"
same 'not for its owner' 0 "$(attached_with 600 $VTAP --owner nobody)"
has 'which is reported' "^warning: vhost=on is left out: user 'nobody' cannot open /dev/vhost-net: Permission denied$" "$(cat "$T/output")"
same 'for its owner' 1 "$(attached_with 666 $VTAP --owner nobody)"
if setpriv --reuid=nobody --regid=nogroup --clear-groups sh -c ': <>/dev/net/tun' 2>/dev/null; then
	same 'nothing is missing' '' "$(cat "$T/output")"
else
	has 'its owner cannot use taps' "^warning: user 'nobody' may use 'vtap', but cannot open /dev/net/tun: Permission denied; .*chmod 666 /dev/net/tun$" "$(cat "$T/output")"
fi

ip link add ext0 type veth peer name ext1
ok 'a device of ours' vnm net-attach n --dev ext0
has 'is on the bridge, and up' '<[^>]*UP[^>]*> .*master br-n ' "$(ip -o link show ext0)"

# What cannot be is refused before anything is done.
now=$(state)
refused() { title=$1 pattern=$2; shift 2; no_change_because "$title" "$pattern" vnm net-attach n "$@"; }
refused 'no namespace' "namespace '/run/netns/nosuch' does not exist; make it by --create, or: ip netns add nosuch" --netns nosuch
refused 'no such process' "'/proc/999999999/ns/net' does not exist" --netns 999999999
refused 'no namespace at all' "'/etc/passwd' is no network namespace" --netns /etc/passwd
refused 'a name in use' "device 'uplink0' already exists" --tap uplink0
refused 'attached already' "'tap0' is already attached to network 'n'" --tap tap0
refused 'a name that is too long' 'cannot be the name of a device' --tap abcdefghijklmnop
refused 'inside, too' "device 'eth0' already exists" --netns g1
refused 'no owner' "there is no user 'nosuchuser'" --tap tap1 --owner nosuchuser
refused 'outside of the subnet' 'is in no subnet' --netns g3 --ip 10.0.0.5
refused 'the gateway' "taken already on network 'n': it is the host's own; choose another, or use --ip auto" --netns g3 --ip $N.1
refused 'a reservation' "taken already on network 'n': it is reserved for [^;]*;" --netns g3 --ip $N.2
refused 'a lease' "taken already on network 'n': [0-9a-f:]{17} has leased it;" --netns g3 --ip "$(dhcp_value d1 ip)"
refused 'an attachment' "taken already on network 'n': 'vnet[0-9]*'[^;]* has it;" --netns g3 --ip fd00:190::3
refused 'the broadcast address' 'whole subnet' --netns g3 --ip $N.255
refused 'no address' 'is not an address' --netns g3 --ip x
ip link add br-y type bridge; ip link add y0 type veth peer name y1; ip link set y0 master br-y
now=$(state)
refused 'a device of another bridge' 'belongs to another bridge' --dev y0
ip link del br-y; ip link del y0
now=$(state)
refused 'no device' "cannot find device 'nosuch0'" --dev nosuch0
refused 'the bridge itself' 'cannot be put on a bridge' --dev br-n
refused 'nothing' 'one of --tap, --tun, --netns and --dev' --ip auto
refused 'two' 'one of --tap, --tun, --netns and --dev' --tap t --dev d
refused 'options of another kind' 'need --tap or --tun' --netns g3 --owner root

# The network stops and starts: the guests stay, and are on it again.
leave d1
ok 'stop' vnm net-destroy n
has 'it reports it' "stopped with 4 guests attached" "$(cat "$T/out")"
ok 'the tap is there' ip link show tap0
has 'they are told' ' vnet0 .* unplugged ' "$(vnm net-port-list n)"
ok 'start' vnm net-start n
ok 'the guest reaches the host again' reaches g1 $N.1
ok 'and the other' reaches g2 fd00:190::1
same 'names are answered again' "$N.3" "$(inns g2 dig +short +time=3 @$N.1 one)"
has 'the tap is on the bridge' 'master br-n' "$(ip -o link show tap0)"

# Sabotage, repair; a namespace that is gone is collected.
ip link set tap0 nomaster
inns g1 ip addr flush dev eth0
has 'it is seen' ' vnet0 .* degraded ' "$(vnm net-port-list n)"
has 'repaired' 'Network n repaired: .* of guest vnet0 [(]g1[)], tap0 on bridge br-n of guest tap0$' "$(vnm net-repair n)"
ok 'it works again' reaches g1 $N.1
has 'the tap, too' 'master br-n' "$(ip -o link show tap0)"
ip netns del g2
until ! ip link show vnet1 >/dev/null 2>&1; do sleep .02; done
has 'it is shown' ' vnet1 .* gone ' "$(vnm net-port-list n)"
has 'and collected' 'vnet1 \(collected: its namespace is gone\)' "$(vnm net-repair n)"
same 'its name is forgotten' '' "$(inns g1 dig +short +time=3 @$N.1 two)"

# Many at once never get one address twice.
for i in 1 2 3 4 5 6 7 8; do ip netns add m$i; done
for i in 1 2 3 4 5 6 7 8; do vnm -q net-attach n --netns m$i --ip auto & done; wait
same 'eight guests, eight addresses' 8 "$(for i in 1 2 3 4 5 6 7 8; do inns m$i ip -4 -o addr show eth0 | sed 's/.*inet \([^ ]*\).*/\1/'; done | sort -u | wc -l)"
for i in 1 2 3 4 5 6 7 8; do vnm -q net-detach n m$i; ip netns del m$i; done

# A namespace that is made for the guest goes with it; one of the same name that somebody else made does not.
names() { ls /run/netns | xargs; }
were=$(names) with=$(state)
ok 'what it would do' vnm net-attach n --netns made --create --ip auto --dry-run
same 'the namespace first' 'mkdir -p /etc/netns/made ip netns add made' "$(head -n 2 "$T/out" | xargs)"
same 'nothing is made' "$with$were" "$(state)$(names)"
no 'refused' vnm net-attach n --netns made --create --ip 10.9.9.9
same 'nothing is left' "$with$were" "$(state)$(names)"
no 'one that is there' vnm net-attach n --netns g3 --create --ip auto
has 'why' "'/run/netns/g3' already exists; leave --create out" "$(cat "$T/out")"
for bad in '--netns /run/netns/x' '--tap x'; do
	no "--create with $bad" vnm net-attach n $bad --create
	has 'why' 'create needs --netns with a name' "$(cat "$T/out")"
done
ok 'made' vnm net-attach n --netns made --create --ip auto --hostname made
ok 'it reaches the host' reaches made $N.1
if [ -w /etc/netns ]; then
	ok 'it knows the name server' grep -qx "nameserver $N.1" /etc/netns/made/resolv.conf
	ok 'and resolves names of guests by it' until_is made.lab.test sh -c "ip netns exec made getent hosts made.lab.test | sed 's/.* //'"
fi
ok 'ip-netns knows it' sh -c 'ip netns list | grep -q "^made"'
ok 'stop' vnm net-destroy n
ok 'it stays' ip netns exec made true
ok 'start' vnm net-start n
ok 'it reaches the host again' reaches made $N.1
dev=$(vnm -q net-port-list n | sed -n 's/^ *\([^ ]*\) .* made .*/\1/p')
ip netns del made; until ! ip link show "$dev" >/dev/null 2>&1; do sleep .02; done
has 'its loss is seen' 'lacks network namespace made,' "$(vnm net-info n)"
ok 'it is made again' vnm net-repair n
ok 'and reaches the host' reaches made $N.1
# After a boot there is nothing of it.
ok 'stop' vnm net-destroy n
ip netns del made; rm -r "$VNETMGR_ROOT/run/vnetmgr"
for dev in $(ls /sys/class/net | grep -E '^(vnet|tap)[0-9]'); do ip link del dev "$dev" 2>/dev/null; done
[ ! -w /etc/netns ] || sed -i 's/^nameserver.*/nameserver 192.0.2.1/' /etc/netns/made/resolv.conf	# of a definition that was changed since
"$VNETMGR" net-start n >"$T/booted" 2>&1
ok 'it is there after a boot' reaches made $N.1
[ ! -w /etc/netns ] || ok 'and knows the name server' grep -qx "nameserver $N.1" /etc/netns/made/resolv.conf
dev=$(vnm -q net-port-list n | sed -n 's/^ *\([^ ]*\) .* made .*/\1/p')
# replaced: somebody else makes a namespace of that name. The kernel gives the number of one that is gone to another one, so it is there before.
replaced() {
	ip netns add other; kept=$(stat -L -c %i /run/netns/other)
	ip netns del made; until ! ip link show "$dev" >/dev/null 2>&1; do sleep .02; done
	touch /run/netns/made; mount --bind /run/netns/other /run/netns/made; ip netns del other
}
replaced
vnm -q net-detach n made >/dev/null 2>&1
same "somebody else's stays" "$kept" "$(stat -L -c %i /run/netns/made)"
ip netns del made
# It may have got the number after all; its cookie is another one.
ok 'made once more' vnm net-attach n --netns made --create --ip auto
dev=$(vnm -q net-port-list n | sed -n 's/^ *\([^ ]*\) .* made .*/\1/p') journal=$VNETMGR_ROOT/run/vnetmgr/attachments/n/$dev.journal
! grep -q '^netns .*cookie=' "$journal" || {
	replaced
	sed -i "s/ino=[0-9]*/ino=$kept/" "$journal"
	has 'it is not taken for the one that was made' "lacks network namespace made \(somebody else's is in its place\)," "$(vnm net-info n)"
	vnm -q net-detach n made >/dev/null 2>&1
	same 'and it stays' "$kept" "$(stat -L -c %i /run/netns/made)"
	ip netns del made
}
ok 'made once more' vnm -v net-attach n --netns made --create --ip auto
same 'each step is told once' 1 "$(grep -c 'ip netns add made' "$T/out")"
ok 'detached' vnm net-detach n made
same 'it goes with the guest' "$were" "$(names)"
no 'and its directory' test -e /etc/netns/made

ok 'detach by device' vnm net-detach n tap0
no 'the tap is gone' ip link show tap0
ok 'detach what was there' vnm net-detach n ext0
has 'it stays, off the bridge' ': ext0@' "$(ip -o link show ext0)"
no 'off the bridge' sh -c 'ip -o link show ext0 | grep master'
ip link del ext0
ok 'detach by namespace' vnm net-detach n g1
no 'nothing more' vnm net-detach n g1
same 'as before them' "$up" "$(state)"

vnm -q net-destroy n
same 'no trace is left' "$before" "$(snapshot)"
finish
