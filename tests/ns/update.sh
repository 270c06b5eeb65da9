#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A network is changed while a guest holds a lease and an open TCP connection through NAT: both must stay.
. "$srcdir/tests/lib/ns.sh"
before=$(snapshot)
cat >"$T/n.xml" <<'X'
<network><name>n</name><forward mode='nat'/><bridge name='br-n' stp='off'/>
<ip address='192.168.190.1' prefix='24'><dhcp><range start='192.168.190.100' end='192.168.190.200'/></dhcp></ip></network>
X
N=192.168.190
record() { cut -d' ' -f1 "$VNETMGR_ROOT/run/vnetmgr/dnsmasq/n/process"; }
ask() { inns g1 dig +short +time=3 +tries=2 "@$N.1" "$@"; }
rules() { uncounted_rules; }
# until COMMAND...: dnsmasq reads its lists a moment after the signal
soon() { n=0; until "$@" || [ $((n += 1)) -gt 200 ]; do sleep .02; done; "$@"; }

ok define vnm net-define "$T/n.xml"
ok start vnm net-start n
up=$(snapshot)
guest g1 br-n
ok 'a lease' dhcp g1
ip1=$(dhcp_value g1 ip)
leases=$(vnm net-dhcp-leases n)

talk g1 203.0.113.1
alive() {	# alive WHAT: the connection echoes, the lease is listed, and the guest renews it
	echoes "$1"
	same "the lease is there after: $1" "$leases" "$(vnm net-dhcp-leases n)"
}
alive 'nothing at all'

# changed WHAT ARGUMENTS...: a live update, after which the guest is as well as before
changed() { what=$1; shift; ok "$what" vnm net-update n "$@" --live; alive "$what"; }

# Hosts: by a signal, without a restart; nothing else is touched.
pid=$(record) old_rules=$(rules)
changed 'add a host' add ip-dhcp-host "<host mac='52:54:00:00:00:07' name='seven' ip='$N.7'/>"
changed 'add several hosts' add ip-dhcp-host "<host mac='52:54:00:00:00:08' name='eight' ip='$N.8'/>
  <host mac='52:54:00:00:00:09' name='nine' ip='$N.9'/>"
changed 'modify a host' modify ip-dhcp-host "<host mac='52:54:00:00:00:07' name='seven' ip='$N.77'/>"
no_because 'a name that is reserved' "^hint: there is <host mac='52:54:00:00:00:07' name='seven' ip='$N.77'/>; modify replaces it, or delete it first$" \
	vnm net-update n add ip-dhcp-host "<host mac='52:54:00:00:00:18' name='seven' ip='$N.18'/>" --live
changed 'delete a host' delete ip-dhcp-host "<host mac='52:54:00:00:00:08'/>"
changed 'add a name' add dns-host "<host ip='10.1.2.3'><hostname>far</hostname></host>"
ok 'it is answered' soon eval "[ \"\$(ask far)\" = 10.1.2.3 ]"
same 'dnsmasq is the same process' "$pid" "$(record)"
same 'the rules are untouched' "$old_rules" "$(rules)"
guest g7 br-n 52:54:00:00:00:07
ok 'the guest with a reservation gets a lease' dhcp g7
same 'the reserved one' "$N.77" "$(dhcp_value g7 ip)"
leases=$(vnm net-dhcp-leases n)

# Ranges and records: dnsmasq starts again, and keeps the leases.
changed 'add a range' add ip-dhcp-range "<range start='$N.20' end='$N.29'/>"
changed 'add a TXT record' add dns-txt "<txt name='note' value='hello'/>"
same 'it is answered' '"hello"' "$(ask note TXT)"
changed 'add an SRV record' add dns-srv "<srv service='ldap' protocol='tcp' domain='x.test' target='seven' port='389'/>"
same 'it is answered, too' '0 0 389 seven.' "$(ask _ldap._tcp.x.test SRV)"
changed 'add a forwarder' add dns-forwarder "<forwarder domain='void.test' addr='203.0.113.1'/>"
changed 'set a domain' add domain "<domain name='lab.test' localOnly='yes'/>"
same 'names are in it' "$N.77" "$(ask seven.lab.test)"
no 'another process by now' test "$pid" = "$(record)"

# The bridge, addresses, routes, forwarding.
changed 'STP and delay' modify bridge "<bridge stp='on' delay='4'/>"
has 'in effect' 'forward_delay 400 .*stp_state 1 ' "$(ip -d -o link show br-n)"
changed 'STP off' modify bridge "<bridge stp='off' delay='0'/>"
changed 'MTU' add mtu "<mtu size='1400'/>"
has 'the MTU is in effect' ' mtu 1400 ' "$(ip -o link show br-n)"
changed 'a second subnet' add ip "<ip address='192.168.191.1' prefix='24'/>"
guest g2 br-n
static g2 192.168.191.5/24 192.168.191.1
same 'its guests are translated' "you are $UPLINK" "$(web g2 "$SERVER")"
changed 'a route' add route "<route address='10.77.0.0' prefix='16' gateway='$N.77'/>"
has 'the route is in effect' "^10.77.0.0/16 via $N.77 dev br-n" "$(ip route)"
changed 'another prefix for the second subnet' modify ip "<ip address='192.168.191.1' prefix='25'/>"
has 'the route outlives it' "^10.77.0.0/16 via $N.77 dev br-n" "$(ip route)"
has 'the prefix is in effect' 'inet 192.168.191.1/25 ' "$(ip -o addr show br-n)"
changed 'no second subnet' delete ip "<ip address='192.168.191.1'/>"
changed 'no route' delete route "<route address='10.77.0.0' prefix='16' gateway='$N.77'/>"
changed 'other NAT ports' modify forward "<forward mode='nat'><nat><port start='5000' end='6000'/></nat></forward>"
has 'in the rules' '(MASQUERADE --to-ports |masquerade to :)5000-6000' "$(rules)"
changed 'only by the uplink' modify forward "<forward mode='nat' dev='uplink0'/>"
changed 'open' modify forward "<forward mode='open'/>"
no 'open has no rules' eval "rules | grep -q 'br-n\|$N.0'"
changed 'routed' modify forward "<forward mode='route'/>"
changed 'NAT again' modify forward "<forward mode='nat'/>"
same 'a new connection goes through NAT' "you are $UPLINK" "$(web g7 "$SERVER")"

# All else that can be changed live, and back.
there_and_back() { what=$1 section=$2; shift 2; changed "$what" add "$section" "$1"; changed "$what: no more" delete "$section" "${2-$1}"; }
there_and_back 'outbound and inbound' bandwidth "<bandwidth><inbound average='9000'/><outbound average='9000'/></bandwidth>" '<bandwidth/>'
there_and_back 'a portgroup' portgroup "<portgroup name='x' default='yes'><bandwidth><inbound average='100'/></bandwidth></portgroup>"
there_and_back 'a way out' forward-interface "<interface dev='uplink0'/>"
changed 'no MTU of its own' delete mtu '<mtu/>'
changed 'another domain' modify domain "<domain name='x.test'/>"
changed 'no domain' delete domain '<domain/>'
there_and_back 'a TXT record' dns-txt "<txt name='t' value='v'/>" "<txt name='t'/>"
there_and_back 'an SRV record' dns-srv "<srv service='a' protocol='tcp'/>"
there_and_back 'a forwarder' dns-forwarder "<forwarder addr='203.0.113.1'/>"
there_and_back 'a name' dns-host "<host ip='1.2.3.4'><hostname>q</hostname></host>" "<host ip='1.2.3.4'/>"
there_and_back 'an IPv6 subnet' ip "<ip family='ipv6' address='fd00:9::1' prefix='64'><dhcp><range start='fd00:9::10' end='fd00:9::20'/></dhcp></ip>" "<ip family='ipv6' address='fd00:9::1'/>"
changed 'a NAT address' modify forward "<forward mode='nat'><nat><address start='203.0.113.2' end='203.0.113.2'/></nat></forward>"
changed 'IPv6 NAT' modify forward "<forward mode='nat'><nat ipv6='yes'/></forward>"
changed 'any address' modify forward "<forward mode='nat'/>"
whole="<range start='$N.100' end='$N.200'/>"
changed 'DHCP off' modify ip "<ip address='$N.1' prefix='24'/>"
changed 'DHCP on, with a boot file' modify ip "<ip address='$N.1' prefix='24'><tftp root='/tmp'/><dhcp>$whole<bootp file='x'/></dhcp></ip>"
changed 'short leases' modify ip "<ip address='$N.1' prefix='24'><dhcp><range start='$N.100' end='$N.200'><lease expiry='10' unit='minutes'/></range></dhcp></ip>"
changed 'long ones' modify ip "<ip address='$N.1' prefix='24'><dhcp>$whole</dhcp></ip>"
there_and_back 'another range' ip-dhcp-range "<range start='$N.20' end='$N.29'/>"
changed 'a range that begins later' modify ip-dhcp-range "<range start='$N.100' end='$N.199'/>"
has 'it is served' "^dhcp-range=$N.100,$N.199," "$(cat "$VNETMGR_ROOT/run/vnetmgr/dnsmasq/n/dnsmasq.conf")"
changed 'as it was' modify ip-dhcp-range "$whole"

# What cannot be done live is refused before anything is done.
state() { snapshot; cat "$VNETMGR_ROOT/run/vnetmgr/n.xml"; record; }
now=$(state)
refused() { title=$1 pattern=$2; shift 2; no_change_because "$title" "$pattern" vnm net-update n "$@"; }
refused 'another bridge' 'stay as long as it is active.*--config.*net-destroy' modify bridge "<bridge name='br-x'/>"
refused 'a mode without our bridge' 'vnetmgr net-destroy|Unsupported <' modify forward "<forward mode='bridge'/>"
refused 'not in the subnet' 'is not within' add ip-dhcp-host "<host mac='52:54:00:00:00:aa' ip='10.0.0.1'/>"
refused 'one of two is bad' 'is not within' add ip-dhcp-host "<host mac='52:54:00:00:00:ab' ip='$N.11'/><host mac='52:54:00:00:00:aa' ip='10.0.0.1'/>"
refused 'a typing error' "unknown attribute 'nam'" add ip-dhcp-host "<host mac='52:54:00:00:00:aa' nam='x' ip='$N.10'/>"
refused 'a subnet of the host' 'already in use' add ip "<ip address='203.0.113.77' prefix='24'/>"
refused 'not well-formed' 'error' add ip-dhcp-host "<host"
refused 'nothing' 'no element' add ip-dhcp-host "<!-- -->"

# Only what would be done: the same steps as when it is, and nothing changed.
ok 'dry run' vnm net-update n add route "<route address='10.78.0.0' prefix='16' gateway='$N.77'/>" --dry-run
same 'dry run: nothing changed' "$now" "$(state)"
cp "$T/out" "$T/steps"
has 'dry run: the route' '^[+] .*10.78.0.0/16' "$(cat "$T/steps")"
same 'the steps are those that are taken' "$(cat "$T/steps")" \
	"$(vnm -v net-update n add route "<route address='10.78.0.0' prefix='16' gateway='$N.77'/>" 2>&1 | grep '^[-+~!] ')"
vnm -q net-update n delete route "<route address='10.78.0.0' prefix='16' gateway='$N.77'/>"
no 'dry run of what cannot be done' vnm net-update n modify bridge "<bridge name='br-x'/>" --dry-run
ok 'dry run of both' vnm net-update n add dns-txt "<txt name='dry' value='run'/>" --live --config --dry-run
has 'of the persistent definition' "^~ persistent definition of network 'n'" "$(cat "$T/out")"
no 'which was not changed' eval 'vnm net-dumpxml n --inactive | grep -q dry'

# Both definitions, one, the other.
ok 'live and config' vnm net-update n add dns-host "<host ip='10.1.2.4'><hostname>both</hostname></host>" --live --config
has 'both: kept' '>both<' "$(vnm net-dumpxml n --inactive)"
has 'both: live' '>both<' "$(vnm net-dumpxml n)"
ok 'config' vnm net-update n add dns-host "<host ip='10.1.2.5'><hostname>later</hostname></host>" --config
no 'config: not live' eval "vnm net-dumpxml n | grep -q '>later<'"
has 'config: kept' '>later<' "$(vnm net-dumpxml n --inactive)"
now=$(state)
kept=$(vnm net-dumpxml n --inactive)
no 'both, and one of them refuses' vnm net-update n add dns-host "<host ip='10.1.2.5'><hostname>later</hostname></host>" --live --config
has 'which' '^hint: the persistent config refuses it; the live state alone: --live$' "$(cat "$T/out")"
no_because 'nothing to modify' "couldn't locate a <bandwidth> element in network 'n'; use add$" vnm net-update n modify bandwidth '<bandwidth/>'
same 'then neither is changed: live' "$now" "$(state)"
same 'then neither is changed: kept' "$kept" "$(vnm net-dumpxml n --inactive)"
alive 'everything'

# It is repaired and torn down as what it is now.
hang_up
leave g1 g2 g7
has 'whole' ' n +active ' "$(vnm net-list)"
accept=$(accepts br-n "$N.0/24")
lose_rules "$accept"
has 'a rule is missed' ' n +degraded ' "$(vnm net-list)"
ok repair vnm net-repair n
at() { rules | grep -nE -- "$1" | head -n 1 | cut -d: -f1; }
ok 'the repaired ACCEPT stands before its REJECT' test "$(at "$accept")" -lt "$(at "$(rejects br-n)")"
ok destroy vnm net-destroy n
same 'no trace is left' "$before" "$(snapshot)"
ok 'started again as it was defined' vnm net-start n
same 'as at first' "$up" "$(snapshot)"
finish
