#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What would make dnsmasq run a program or write a file as root, with the real dnsmasq: refused, or just a text to it.
. "$srcdir/tests/lib/ns.sh"
cd "$T" || exit 1
canary=$T/canary
cat >script <<EOF
#!/bin/sh
echo "\$@" >>$canary
EOF
chmod 755 script "$T"

# net PART: a network with DHCP and that part.
net() {
	printf "<network xmlns:dnsmasq='http://libvirt.org/schemas/network/dnsmasq/1.0'><name>h</name><bridge name='hbr0'/>%s%s</network>" \
		"<ip address='192.168.178.1' prefix='24'><dhcp><range start='192.168.178.2' end='192.168.178.9'/></dhcp></ip>" "$1" >h.xml
}
refused() {
	net "$2"
	no "define: $1" vnm -q net-define h.xml
	has "reason: $1" '^error: h.xml:1: ' "$(vnm -q net-define h.xml 2>&1)"
	no "create: $1" vnm -q net-create h.xml
}
option() { printf "<dnsmasq:options><dnsmasq:option value='%s'/></dnsmasq:options>" "$1"; }
x() { printf "%$1s" | tr ' ' x; }

# The two that libvirt 9.0 takes: a line break in a name, and what stands behind byte 1024 of a line.
refused 'a line break in a domain' "<domain name='lab&#10;dhcp-script=$T/script'/>"
refused 'a line break in a TXT record' "<dns><txt name='a' value='b&#10;dhcp-script=$T/script'/></dns>"
refused 'a line break in an option' "$(option "cache-size=5&#10;dhcp-script=$T/script")"
refused 'a line break between quotes' "<dns><txt name='a' value='\"b&#10;dhcp-script=$T/script\"'/></dns>"
refused 'behind byte 1024 between quotes' "<dns><txt name='a' value='\"$(x 1010)dhcp-script=$T/script\"'/></dns>"
refused 'behind byte 1024' "<dns><txt name='a' value='$(x 1011)dhcp-script=$T/script'/></dns>"
refused 'behind byte 1024 of an option' "$(option "txt-record=a,$(x 1011)dhcp-script=$T/script")"
# dnsmasq takes quotes out before it looks for the name, and blanks off it.
refused 'quotes in the name of an option' "$(option "dhcp-scr\"ip\"t=$T/script")"
refused 'quotes around the name of an option' "$(option "\"dhcp-script\"=$T/script")"
refused 'a blank behind the name' "$(option "dhcp-script =$T/script")"
refused 'a blank before the name' "$(option " dhcp-script=$T/script")"
refused 'the option itself' "$(option "dhcp-script=$T/script")"
same 'nothing is defined' '' "$(vnm -q net-list --all --name)"

# What is allowed looks much the same, and is a text.
net "<dns><txt name='long.test' value='dhcp-script=$T/script'/><txt name='both.test' value='\"a, # \",\"dhcp-script=$T/script\"'/></dns>$(option "txt-record=quoted.test,\"dhcp-script=$T/script # x\"")"
ok 'a text that looks like an option' vnm -q net-create h.xml
same 'one dnsmasq, and no helper of it' 1 "$(ps -e -o args= | grep -c '[d]nsmasq.*/h/')"
has 'the text as it is' "^\"dhcp-script=$T/script\"\$" "$(dig +short @192.168.178.1 long.test TXT)"
same 'quoted in a record' "\"a, # \" \"dhcp-script=$T/script\"" "$(dig +short @192.168.178.1 both.test TXT)"
has 'quoted, with its #' "^\"dhcp-script=$T/script # x\"\$" "$(dig +short @192.168.178.1 quoted.test TXT)"
guest g hbr0
ok 'a lease' dhcp g -x hostname:'$(touch /run/canary)'
no 'nothing was run' test -e "$canary" -o -e /run/canary
has 'a name that a guest sends is no name' '192\.168\.178\.[0-9]+/24 +- ' "$(vnm -q net-dhcp-leases h)"
leave g
ok 'destroy' vnm -q net-destroy h

# The longest line there can be: 1023 bytes, of which "txt-record=l.test," and commas are 22.
net "<dns><txt name='l.test' value='$(x 200),$(x 200),$(x 200),$(x 200),$(x 201)'/></dns>"
ok 'a line of 1023 bytes' vnm -q net-create h.xml
same 'is one record' "\"$(x 200)\" \"$(x 200)\" \"$(x 200)\" \"$(x 200)\" \"$(x 201)\"" "$(dig +short +bufsize=4000 @192.168.178.1 l.test TXT)"
same 'and one line' 1023 "$(awk '/^txt-record/ { print length }' "$VNETMGR_ROOT/run/vnetmgr/dnsmasq/h/dnsmasq.conf")"
ok 'destroy' vnm -q net-destroy h
finish
