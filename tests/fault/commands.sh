# SPDX-License-Identifier: GPL-2.0-or-later
# commands.sh - what faults are injected into: one row for each command, read by sweep.sh.
#
# row NAME SETUP COMMAND BACK [KIND]
#   SETUP    leads from an empty world to where the command begins
#   COMMAND  what is disturbed: arguments of vnetmgr
#   BACK     reverses what the command did: from there to where it began
#   KIND     ruleless: it has nothing to do with firewall rules, so that one back end is enough; others are done with each
#            alone: it leaves a child that goes on by itself, which strace would wait for
#            mended: what it warns of, net-repair puts right
#            cni: the command is vnetmgr-cni, whose arguments are variables that SETUP has set
#            lend: the command is vnetmgr-bridge-helper, which gets arguments and a socket as from QEMU
#            finds: it finds nothing wrong, status 3, where it cannot look
#            partial: what it has done stays when it is interrupted, and the same command goes on from there
# SETUP and BACK are shell; n.xml, m.xml (n, changed) are in the current directory, vnm calls the program, and $backend is the
# firewall back end.
rows() {
	up='vnm net-define n.xml; vnm net-start n'
	row define	''			'net-define n.xml'	'vnm net-undefine n'	ruleless
	row redefine	'vnm net-define n.xml'	'net-define m.xml'	'vnm net-define n.xml'	ruleless
	row create	''			'net-create n.xml'	'vnm net-destroy n'
	row start	'vnm net-define n.xml; hook' 'net-start n'		'vnm net-destroy n'
	row destroy	"$up; hook"		'net-destroy n'		'vnm net-start n'
	row undefine	'vnm net-define n.xml; vnm net-autostart n' 'net-undefine n' 'vnm net-define n.xml; vnm net-autostart n'	ruleless
	row autostart	'vnm net-define n.xml'	'net-autostart n'	'vnm net-autostart n --disable'	ruleless
	row autostart-off 'vnm net-define n.xml; vnm net-autostart n' 'net-autostart n --disable' 'vnm net-autostart n'	ruleless
	row repair	"$up; sabotage"		'net-repair n'		'sabotage'		partial
	row attach	"$up; guests"	"net-attach n --netns g1 --ip auto --hostname one --mac 52:54:00:00:00:01" 'vnm net-detach n vnet0'
	row cni-add	"$up; guests; request ADD"	''	'cni DEL'		cni
	row cni-del	"$up; guests; cni ADD; request DEL" ''	'cni ADD'		cni
	row cni-gc	"$up; guests; cni ADD; request GC" ''	'cni ADD'		cni
	row cni-check	"$up; guests; cni ADD >r.json; request CHECK" ''	''		cni
	row lend	"$up; lending"		'--br=n'		'returned'		lend
	row detach	"$up; guests; reattach" 'net-detach n vnet0' 'reattach'
	create='net-attach n --netns g9 --create --ip auto --mac 52:54:00:00:00:01'
	row attach-create 'vnm net-define v4.xml; vnm net-start n' "$create"		'vnm net-detach n g9'
	row detach-create "vnm net-define v4.xml; vnm net-start n; vnm $create"	'net-detach n g9'	"vnm $create"
	row attach-tap	"$up"			'net-attach n --tap tap0 --mac 52:54:00:00:00:02' 'vnm net-detach n tap0'
	row attach-tun	"$up"			'net-attach n --tun tun0 --ip 192.168.190.1 --peer 192.168.190.9 --ip fd00:190::1 --peer fd00:190::9' 'vnm net-detach n tun0'
	row detach-tun	"$up; tunnel"		'net-detach n tun0'	'tunnel'
	row destroy-tun	"$up; tunnel"		'net-destroy n'		'vnm net-start n'
	row destroy-attached 'vnm net-create n.xml; guests; reattach' 'net-destroy n' 'vnm net-create n.xml; reattach'
	row host-start	'vnm net-define d.xml'	'net-start n'		'vnm net-destroy n'	ruleless
	row host-attach	'vnm net-define d.xml; vnm net-start n; ip netns add g1' "net-attach n --netns g1 --ip 203.0.113.9/24 --mac 52:54:00:00:00:01" 'vnm net-detach n g1'	ruleless
	row bridge-attach 'ip link add br-n mtu 9000 up type bridge; vnm net-define hb.xml; vnm net-start n' 'net-attach n --tap tap0 --mac 52:54:00:00:00:02' 'vnm net-detach n tap0'	ruleless
	row forward-add	"$up"			'net-forward-add n tcp 8080 192.168.190.5:80 --live --config' 'vnm net-forward-del n tcp 8080 --live --config'
	row explain	"$up; guests; reattach" 'net-explain n g1 192.168.190.1' ''
	row explain-port "$up; guests; reattach" 'net-explain n 192.168.190.2 192.168.190.1' ''
	row doctor	"$up; guests; reattach"	'net-doctor n --passive'	''	finds
	row doctor-probe "$up; guests; reattach" 'net-doctor n'		''	finds
	row update	"$up"			"net-update n add ip-dhcp-host h.xml --live --config" 'vnm net-update n delete ip-dhcp-host h.xml --live --config'
	row update-leased "$up; leased"		"net-update n add ip-dhcp-host l2.xml --live --config" 'vnm net-update n delete ip-dhcp-host l2.xml --live --config; leased'
	row release	"$up; leased"		'net-dhcp-release n 192.168.190.150' 'leased'	ruleless
	row release-inactive "$up; leased; vnm net-destroy n" 'net-dhcp-release n 52:54:00:00:00:08' 'leased; vnm net-destroy n'	ruleless
	row update-ip	"$up"			'net-update n add ip i.xml --live' 'vnm net-update n delete ip i.xml --live'
	row update-bridge "$up"			'net-update n modify bridge s.xml --live' 'vnm net-update n modify bridge o.xml --live'
	row update-mtu	'vnm net-define t.xml; vnm net-start n; guests; reattach; limited' 'net-update n modify mtu t9.xml --live' 'vnm net-update n modify mtu t2.xml --live'
	row update-route "$up"			'net-update n modify forward r.xml --live' 'vnm net-destroy n; vnm net-start n'
	row port	"$up"			'net-port-create n p.xml' 'vnm net-port-delete n 5599d7e3-f78d-4f9b-abc2-1a9384ffc500'	ruleless
	row desc	"$up"			'net-desc n --live --config words' "vnm net-desc n --live --config ''"	ruleless
	row rename	"$up; limited; vnm net-destroy n; vnm net-autostart n" 'net-rename n nn' 'vnm net-rename nn n'	ruleless
	row uplink-start 'vnm net-define u.xml'	'net-start n'		'vnm net-destroy n'
	row uplink-stop	'vnm net-define u.xml; vnm net-start n' 'net-destroy n' 'vnm net-start n'
	row uplink-guarded 'vnm net-define u.xml' 'net-start n --guard 600' 'vnm net-destroy n' alone
	row uplink-confirm 'vnm net-define u.xml; vnm net-start n --guard 600' 'net-confirm n' 'vnm net-destroy n; vnm net-start n --guard 600'	ruleless
	row overlay-start 'vnm net-define y.xml' 'net-start n'		'vnm net-destroy n'
	row overlay-stop 'vnm net-define y.xml; vnm net-start n' 'net-destroy n' 'vnm net-start n'
	row overlay-peer 'vnm net-define y.xml; vnm net-start n' 'net-update n add peer e.xml --live --config' 'vnm net-update n delete peer e.xml --live --config'
	row overlay-repair 'vnm net-define y.xml; vnm net-start n; apart' 'net-repair n' 'apart'	partial
	if vrfs; then
	row vrf-start	'cgroups; vnm net-define x.xml'	'net-start n'		'vnm net-destroy n'
	row vrf-stop	'cgroups; vnm net-define x.xml; vnm net-start n' 'net-destroy n' 'vnm net-start n'
	row vrf-repair	'cgroups; vnm net-define x.xml; vnm net-start n; unrouted' 'net-repair n' 'unrouted'	partial
	fi
	if [ -n "$frr" ]; then
	row evpn-start	'frr; vnm net-define k.xml' 'net-start n'	'vnm net-destroy n'
	row evpn-stop	'frr; vnm net-define k.xml; vnm net-start n' 'net-destroy n' 'vnm net-start n'
	row evpn-beside	'frr; vnm net-create k2.xml; vnm net-define k.xml' 'net-start n' 'vnm net-destroy n'
	row evpn-change	'frr; vnm net-define k.xml; vnm net-start n' 'net-apply k3.xml' 'vnm net-apply k.xml'
	row evpn-repair	'frr; vnm net-define k.xml; vnm net-start n; untold' 'net-repair n' 'untold'	partial
	fi
	row bandwidth-start 'vnm net-define b.xml' 'net-start n'	'vnm net-destroy n'
	row bandwidth-stop 'vnm net-define b.xml; vnm net-start n' 'net-destroy n' 'vnm net-start n'
	row limited-attach 'vnm net-define l.xml; vnm net-start n' 'net-attach n --tap tap0 --mac 52:54:00:00:00:02' 'vnm net-detach n tap0'
	row limited-detach 'vnm net-define l.xml; vnm net-start n; limited' 'net-detach n tap0' 'limited'
	row floor-create 'vnm net-define b.xml; vnm net-start n' 'net-port-create n f.xml' 'vnm net-port-delete n 5599d7e3-f78d-4f9b-abc2-1a9384ffc500'
	row floor-delete 'vnm net-define b.xml; vnm net-start n; vnm net-port-create n f.xml' 'net-port-delete n 5599d7e3-f78d-4f9b-abc2-1a9384ffc500' 'vnm net-port-create n f.xml'
	row firewall	"$up; setting \$(another)" 'net-repair --firewall' 'setting $backend; vnm net-repair --firewall; setting $(another)'
	row apply	"$up"			'net-apply m.xml'	'vnm net-apply n.xml'
	row renumber	"$up; guests; reattach" 'net-apply w.xml'	'vnm net-apply n.xml'	partial
	row passes	"$up"			'net-apply q.xml'	'vnm net-apply n.xml'
	row passes-all	'vnm net-define q.xml; vnm net-start n' 'net-apply v.xml' 'vnm net-apply q.xml'
	row others-start "$up; guests; others; vnm net-destroy n" 'net-start n' 'vnm net-destroy n' mended
	row others-destroy "$up; guests; others" 'net-destroy n' 'vnm net-start n'
	row others-repair "$up; guests; others; unbridged" 'net-repair n' 'unbridged'	partial
	if [ -n "$ovs" ]; then
	on_switch='ovs; vnm net-define so.xml; vnm net-start n'
	tagged='vnm net-attach n --tap tap0 --mac 52:54:00:00:00:02 --portgroup blue'
	row ovs-attach	"$on_switch"		'net-attach n --tap tap0 --mac 52:54:00:00:00:02 --vlan 42,43 --native-vlan 43' 'vnm net-detach n tap0'	ruleless
	row ovs-detach	"$on_switch; $tagged"	'net-detach n tap0'	"$tagged"	ruleless
	row ovs-stop	"$on_switch; $tagged"	'net-destroy n'		'vnm net-start n'	ruleless
	row ovs-group	"$on_switch; $tagged"	'net-update n modify portgroup g2.xml --live' 'vnm net-update n modify portgroup g1.xml --live'	ruleless
	fi
	! filters_vlans || vlan_rows
}
vlan_rows() {
	in_vlans='vnm net-define vlans.xml; vnm net-start n'
	trunk='net-attach n --tap tap0 --mac 52:54:00:00:00:02 --vlan 42,43 --native-vlan 43'
	carried='net-attach n --tap tap0 --mac 52:54:00:00:00:02 --vlan 50'
	row vlan-start	'vnm net-define vlans.xml' 'net-start n'	'vnm net-destroy n'
	row vlan-stop	"$in_vlans; guests; reattach; blue" 'net-destroy n' 'vnm net-start n'
	row vlan-on	"$up; guests; reattach"	'net-apply vlans.xml'	'vnm net-apply n.xml'
	row vlan-off	"$in_vlans; guests; reattach" 'net-apply n.xml'	'vnm net-apply vlans.xml'
	row vlan-change	"$in_vlans; guests; reattach; blue" 'net-apply vlans2.xml' 'vnm net-apply vlans.xml'
	row vlan-group	"$in_vlans; guests; reattach; blue" 'net-update n modify portgroup g2.xml --live' 'vnm net-update n modify portgroup g1.xml --live'
	row vlan-attach	"$in_vlans"		"$trunk"		'vnm net-detach n tap0'
	row vlan-detach	"$in_vlans; vnm $trunk"	'net-detach n tap0'	"vnm $trunk"
	row vlan-repair	"$in_vlans; guests; reattach; blue; mixed" 'net-repair n' 'mixed'	partial
	row vlan-others	"$in_vlans; guests; others; bridge vlan add dev gb vid 43 pvid untagged; vnm net-destroy n" 'net-start n' 'vnm net-destroy n' mended
	row vlan-uplink	'vnm net-define vu.xml'	'net-start n'		'vnm net-destroy n'
	row vlan-carried 'vnm net-define vu.xml; vnm net-start n' "$carried" 'vnm net-detach n tap0'
	row vlan-uncarried "vnm net-define vu.xml; vnm net-start n; vnm $carried" 'net-detach n tap0' "vnm $carried"
	row vlan-native	'vnm net-define vu.xml; vnm net-start n' 'net-apply vn.xml' 'vnm net-apply vu.xml'
	row vlan-hosts	'ip link add br-n up type bridge vlan_filtering 1; vnm net-define vh.xml; vnm net-start n' "$trunk" 'vnm net-detach n tap0'	ruleless
	row told-on	"$up; guests; reattach" 'net-apply told.xml'	'vnm net-apply n.xml'
	row told-attach	'vnm net-define told.xml; vnm net-start n' 'net-attach n --tap tap0 --mac 52:54:00:00:00:02' 'vnm net-detach n tap0'
}
# ovs: it runs here, with a switch, if it does not yet
ovs() { [ -e "$T/ovs/switch.pid" ] || { ovs_start && switch br-o; }; }

files() {
	cat >n.xml <<-'X'
	<network><name>n</name><uuid>5599d7e3-f78d-4f9b-abc2-1a9384ffc5f7</uuid><forward mode='nat'><nat ipv6='yes'/></forward>
	<bridge name='br-n' stp='off'/><mac address='52:54:00:a1:b2:c3'/><domain name='lab.test'/>
	<ip address='192.168.190.1' prefix='24'><dhcp><range start='192.168.190.100' end='192.168.190.200'/></dhcp></ip>
	<ip family='ipv6' address='fd00:190::1' prefix='64'/></network>
	X
	sed "s|^<ip family='ipv6'.*|</network>|" n.xml >v4.xml
	sed "s/190.200/190.220/; s/prefix='64'/prefix='80'/" n.xml >m.xml
	sed 's/192\.168\.190/192.168.191/g' n.xml >w.xml
	sed "s|<network|& xmlns:vnm='urn:vnetmgr:network:1'|; s|stp='off'|& vnm:groupForwardMask='0x4008' vnm:multicastQuerier='yes'|" n.xml >q.xml
	sed "s/0x4008/0x4000/; s/multicastQuerier='yes'/multicastSnooping='no'/" q.xml >v.xml
	sed "s|<domain.*|<bandwidth><inbound average='2000'/><outbound average='2000'/></bandwidth>|" n.xml >b.xml
	sed "s|</network|<portgroup name='g' default='yes'><bandwidth><inbound average='2000'/><outbound average='2000'/></bandwidth></portgroup>&|" n.xml >l.xml
	group() { echo "<portgroup name='blue'><vlan><tag id='$1'/></vlan></portgroup>"; }
	group 43 >g1.xml; group 44 >g2.xml
	sed "s/ens33/uplink0/; s/br-lan/br-n/; s/<name>lan/<name>n/" "$srcdir/networks/examples/uplink.xml" >u.xml
	sed -i 's|<forward|<uuid>5599d7e3-f78d-4f9b-abc2-1a9384ffc5f7</uuid>&|' u.xml
	sed '/<vnm:uplink/d' u.xml >hb.xml
	sed "s|<domain|<vlan><tag id='42'/></vlan>&|; s|</network|$(group 43)&|" n.xml >vlans.xml
	sed "s/'43'/'45'/; s/'42'/'43'/" vlans.xml >vlans2.xml
	sed "s|</network|<vlan><tag id='42'/></vlan>&|" u.xml >vu.xml
	sed "s/\"uplink0\"/& nativeVlan='99' vlans='42-44'/" vu.xml >vn.xml
	sed "s|</network|<vlan><tag id='42'/></vlan>&|" hb.xml >vh.xml
	sed "s/stp='off'/& macTableManager='libvirt'/" n.xml >told.xml
	echo "<network><name>n</name><uuid>5599d7e3-f78d-4f9b-abc2-1a9384ffc5f7</uuid><forward mode='bridge'/><bridge name='br-o'/><virtualport type='openvswitch'/><vlan><tag id='42'/></vlan>$(group 43)</network>" >so.xml
	cat >d.xml <<-'X'
	<network xmlns:vnm='urn:vnetmgr:network:1'><name>n</name><uuid>5599d7e3-f78d-4f9b-abc2-1a9384ffc5f7</uuid>
	<forward mode='bridge' vnm:host='yes'><interface dev='uplink0'/></forward></network>
	X
	sed "s|<network|& xmlns:vnm='urn:vnetmgr:network:1'|; s|</network|<vnm:overlay vni='7' dev='uplink0'><vnm:host index='1' of='2'/><vnm:peer address='203.0.113.9'/></vnm:overlay>&|" n.xml >y.xml
	echo "<vnm:peer address='203.0.113.8'/>" >e.xml
	sed "s|<network|& xmlns:vnm='urn:vnetmgr:network:1'|; s|</network|<vnm:vrf name='blue' table='10'/>&|" n.xml >x.xml
	sed "s|<vnm:peer.*/>|<vnm:evpn asn='65000' reflector='203.0.113.9' password='p'/>|" y.xml >k.xml
	sed "s/<name>n/<name>nn/; s/br-n/br-nn/; s/vni='7'/vni='8'/; /<uuid>/s/<uuid>.*<.uuid>//; s/190/191/g; s/a1:b2:c3/a1:b2:c4/" k.xml >k2.xml
	sed "s/index='1'/index='2'/; s/password='p'/password='q' bfd='yes'/" k.xml >k3.xml
	echo "<ip address='192.168.191.1' prefix='24'/>" >i.xml
	sed "s|<bridge|<mtu size='2000'/>&|" n.xml >t.xml
	echo "<mtu size='2000'/>" >t2.xml
	echo "<mtu size='9000'/>" >t9.xml
	echo "<bridge stp='on' delay='4'/>" >s.xml
	echo "<bridge stp='off' delay='0'/>" >o.xml
	echo "<forward mode='route'/>" >r.xml
	echo "<host mac='52:54:00:00:00:07' name='seven' ip='192.168.190.7'/>" >h.xml
	echo "<host mac='52:54:00:00:00:07' ip='192.168.190.150'/>" >l2.xml
	cat >p.xml <<-'X'
	<networkport><uuid>5599d7e3-f78d-4f9b-abc2-1a9384ffc500</uuid>
	<owner><name>vm</name><uuid>5599d7e3-f78d-4f9b-abc2-1a9384ffc501</uuid></owner>
	<mac address='52:54:00:00:00:09'/></networkport>
	X
	sed "s|</networkport|<bandwidth><inbound average='100' floor='500'/></bandwidth>&|" p.xml >f.xml
}
# frr: it runs here, if it does not yet
frr() { [ -e "$LAB/h0/run/frr/bgpd.pid" ] || frr_start 0 zebra bgpd; }
untold() { vty 0 'configure terminal' 'no router bgp 65000'; }
# cni COMMAND: the plugin is called; request COMMAND: it will be
request() {
	export CNI_COMMAND="$1" CNI_CONTAINERID=0123456789abcdef CNI_NETNS=/run/netns/g1 CNI_IFNAME=eth0 CNI_ARGS=MAC=52:54:00:00:00:01
	echo '{"cniVersion":"1.1.0","name":"n","cni.dev/valid-attachments":[],
	"runtimeConfig":{"portMappings":[{"hostPort":8080,"containerPort":80}],"aliases":["two"]}}' >c.json
	[ "$1" != CHECK ] || sed -i '1s/{/{"prevResult":'"$(tr -d '\n' <r.json | sed 's,/,\\/,g')"',/' c.json
}
cni() { (request "$1"; "$CNI" <c.json); }
# root may have one tap; it is kept by the holders in the file "held", and ends with them.
lending() { echo 'root n 1' >"$VNETMGR_ROOT/etc/vnetmgr/bridge.conf"; chmod 644 "$VNETMGR_ROOT/etc/vnetmgr/bridge.conf"; }
returned() {
	while read -r pid; do kill -9 "$pid"; while kill -0 "$pid"; do sleep .02; done; done <held
	rm -f held; vnm net-repair n
}
# A namespace, which does not make itself addresses of what dnsmasq announces.
guests() { ip netns add g1; ip netns exec g1 sh -c 'echo 0 >/proc/sys/net/ipv6/conf/default/accept_ra'; }
hook() {
	hooks=$VNETMGR_ROOT/etc/vnetmgr/hooks
	mkdir -p "$hooks"; printf '#!/bin/sh\nexit 0\n' >"$hooks/network"; chmod 755 "$hooks/network"
}
# Two devices that others put on the bridge, of which one may do less than any.
others() {
	for dev in ga gb; do
		ip link add name $dev address 02:00:00:00:01:${dev#g}0 type veth peer name eth-$dev address 02:00:00:00:02:${dev#g}0 netns g1
		ip link set dev $dev master br-n up; ip netns exec g1 ip link set eth-$dev up
	done
	bridge link set dev ga isolated on
}
# Do the kernel's bridges filter VLANs?
filters_vlans() { ip link add vnm-probe type bridge vlan_filtering 1 2>/dev/null; ip -d link show vnm-probe 2>/dev/null | grep -q 'vlan_filtering 1'; can=$?; ip link del vnm-probe 2>/dev/null; return $can; }
# blue: a guest in the VLAN of a portgroup; mixed: what others do to VLANs
blue() { vnm net-attach n --tap tap0 --mac 52:54:00:00:00:02 --portgroup blue; }
mixed() {
	ip link set br-n type bridge vlan_filtering 0
	bridge vlan add dev br-n vid 43 pvid untagged self; bridge vlan add dev tap0 vid 44
}
# vrfs: has the kernel any? cgroups: those by which dnsmasq serves in one, which the sandbox lacks; unrouted: without what leads out of one
vrfs() { ip link add vnm-probe type vrf table 9 2>/dev/null && ip link del vnm-probe; }
cgroups() { [ -e /sys/fs/cgroup/cgroup.procs ] || mount -t cgroup2 cgroup2 /sys/fs/cgroup; }
unrouted() { ip link set br-n nomaster; ip rule del pref 990; ip rule del pref 1010; }
setting() { echo "firewall_backend = \"$1\"" >"$VNETMGR_ROOT/etc/vnetmgr/network.conf"; }
another() { case $backend in legacy) echo iptables-nft ;; iptables-nft) echo nftables ;; *) echo legacy ;; esac; }
unbridged() { vnm net-info n; ip link del br-n; }
sabotage() {
	ip link del br-n; lose_rules "$(names br-n)"
	pid=$(cut -d" " -f1 "$VNETMGR_ROOT/run/vnetmgr/dnsmasq/n/process")
	kill -9 "$pid"; while kill -0 "$pid" 2>/dev/null; do sleep .02; done
}
# A guest that is gone has a lease for ever.
leased() {
	vnm net-destroy n
	echo '0 52:54:00:00:00:08 192.168.190.150 * *' >"$VNETMGR_ROOT/var/lib/vnetmgr/leases/n"
	vnm net-start n
}
tunnel() { vnm net-attach n --tun tun0 --ip 192.168.190.1 --peer 192.168.190.9; }
limited() { vnm net-attach n --tap tap0 --mac 52:54:00:00:00:02; }
reattach() { vnm net-attach n --netns g1 --ip auto --hostname one --mac 52:54:00:00:00:01; }
