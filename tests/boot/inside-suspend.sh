# SPDX-License-Identifier: GPL-2.0-or-later
# inside-suspend.sh - the machine sleeps until run.sh wakes it: networks, their servers and guests go on.

woke() { journalctl -b -k --no-pager | grep -q 'PM: suspend exit'; }
forwarded() { ip netns exec internet nc -z -w 3 203.0.113.2 8080; }	# to the guest that keennet forwards it to
switches() { sysctl net.ipv4.ip_forward net.ipv6.conf.all.forwarding; }
leases() { vnetmgr -q net-dhcp-leases keennet | awk 'NF { print $3, $5, $6 }' | sort; }

suspend() {
	local was before_it server
	ok 'what is forwarded to' vnetmgr -q net-attach keennet --netns srv --create --ip 192.168.132.9
	ip netns exec srv nc -lk 80 >/dev/null & server=$!
	ok 'a lease' dhcp
	ok 'a forward' within 60 forwarded
	was=$(servers) before_it=$(leases; switches)
	has 'the host forwards' 'ip_forward = 1' "$before_it"
	echo SUSPEND
	ok 'suspend' systemctl suspend
	ok 'the machine wakes' within 300 woke
	echo AWAKE
	echo "| sleep: $(journalctl -b -k --no-pager -o short-monotonic | grep -E 'PM: suspend|ACPI: PM: (Wak|Prep)' | sed 's/.*kernel: //' | xargs)"
	has 'it has slept in its memory' 'PM: suspend entry \(deep\)' "$(journalctl -b -k --no-pager)"
	ok 'all are whole' whole
	same 'all dnsmasq stay' "$was" "$(servers)"
	same 'leases and forwarding' "$before_it" "$(leases; switches)"
	ok 'a guest reaches the outside' reaches web 198.51.100.10
	ok 'a forward, as before' forwarded
	ok 'a lease, as before' dhcp
	ok 'by which the guest reaches the outside' reaches g 198.51.100.10
	same 'nothing has failed' '' "$(systemctl --failed --no-legend)"
	kill $server; ok 'that guest leaves' vnetmgr -q net-detach keennet srv
}
