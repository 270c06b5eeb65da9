#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A machine on the host's LAN, by a bridge that takes the place of the host's device: its lease is the LAN's.
. "$srcdir/tests/lib/ns.sh"
. "$srcdir/tests/guests/guest.sh"
# The LAN's own server of addresses.
lan=$(outside ip -o -4 addr show to 203.0.113.1 | awk '{ print $2 }')
outside dnsmasq --conf-file=/dev/null --keep-in-foreground --port=0 --user=root --interface="$lan" --bind-interfaces --pid-file= \
	--dhcp-range=203.0.113.100,203.0.113.120 --dhcp-leasefile="$T/lan.leases" 2>"$T/lan.log" &
sed 's/ens33/uplink0/' "$srcdir/networks/examples/uplink.xml" >lan.xml
before=$(ip -o -4 addr show dev uplink0)
vnm -q net-define lan.xml || exit 1
name=$(vnm -q net-list --all --name) bridge=br-lan
ok 'start' vnm -q net-start "$name" || finish
options=$(vnm -q net-attach "$name" --tap vm1) || exit 1
ok 'a machine' machine vm1 "$options" || finish
works() {
	ip=$(vm vm1 lease)
	has "$1: a lease of the LAN" '^203\.0\.113\.1[0-9][0-9]$' "$ip"
	ok "$1: the LAN" vm vm1 'reaches 203.0.113.1'
	ok "$1: the host" vm vm1 "reaches $UPLINK"
	ok "$1: from the LAN" outside ping -n -c 1 -W 3 "$ip"
	same "$1: outside, with its own address" "you are $ip" "$(vm vm1 "page $SERVER")"
	ok "$1: the host is on the LAN" ping -n -c 1 -W 3 203.0.113.1
}
has "the host's address is the bridge's" "inet $UPLINK/24" "$(ip -o -4 addr show dev $bridge)"
works 'booted'
ok 'stop' vnm -q net-destroy "$name"
same "the host's address is back" "$before" "$(ip -o -4 addr show dev uplink0)"
ok 'the host is on the LAN' ping -n -c 1 -W 3 203.0.113.1
no 'the machine is not' vm vm1 'reaches -W 1 203.0.113.1'
ok 'start' vnm -q net-start "$name"
ok 'at once' vm vm1 'reaches 203.0.113.1'
works 'after a restart'
ok 'detached' vnm -q net-detach "$name" vm1
ok 'stop' vnm -q net-destroy "$name"
same "the host's address is back again" "$before" "$(ip -o -4 addr show dev uplink0)"
finish
