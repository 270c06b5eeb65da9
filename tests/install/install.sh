#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What "make install" puts where: the program is in everybody's PATH, a link stays where the administrator's scripts look for
# it, units and init script name a program that is there; and "make uninstall" leaves nothing.
[ -f Makefile ] || { echo 'SKIP: not run in the build directory' >&2; exit 77; }

dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
unset MAKEFLAGS MAKELEVEL MFLAGS	# of the make that runs the tests
quiet() { "$@" >"$dir/log" 2>&1 || { cat "$dir/log" >&2; echo "FAIL: $*" >&2; exit 1; }; }
where() { printf 'show:\n\t@echo $(%s)\n' "$1" | make -s -f Makefile -f - show; }
failures=0
fail() { echo "FAIL: $*" >&2; failures=$((failures + 1)); }

bin=$(where bindir) sbin=$(where sbindir) units=$(where systemdsystemunitdir) docs=$(where docdir)
[ -n "$bin" ] && [ -n "$sbin" ] && [ -n "$docs" ] || fail 'the Makefile does not say where things go'
for turn in install install-exec; do	# an upgrade finds the link of the last time
	quiet make -s $turn DESTDIR="$dir/to"
	[ -f "$dir/to$bin/vnetmgr" ] && [ ! -h "$dir/to$bin/vnetmgr" ] && "$dir/to$bin/vnetmgr" --version >/dev/null ||
		fail "$turn: $bin/vnetmgr is not the program"
	[ "$bin" = "$sbin" ] || [ "$(readlink "$dir/to$sbin/vnetmgr")" = ../bin/vnetmgr ] || fail "$turn: $sbin/vnetmgr does not lead to it"
done
named=$(sed -nE 's/^(Exec[A-Z][a-zA-Z]*=-?|VNETMGR=)([^ ]*).*/\2/p' "$dir/to$docs/vnetmgr.init" \
	$([ -z "$units" ] || find "$dir/to$units" -name '*.service') | sort -u)
wanted=$bin/vnetmgr
[ ! -x vnetmgr-rpc ] || wanted="$wanted
$(where pkglibexecdir)/vnetmgr-rpc"
# The unit that waits for firewalld's signals is a line of the shell.
[ -z "$units" ] || wanted="/bin/sh
$wanted"
[ "$named" = "$wanted" ] || fail "units and init script name: $named"
# The manual pages, both copies, name what this installation has, where it has it.
prefix=$(where prefix) man=$(where mandir)
find "$dir/to$man" "$dir/to$docs/docs" -name 'vnetmgr*.[58]' >"$dir/pages"
[ "$(wc -l <"$dir/pages")" = 20 ] || fail "manual pages: $(cat "$dir/pages")"
for share in pkgdatadir pkglibexecdir cnidir firewallddir; do
	xargs grep -q "$(where $share)/" <"$dir/pages" || fail "no manual page names $share"
done
xargs grep -oh "$prefix/[^ ]*" <"$dir/pages" | sort -u | while read -r name; do
	[ -e "$dir/to$name" ] || echo "$name"
done >"$dir/paths"
[ "$(wc -l <"$dir/paths")" = 0 ] || fail "the manual pages name, but not installed is: $(cat "$dir/paths")"
[ "$prefix" = /usr ] || ! xargs grep -nE '/usr/(share|libexec)/' <"$dir/pages" >"$dir/paths" || fail "paths of another prefix: $(cat "$dir/paths")"
! command -v mandoc >/dev/null || xargs mandoc -Tlint -W warning <"$dir/pages" >"$dir/paths" 2>&1 || fail "mandoc: $(cat "$dir/paths")"
# What README.md and the documents beside it link to is there where they are installed.
for page in "$dir/to$docs"/README.md "$dir/to$docs"/docs/*.md; do
	grep -oE '\]\([^):]*\)' "$page" | sed 's/^](//; s/#.*//; s/)$//; /^$/d' | sort -u | while read -r name; do
		link=$(readlink "${page%/*}/$name")
		[ -e "${link:+$dir/to}${link:-${page%/*}/$name}" ] || echo "${page#"$dir/to"} links to $name"
	done
done >"$dir/links"
[ "$(wc -l <"$dir/links")" = 0 ] || fail "not installed: $(cat "$dir/links")"
grep -qF '](docs/' "$dir/to$docs/README.md" || fail 'README.md has no links'

# The settings are the administrator's.
conf=$(where settingsdir)/network.conf
grep -q '^#firewall_backend = "auto"$' "$dir/to$conf" || fail "$conf is not installed"
grep -q '^#index = "1"$' "$dir/to${conf%/*}/host.conf" || fail 'host.conf is not installed'
echo 'firewall_backend = "legacy"' >"$dir/to$conf"
quiet make -s install DESTDIR="$dir/to"
[ "$(cat "$dir/to$conf")" = 'firewall_backend = "legacy"' ] || fail 'an upgrade overwrites the settings'
quiet make -s uninstall DESTDIR="$dir/to"
[ -e "$dir/to$conf" ] || fail 'make uninstall removes settings of the administrator'
rm "$dir/to$conf"
quiet make -s install DESTDIR="$dir/to"

quiet make -s uninstall DESTDIR="$dir/to"
left=$(find "$dir/to" ! -type d)
[ -z "$left" ] || fail "make uninstall leaves: $left"

# Where one directory is a link to the other, as in distributions that have merged them, the program is not replaced by a link to itself.
mkdir -p "$dir/merged$bin" && ln -s "$dir/merged$bin" "$dir/merged$sbin" || exit 1
quiet make -s install-exec DESTDIR="$dir/merged"
"$dir/merged$bin/vnetmgr" --version >/dev/null || fail 'the program is lost where sbin is bin'
# One that was installed in sbin, by an earlier version, becomes the link.
mkdir -p "$dir/old$sbin" && cp /bin/true "$dir/old$sbin/vnetmgr" || exit 1
quiet make -s install-exec DESTDIR="$dir/old"
[ "$bin" = "$sbin" ] || [ -h "$dir/old$sbin/vnetmgr" ] || fail 'an old program stays in sbin'
# Run from elsewhere, it reports what to do about its schemas.
output=$(VNETMGR_SCHEMAS=$dir/none "$VNETMGR" --root "$dir/root" net-define "$srcdir/networks/keennet.xml" 2>&1)
case $output in *"'$dir/none/network.rng': No such file or directory; install vnetmgr whole (make install), or"*VNETMGR_SCHEMAS*) ;;
*) fail "without schemas: $output" ;; esac
# configure says where things will be, in words that need not be expanded.
output=$(prefix=NONE exec_prefix=NONE ac_default_prefix=/usr/local bindir='${exec_prefix}/bin' docdir='${datarootdir}/doc/x' datarootdir='${prefix}/share'
	sysconfdir=/etc systemdsystemunitdir='${prefix}/lib/systemd/system' firewallddir='${prefix}/lib/firewalld'
	eval "$(sed -n '/^# What people read has no/,$p' "$srcdir/configure")" 2>&1)
case $output in *'${'*) fail "configure ends with: $output" ;; esac
for line in ' program .*/usr/local/bin/vnetmgr' ' documents .*/usr/local/share/doc/x' 'now run make'; do
	echo "$output" | grep -qi -- "$line" || fail "configure does not say '$line': $output"
done
[ $failures -eq 0 ]
