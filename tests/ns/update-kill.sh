#!/bin/sh
# kill -9 at every system call that changes something, in a live change of everything that can be changed: the
# next command leads the network back to what it was, or it is through.
. "$srcdir/tests/lib/ns.sh"
command -v strace >/dev/null || skip 'strace is not installed'

cat >"$T/n.xml" <<'X'
<network><name>n</name><uuid>5599d7e3-f78d-4f9b-abc2-1a9384ffc5f7</uuid><forward mode='nat'/><bridge name='br-n' stp='off'/>
<mac address='52:54:00:a1:b2:c3'/>
<ip address='192.168.190.1' prefix='24'><dhcp><range start='192.168.190.100' end='192.168.190.200'/></dhcp></ip></network>
X
CALLS=openat,write,pwrite64,renameat,unlinkat,mkdirat,sendmsg,sendto,setsockopt,clone,clone3,kill,pidfd_send_signal,pidfd_open,poll,flock
whole() { snapshot; cat "$VNETMGR_ROOT/run/vnetmgr/n.xml" "$VNETMGR_ROOT/run/vnetmgr/dnsmasq/n/"[adh]*; ip -d -o link show br-n | grep -o 'mtu [0-9]*\|forward_delay [0-9]*\|stp_state .'; }
vnm -q net-define "$T/n.xml"
down=$(snapshot)
vnm -q net-start n
old=$(whole)

# sweep WHAT ARGUMENTS...: killed at each point; afterwards the network is as before or as it should become
sweep() {
	title=$1; shift
	strace -qq -o "$T/trace" -e trace="$CALLS" "$VNETMGR" -q net-update n "$@" >/dev/null 2>&1
	new=$(whole)
	no "$title changes something" test "$old" = "$new"
	vnm -q net-destroy n; vnm -q net-start n
	sed -n 's/^\([a-z0-9_]*\)(.*/\1/p' "$T/trace" | sort | uniq -c >"$T/points"
	points=0 back=0
	while read -r count call; do
		k=1
		while [ "$k" -le "$count" ]; do
			strace -qq -o /dev/null -e trace="$call" -e inject="$call:signal=KILL:when=$k" "$VNETMGR" -q net-update n "$@" >/dev/null 2>&1
			vnm -q net-list >/dev/null 2>&1
			has "$title killed in $call $k: active" ' n +active ' "$(vnm net-list)"
			now=$(whole) points=$((points + 1))
			if [ "$now" = "$old" ]; then
				back=$((back + 1))
			else
				same "$title killed in $call $k: changed or as before" "$new" "$now"
				vnm -q net-destroy n; vnm -q net-start n
			fi
			k=$((k == count ? count + 1 : k + ${VNM_KILL_STEP:-1} > count ? count : k + ${VNM_KILL_STEP:-1}))
		done
	done <"$T/points"
	echo "$title: $points points, $back of them led back"
	ok "$title: most were led back" test "$back" -gt $((points / 2))
}
sweep 'a host' add ip-dhcp-host "<host mac='52:54:00:00:00:07' name='seven' ip='192.168.190.7'/>"
sweep 'addresses, rules and dnsmasq' add ip "<ip address='192.168.191.1' prefix='24'/>"
sweep 'the bridge' modify bridge "<bridge stp='on' delay='4'/>"
sweep 'forwarding' modify forward "<forward mode='route'/>"
vnm -q net-destroy n
same 'no trace is left' "$down" "$(snapshot)"
finish
