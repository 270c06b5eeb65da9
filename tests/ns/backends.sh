#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# backends.sh - tests of what rules do to packets, with the back ends that they do not use by themselves.
#
#   VNM_FIREWALLS='iptables-nft nftables'    the back ends                      (make check-firewalls: all of them)
#   VNM_TESTS='nat modes ...'     tests of tests/ns, which run at the same time; more in make check-firewalls
skip() { echo "SKIP: $*" >&2; [ -n "${VNM_TEST_MUST_WORK:-}" ] && exit 1; exit 77; }
command -v iptables-nft >/dev/null && command -v nft >/dev/null || skip 'iptables-nft or nft is not installed'
: "${srcdir:=.}"
logs=$(mktemp -d) || exit 1
trap 'rm -rf "$logs"' EXIT
failed=0
for backend in ${VNM_FIREWALLS:-iptables-nft nftables}; do
	for name in ${VNM_TESTS:-nat modes models forwards counters}; do
		{ VNM_FIREWALL=$backend sh "$srcdir/tests/ns/$name.sh" >"$logs/$name" 2>&1; echo $? >"$logs/$name.status"; } &
	done
	wait
	for name in ${VNM_TESTS:-nat modes models forwards counters}; do
		status=$(cat "$logs/$name.status")
		echo "$backend: $name: $(tail -n 1 "$logs/$name")"
		[ "$status" -eq 0 ] && continue
		failed=1; cat "$logs/$name" >&2; echo "FAIL: $name with $backend: status $status" >&2
	done
done
exit $failed
