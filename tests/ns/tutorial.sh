#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every command of docs/TUTORIAL.md, in its order, prints what the document says; and those of the first look in README.md.
VNM_FIREWALL=auto
. "$srcdir/tests/lib/ns.sh"
. "$srcdir/tests/lib/document.sh"
before=$(snapshot)
run_document "$srcdir/README.md"
[ $checks -eq 3 ] || ok 'README has a first look' false
vnm -q net-destroy ipv6; vnm -q net-undefine ipv6
same 'nothing is left of it' "$before" "$(snapshot)"
run_document "$srcdir/docs/TUTORIAL.md"
[ $checks -ge 50 ] || ok 'all commands are found' false
pkill -f 'busybox httpd -p 80'
for ns in web pc router ann bob box; do ip netns del $ns 2>/dev/null; done
same 'nothing is left' "$before" "$(snapshot)"
finish
