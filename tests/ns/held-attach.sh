#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What has been tried with namespaces that are none, and by guests against their own devices, and has not worked: nothing
# hangs, and no device of the host is touched that is not this guest's. More of it: attach-refused.sh, attach-given.sh.
. "$srcdir/tests/lib/ns.sh"
cd "$T" || exit 1
R=$VNETMGR_ROOT
devices() { ip -o link | sed 's/^[0-9]*: //; s/@[^:]*//; s/ state [A-Z]* / /; s/NO-CARRIER,//; s/,LOWER_UP//; s/qlen [0-9]*//' | sort; ip -o -4 addr | sed 's/^[0-9]*: //' | sort; }
printf "<network><name>n</name><forward/><bridge name='br-n' stp='off'/><ip address='10.84.1.1' prefix='24'/></network>" >n.xml
ok create vnm -q net-create n.xml
ip link add mine type bridge; ip link set mine up; ip addr add 192.0.2.1/24 dev mine
idle=$(devices)

echo '--- what is no network namespace'
mkfifo fifo; mkdir dir; : >file
sh -c 'exit 0' & dead=$!; wait $dead
unshare -m sleep 60 & other=$!
until [ "$(readlink /proc/$other/ns/mnt 2>/dev/null)" != "$(readlink /proc/self/ns/mnt)" ]; do sleep .02; done
# refused WHAT PATH: within five seconds, with one reason
refused() {
	no "$1" timeout 5 "$VNETMGR" -q net-attach n --netns "$2" --ip auto </dev/null
	has "$1: why" '^error: ' "$(cat "$T/out")"
	same "$1: nothing changed" "$idle" "$(devices)"
}
refused 'a pipe' "$T/fifo"; refused 'a directory' "$T/dir"; refused 'an empty file' "$T/file"; refused 'a device' /dev/null
refused 'one that never ends' /dev/zero; refused 'a terminal' /dev/tty; refused 'a mount namespace' /proc/$other/ns/mnt
refused 'a user namespace' /proc/$other/ns/user; refused 'its process directory' /proc/$other/ns; refused 'a process that is gone' $dead
refused 'a number that no process has' 4194305; refused 'no number' 0; refused 'a negative one' -1; refused 'the host itself' 1
refused 'a name that leads elsewhere' ../../proc/1/ns/net; refused 'no name' ''
kill $other; wait $other 2>/dev/null

echo '--- guests that do something to their own devices'
# A guest is attached, does what is described, and is detached: whatever comes of it, in time, and nobody else's devices.
does() {
	ip netns add g; ok "$1: attach" timeout 10 "$VNETMGR" -q net-attach n --netns g --ip auto
	ok "$1: it does so" inns g sh -c "$2"
	for command in 'net-list --all' 'net-port-list n' 'net-info n' 'net-repair n'; do
		timeout 10 "$VNETMGR" -q $command >/dev/null 2>&1
		checks=$((checks + 1)); [ $? -le 1 ] || { failures=$((failures + 1)); echo "FAIL: $1: $command" >&2; }
	done
	timeout 10 "$VNETMGR" -q net-detach n g >/dev/null 2>&1 || timeout 10 "$VNETMGR" -q net-detach n vnet0 >/dev/null 2>&1
	ip netns del g
	# The kernel takes a namespace down when it has time.
	tries=0; until [ "$(devices)" = "$idle" ] || [ $((tries = tries + 1)) -gt 200 ]; do sleep .02; done
	same "$1: only its own device is gone" "$idle" "$(devices)"
	same "$1: and no record is left" '' "$(ls "$R/run/vnetmgr/attachments/n" 2>/dev/null)"
}
does 'renamed' 'ip link set eth0 down; ip link set eth0 name mine; ip link set mine up'
does 'renamed as the bridge' 'ip link set eth0 down; ip link set eth0 name br-n'
does 'deleted' 'ip link del eth0'
does 'replaced' 'ip link del eth0; ip link add eth0 type bridge; ip link set eth0 up'
does 'replaced in our group' 'ip link del eth0; ip link add eth0 type bridge; ip link set eth0 group 1986948353 up'
does 'in a bridge of its own' 'ip link add br-n type bridge; ip link set eth0 master br-n'
does 'in another namespace' 'unshare -n sleep 30 & until [ "$(readlink /proc/$!/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do sleep .02; done; ip link set eth0 netns $!; kill $!'
does 'without addresses' 'ip addr flush dev eth0; ip link set eth0 down; ip route flush table main'
does 'with 400 devices' 'for i in $(seq 400); do echo "link add d$i type bridge"; done | ip -batch -'
does 'with 2000 routes' 'for i in $(seq 2000); do echo "route add 10.$((100 + i / 250)).$((i % 250)).0/24 dev eth0"; done | ip -batch -'

echo '--- numbers of devices near their end'
ip link add big index 2000000000 type bridge
idle=$(devices); does 'beside a device of the number 2000000000' true
ip link del big; idle=$(devices)

echo '--- hundreds of neighbours that are not there'
guest g br-n; static g 10.84.1.2/24 10.84.1.1
ok 'a guest' reaches g $SERVER
for i in $(seq 3 254); do echo "addr add 10.84.1.$i/24 dev eth0"; done | inns g ip -batch -
for i in $(seq 3 254); do inns g timeout 1 ping -n -c 1 -W 1 -I 10.84.1.$i 10.84.1.1 >/dev/null 2>&1 & [ $((i % 50)) != 0 ] || wait; done; wait
ok 'with 250 addresses still reaches the outside' reaches g $SERVER
ok 'and the host does' ping -n -c 1 -W 2 $SERVER
ip netns add h; inns g ip addr flush dev eth0
ok 'as does a new guest' sh -c "'$VNETMGR' -q net-attach n --netns h --ip 10.84.1.77 && ip netns exec h ping -n -c 1 -W 2 $SERVER"
ok 'which is let go' vnm -q net-detach n h
same 'in the end: the lists work' active "$(vnm -q net-list | awk '$1 == "n" { print $2 }')"
leave g
ok stop vnm -q net-destroy n
finish
