#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# firewalld.sh - networks whose bridge has no zone, where firewalld runs, through libvirt and through vnetmgr: the zone that
# they get, and what becomes of their guests' packets. firewalld has the zones of both.
#
# What differs must be in accepted-firewalld.tsv, and all of accepted-firewalld.tsv must be found.
. "${srcdir:=.}/tests/parity/world.sh"

# tell WHAT COMMAND...: what came of it, in a line
tell() { what=$1; shift; if "$@" >/dev/null 2>&1; then echo "$case: $what"; else echo "$case: no $what"; fi; }
named() { inns g dig +short +time=1 +tries=1 @"$1" gate | grep -q .; }
now_in() { echo "$case: $1: zone $(zone_of "br-$case" | sed 's/vnetmgr/libvirt/')"; }

# begin CASE FORWARD: a network is started
begin() {
	case=$1
	cat >"$T/n.xml" <<-X
	<network><name>n</name>$2<bridge name='br-$case' stp='off'/><mac address='52:54:00:00:00:70'/>
	<dns><host ip='192.168.70.1'><hostname>gate</hostname></host></dns>
	<ip address='192.168.70.1'><dhcp><range start='192.168.70.2' end='192.168.70.99'/></dhcp></ip>
	<ip family='ipv6' address='2001:db8:70::1' prefix='64'/></network>
	X
	net -q net-define "$T/n.xml" >/dev/null
	tell started net -q net-start n
	now_in started
}

end() {
	net -q net-destroy n >/dev/null; net -q net-undefine n >/dev/null
	now_in stopped
}

# through CASE FORWARD: a network and a guest
through() {
	begin "$1" "$2"
	guest g "br-$case"
	tell lease dhcp g -t "$([ "$case" = open ] && echo 3 || echo 20)"
	# Its addresses are those given here, not one more as soon as an advertisement comes.
	inns g sh -c 'echo 0 >/proc/sys/net/ipv6/conf/eth0/accept_ra'; ip -n g -6 addr flush dev eth0 scope global
	ip -n g -4 addr flush dev eth0; static g 192.168.70.5/24 192.168.70.1
	static g 2001:db8:70::5/64; ip -n g -6 route replace default via 2001:db8:70::1
	for host in 192.168.70.1 2001:db8:70::1; do
		tell "names of $host" named $host
		tell "answer of $host" reaches g $host
		tell "SSH to $host" connects g $host 22
		tell "HTTP to $host" connects g $host 80
	done
	for server in "$SERVER" "[$SERVER6]"; do echo "$case: $server says $(web g "$server" 2>/dev/null)"; done
	for host in 192.168.70.5 2001:db8:70::5; do tell "answer of $host to outside" reaches internet $host; done
	leave g
	end
}

# The world, with firewalld in it. libvirt looks for that when it starts.
up() {
	parity_up && . "$srcdir/tests/lib/dbus.sh" && bus && firewalld && cp -r "$srcdir/data/firewalld" "$T/both" || return
	for part in zones policies; do cp /usr/lib/firewalld/$part/libvirt* "$T/both/$part" || return; done
	zones "$T/both" >/dev/null || return
	for port in 22 80; do
		nc -l -k -p $port </dev/null >/dev/null 2>&1 &
		nc -6 -l -k -p $port </dev/null >/dev/null 2>&1 &
	done
	ip -n internet route add 192.168.70.0/24 via "$UPLINK"
	ip -n internet -6 route add 2001:db8:70::/64 via "$UPLINK6"
	[ "$side" = libvirt ] || return 0
	kill "$libvirtd"; wait "$libvirtd"
	libvirtd >"$T/libvirtd.log" 2>&1 & libvirtd=$!
	eventually virsh -q list
}

inside() {
	up || return
	through nat '<forward/>'
	through nat6 "<forward><nat ipv6='yes'/></forward>"
	through route "<forward mode='route'/>"
	through isolated ''
	through open "<forward mode='open'/>"
	rm "$T/both"/*/*
	zones "$T/both" >/dev/null || return
	begin bare '<forward/>'
	end
	kill "$firewalld"
}

if [ -n "$side" ]; then
	inside >"$1"
	exit
fi

U=${VNM_TEST_UNPACKED:-}
PATH="$U/usr/sbin:$U/usr/bin:$PATH"
parity_need dbus-daemon busctl firewalld firewall-cmd nc ping
[ -e /usr/lib/firewalld/zones/libvirt.xml ] || skip "libvirt's zones for firewalld are not installed"
ldd "$VNETMGR" | grep -q libsystemd || skip "$VNETMGR was built without libsystemd"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for world in libvirt vnetmgr; do
	(parity_world $world "$0" "$work/$world") >"$work/$world.log" 2>&1 &
	eval "$world=\$!"
done
for world in libvirt vnetmgr; do
	eval "wait \$$world" || { cat "$work/$world.log" >&2; exit 1; }
done
diff -U 0 "$work/libvirt" "$work/vnetmgr" | grep '^[-+][^-+]' >"$work/differences"
awk -F '\t' -v lines="$(wc -l <"$work/libvirt")" '
NR == FNR { if (!/^#/ && NF) { cases[++n] = "^(" $1 "): "; what[n] = "^(" $3 ")$"; said[n] = $4 }; next }
{
	line = substr($0, 2)
	for (i = 1; i <= n; i++) {
		rest = line
		if (sub(cases[i], "", rest) && (substr($0, 1, 1) rest) ~ what[i]) { found[i] = 1; next }
	}
	print "unexpected: " $0; bad++
}
END {
	for (i = 1; i <= n; i++) if (!(i in found)) { print "no longer so: libvirt " said[i]; bad++ }
	print lines " lines, " FNR " differ"
	exit bad > 0 || lines < 80
}' "$srcdir/tests/parity/accepted-firewalld.tsv" "$work/differences"
