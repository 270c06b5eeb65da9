#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The lab of networks/examples: two networks, a router in a namespace, routes by DHCP.
. "$srcdir/tests/lib/ns.sh"
before=$(snapshot)
cat >"$T/script" <<'X'
#!/bin/sh
# What the usual script of udhcpc does, with option 121.
[ "$1" = bound ] || exit 0
ip addr add "$ip/$mask" dev "$interface"
set -- $staticroutes
while [ $# -gt 1 ]; do ip route add "$1" via "$2" dev "$interface"; shift 2; done
X
printf '#!/bin/sh\nexec busybox udhcpc "$@" -t 20 -T 1\n' >"$T/client"
chmod +x "$T/script" "$T/client"
export DHCP_CLIENT="$T/client" DHCP_SCRIPT="$T/script"
ok 'it is built' sh "$srcdir/networks/examples/lab.sh" up
has 'ns1 is told the way' '^192.168.200.0/24 via 192.168.100.1 dev eth0' "$(inns ns1 ip route)"
ip2=$(inns ns2 ip -4 -o addr show eth0 | sed 's/.*inet \([^/]*\).*/\1/')
has 'ns2 has an address' '^192\.168\.200\.[1-9][0-9]$' "$ip2"
ok 'ns1 reaches ns2' reaches ns1 "$ip2"
same 'by the router' 'ttl=63' "$(inns ns1 ping -n -c 1 -W 2 "$ip2" | grep -o 'ttl=[0-9]*')"
no 'but not the outside' reaches ns1 "$SERVER"
listens ns2 8080
ok 'TCP as well' connects ns1 "$ip2" 8080
kill "$listener"
ok 'it is taken away' sh "$srcdir/networks/examples/lab.sh" down
until ! ip link show vnet0 >/dev/null 2>&1; do :; done
same 'no trace is left' "$before" "$(snapshot)"
finish
