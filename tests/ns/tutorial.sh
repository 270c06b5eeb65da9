#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every command of docs/TUTORIAL.md, in its order, prints what the document says.
VNM_FIREWALL=auto
. "$srcdir/tests/lib/ns.sh"
. "$srcdir/tests/lib/document.sh"
before=$(snapshot)
run_document "$srcdir/docs/TUTORIAL.md"
[ $checks -ge 35 ] || ok 'all commands are found' false
pkill -f 'busybox httpd -p 80'
for ns in web pc router ann bob box; do ip netns del $ns 2>/dev/null; done
same 'nothing is left' "$before" "$(snapshot)"
finish
