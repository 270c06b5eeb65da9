#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every file in networks/ can be defined and started, is whole, and leaves nothing behind.
. "$srcdir/tests/lib/ns.sh"
ip link add br0 type bridge	# what the bridged example expects of the host
ip link set br0 up
before=$(snapshot)
for file in "$srcdir"/networks/*.xml; do
	name=$(vnm -q net-define "$file" >/dev/null && sed -n 's:.*<name>\(.*\)</name>.*:\1:p' "$file")
	ok "$file is defined" test -n "$name"
	ok "start $name" vnm -q net-start "$name"
	has "$name is active" "^ $name +active " "$(vnm net-list)"
done
has "the spanning tree protocol is on by default, as libvirt's" 'stp_state 1 ' "$(ip -d -o link show virbr0)"
same 'all run side by side' "$(ls "$srcdir"/networks/*.xml | wc -l)" "$(vnm -q net-list --name | wc -l)"
ok 'destroy all' vnm -q net-destroy --all
same 'no trace is left' "$before" "$(snapshot)"
finish
