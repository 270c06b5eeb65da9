#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Who a network's dnsmasq is: an account of its own where there is one, so that what else is "nobody" on the host can neither
# stop it nor read its lists. The account file is the test's own.
. "$srcdir/tests/lib/ns.sh"
. "$srcdir/tests/lib/dbus.sh"
single_uid && skip 'there is nobody else to become here; run as root'
cd "$T" || exit 1

grep -v '^dnsmasq:' /etc/passwd >passwd.without; grep -v '^dnsmasq:' /etc/group >group.without
{ cat passwd.without; echo 'dnsmasq:x:977:65534::/:/usr/sbin/nologin'; } >passwd.debian
{ cat passwd.without; echo 'dnsmasq:x:977:977::/:/usr/sbin/nologin'; } >passwd.own
{ cat group.without; echo 'dnsmasq:x:977:'; } >group.own
grep -v '^nobody:' passwd.without >passwd.none
cp /etc/passwd passwd; cp group.without group
printf 'passwd: files\ngroup: files\n' >nsswitch # systemd has a "nobody" of its own
[ ! -f /etc/nsswitch.conf ] || mount --bind nsswitch /etc/nsswitch.conf
mount --bind passwd /etc/passwd && mount --bind group /etc/group || skip 'accounts cannot be covered here'
accounts() { cat "passwd.$1" >passwd; cat "group.${2:-without}" >group; }

cat >n.xml <<'X'
<network><name>n</name><bridge name='br-n' stp='off'/><dns><host ip='192.168.191.9'><hostname>first</hostname></host></dns>
<ip address='192.168.191.1' prefix='24'><dhcp><range start='192.168.191.100' end='192.168.191.110'/>
<host mac='52:54:00:00:19:01' name='db' ip='192.168.191.20'/></dhcp></ip></network>
X
D=$VNETMGR_ROOT/run/vnetmgr/dnsmasq/n
pid() { cut -d ' ' -f 1 <"$D/process"; }
ids() {	# when it is not root any more, which it is when it comes
	tries=0
	until ids=$(awk '/^(Uid|Gid):/ { print $3 }' "/proc/$(pid)/status" | paste -sd :); [ "$ids" != 0:0 ] || [ $((tries += 1)) -gt 1000 ]; do sleep .02; done
	echo "$ids"
}
ask() { dig +short +time=2 +tries=1 @192.168.191.1 "$@"; }
as_nobody() { setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; }
# works WHAT: it serves, and reads its lists again
works() {
	same "$1: its list of names" 192.168.191.9 "$(ask first)"
	ok "$1: a change by a signal" vnm -q net-update n add dns-host "<host ip='192.168.191.$2'><hostname>later$2</hostname></host>" --live
	tries=0
	until [ "$(ask "later$2")" = "192.168.191.$2" ] || [ $((tries = tries + 1)) -gt 50 ]; do sleep .02; done
	same "$1: which it has read" "192.168.191.$2" "$(ask "later$2")"
	same "$1: active" active "$(vnm -q net-list --all | awk '$1 == "n" { print $2 }')"
}
# apart: nobody else's processes can touch it
apart() {
	no "$1: nobody stops it" as_nobody kill -STOP "$(pid)"
	for file in hosts addnhosts dnsmasq.conf; do no "$1: nobody reads $file" as_nobody cat "$D/$file"; done
	no "$1: nobody lists the directory" as_nobody ls "$D"
	no "$1: it cannot write there itself" setpriv --reuid=977 --regid=65534 --clear-groups touch "$D/x"
}
define() { ok define vnm -q net-define n.xml; ok start vnm -q net-start n; }

accounts debian; define
same "Debian's account" 977:65534 "$(ids)"
works Debian 11; apart Debian
guest g br-n
ok 'a lease' dhcp g -x hostname:g
has 'is on disk' '192\.168\.191\.1(0[0-9]|10)/24' "$(vnm -q net-dhcp-leases n)"
ok destroy vnm -q net-destroy n; ip link del g

accounts own own; ok 'with a group of its own' vnm -q net-start n
same "an account with a group" 977:977 "$(ids)"
works own 12; apart own
ok 'the lease is known' grep -q g "$VNETMGR_ROOT/var/lib/vnetmgr/leases/n"
ok destroy vnm -q net-destroy n

# Without one: nobody, in the group that nobody has here; as an older version always did. Then there is one, and the next
# change makes it so, whether the journal has the group or not.
for record in as-it-is older; do
	accounts without; ok "$record: without an account" vnm -q net-start n
	same "$record: nobody" 65534:65534 "$(ids)"
	works "$record" 13
	if [ "$record" = older ]; then
		sed -i 's/ group=nogroup$//' "$VNETMGR_ROOT/run/vnetmgr/n.journal"
		no 'a record as it was' grep -q 'group=nogroup$' "$VNETMGR_ROOT/run/vnetmgr/n.journal"
		chmod 0750 "$D"; chgrp nogroup "$D"
	fi
	accounts own own
	same "$record: still active" active "$(vnm -q net-list --all | awk '$1 == "n" { print $2 }')"
	ok "$record: repaired as it was" vnm -q net-repair n
	same "$record: still nobody" 65534:65534 "$(ids)"
	ok "$record: a change" vnm -q net-update n add dns-host "<host ip='192.168.191.14'><hostname>moved</hostname></host>" --live
	same "$record: by the account" 977:977 "$(ids)"
	works "$record: afterwards" 15; apart "$record"
	same "$record: what it had before" 192.168.191.14 "$(ask moved)"
	ok destroy vnm -q net-destroy n
done

# The account goes while the network runs.
accounts own own; ok 'once more' vnm -q net-start n
accounts without
ok 'it goes on, and can be changed' vnm -q net-update n add dns-host "<host ip='192.168.191.16'><hostname>gone</hostname></host>" --live
same 'as nobody' 65534:65534 "$(ids)"
works 'without the account' 17
ok destroy vnm -q net-destroy n
accounts none
no 'there is nobody at all' vnm -q net-start n
has 'which is reported' "neither 'dnsmasq' nor 'nobody'" "$(cat "$T/out")"
same 'and nothing is left' '' "$(ls "$VNETMGR_ROOT/run/vnetmgr/dnsmasq")"
finish
