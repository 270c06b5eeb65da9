# SPDX-License-Identifier: GPL-2.0-or-later
# inside-others.sh - services of the host that flush rules, or put their own first. After each start, restart and reload of theirs
# the networks are whole again, without a hand, and a guest reaches the outside.

repairs() { journalctl -b -u vnetmgr-repair -u vnetmgr --no-pager | grep -Ec 'Finished.*Repair of virtual|Reloaded.*Virtual networks'; }
inactive() { [ "$(systemctl is-active "$1")" = inactive ]; }
more_repairs() { [ "$(repairs)" -gt "$1" ]; }
units() { journalctl -b --since "$1" --no-pager -o short-monotonic | grep -E 'vnetmgr|nftables|netfilter|ocker|firewalld' | tail -n 30 | sed 's/^/|     /'; }

# after GUEST COMMAND...: whether it has flushed rules of ours or not
after() {
	local guest=$1 was what="${*:2}" failed=$failures since
	shift; was=$(repairs) since=$(date '+%F %T')
	ok "$what" "$@"
	ok "$what: a repair follows" within 60 more_repairs "$was"
	ok "$what: all are whole" heals
	ok "$what: a guest reaches the outside" within 30 reaches "$guest" 198.51.100.10
	[ $failures = $failed ] || units "$since"
}

# lost_and_after GUEST COMMAND...: somebody has flushed them before
lost_and_after() {
	iptables -F VNM_FWO
	has "before ${*:2}" ' degraded ' "$(vnetmgr net-list)"
	after "$@"
}

# others_of_iptables GUEST: where the rules are in the tables of iptables.
others_of_iptables() {
	has 'the rules are what they flush' '^Firewall: +iptables-nft$' "$(vnetmgr net-info keennet)"
	after "$1" systemctl start nftables
	after "$1" systemctl restart nftables
	after "$1" systemctl reload nftables
	ok 'nftables stops, which flushes all' systemctl stop nftables
	printf '%s\n' '*filter' ':INPUT ACCEPT' ':FORWARD ACCEPT' ':OUTPUT ACCEPT' COMMIT '*nat' ':PREROUTING ACCEPT' ':INPUT ACCEPT' \
		':OUTPUT ACCEPT' ':POSTROUTING ACCEPT' COMMIT >/etc/iptables/rules.v4
	after "$1" systemctl restart netfilter-persistent
	lost_and_after "$1" systemctl restart iptables	# its other name
	# As it does itself where it is the first to forward.
	iptables -P FORWARD DROP
	after "$1" systemctl start docker
	has 'Docker forwards only what somebody accepts' '^-P FORWARD DROP' "$(iptables -S FORWARD)"
	has 'and comes first' '^-A FORWARD -j DOCKER-USER' "$(iptables -S FORWARD | sed -n 2p)"
	lost_and_after "$1" systemctl restart docker
	lost_and_after "$1" systemctl reload docker
	ok 'Docker stops' systemctl stop docker.socket docker containerd
}

# others_firewalld GUEST: firewalld is there since the boot.
others_firewalld() {
	local command
	has 'a table of its own' '^Firewall: +nftables$' "$(vnetmgr net-info keennet)"
	same 'the zone' vnetmgr "$(firewall-cmd --get-zone-of-interface=keenbr0)"
	same 'what waits for its reloads' active "$(systemctl is-active vnetmgr-firewalld)"
	for command in 'systemctl restart firewalld' 'systemctl reload firewalld' 'firewall-cmd --reload' 'firewall-cmd --complete-reload'; do
		after "$1" $command
		same "$command: the zone" vnetmgr "$(firewall-cmd --get-zone-of-interface=keenbr0)"
	done
	ok 'firewalld stops' systemctl stop firewalld
	ok 'and so does that' within 30 inactive vnetmgr-firewalld
	ok 'without it all are whole' vnetmgr -q net-repair --all; ok 'all are' whole
	after "$1" systemctl start firewalld
	after "$1" firewall-cmd --reload
}
