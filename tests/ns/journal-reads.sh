#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A command opens the journal of a network twice at most: once to read it, once to append a state. One that looks at many networks
# asks the kernel as often as for two of them. Seen by the system calls of the command's own process.
. "$srcdir/tests/lib/ns.sh"
need strace

net() {
	lan=192.168.$2
	printf "<network><name>%s</name><forward/><bridge name='br-%s' stp='off'/><ip address='$lan.1' prefix='24'><dhcp><range start='$lan.10' end='$lan.99'/></dhcp></ip></network>" "$1" "$1" >"$T/$1.xml"
	ok "define $1" vnm net-define "$T/$1.xml"
}
# few ARGUMENT...: the command works, and opens no network's journal more than twice
few() {
	ok "$*" timeout 60 strace -qq -o "$T/trace" -e trace=openat,openat2 "$VNETMGR" -q "$@"
	opens=$(sed -n 's/^openat2*([^,]*, "\([ab]\.journal\)".*/\1/p' "$T/trace" | sort | uniq -c | sort -rn | awk 'NR == 1 { print $1 }')
	ok "$*: ${opens:-no} opens of one journal" [ "${opens:-0}" -le 2 ]
}

# asks ARGUMENT...: how often the command asks the kernel; its definition of b is opened by vnm_driver_list(), and once more
asks() {
	timeout 60 strace -qq -o "$T/trace" -e trace=openat,openat2,sendto,sendmsg "$VNETMGR" -q "$@" >/dev/null || echo "$* failed"
	[ "$(grep -c '"b\.xml"' "$T/trace")" -le 2 ] || grep '"b\.xml"' "$T/trace"
	grep -c '^send' "$T/trace"
}

net a 161
net b 162
PORT=5599d7e3-f78d-4f9b-abc2-1a9384ffc500
echo "<networkport><uuid>$PORT</uuid><owner><name>vm</name><uuid>5599d7e3-f78d-4f9b-abc2-1a9384ffc501</uuid></owner><mac address='52:54:00:00:00:09'/></networkport>" >"$T/port.xml"
few net-start a
has 'journals are opened by their names' '"a\.journal"' "$(cat "$T/trace")"
few net-start b
few net-list --all
few net-list --name
few net-info a
few net-attach a --netns g --create --ip auto
few net-port-list a
few net-detach a g
few net-update a add ip-dhcp-host "<host mac='52:54:00:00:00:01' ip='192.168.161.10'/>" --live --config
few net-update b add ip-dhcp-host "<host mac='52:54:00:00:00:01' ip='192.168.162.10'/>" --live --dry-run
ok 'a guest' vnm net-attach a --netns g --create --ip auto
sed 's/192\.168\.161/192.168.163/g' "$T/a.xml" >"$T/moved.xml"
few net-apply "$T/moved.xml"
few net-repair a b
few net-dumpxml a
few net-dhcp-leases a
few net-forward-list a
few net-forward-add a tcp 8080 192.168.163.10:80
few net-forward-del a tcp 8080
few net-port-create a "$T/port.xml"
few net-port-dumpxml a "$PORT"
few net-port-delete a "$PORT"
few net-desc a --live --config words
few net-metadata a urn:x --key x --set '<x/>' --live --config
few net-diff a --live
few net-metrics
few net-graph
few net-info a b
few net-repair --all
few net-autostart a
few net-uuid a
few net-repair --firewall
# The tables of iptables-nft are asked for chain by chain, which net-list does, too.
requests() {
	list=$(asks net-list)
	[ "$FIREWALL" = iptables-nft ] || echo "net-list: $list"
	for command in 'net-graph' 'net-repair --all'; do echo "$command: $(($(asks $command) - list)) more"; done
	echo "net-info a b: $(asks net-info a b)"
}
two=$(requests)
# What grows with the number of networks is looked at once: the names of the files, but not all devices.
net d 164
timeout 60 strace -qq -o "$T/trace" -e trace=openat,openat2 "$VNETMGR" -q net-define "$T/d.xml"
fd=$(sed -n 's,^openat.*/etc/vnetmgr/networks".* = ,,p' "$T/trace")
same 'define: the definitions are listed once' 1 "$(grep -c "^openat($fd, \"\.\"" "$T/trace")"
timeout 60 strace -qq -o "$T/trace" -e trace=sendto,sendmsg "$VNETMGR" -q net-start d
same 'start: no list of all devices' '' "$(grep 'RTM_GETLINK.*NLM_F_DUMP' "$T/trace" | grep -v IFLA_MASTER)"
has 'the trace shows requests for devices' RTM_GETLINK "$(cat "$T/trace")"
ok 'it goes' vnm -q net-destroy d
for more in 171 172 173; do net "c$more" $more; ok "start c$more" vnm net-start "c$more"; done
same 'as many requests for five networks as for two' "$two" "$(requests)"
ip link del br-a; flush_tables
ok 'what several lack is repaired' vnm net-repair --all
same 'all of it' '' "$(vnm net-list | grep degraded)"
ok 'more go' vnm -q net-destroy c171 c172 c173
ok 'a guest goes' vnm net-detach a g
few net-destroy a
few net-destroy b --dry-run
few net-destroy b
few net-undefine a
finish
