# SPDX-License-Identifier: GPL-2.0-or-later
# cni.sh - GUESTS containers by the CNI plugin of vnetmgr and by the reference plugin, in turns: all ADDs, then all DELs; sourced by
# run.sh, after attach.sh. Both are called as a runtime calls them, and have a NAT network of their own with all that attach.sh says.
plugin_config() {
	case $1 in
	bridge) cni_config ;;
	vnetmgr) echo '{ "cniVersion": "0.4.0", "name": "bench", "type": "vnetmgr-cni" }' ;;
	esac
}
# plugin WHO COMMAND NUMBER
plugin() {
	local program=$CNI/bridge
	[ "$1" != vnetmgr ] || program=${VNETMGR%/*}/vnetmgr-cni
	CNI_COMMAND=$2 CNI_CONTAINERID=$1$3 CNI_NETNS=/run/netns/$1$3 CNI_IFNAME=eth0 CNI_PATH=$CNI "$program" <"/run/$1.json"
}
# both NAME COMMAND...: by the clock, and of processors, which a busy machine changes little: a call waits for the kernel most of the time
both() {
	local name=$1 t TIMEFORMAT='%3U %3S'
	shift
	t=$(now)
	{ time "$@" >/dev/null 2>&3; } 3>&2 2>/run/time
	echo "$name $(($(now) - t))"
	awk -v name="$name" '{ print name "_spent", ($1 + $2) * 1e6 }' /run/time
}
bench_cni() {
	local who i verb plugins=vnetmgr
	[ ! -x $CNI/bridge ] || [ ! -x $CNI/host-local ] || plugins='vnetmgr bridge'
	for who in $plugins; do plugin_config "$who" >"/run/$who.json"; done
	attach_network
	for ((i = 0; i <= GUESTS; i++)); do for who in $plugins; do ip netns add "$who$i"; done; done
	for verb in ADD DEL; do
		for ((i = 0; i <= GUESTS; i++)); do
			for who in $(printf '%s\n' $plugins | shuf); do
				if [ $i -gt 0 ]; then both "${verb}_$who" plugin "$who" $verb "$i"; else plugin "$who" $verb "$i" >/dev/null; fi
			done
		done
		[ $verb = DEL ] || for who in $plugins; do arrived "$who$GUESTS" "$([ "$who" = bridge ] && echo 10.97.0.1 || echo 10.96.0.1)"; done
	done
}
