# SPDX-License-Identifier: GPL-2.0-or-later
# world.sh - the same world twice, once with libvirt in it and once with vnetmgr, or with vnetmgr behind its server for clients of
# libvirt; sourced by the tests of tests/parity/.
#
# A world is "vnetmgr sandbox --uplink": private devices, rules, processes, mounts and /run, and the simulated
# upstream of tests/lib/ns.sh behind uplink0. libvirt's state directories are covered by empty ones in memory.
#
#   parity_need                    outside: skip the test unless libvirt can run here
#   parity_world SIDE SCRIPT ...   outside: run a shell script in a new world; SIDE is libvirt, vnetmgr or rpc
#   parity_up                      inside: the first thing the script does; libvirtd, or vnetmgr-rpc, answers when it returns
#   net ...                        inside: virsh or vnetmgr, whichever lives here; $side says which
#   parity_session                 inside: from now on net -q is answered by one virsh that stays, with no option but -q
#
# With VNM_PARITY_ROOT libvirt is that of another system, whose root directory it is (scripts/parity-newest).
#
# Inside, the helpers of tests/lib/ns.sh are there, too: guest, leave, static, dhcp, reaches, web, $SERVER, $T ...

: "${VNETMGR:?the program under test}" "${srcdir:=.}"
srcdir=$(cd "$srcdir" && pwd)
export VNETMGR srcdir LC_ALL=C PATH="$PATH:/usr/sbin:/sbin"
side=${PARITY_SIDE:-} parity_root=${VNM_PARITY_ROOT:-}

skip() { echo "SKIP: $*" >&2; [ -n "${VNM_TEST_MUST_WORK:-}" ] && exit 1; exit 77; }
. "$srcdir/tests/lib/programs.sh"

parity_need() {
	[ "$(id -u)" = 0 ] || skip 'libvirtd wants to be root'
	[ -n "$parity_root" ] || need libvirtd virsh
	need ip busybox iptables-legacy ip6tables-legacy dig dnsmasq tc "$@"
}

parity_world() {
	export PARITY_SIDE="$1"; shift
	"$VNETMGR" sandbox --uplink sh "$@"
}

parity_up() {
	. "$srcdir/tests/lib/ns.sh"
	[ "$side" != rpc ] || parity_rpc || return
	[ "$side" = libvirt ] || return 0
	[ -z "$parity_root" ] || parity_enter || return
	for dir in /etc/libvirt /var/lib/libvirt /var/cache/libvirt /var/log/libvirt; do
		mkdir -p "$parity_root$dir" && mount -t tmpfs tmpfs "$parity_root$dir" || return 1
	done
	# It calls "iptables", which may be the one for nf_tables; vnetmgr's rules, and the policies that tests set,
	# are in the legacy tables.
	nft=$(its xtables-nft-multi) && mount --bind "$(its xtables-legacy-multi)" "$nft"
	parity_tc || return
	mkdir -p /run/dbus
	libvirtd >"$T/libvirtd.log" 2>&1 &
	libvirtd=$!
	until virsh -q net-list >/dev/null 2>&1; do
		kill -0 "$libvirtd" || { cat "$T/libvirtd.log" >&2; return 1; }
		sleep .05
	done
}

# its PROGRAM: where libvirt finds it
its() { if [ -n "$parity_root" ]; then echo "$parity_root/usr/sbin/$1"; else command -v "$1"; fi; }

# libvirtd and virsh are run in a root of their own, where the world is all but the programs.
parity_enter() {
	for dir in proc sys dev run tmp; do mount --rbind "/$dir" "$parity_root/$dir" || return; done
	for file in /etc/resolv.conf /etc/hosts; do
		touch "$parity_root$file" && mount --bind "$file" "$parity_root$file" || return
	done
	mkdir "$T/root" || return
	for program in libvirtd virsh; do
		cat >"$T/root/$program" <<-EOF
			#!/bin/sh
			exec chroot "$parity_root" sh -c 'PATH=/usr/sbin:/usr/bin; cd "\$0" 2>/dev/null; exec $program "\$@"' "\$PWD" "\$@"
		EOF
		chmod +x "$T/root/$program"
	done
	PATH=$T/root:$PATH
	export LIBVIRT_DEFAULT_URI=network:///system
}

# virsh speaks to vnetmgr.
parity_rpc() {
	"${VNETMGR%/*}/vnetmgr-rpc" --socket "$T/rpc-sock" --timeout 0 >"$T/rpc.log" 2>&1 3>&- &
	until [ -S "$T/rpc-sock" ]; do
		kill -0 $! || { cat "$T/rpc.log" >&2; return 1; }
		sleep .05
	done
	export LIBVIRT_DEFAULT_URI="network:///system?socket=$T/rpc-sock"
}

# libvirt's limits need a queue (sfq), a filter (fw) and an action (police) that not every kernel has. Where one is
# missing, a simpler queue takes the place of the first; the second matters to guests' floors only; and what was asked
# of the third is noted in $T/police.DEVICE.
parity_tc() {
	tc=$(readlink -f "$(its tc)") && cp "$tc" "$T/tc.real" || return
	cat >"$T/tc" <<-EOF
		#!/bin/sh
		case "\$*" in
		'qdisc del dev '*' ingress') rm -f "$T/police.\$4"; exec "$T/tc.real" "\$@" ;;
		*' sfq perturb 10') "$T/tc.real" "\$@" 2>/dev/null || exec "$T/tc.real" qdisc add dev "\$4" parent "\$6" handle "\$8" bfifo ;;
		*' fw flowid 1') "$T/tc.real" "\$@" 2>/dev/null || exit 0 ;;
		*' police '*) echo "\$*" >"$T/police.\$4"; "$T/tc.real" "\$@" 2>/dev/null || exit 0 ;;
		*) exec "$T/tc.real" "\$@" ;;
		esac
	EOF
	chmod +x "$T/tc" && mount --bind "$T/tc" "$tc"
}

net() {
	case $side$session in
	libvirt) virsh "$@" ;;
	libvirty) ask_session "$@" ;;
	*) "$VNETMGR" "$@" ;;
	esac
}

# A virsh needs fifty times longer to start than to answer. This one reads commands from a FIFO, and what it answers stands between
# two marks, which its echo of the commands does not contain. It goes on after an error, so one was made if it said so.
session=
parity_session() {
	[ "$side" = libvirt ] || return 0
	mkfifo "$T/session.in" "$T/session.out" || return
	virsh -q <"$T/session.in" >"$T/session.out" 2>>"$T/session.err" &
	exec 8>"$T/session.in" 9<"$T/session.out"
	session=y
}
# ask_session [-q] WORD...: one at a time; no word has a quote in it
ask_session() {
	[ "$1" != -q ] || shift
	: >"$T/session.err"
	{ printf "echo %%'%%begin';"; printf " '%s'" "$@"; printf "; echo %%'%%end'\n\n"; } >&8
	answer=
	while IFS= read -r line <&9; do
		case $answer$line in *%%begin*) answer=y line=${line#*%%begin} ;; esac
		case $answer$line in
		y*%%end*) printf %s "${line%%%%end*}"; break ;;
		y*) printf '%s\n' "$line" ;;
		esac
	done
	[ -s "$T/session.err" ] || [ -z "$answer" ] || return 0
	cat "$T/session.err" >&2
	return 1
}
