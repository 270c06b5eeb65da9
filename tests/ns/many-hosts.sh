#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A thousand reservations, added to an active network one by one: the last touches what the first did, dnsmasq gets one
# signal each time and is never restarted; and many in one net-update are as one.
. "$srcdir/tests/lib/ns.sh"
command -v strace >/dev/null || { echo 'SKIP: strace is not installed' >&2; exit 77; }
before=$(snapshot)
cat >"$T/n.xml" <<X
<network><name>n</name><forward/><bridge name='br-n' stp='off'/><domain name='lab' localOnly='yes'/>
<ip address='10.99.0.1' prefix='16'><dhcp><range start='10.99.200.1' end='10.99.200.99'/></dhcp></ip></network>
X
ok define vnm -q net-define "$T/n.xml"
ok start vnm -q net-start n
dnsmasq() { pgrep -x dnsmasq; }
first=$(dnsmasq)
host() { printf "<host mac='52:54:00:00:%02x:%02x' name='h%d' ip='10.99.%d.%d'/>" $(($1 / 256)) $(($1 % 256)) "$1" $(($1 / 200)) $(($1 % 200 + 20)); }
# touched WHAT XML: how often a net-update renames, writes to disk, signals, and starts programs
touched() {
	ok "$1" strace -f -qq -o "$T/trace" -e trace=renameat,renameat2,rename,fsync,fdatasync,pidfd_send_signal,kill,execve \
		"$VNETMGR" -q net-update n add ip-dhcp-host "$2" --live --config
	sed 's/^[0-9]* *//; s/(.*//' "$T/trace" | sort | uniq -c | tr -s ' \n' ' '
}
of_first=$(touched 'the first' "$(host 1)")
has 'one signal' ' 1 pidfd_send_signal' "$of_first"
has 'no program but itself' ' 1 execve' "$of_first"
i=2
while [ $i -le 999 ]; do
	vnm -q net-update n add ip-dhcp-host "$(host $i)" --live --config || { ok "host $i" false; break; }
	i=$((i + 1))
done
same 'the thousandth touches what the first did' "$of_first" "$(touched 'the thousandth' "$(host 1000)")"
same 'all are kept' 1000 "$(vnm net-dumpxml n --inactive | grep -c '<host mac')"
same 'all are live' 1000 "$(vnm net-dumpxml n | grep -c '<host mac')"
same '500 at once are as one' "$of_first" \
	"$(touched '500 at once' "$(i=1001; while [ $i -le 1500 ]; do host $i; i=$((i + 1)); done)")"
same 'still the same dnsmasq' "$first" "$(dnsmasq)"
guest g br-n
for h in 1 1000 1500; do
	eval "$(host $h | sed "s/^<host //; s:/>::")"	# mac, name, ip
	inns g ip link set eth0 address "$mac"
	ok "h$h gets a lease" dhcp g -F "$name"
	same "h$h has its address" "$ip" "$(dhcp_value g ip)"
done
leave g
vnm -q net-destroy n
same 'no trace is left' "$before" "$(snapshot)"
finish
