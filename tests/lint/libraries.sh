#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every library that configure.ac asks for is used: its headers are included, and the program is linked with it and takes functions
# from it; or, where the library is for tests, the unit tests are.
: "${srcdir:=.}" "${builddir:=.}" "${VNETMGR:?the program under test}"
skip() { echo "SKIP: $*" >&2; [ -n "${VNM_TEST_MUST_WORK:-}" ] && exit 1; exit 77; }
command -v readelf >/dev/null || skip 'readelf (of the package binutils) is not installed'
failures=0
fail() { failures=$((failures + 1)); echo "FAIL: $*" >&2; }

# The name that configure.ac has, the shared object's without ".so", a header, how its functions begin, who uses it.
rows="libxml-2.0 libxml2 libxml/ xml $VNETMGR
libnl-3.0 libnl-3 netlink/netlink.h nla?_ $VNETMGR
libnl-route-3.0 libnl-route-3 netlink/route/ rtnl_ $VNETMGR
libip4tc libip4tc libiptc/libiptc.h iptc_ $VNETMGR
libip6tc libip6tc libiptc/libip6tc.h ip6tc_ $VNETMGR
uuid libuuid uuid/uuid.h uuid_ $VNETMGR
jansson libjansson jansson.h json_ $VNETMGR
libsystemd libsystemd systemd/sd- sd_ $VNETMGR
libtirpc libtirpc rpc/rpc.h xdrmem_ $builddir/vnetmgr-rpc
cunit libcunit CUnit/ CU_ $builddir/tests/unit/test_op"

asked=$(grep -oE '(PKG_CHECK_MODULES\(\[[A-Z]*\], |AC_CHECK_LIB\()\[[^]]*' "$srcdir/configure.ac" | sed 's/.*\[//' | tr ' ' '\n' | grep '^[a-z]')
[ "$(echo "$asked" | wc -l)" -ge 5 ] || fail 'the libraries of configure.ac were not found'
for library in $asked; do
	row=$(echo "$rows" | grep "^$library ") || { fail "configure.ac asks for $library, of which this test knows nothing: add a row"; continue; }
	set -- $row
	grep -rqF --include='*.[ch]' "#include <$3" "$srcdir/src" "$srcdir/tests/unit" || fail "$library is asked for, and nothing includes <$3...>"
	# Some of them can be left out.
	case $library in
	libsystemd) grep -q HAVE_SD_BUS "$builddir/Makefile" || continue ;;
	cunit | libtirpc) [ -e "$5" ] || continue ;;
	esac
	# Defined in the program itself where it is linked statically; our own functions are static or begin with "vnm_".
	taken=$(readelf -W --symbols "$5" | awk -v start="^$4" '$5 == "GLOBAL" && $8 ~ start { print $7; exit }')
	case $taken in
	'') fail "$5 takes no function from $library ($4...)" ;;
	UND) readelf -d "$5" | grep -q "NEEDED.*\[$2\.so" || fail "$5 is not linked with $library ($2)" ;;
	esac
done
for library in $(echo "$rows" | cut -d ' ' -f 1); do
	echo "$asked" | grep -qxF "$library" || fail "configure.ac does not ask for $library, which this test knows"
done
[ $failures -eq 0 ]
