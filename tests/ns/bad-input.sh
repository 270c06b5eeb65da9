#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Bad input and missing things: one clear error, exit status 1, and nothing changed.
. "$srcdir/tests/lib/ns.sh"
cd "$T" || exit 1

state() { snapshot; find "$VNETMGR_ROOT/etc" "$VNETMGR_ROOT/var" -type f -o -type l | sort | xargs -r cat; }
# refused PATTERN COMMAND...: exit 1, a stderr line that matches, at most two "error:" lines, nothing changed.
refused() {
	pattern=$1; shift
	before=$(state)
	"$@" >"$T/o" 2>"$T/e"; same "exit status of $*" 1 $?
	has "message of $*" "^error: .*$pattern" "$(cat "$T/e")"
	ok "one or two lines for $*" test "$(wc -l <"$T/e")" -le 2
	same "$* changes nothing" "$before" "$(state)"
}
# bad PATTERN XML: define and create refuse it, with file and line
bad() { printf '%s' "$2" >bad.xml; refused "bad\.xml:[0-9]+:.*$1" vnm -q net-define bad.xml; refused "$1" vnm -q net-create bad.xml; }

IP="<ip address='192.168.170.1' prefix='24'"
vnm -q net-define "$srcdir/networks/keennet.xml"
uuid=$(vnm -q net-uuid keennet)

bad '14: ' "<network>
<name>t</nam></network>"
bad 'DOCTYPE' "<!DOCTYPE network [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><network><name>&x;</name></network>"
bad "<forwad>" "<network><name>t</name><forwad/></network>"
bad "'on' or 'off'" "<network><name>t</name>
<bridge name='b' stp='maybe'/></network>"
bad 'not entirely within network' "<network><name>t</name>$IP><dhcp><range start='192.168.171.2' end='192.168.171.9'/></dhcp></ip></network>"
bad 'is reversed' "<network><name>t</name>$IP><dhcp><range start='192.168.170.9' end='192.168.170.2'/></dhcp></ip></network>"
bad 'overlap' "<network><name>t</name>$IP><dhcp><range start='192.168.170.2' end='192.168.170.9'/><range start='192.168.170.5' end='192.168.170.20'/></dhcp></ip></network>"
bad '52:54:00:00:00:01' "<network><name>t</name>$IP><dhcp><host mac='52:54:00:00:00:01' ip='192.168.170.5'/><host mac='52:54:00:00:00:01' ip='192.168.170.6'/></dhcp></ip></network>"
bad '192.168.170.5' "<network><name>t</name>$IP><dhcp><host mac='52:54:00:00:00:01' ip='192.168.170.5'/><host mac='52:54:00:00:00:02' ip='192.168.170.5'/></dhcp></ip></network>"
bad 'vm1' "<network><name>t</name>$IP><dhcp><host mac='52:54:00:00:00:01' name='vm1' ip='192.168.170.5'/><host mac='52:54:00:00:00:02' name='vm1' ip='192.168.170.6'/></dhcp></ip></network>"
bad '255.0.255.0' "<network><name>t</name><ip address='192.168.170.1' netmask='255.0.255.0'/></network>"
bad 'both a prefix and a netmask' "<network><name>t</name><ip address='192.168.170.1' netmask='255.255.255.0' prefix='24'/></network>"
bad 'mismatch of address family' "<network><name>t</name>$IP><dhcp><range start='fd00::2' end='fd00::9'/></dhcp></ip></network>"
bad '15' "<network><name>t</name><bridge name='abcdefghijklmnopq'/></network>"
bad 'lo' "<network><name>t</name><bridge name='lo'/></network>"
bad '' "<network><name>../../etc/x</name></network>"
bad '' "<network><name>t</name><domain name='lab&#10;log-facility=/run/pwned'/>$IP/></network>"
# What would show a name from right to left, where it is written, and as a number; and everywhere a text can stand.
rlo=$(printf '\342\200\256') fsi=$(printf '\342\201\250') alm=$(printf '\330\234')
bad 'U\+202E in <title>' "<network><name>t</name>
<title>gnp.${rlo}exe</title></network>"
has 'its line' '^error: bad.xml:2: ' "$(vnm -q net-define bad.xml 2>&1)"
bad 'U\+202E in <title>' "<network><name>t</name><title>gnp.&#x202e;exe</title></network>"
bad 'U\+2068 in <description>' "<network><name>t</name><description>a
b ${fsi}</description></network>"
bad 'U\+061C in <txt>' "<network><name>t</name>$IP/><dns><txt name='a' value='${alm}x'/></dns></network>"
bad 'U\+200F in <portgroup>' "<network><name>t</name><portgroup name='&#x200f;x'/></network>"
bad 'U\+202E in <c>' "<network><name>t</name><metadata><a:b xmlns:a='urn:a'><a:c d='$rlo'/></a:b></metadata></network>"
bad 'U\+202E in ' "<network><name>t</name><metadata><a:b xmlns:a='urn:a'><a:c><!-- $rlo --></a:c></a:b></metadata></network>"
refused 'U\+202E in <title>' vnm -q net-desc --title keennet "gnp.${rlo}exe"
refused 'U\+2068 in <description>' vnm -q net-desc keennet "$fsi"
refused 'U\+202E' vnm -q net-metadata keennet urn:a --key a --set "<b>$rlo</b>"
refused 'U\+061C in <txt>' vnm -q net-update keennet add dns-txt "<txt name='a' value='$alm'/>" --config
printf '<network><name>t</name><title>שלום עולם</title></network>' >rtl.xml
ok 'what is written from right to left is taken' vnm -q net-define rtl.xml
vnm -q net-undefine t
# One that an older version took is still read, and shown without its effect.
printf '<network><name>old</name><title>gnp.%sexe</title><bridge name="oldbr0"/></network>' "$rlo" >"$VNETMGR_ROOT/etc/vnetmgr/networks/old.xml"
has 'one of old, in a table' ' old .*gnp\.\\xe2\\x80\\xaeexe$' "$(LC_ALL=C.UTF-8 vnm -q net-list --all --title)"
has 'and in XML' '<title>gnp\.&#x202E;exe</title>' "$(vnm -q net-dumpxml old)"
ok 'starts' vnm -q net-start old
vnm -q net-destroy old; vnm -q net-undefine old

printf '<network><name>other</name><uuid>%s</uuid></network>' "$uuid" >dup.xml
refused "network 'keennet' is already defined with uuid $uuid" vnm -q net-define dup.xml
printf '<network><name>keennet</name><uuid>11111111-2222-3333-4444-555555555555</uuid></network>' >dup.xml
refused "network 'keennet' already exists with uuid $uuid" vnm -q net-define dup.xml
printf "<network><name>other</name><bridge name='keenbr0'/></network>" >dup.xml
refused "bridge name 'keenbr0' is already in use by network 'keennet'" vnm -q net-define dup.xml
head -c 1100000 /dev/zero | tr '\0' ' ' >big.xml
refused '' vnm -q net-define big.xml
same 'no file came of it' 'keennet' "$(vnm -q net-list --all --name)"
no 'nothing was written elsewhere' test -e /run/pwned

refused "no network with matching name 'nosuch'" vnm -q net-start nosuch
refused "'keennet' is not active" vnm -q net-destroy keennet
ok 'start' vnm -q net-start keennet
refused 'already active' vnm -q net-start keennet

# A subnet that is taken: by an active network, and by a route of the host.
printf "<network><name>second</name><bridge name='br2'/><ip address='192.168.132.129' prefix='25'/></network>" >second.xml
has 'define warns' 'warning: .*192\.168\.132\.' "$(vnm net-define second.xml 2>&1)"
refused "192\.168\.132\.128/25.*keennet" vnm -q net-start second
printf "<network><name>third</name><bridge name='br3'/><ip address='203.0.113.129' prefix='25'/></network>" >third.xml
vnm -q net-define third.xml
refused '203\.0\.113\..*uplink0' vnm -q net-start third
# A device that is not ours under the bridge's name.
ip link add br4 type bridge
printf "<network><name>fourth</name><bridge name='br4'/></network>" >fourth.xml
vnm -q net-define fourth.xml
refused "br4" vnm -q net-start fourth
ip link del br4
printf "<network><name>fifth</name><forward mode='bridge'/><bridge name='nosuchbr'/></network>" >fifth.xml
vnm -q net-define fifth.xml
refused "nosuchbr.*does not exist" vnm -q net-start fifth
vnm -q net-destroy keennet
# What works is taken, with a warning.
has 'gateway in the range: a warning' 'warning: ' "$(sed 's/132\.2"/132.1"/; s/keennet/gw/; s/keenbr0/gwbr0/' "$srcdir/networks/keennet.xml" >gw.xml; vnm net-define gw.xml 2>&1)"
ok 'and it starts' vnm -q net-start gw
vnm -q net-destroy gw

# Nobody special: no privileges, no dnsmasq, no tables. (A root of its own, so that the state is not what stops it.)
as_nobody() { setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; }
if as_nobody true 2>/dev/null; then
	refused 'root' as_nobody "$VNETMGR" -q net-start keennet
	before=$(state)
fi
# A kernel without tables answers so to the first question about one. (With "auto" the next back end is taken: tests/kernels/fallback.sh.)
if [ "${VNM_FIREWALL:-}" != auto ] && command -v strace >/dev/null; then
	if [ "$FIREWALL" = legacy ]; then
		call=getsockopt:error=ENOPROTOOPT lacks='legacy IPv4 table .filter. .module ip_tables'
	else
		strace -qq -o sockets -e trace=socket "$VNETMGR" -q net-start keennet --dry-run >/dev/null
		call=socket:error=EPROTONOSUPPORT:when=$(grep -n NETLINK_NETFILTER sockets | head -n 1 | cut -d : -f 1)+ lacks=nf_tables
	fi
	refused "$lacks" strace -qq -o /dev/null -e trace="${call%%:*}" -e inject="$call" "$VNETMGR" -q net-start keennet
fi
# An empty file stands in for a dnsmasq that is not installed.
dnsmasq=$(command -v dnsmasq)
mount --bind /dev/null "$dnsmasq" && {
	refused 'dnsmasq is not installed' "$VNETMGR" -q net-start keennet
	umount "$dnsmasq"
}
finish
