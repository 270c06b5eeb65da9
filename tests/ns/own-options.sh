#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# <dnsmasq:option>: clones that send one client identifier, a limit of one's own on leases, routes, complaints that name no line, and a
# file that is not there.
. "$srcdir/tests/lib/ns.sh"
cd "$T" || exit 1
N=192.168.153
def() {	# def OPTION...: the network, with these options
	{ printf "<network xmlns:dnsmasq='http://libvirt.org/schemas/network/dnsmasq/1.0'><name>n</name><forward mode='nat'/><bridge name='br-n' stp='off'/>"
	printf "<ip address='$N.1' prefix='24'><dhcp><range start='$N.100' end='$N.200'/></dhcp></ip>"
	printf '<dnsmasq:options>'; for option; do printf '<dnsmasq:option value="%s"/>' "$option"; done; printf '</dnsmasq:options></network>\n'
	} >n.xml
	vnm -q net-define n.xml
}
start() { def "$@" && vnm -q net-start n; }
stop() { vnm -q net-destroy n 2>/dev/null; rm -f "$VNETMGR_ROOT/var/lib/vnetmgr/leases/n"; }
clones() { for g in ga gb; do guest $g br-n; ok "$1: $g" dhcp $g -x 0x3d:ff0011223344; done; first=$(dhcp_value ga ip) second=$(dhcp_value gb ip); leave ga gb; }

ok 'start' start log-dhcp
clones 'clones'; same 'clones have one address' "$first" "$second"
stop
ok 'by MAC addresses' start dhcp-ignore-clid
clones 'known by MAC addresses'; no 'they have two' [ "$first" = "$second" ]
same 'both are in the table' 2 "$(vnm -q net-dhcp-leases n | grep -c ipv4)"
ok 'and can be ended' vnm net-dhcp-release n "$first"
same 'one by one' "$second" "$(vnm -q net-dhcp-leases n | sed -n 's/.*ipv4 *\([^/]*\).*/\1/p')"
stop

ok 'a limit on leases' start dhcp-lease-max=1
same 'stands once' 'dhcp-lease-max=1' "$(grep dhcp-lease-max "$VNETMGR_ROOT/run/vnetmgr/dnsmasq/n/dnsmasq.conf")"
guest ga br-n; guest gb br-n
ok 'the first gets one' dhcp ga
no 'the second does not' ip netns exec gb busybox udhcpc -i eth0 -n -q -f -t 2 -T 1 -s /bin/true
leave ga gb; stop

ok 'routes by option 121' start 'dhcp-option=121,0.0.0.0/0,192.168.153.1,10.9.0.0/16,192.168.153.9'
guest ga br-n
ok 'a client that asks for them' dhcp ga -O staticroutes
same 'gets both' "0.0.0.0/0 $N.1 10.9.0.0/16 $N.9" "$(dhcp_value ga staticroutes)"
leave ga; stop

why() { no "$1" start "$@"; has "$1: which option" ": '$1', a <dnsmasq:option> of the network's definition: correct it there, or take it out$" "$(cat out)"; }
why dnssec
why auth-zone=lab.test
why max-port=50000 min-port=60000

def resolv-file=/nosuch
has 'a file that is not there' "^warning: network 'n': <dnsmasq:option value='resolv-file=/nosuch'/>: there is no such file; without it no name outside of the network is found$" "$(vnm net-start n 2>&1)"
stop
echo "nameserver 203.0.113.1" >resolv
same 'one that is' '' "$(start "resolv-file=$T/resolv" 2>&1)"
stop

### What people set, each alone: it is taken as it is, and the network serves.
for option in all-servers bogus-nxdomain=64.94.110.11 cache-size=500 caa-record=lab.test,0,issue,ca.test cname=www.lab.test,lab.test \
	dhcp-authoritative dhcp-ignore=tag:unwanted dhcp-mac=set:red,00:60:8c:*:*:* dhcp-option=42,192.168.153.1 dhcp-sequential-ip dhcp-ttl=60 \
	dhcp-userclass=set:u,accounts dhcp-vendorclass=set:v,Hewlett dns-forward-max=300 domain-needed edns-packet-max=1232 filterwin2k \
	host-record=api.lab.test,192.168.153.78 ignore-address=192.0.2.1 localise-queries local-ttl=60 log-queries max-cache-ttl=300 \
	min-cache-ttl=10 mx-host=lab.test,mail.lab.test,10 naptr-record=lab.test,10,10,s,sip,,_sip._udp.lab.test neg-ttl=60 no-negcache no-ping \
	ptr-record=_http._tcp.lab.test,web quiet-dhcp rebind-localhost-ok selfmx stop-dns-rebind \
	synth-domain=lab.test,192.168.153.0/24,vm- txt-record=lab.test,hello; do
	ok "$option" start "$option"
	ok "$option: as it is" grep -qxF "$option" "$VNETMGR_ROOT/run/vnetmgr/dnsmasq/n/dnsmasq.conf"
	same "$option: active" active "$(vnm -q net-list | awk '$1 == "n" { print $2 }')"
	stop
done

ok 'a wildcard, and what boots by its architecture' start "address=/.apps.lab.test/$N.77" 'dhcp-match=set:efi,option:client-arch,7' \
	dhcp-boot=tag:efi,efi.img dhcp-boot=tag:!efi,pxe.0
guest ga br-n; guest gb br-n
ok 'UEFI' dhcp ga -x 0x5d:0007; same 'boots its own' efi.img "$(dhcp_value ga boot_file)"
ok 'BIOS' dhcp gb -x 0x5d:0000; same 'boots the other' pxe.0 "$(dhcp_value gb boot_file)"
for name in apps.lab.test console.apps.lab.test; do same "$name" "$N.77" "$(inns ga dig +short +time=2 +tries=1 @$N.1 $name)"; done
leave ga gb; stop

no 'a range that dnsmasq does not understand' start dhcp-range=set:pd,192.168.153.2,static,56,garbage
has 'why, and where' "^error: .*bad dhcp-range at line [0-9]+ of .*dnsmasq.conf.*'dhcp-range=set:pd,192.168.153.2,static,56,garbage'" "$(cat out)"
no 'nothing is left' ip link show br-n
finish
