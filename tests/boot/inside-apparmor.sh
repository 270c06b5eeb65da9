# SPDX-License-Identifier: GPL-2.0-or-later
# inside-apparmor.sh - the profile in complain mode logs what it would refuse: in the main job that is nothing.

complaints() { journalctl -b -k --no-pager | grep -E 'apparmor="(ALLOWED|DENIED)".*profile="vnetmgr' | sed 's/.*apparmor=/apparmor=/; s/ pid=[0-9]*//' | sort -u; }

apparmor() {
	[ -e /sys/kernel/security/apparmor ] || { echo '| no AppArmor in this kernel'; return; }
	ok 'the profile' apparmor_parser -r /root/apparmor/usr.bin.vnetmgr
	has 'is loaded' '^vnetmgr \(complain\)' "$(cat /sys/kernel/security/apparmor/profiles)"
	ok 'stop' vnetmgr -q net-destroy keennet
	ok 'start' vnetmgr -q net-start keennet
	ok 'attach' vnetmgr -q net-attach keennet --netns aa --create --ip auto --hostname aa
	ok 'a tap' vnetmgr -q net-attach hostonly --tap tap9
	ok 'a forward' vnetmgr -q net-forward-add keennet tcp 8081 192.168.132.9:80 --live --config
	ok 'a live change' vnetmgr -q net-update keennet add ip-dhcp-host "<host mac='52:54:00:00:00:09' ip='192.168.132.9'/>" --live --config
	pkill -f dnsmasq/keennet/; ok 'repair' vnetmgr -q net-repair --all
	vnetmgr net-doctor >/dev/null	# no server on the outside answers for names
	ok 'detach' vnetmgr -q net-detach keennet aa; ok 'the tap' vnetmgr -q net-detach hostonly tap9
	ok 'leases' vnetmgr net-dhcp-leases keennet
	ok 'unit' systemctl reload vnetmgr
	same 'the profile would have refused nothing' '' "$(complaints)"
	ok 'unloaded' apparmor_parser -R /root/apparmor/usr.bin.vnetmgr
}
