# SPDX-License-Identifier: GPL-2.0-or-later
# programs.sh - the programs that tests use, by what they are. A name alone does not say it: "nc" is one of three programs,
# of which each takes other options, and which one it is depends on what else is installed. Sourced by ns.sh and world.sh.
#
#   need NAME...             skip the test unless each is here
#   optional NAME            is it here? Where every test must work, it has to be
#   programs DIR NAME...     DIR, which comes first in PATH from then on, leads the names to the right ones

# what NAME: how to identify it, as "PACKAGE|ARGUMENT|WORD|OTHER-NAME..."; nothing for one that no other program is
# called like.
what() {
	case $1 in
	nc) echo 'netcat-openbsd|-h|OpenBSD|nc.openbsd' ;;
	ping) echo 'iputils-ping|-V|iputils' ;;
	ps | pgrep | pkill) echo 'procps|-V|procps' ;;
	ip | ss | tc) echo 'iproute2|-V|iproute2' ;;
	unshare | nsenter | setpriv | script | flock) echo 'util-linux|-V|util-linux' ;;
	busybox) echo 'busybox||BusyBox' ;;
	dig) echo 'bind9-dnsutils|-v|DiG' ;;
	dhclient) echo 'isc-dhcp-client|--version|isc-dhclient' ;;
	esac
}

# find_program NAME: prints where it is; fails when it is not installed, whatever else is called like it
find_program() (
	name=$1 known=$(what "$1")
	[ -n "$known" ] || { command -v "$name"; return; }
	rest=${known#*|} argument=${rest%%|*} rest=${rest#*|} word=${rest%%|*} others=
	case $rest in *'|'*) others=${rest#*|} ;; esac
	old_ifs=$IFS; IFS=:
	for dir in $PATH; do
		IFS=$old_ifs
		for candidate in $others "$name"; do
			[ -x "$dir/$candidate" ] && [ ! -d "$dir/$candidate" ] || continue
			case $("$dir/$candidate" ${argument:+"$argument"} 2>&1 </dev/null | head -n 3) in
			*"$word"*) echo "$dir/$candidate"; return ;;
			esac
		done
		IFS=:
	done
	return 1
)

need() {
	for tool; do
		find_program "$tool" >/dev/null && continue
		known=$(what "$tool")
		skip "$tool${known:+ (of the package ${known%%|*})} is not installed"
	done
}

optional() {
	[ -z "${VNM_TEST_MUST_WORK:-}" ] || need "$1"
	find_program "$1" >/dev/null || { echo "without what needs $1, which is not installed" >&2; return 1; }
}

programs() {
	bin=$1; shift
	mkdir -p "$bin" || return
	for tool; do
		there=$(find_program "$tool") || continue
		[ "$there" = "$(command -v "$tool")" ] || ln -sf "$there" "$bin/$tool"
	done
	PATH=$bin:$PATH
}
