#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Files for packages agree with configure.ac, and are what their programs understand.
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
failures=0
fail() { echo "FAIL: $*" >&2; failures=$((failures + 1)); }
cd "$srcdir" || exit 1

version=$(sed -n 's/^AC_INIT(\[vnetmgr\], \[\(.*\)\])$/\1/p' configure.ac)
[ -n "$version" ] || fail 'no version in configure.ac'
for of in "$(sed -n '1s/^vnetmgr (\(.*\)-[0-9]*) .*/\1/p' packaging/debian/changelog)" \
	"$(sed -n 's/^Version: *//p' packaging/rpm/vnetmgr.spec)" "$(sed -n 's/^pkgver=//p' packaging/alpine/APKBUILD)" \
	"$(sed -n 's/^pkgver=//p' packaging/arch/PKGBUILD)"; do
	[ "$of" = "$version" ] || fail "a package has version '$of' instead of '$version'"
done
# What is installed belongs to a package.
for unit in $(cd data && ls -- *.service.in *.socket.in | sed 's/\.in$//'); do
	case $unit in
	vnetmgr-rpc* | vnetmgr-virtnetworkd*) pattern=${unit%%.*} pattern="_unitdir}/${pattern%-ro}\\*" ;;
	*) pattern="_unitdir}/$unit" ;;
	esac
	grep -q "$pattern\$" packaging/rpm/vnetmgr.spec || fail "no package has $unit: packaging/rpm/vnetmgr.spec"
done
for script in packaging/alpine/* packaging/debian/*.p* packaging/debian/tests/main-job data/*.openrc.in data/*.init.in; do
	case $script in *.pot) continue ;; esac
	sh -n "$script" || fail "$script"
done
if command -v bash >/dev/null; then
	for script in packaging/arch/* packaging/check scripts/packages scripts/roots.sh; do bash -n "$script" || fail "$script"; done
fi
if command -v rpmspec >/dev/null; then
	HOME=$dir rpmspec -P packaging/rpm/vnetmgr.spec >"$dir/spec" 2>"$dir/why" || { cat "$dir/why" >&2; fail 'the spec file'; }
	HOME=$dir rpmspec -q packaging/rpm/vnetmgr.spec | grep -q "^vnetmgr-rpc-$version" || fail 'the spec file has no vnetmgr-rpc'
fi
U=${VNM_TEST_UNPACKED:-}
if PATH=$PATH:$U/sbin:/sbin:/usr/sbin command -v apparmor_parser >/dev/null; then
	[ -d "$U/etc/apparmor.d/abi" ] || U=
	PATH=$PATH:$U/sbin:/sbin:/usr/sbin apparmor_parser -Q -K --base "$U/etc/apparmor.d" packaging/apparmor/usr.bin.vnetmgr \
		2>"$dir/why" || { cat "$dir/why" >&2; fail 'the profile for AppArmor'; }
fi
[ $failures -eq 0 ]
