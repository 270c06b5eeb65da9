#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# net-doctor finds nothing where nothing is wrong: the examples, guests of every kind, IPv6 only, each firewall back end, a host with
# Docker's policies and rules.
. "$srcdir/tests/lib/ns.sh"
need nft
networks=0
# healthy NETWORK [HOW]: no findings
healthy() {
	networks=$((networks + 1))
	vnm net-doctor "$@" >"$T/report" 2>&1
	same "$*: no findings" "Network $1 is healthy" "$(head -n 1 "$T/report")" || cat "$T/report" >&2
}
stop() { ok "stop $1" vnm net-destroy "$1"; ok "undefine $1" vnm net-undefine "$1"; }
net() { printf "<network><name>%s</name>%s</network>\n" "$1" "$2" >"$T/$1.xml"; vnm net-define "$T/$1.xml" && vnm net-start "$1"; }

# The examples, as they are, all at once.
ip link add br0 type bridge; ip link set br0 up
for file in "$srcdir"/networks/*.xml "$srcdir"/networks/examples/lab-*.xml; do
	name=$(sed -n 's:.*<name>\(.*\)</name>.*:\1:p' "$file")
	ok "$name" vnm net-define "$file"; ok "start $name" vnm net-start "$name"
	healthy "$name" --passive
done
ok 'stop' vnm net-destroy --all

# Guests of every kind in every mode.
IP="<bridge name='br-h' stp='off'/><ip address='192.168.171.1' prefix='24'><dhcp><range start='192.168.171.100' end='192.168.171.120'/></dhcp></ip>"
for mode in nat route open; do
	ok "mode $mode" net "$mode" "<forward mode='$mode'/>$IP"
	ip netns add "h-$mode"
	ok 'a namespace' vnm net-attach "$mode" --netns "h-$mode" --ip auto
	ok 'a tap' vnm net-attach "$mode" --tap "tap-$mode"
	ok 'a tun' vnm net-attach "$mode" --tun "tun-$mode" --ip 192.168.171.1 --peer 192.168.171.9
	healthy "$mode"
	stop "$mode"
done
ok 'isolated' net alone "${IP%%</ip>*}</ip>"
ip netns add h-alone; ok 'a guest' vnm net-attach alone --netns h-alone --ip auto --isolated
healthy alone
stop alone
ok 'IPv6 only' net six "<forward mode='route'/><bridge name='br-h' stp='off'/><ip family='ipv6' address='fd00:171::1' prefix='64'/>"
ip netns add h-six; ok 'a guest' vnm net-attach six --netns h-six --ip auto
healthy six
stop six
ok 'no address' net bare "<bridge name='br-h' stp='off'/>"
healthy bare
stop bare
ok 'DHCP client' net client "<forward mode='nat'/>$IP"
ip netns add h-client; ok 'a guest' vnm net-attach client --netns h-client --ip dhcp
healthy client
stop client

# A guest of two networks leaves by one of them.
ok 'one' net one "<forward mode='nat'/>$IP"
ok 'two' net two "<forward mode='nat'/><bridge name='br-h2' stp='off'/><ip address='192.168.172.1' prefix='24'><dhcp><range start='192.168.172.100' end='192.168.172.120'/></dhcp></ip>"
ip netns add h-both
ok 'on one' vnm net-attach one --netns h-both --ip auto
ok 'and two' vnm net-attach two --netns h-both --ifname two --ip dhcp
healthy one; healthy two; healthy two h-both
no 'by two the packet does not leave' vnm net-explain two h-both 198.51.100.10
has 'it is said by which network it does' "by 'eth0', on network 'one'$" "$(vnm net-explain two h-both 198.51.100.10)"
has 'programs know it' '"reason": "guest-other-network"' "$(vnm net-explain two h-both 198.51.100.10 --json)"
stop one; stop two

# A host with Docker, whose FORWARD drops; rules of ours in the same tables let guests pass. Each back end.
ip link add docker0 type bridge; ip link set docker0 up
for backend in iptables-nft nftables legacy; do
	use_firewall $backend
	ok "$backend" net "with-$backend" "<forward mode='nat'/>$IP"
	ip netns add "h-$backend"; ok 'a guest' vnm net-attach "with-$backend" --netns "h-$backend" --ip auto
	if [ $backend = iptables-nft ]; then
		iptables-nft -P FORWARD DROP; iptables-nft -N DOCKER-USER; iptables-nft -A FORWARD -j DOCKER-USER
		iptables-nft -A FORWARD -i docker0 -o docker0 -j ACCEPT
	fi
	healthy "with-$backend" --passive
	if [ $backend = iptables-nft ]; then
		iptables-legacy -P FORWARD DROP
		has 'what the legacy tables drop has its command' '^Command: +iptables-legacy -I FORWARD -i br-h -j ACCEPT' \
			"$(vnm net-doctor "with-$backend" --passive)"
		iptables-legacy -P FORWARD ACCEPT
	fi
	[ $backend = iptables-nft ] && healthy "with-$backend"
	stop "with-$backend"
	nft flush ruleset
done
echo "$networks networks"
finish
