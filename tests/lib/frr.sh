# SPDX-License-Identifier: GPL-2.0-or-later
# frr.sh - FRR on the hosts of tests/lib/hosts.sh. Sourced in a sandbox, after that. Nothing is installed: the programs are those of
# VNM_TEST_UNPACKED (scripts/deps --unpack), else what is installed.
#
# frr_find finds them, and makes vtysh known to vnetmgr. frr_start K [DAEMON...] starts daemons on host K, zebra and bgpd by default,
# with the configuration in its frr.conf; frr_kill K SIGNAL [DAEMON...] sends them a signal; vty K COMMAND... asks them;
# frr_shell K ARGUMENT... is vtysh there.

frr_find() {
	FRR=${VNM_TEST_UNPACKED:-}
	[ -x "$FRR/usr/lib/frr/bgpd" ] || FRR=
	[ -x "$FRR/usr/lib/frr/bgpd" ] || return
	frr_libs=$(echo "$FRR"/usr/lib/*/frr "$FRR"/usr/lib/*-linux-gnu "$FRR"/lib/*-linux-gnu | tr ' ' :)
	mkdir -p "$LAB/bin"
	printf '#!/bin/sh\nexec env LD_LIBRARY_PATH="%s" "%s/usr/bin/vtysh" "$@"\n' "$frr_libs" "$FRR" >"$LAB/bin/vtysh"
	chmod +x "$LAB/bin/vtysh"
	[ -x /usr/bin/vtysh ] || mount --bind "$LAB/bin" /usr/local/bin || return
	grep -q '^frrvty:' /etc/group && return
	{ cat /etc/group; printf 'frr:x:988:\nfrrvty:x:987:root\n'; } >"$LAB/group"
	mount --bind "$LAB/group" /etc/group
}

frr_shell() {
	frr_k=$1; shift
	on "$frr_k" vtysh --vty_socket "$LAB/h$frr_k/run/frr" --config_dir "$LAB/h$frr_k/etc/frr" "$@"
}

vty() {
	frr_k=$1; shift
	for frr_command; do set -- "$@" -c "$frr_command"; shift; done
	frr_shell "$frr_k" "$@"
}

frr_start() {
	frr_k=$1; shift
	[ $# -gt 0 ] || set -- zebra bgpd
	frr_run=$LAB/h$frr_k/run/frr frr_etc=$LAB/h$frr_k/etc/frr
	mkdir -p "$frr_run" "$frr_etc"
	echo 'username root nopassword' >"$frr_etc/vtysh.conf"
	for frr_daemon; do
		frr_more=
		[ "$frr_daemon" != bfdd ] || frr_more="--bfdctl $frr_run/bfdd.sock"
		on "$frr_k" env LD_LIBRARY_PATH="$frr_libs" "$FRR/usr/lib/frr/$frr_daemon" -d -u root -g root -P 0 \
			--vty_socket "$frr_run" -z "$frr_run/zserv.api" -i "$frr_run/$frr_daemon.pid" $frr_more \
			>"$frr_run/$frr_daemon.log" 2>&1 || { cat "$frr_run/$frr_daemon.log"; return 1; }
	done
	[ ! -s "$frr_etc/frr.conf" ] || frr_shell "$frr_k" -b >/dev/null
}

frr_kill() {
	frr_k=$1 frr_signal=$2; shift 2
	[ $# -gt 0 ] || set -- zebra bgpd
	for frr_daemon; do kill -s "$frr_signal" "$(cat "$LAB/h$frr_k/run/frr/$frr_daemon.pid")" || return; done
}
