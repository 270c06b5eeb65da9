#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# backends.sh - tests of what rules do to packets, and that no rule of others is lost, with the back ends that they do not use by
# themselves; some of them with "auto", the one that the host gets.
#
#   VNM_FIREWALLS='iptables-nft ...'        the back ends
#   VNM_TESTS='ns/nat ...'    the tests, below tests/; "all" are those of tests/ns that can be run with the back end
#   VNM_JOBS=5                how many run at the same time
# make check-firewalls: all of them, with all back ends.
skip() { echo "SKIP: $*" >&2; [ -n "${VNM_TEST_MUST_WORK:-}" ] && exit 1; exit 77; }
command -v iptables-nft >/dev/null && command -v nft >/dev/null || skip 'iptables-nft or nft is not installed'
: "${srcdir:=.}"
logs=$(mktemp -d) || exit 1
trap 'rm -rf "$logs"' EXIT
export srcdir logs

# all_of BACKEND: but those that choose a back end themselves, and what they say they have no use for
all_of() {
	for file in "$srcdir"/tests/ns/*.sh; do
		grep -qE '^VNM_FIREWALL=|use_firewall|VNM_TESTS' "$file" && continue
		[ "$1" = nftables ] && grep -q '^in_iptables || skip' "$file" && continue
		grep -qF "[ \"\$FIREWALL\" != $1 ] || skip" "$file" && continue
		name=${file##*/}; echo "ns/${name%.sh}"
	done
}
one='VNM_FIREWALL=$0 sh "$srcdir/tests/$1.sh" >"$logs/${1##*/}" 2>&1; echo $? >"$logs/${1##*/}.status"'
failed=0
for backend in ${VNM_FIREWALLS:-iptables-nft nftables auto}; do
	tests=${VNM_TESTS:-ns/nat ns/modes ns/models ns/forwards ns/counters ns/overlay-guard fault/foreign}
	[ "$tests" != all ] || tests=$(all_of "$backend")
	[ "$backend" != auto ] || [ -n "${VNM_TESTS:-}" ] || tests='ns/nat ns/modes ns/repair'
	printf '%s\n' $tests | xargs -P "${VNM_JOBS:-6}" -n 1 sh -c "$one" "$backend"
	for test in $tests; do
		name=${test##*/} status=$(cat "$logs/${test##*/}.status")
		echo "$backend: $name: $(tail -n 1 "$logs/$name")"
		[ "$status" -eq 0 ] || [ "$status" -eq 77 ] && continue
		failed=1; cat "$logs/$name" >&2; echo "FAIL: $name with $backend: status $status" >&2
	done
done
exit $failed
