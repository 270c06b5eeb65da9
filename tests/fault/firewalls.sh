#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# firewalls.sh [PART...] - make check-firewalls: what holds with one firewall back end must hold with each.
#
#   tests      the scripts of tests/ns that can be run with the back end, also with the one that the host gets
#   foreign    rules of others, while networks start and stop: none is lost in 10 000 changes
#   kills      starts and stops are killed at random moments
#   random     random sequences of commands and sabotage
#   powerloss  power failures after any system call
#   sweep      every command is killed, and gets errors, at a sample of its system calls
#
# A line for each part and back end, with the seconds that it took; those that fail are shown. All are run, whatever fails.
# VNM_FIREWALLS="nftables": with these back ends; VNM_FIREWALLS_LOGS: where the logs are kept.
: "${VNETMGR:?the program under test}" "${srcdir:=.}"
logs=${VNM_FIREWALLS_LOGS:-$PWD/firewalls}
mkdir -p "$logs" || exit 1
backends=${VNM_FIREWALLS:-legacy iptables-nft nftables}
failed=0 done=0

# part NAME BACKEND [VARIABLE=VALUE...] SCRIPT [ARGUMENT...]
part() {
	log=$logs/$1.$2 what="$1 $2" begun=$(date +%s); shift 2
	env "$@" >"$log" 2>&1; status=$?
	[ $status -eq 0 ] && verdict=ok || { verdict=FAILED failed=$((failed + 1)); }
	done=$((done + 1))
	echo "$verdict $what, $(($(date +%s) - begun)) s: $(tail -n 1 "$log")"
	[ $status -eq 0 ] || grep -A 8 FAIL "$log" | head -n 60
}
tests=$srcdir/tests
for name in ${*:-tests foreign kills random powerloss sweep}; do
	[ "$name" != tests ] || [ -n "${VNM_FIREWALLS:-}" ] || part tests auto VNM_FIREWALLS=auto VNM_TESTS=all sh "$tests/ns/backends.sh"
	for backend in $backends; do
		case $name in
		tests) part tests "$backend" VNM_FIREWALLS="$backend" VNM_TESTS=all sh "$tests/ns/backends.sh" ;;
		foreign) part foreign "$backend" VNM_FIREWALL="$backend" VNM_FOREIGN_UPDATES=1250 VNM_FOREIGN_CHURN=60 sh "$tests/fault/foreign.sh" ;;
		kills) part kills "$backend" VNM_FIREWALL="$backend" VNM_KILLS=200 sh "$tests/fault/kills.sh" ;;
		random) part random "$backend" VNM_FIREWALL="$backend" sh "$tests/promises/random.sh" "${VNM_SEQUENCES:-60}" ;;
		powerloss) part powerloss "$backend" VNM_FIREWALL="$backend" sh "$tests/promises/powerloss.sh" ;;
		sweep) part sweep "$backend" sh "$tests/fault/sweep.sh" -n -j 2 -b "$backend" -f KILL/61,ENOMEM/257,EIO/263,EINTR/269 -r "$logs/sweep.$backend.tsv" ;;
		*) echo "no part $name" >&2; exit 2 ;;
		esac
	done
done
echo "$done parts, $failed failed; their logs are in $logs"
[ "$failed" -eq 0 ]
