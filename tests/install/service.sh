#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The systemd units are what systemd understands, and name a program that is there.
skip() { echo "SKIP: $*" >&2; [ -n "${VNM_TEST_MUST_WORK:-}" ] && exit 1; exit 77; }
command -v systemd-analyze >/dev/null || skip 'systemd-analyze is not installed'

dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
mkdir "$dir/bin" "$dir/man" && cp /bin/true "$dir/bin/vnetmgr" && cp /bin/true "$dir/bin/vnetmgr-rpc" || exit 1
for unit in "$srcdir"/data/*.service.in "$srcdir"/data/*.socket.in; do
	name=$(basename "$unit" .in)
	sed "/^@hardening@\$/r $srcdir/data/hardening.conf
		/^@hardening@\$/d
		s|@bindir@|$dir/bin|; s|@pkglibexecdir@|$dir/bin|; s|@sysconfdir@|/etc|; s|@localstatedir@|/var|; s|@rundir@|/run|; /^Documentation=/d" \
		"$unit" >"$dir/$name"
	! grep -n '@[a-z]*@' "$dir/$name" || exit 1
done
# At most 5.0 of 10 is exposed; tests/boot has these services do what they must.
if systemd-analyze --help | grep -q -- --offline; then
	for unit in $(grep -l '^@hardening@$' "$srcdir"/data/*.service.in); do
		output=$(systemd-analyze security --no-pager --offline=yes --threshold=50 "$dir/$(basename "$unit" .in)" 2>&1) || {
			echo "$output" >&2
			exit 1
		}
	done
fi
mv "$dir/vnetmgr-device@.service" "$dir/vnetmgr-device@x.service"
output=$(systemd-analyze verify --man=no --recursive-errors=no "$dir"/*.service "$dir"/*.socket 2>&1) && [ -z "$output" ] && exit 0
echo "$output" >&2
exit 1
