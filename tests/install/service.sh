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
	sed "s|@bindir@|$dir/bin|; s|@pkglibexecdir@|$dir/bin|; s|@sysconfdir@|/etc|; s|@localstatedir@|/var|; s|@rundir@|/run|; /^Documentation=/d" \
		"$unit" >"$dir/$name"
	! grep -n '@[a-z]*@' "$dir/$name" || exit 1
done
output=$(systemd-analyze verify --man=no --recursive-errors=no "$dir"/*.service "$dir"/*.socket 2>&1) && [ -z "$output" ] && exit 0
echo "$output" >&2
exit 1
