#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A guest's device that somebody gave another name, group or MAC address, or moved away, is recognised: a repair gives it
# back what it had, a stop takes it down, a detach leaves nothing of it behind. What it had before is not forgotten while its journal cannot be read.
. "$srcdir/tests/lib/ns.sh"
need strace
cd "$T" || exit 1
R=$VNETMGR_ROOT
N=10.80.1 M=fd00:80:
before=$(snapshot)
for ns in g elsewhere; do ip netns add $ns; done
ip link add nic0 type veth peer name nic1; ip link set nic0 up; ip link set nic1 up; ip addr add 10.77.0.1/24 dev nic1
echo "<network><name>n</name><forward mode='nat'/><bridge name='br-n' stp='off'/><ip address='$N.1' prefix='24'/><ip family='ipv6' address='$M:1' prefix='64'/></network>" >n.xml
echo "<network><name>d</name><forward mode='bridge'><interface dev='nic0'/></forward></network>" >d.xml
for n in n d; do vnm -q net-define $n.xml; vnm -q net-start $n; done
kinds='veth tap tun dev'
if ip link add probe0 link nic0 type macvtap mode bridge 2>/dev/null; then ip link del probe0; kinds="$kinds macvtap macvlan"; fi

# set_up KIND: attaches a guest; its network is $net, its device $dev, in the namespace $in (empty: here)
set_up() {
	net=n in='' id=
	case $1 in
	veth) dev=vnet0 id=g; vnm -q net-attach n --netns g --ip $N.2 --ip $M:2 ;;
	tap) dev=tap0; vnm -q net-attach n --tap tap0 --mac 52:54:00:00:00:07 ;;
	tun) dev=tun0; vnm -q net-attach n --tun tun0 --ip $N.1 --peer $N.9 --ip $M:1 --peer $M:9 ;;
	dev) dev=ext0; ip link add ext0 type veth peer name eth0 netns g; inns g ip link set eth0 up; vnm -q net-attach n --dev ext0 ;;
	macvtap) net=d dev=mt0; vnm -q net-attach d --tap mt0 ;;
	macvlan) net=d dev=eth0 in=g id=g; vnm -q net-attach d --netns g --ip 10.77.0.2/24 ;;
	esac || return 1
	: "${id:=$dev}"
	number=$(there cat /sys/class/net/$dev/ifindex)
}
there() { if [ -n "$in" ]; then ip netns exec "$in" "$@"; else "$@"; fi; }
line() { there ip -o link | grep "^$number:"; }	# of the device, whatever it is called
change() {	# change KIND HOW
	case $2 in
	name) there ip link set $dev down; there ip link set $dev name weird; there ip link set weird up ;;
	group) there ip link set $dev group 7 ;;
	mac) there ip link set $dev address 52:54:00:77:77:77 ;;
	esac
}
records() { find "$R/run/vnetmgr" -name '*.guest' -o -name '*.port' -o -path '*/attachments/*.journal'; }

for kind in $kinds; do for how in name group mac; do
	case $kind.$how in
	dev.group | dev.mac | veth.mac | tun.mac | macvtap.mac | macvlan.mac) continue ;;	# are no marks of ours
	esac
	t="$kind, $how"
	ok "$t: attached" set_up $kind
	change $kind $how
	has "$t: it is seen" "^ $net +degraded" "$(vnm net-list)"
	[ $how = mac ] || has "$t: and reported" "(it is called 'weird' now|its group was changed to 7)" "$(vnm net-info $net)"
	if [ $kind = dev ]; then
		no "$t: it is not ours to name" vnm net-repair n
		has "$t: but reported" "error: guest 'ext0': device 'ext0' is called 'weird' now" "$(cat out)"
		ip link set weird down; ip link set weird name ext0
	fi
	ok "$t: repaired" vnm net-repair $net
	has "$t: whole" "^ $net +active" "$(vnm net-list)"
	has "$t: the same device" "^$number: $dev[@:]" "$(line)"
	case $kind in
	veth) ok "$t: the guest reaches the host" reaches g $N.1; ok "$t: by IPv6, too" reaches g $M:1 ;;
	macvlan) ok "$t: the guest reaches the wire" reaches g 10.77.0.1 ;;
	tap) same "$t: with the MAC address of its end" fe:54:00:00:00:07 "$(cat /sys/class/net/tap0/address)" ;;
	esac
	change $kind $how
	ok "$t: stop" vnm -q net-destroy $net
	if [ $kind != macvlan ]; then
		no "$t: it is down" sh -c "ip -o link | grep '^$number:' | grep '[<,]UP[,>]'"
		no "$t: and on no bridge" sh -c "ip -o link | grep '^$number:' | grep master"
		same "$t: and has no address" '' "$(ip -o addr | grep "^$number:")"
	fi
	if [ $kind = dev ]; then ip link set weird name ext0; fi
	ok "$t: start" vnm net-start $net
	has "$t: it is put back" "^$number: $dev[@:].*[<,]UP[,>]" "$(line)"
	has "$t: and whole" "^ $net +active" "$(vnm net-list)"
	change $kind $how
	ok "$t: what a detach would do" vnm -q net-detach $net "$id" --dry-run
	ok "$t: detached" vnm net-detach $net "$id"
	if [ $kind = dev ]; then
		no "$t: it is off the bridge" sh -c "ip -o link show weird | grep master"
		ip link del weird
	else
		same "$t: it is gone" '' "$(line)"
	fi
	no "$t: on the bridge is nothing" sh -c "ip -o link | grep 'master br-n'"
	no "$t: in the namespace neither" inns g ip link show eth0
	same "$t: and no record" '' "$(records)"
done; done

### Moved away: the guest's end leads to it.
ok 'a pair' set_up veth
ip link set vnet0 netns elsewhere; inns elsewhere ip link set vnet0 up
ok 'is detached' vnm net-detach n g
no 'its end elsewhere, too' inns elsewhere ip link show vnet0
no "and the guest's" inns g ip link show eth0
ok 'a pair' set_up veth
ip link set vnet0 down; ip link set vnet0 name weird; ip link set weird netns elsewhere; inns elsewhere ip link set weird up
inns g ip link set eth0 down; inns g ip link set eth0 name mine; inns g ip link set mine up
ok 'called otherwise at both ends' vnm net-detach n g
no 'its end elsewhere' inns elsewhere ip link show weird
no "and the guest's, too" inns g ip link show mine

### Another device is another's, whatever its name.
ok 'a tap' set_up tap
ip link del tap0; ip link add tap0 type bridge; ip link set tap0 up
has 'in whose place another is' ' tap0 .* degraded ' "$(vnm net-port-list n)"
no 'is not repaired' vnm net-repair n
ok 'is detached' vnm net-detach n tap0
has 'with a word' "^warning: device 'tap0' is not the one that vnetmgr made, and stays" "$(cat out)"
ok 'and left' ip link show tap0
ip link del tap0
ok 'a tap' set_up tap
change tap name; ip link add tap0 type bridge
no 'whose name another has' vnm net-repair n
has 'is reported' "error: guest 'tap0': the guest's device 'tap0' is called 'weird' now, and another device has its name" "$(cat out)"
ok 'is detached' vnm -q net-detach n tap0
no 'by its number' ip link show weird
ok "the other's stays" ip link show tap0
ip link del tap0

### A number of another namespace, boot or kind means nothing.
ip link add other0 type veth peer name other1; other=$(cat /sys/class/net/other0/ifindex)
for of in namespace boot kind; do
	ok "$of: a tap" set_up tap
	[ $of = kind ] || { vnm -q net-detach n tap0; ok "$of: a pair" set_up veth; }
	record=$R/run/vnetmgr/$dev.guest
	case $of in
	namespace) sed -i "s/^[0-9]* \([0-9]* [a-z]*\) [0-9]* /$other \1 1 /" "$record" ;;
	boot) sed -i "s/^[0-9]* \(.*\) [0-9a-f]\{8\}-[0-9a-f-]*/$other \1 00000000-0000-0000-0000-000000000000/" "$record" ;;
	kind) sed -i "s/^[0-9]* /$other /" "$record" ;;
	esac
	grep -q "^$other " "$record" || { echo "FAIL: $of: the record was not changed: $(cat "$record")" >&2; failures=$((failures + 1)); }
	has "$of: it is whole" '^ n +active' "$(vnm net-list)"
	ok "$of: detached" vnm net-detach n $id
	no "$of: it is gone, by its name" ip link show $dev
	ok "$of: the other is not" ip link show other0
done
ip link del other0
echo '--- a journal that cannot be read for a moment: what a guest had before is not forgotten'
ip link add ext0 type veth peer name eth0 netns g
ok 'a device that is down' vnm -q net-attach n --dev ext0
ok 'a namespace of its own' vnm -q net-attach n --netns made --create --ip $N.3
has 'both are on the bridge' 'ext0.*vnet' "$(ls /sys/class/net/br-n/brif | xargs)"
for file in "$R"/run/vnetmgr/attachments/n/*.journal; do
	known=$(cat "$file") told=0 n=1
	while :; do
		strace -qq -o calls -P "$file" -e trace=read -e inject=read:error=EIO:when=$n "$VNETMGR" net-repair n >out 2>&1
		grep -q INJECTED calls || break
		grep -qE "cannot read the journal '${file##*/}': Input/output error" out && told=$((told + 1))
		same "${file##*/}, read $n: as before" "$known" "$(cat "$file")"
		n=$((n + 1))
	done
	ok "${file##*/}: told ($told of $((n - 1)))" test $told -ge 2
done
ok 'repaired' vnm -q net-repair n
ok 'detached' vnm -q net-detach n ext0
same 'the device is down, as it was' 'down' "$(cat /sys/class/net/ext0/operstate)"
no 'not up' sh -c 'ip link show ext0 | grep -q "[<,]UP[,>]"'
ok 'detached' vnm -q net-detach n made
no 'the namespace that was made is gone' test -e /run/netns/made
ip link del ext0
ip addr flush dev nic1
for n in d n; do vnm -q net-destroy $n; vnm -q net-undefine $n; done
ip link del nic0
same 'no trace is left' "$before" "$(snapshot)"
finish
