# SPDX-License-Identifier: GPL-2.0-or-later
# inside-others.sh - services of the host that flush rules, or put their own first. After each start, restart and reload of theirs
# the networks are whole again, without a hand, and a guest reaches the outside.

repairs() { journalctl -b -u vnetmgr-repair -u vnetmgr --no-pager | grep -Ec 'Finished.*Repair of virtual|Reloaded.*Virtual networks'; }
more_repairs() { [ "$(repairs)" -gt "$1" ]; }

# after GUEST VERB UNIT
after() {
	local was what="$2 of $3"
	was=$(repairs)
	ok "$what" systemctl "$2" "$3"
	ok "$what: a repair follows" within 240 more_repairs "$was"
	ok "$what: all are whole" heals
	ok "$what: a guest reaches the outside" within 60 reaches "$1" 198.51.100.10
}

# others GUEST: where the rules are in the tables of iptables.
others() {
	has 'the rules are what they flush' '^Firewall: +iptables-nft$' "$(vnetmgr net-info keennet)"
	after "$1" restart nftables
	after "$1" reload nftables
	printf '%s\n' '*filter' ':INPUT ACCEPT' ':FORWARD ACCEPT' ':OUTPUT ACCEPT' COMMIT '*nat' ':PREROUTING ACCEPT' ':INPUT ACCEPT' \
		':OUTPUT ACCEPT' ':POSTROUTING ACCEPT' COMMIT >/etc/iptables/rules.v4
	after "$1" restart netfilter-persistent
	# As it does itself where it is the first to forward.
	iptables -P FORWARD DROP
	after "$1" start docker
	has 'Docker forwards only what somebody accepts' '^-P FORWARD DROP' "$(iptables -S FORWARD)"
	has 'and comes first' '^-A FORWARD -j DOCKER-USER' "$(iptables -S FORWARD | sed -n 2p)"
	after "$1" restart docker
	after "$1" reload docker
	ok 'Docker stops' systemctl stop docker.socket docker containerd
}
