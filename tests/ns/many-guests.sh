#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Many guests on one network: the last attach does what the first did, all are whole, and all are put back.
. "$srcdir/tests/lib/ns.sh"
command -v strace >/dev/null || skip 'strace is not installed'
GUESTS=120
cat >"$T/n.xml" <<X
<network><name>n</name><forward/><bridge name='br-n' stp='off'/><domain name='lab' localOnly='yes'/>
<ip address='10.99.0.1' prefix='16'><dhcp><range start='10.99.0.2' end='10.99.255.200'/></dhcp></ip>
<ip family='ipv6' address='fd00:99::1' prefix='64'/></network>
X
before=$(snapshot)
ok define vnm -q net-define "$T/n.xml"
ok start vnm -q net-start n
i=1
while [ $i -le $GUESTS ]; do echo "netns add g$i"; i=$((i + 1)); done | ip -batch -

# calls FILE CALL: how many system calls of this kind there were
calls() { grep -c "^$2(" "$1"; }
attach() { vnm -q net-attach n --netns "g$1" --ip auto --hostname "h$1"; }
traced() { strace -qq -o "$T/trace$1" "$VNETMGR" -q net-attach n --netns "g$1" --ip auto --hostname "h$1"; }
# The very first makes directories, so the second is the first of the usual ones.
ok 'the first' attach 1
ok 'the second' traced 2
i=3
while [ $i -lt $GUESTS ]; do
	attach $i || { ok "guest $i" false; break; }
	i=$((i + 1))
done
ok 'the last' traced $GUESTS
for call in renameat fsync sendmsg pidfd_send_signal execve mkdirat unlinkat setns; do
	same "as many calls of $call" "$(calls "$T/trace2" $call)" "$(calls "$T/trace$GUESTS" $call)"
done
# What is left to grow is lists read in parts: devices, by netlink, and files.
first=$(wc -l <"$T/trace2") last=$(wc -l <"$T/trace$GUESTS")
ok "system calls: $first, then $last" [ "$last" -lt $((first * 115 / 100)) ]

same 'each has addresses of its own' $((GUESTS * 2)) "$(vnm -q net-port-list n | grep -Eo '(10\.99\.|fd00:99::)[0-9a-f.:]*/(16|64)' | sort -u | wc -l)"
same 'all are whole' $GUESTS "$(vnm -q net-port-list n | grep -c ' attached ')"
last=$(inns g$GUESTS ip -4 -o addr show eth0 | sed 's/.*inet \([^/]*\).*/\1/')
same 'the last is known to the first' "$last" "$(inns g1 dig +short +time=3 @10.99.0.1 h$GUESTS.lab)"
ok 'and reached by it' reaches g1 "$last"
ok stop vnm -q net-destroy n
ok 'start again' vnm -q net-start n
same 'all are back' $GUESTS "$(vnm -q net-port-list n | grep -c ' attached ')"
ok 'the first reaches the last' reaches g1 "$last"
finish
