#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# When the host applies the files of its settings again, and they turn forwarding off, it stays on while a network needs it.
. "$srcdir/tests/lib/ns.sh"
need sysctl
[ "$(id -u)" -eq 0 ] && mount -t tmpfs tmpfs /etc/sysctl.d || skip 'cannot cover /etc/sysctl.d'
cat >"$T/n.xml" <<'X'
<network><name>n</name><forward><nat ipv6='yes'/></forward><bridge name='br-n' stp='off'/>
<ip address='192.168.174.1' prefix='24'/><ip family='ipv6' address='fd00:174::1' prefix='64'/></network>
X
sed 's/>n</>m</; s/br-n/br-m/; s/174/175/g' "$T/n.xml" >"$T/m.xml"
forwards() { cat /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv6/conf/all/forwarding | xargs; }
printf 'net.ipv4.ip_forward = 0\nnet.ipv6.conf.all.forwarding = 0\n' >/etc/sysctl.d/99-off.conf
mkdir -p "$VNETMGR_ROOT/run/sysctl.d" /run/sysctl.d && mount --bind "$VNETMGR_ROOT/run/sysctl.d" /run/sysctl.d || exit 1
for program in 'sysctl --system' /usr/lib/systemd/systemd-sysctl; do
	command -v ${program%% *} >/dev/null || continue
	$program >/dev/null 2>&1
	same "$program: off" '0 0' "$(forwards)"
	for net in n m; do ok 'start' vnm -q net-create "$T/$net.xml"; done
	ok 'stop of one' vnm -q net-destroy m
	$program >/dev/null 2>&1
	same "$program: on while a network is active" '1 1' "$(forwards)"
	has 'which is whole' '^ n +active ' "$(vnm net-list)"
	same 'anybody may read them' '644 644' "$(stat -c %a /run/sysctl.d/*.conf | xargs)"
	ok 'stop' vnm -q net-destroy n
	same "$program: the files are gone" '' "$(ls -A /run/sysctl.d)"
	same "$program: off again" '0 0' "$(forwards)"
done
# Where it cannot be written, networks start with a warning.
mount -o remount,bind,ro /run/sysctl.d 2>/dev/null; mount -t tmpfs -o ro tmpfs "$VNETMGR_ROOT/run/sysctl.d"
ok 'start' vnm net-create "$T/n.xml"
has 'with a warning' "^warning: .*'sysctl --system' may turn IP forwarding off: cannot write sysctl.d/zz-vnetmgr4.conf: Read-only" "$(cat "$T/out")"
same 'on' '1 1' "$(forwards)"
finish
