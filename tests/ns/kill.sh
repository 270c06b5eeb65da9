#!/bin/sh
# kill -9 at every system call that changes something, in a start and in a destroy: the next command takes it
# back, nothing is left, and the network starts. (strace counts each system call by itself.)
. "$srcdir/tests/lib/ns.sh"
command -v strace >/dev/null || skip 'strace is not installed'

cat >"$T/n.xml" <<'X'
<network><name>n</name><forward mode='nat'><nat ipv6='yes'/></forward><bridge name='br-n' stp='off'/>
<ip address='192.168.190.1' prefix='24'><dhcp><range start='192.168.190.100' end='192.168.190.200'/></dhcp></ip>
<ip family='ipv6' address='fd00:190::1' prefix='64'/></network>
X
vnm -q net-define "$T/n.xml"
# With a hook, whose calls are among the points.
hooks=$VNETMGR_ROOT/etc/vnetmgr/hooks
mkdir -p "$hooks"; printf '#!/bin/sh\nexit 0\n' >"$hooks/network"; chmod 755 "$hooks/network"
down=$(snapshot)
CALLS=openat,write,pwrite64,rename,renameat,renameat2,unlinkat,mkdirat,sendmsg,sendto,setsockopt,clone,clone3,fork,vfork,flock,fchmod,kill,pidfd_send_signal,pidfd_open,poll

# points COMMAND...: "CALL COUNT" for each call of a run that is not disturbed
points() { strace -qq -o "$T/trace" -e trace="$CALLS" "$VNETMGR" -q "$@" >/dev/null 2>&1; sed -n 's/^\([a-z0-9_]*\)(.*/\1/p' "$T/trace" | sort | uniq -c; }
# killed CALL K COMMAND...: run it and kill it on entering the K-th CALL
killed() { call=$1 k=$2; shift 2; strace -qq -o /dev/null -e trace="$call" -e inject="$call:signal=KILL:when=$k" "$VNETMGR" -q "$@" >/dev/null 2>&1; }

points net-start n >"$T/start"
up=$(snapshot)
points net-destroy n >"$T/stop"
same 'undisturbed: no trace' "$down" "$(snapshot)"
n=0
# VNM_KILL_STEP=4 takes every fourth point only, and the first and last of each call.
step=${VNM_KILL_STEP:-1}
while read -r count call; do
	k=1
	while [ "$k" -le "$count" ]; do
		killed "$call" "$k" net-start n
		vnm -q net-list >/dev/null 2>&1
		if vnm -q net-list --name | grep -q .; then	# it was already through
			same "start killed in $call $k: whole" "$up" "$(snapshot)"
			vnm -q net-destroy n
		fi
		same "start killed in $call $k: taken back by the next command" "$down" "$(snapshot)"
		n=$((n + 1)) k=$((k == count ? count + 1 : k + step > count ? count : k + step))
	done
done <"$T/start"
while read -r count call; do
	k=1
	while [ "$k" -le "$count" ]; do
		ok "start before destroy killed in $call $k" vnm -q net-start n
		killed "$call" "$k" net-destroy n
		vnm -q net-list >/dev/null 2>&1
		if vnm -q net-list --name | grep -q .; then	# it had not begun
			same "destroy killed in $call $k: untouched" "$up" "$(snapshot)"
			vnm -q net-destroy n
		fi
		same "destroy killed in $call $k: completed by the next command" "$down" "$(snapshot)"
		n=$((n + 1)) k=$((k == count ? count + 1 : k + step > count ? count : k + step))
	done
done <"$T/stop"
echo "$n points"
ok 'it starts after all that' vnm -q net-start n
same 'whole' "$up" "$(snapshot)"
finish
