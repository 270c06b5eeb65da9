# SPDX-License-Identifier: GPL-2.0-or-later
# health.sh - two networks with guests, one that must be out and one that must not, and what becomes of them; sourced after ns.sh.
cat >"$T/n.xml" <<'X'
<network><name>n</name><forward mode='nat'><nat ipv6='yes'/></forward><bridge name='br-n' stp='off'/>
<ip address='192.168.160.1' prefix='24'><dhcp><range start='192.168.160.100' end='192.168.160.200'/></dhcp></ip>
<ip family='ipv6' address='fd00:160::1' prefix='64'/></network>
X
cat >"$T/i.xml" <<'X'
<network><name>i</name><bridge name='br-i' stp='off'/><ip address='192.168.161.1' prefix='24'/></network>
X
ip netns add g; ip netns add h
for net in n i; do
	ok "define $net" vnm net-define "$T/$net.xml"
	ok "start $net" vnm net-start $net
done
ok 'a guest of n' vnm net-attach n --netns g --ip 192.168.160.10 --ip fd00:160::10
ok 'a guest of i' vnm net-attach i --netns h --ip 192.168.161.10
inns h ip route replace default via 192.168.161.1
outside ip route replace 192.168.161.0/24 via "$UPLINK"
# What is made anew comes in another order, and a pair of devices with another MAC address.
state() {
	snapshot | grep -Ev 'dnsmasq --keep|^vnet|^br-'
	snapshot | grep -E 'dnsmasq --keep|^vnet|^br-' | sed '/^vnet/s/link.ether [^ ]*//' | sort
}
up=$(state)

healthy() { ! vnm net-list | grep -q degraded; }
out() { reaches g "$SERVER"; }	# the guest of n must be
held() { ! inns h ping -n -c 1 -W 1 "$SERVER"; }	# and that of i not
ok 'healthy' healthy; ok 'out' out; ok 'held' held

# fault WHAT NETWORK PATTERN COMMAND...: every command reports it, in the same words; net-repair repairs it, and then traffic is
# as it should be.
fault() {
	about=$1 net=$2 pattern=$3; shift 3
	ok "$about" "$@"
	has "$about: net-list" "^ $net +degraded " "$(vnm net-list)"
	has "$about: net-info" "^Degraded: .*$pattern" "$(vnm net-info "$net")"
	has "$about: net-diff" "^(degraded|missing): .*$pattern" "$(vnm net-diff "$net" --live)"
	has "$about: net-repair" "^Network $net repaired: .*$pattern" "$(vnm net-repair "$net")"
	ok "$about: healthy again" healthy
	ok "$about: out" out; ok "$about: held" held
	[ -z "$up" ] || same "$about: everything is as it was" "$up" "$(state)"
}
