#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# run.sh - vnetmgr against libvirt and against the bare operations, in like namespaces, one after the other; and
# attaching a namespace against CNI and netavark, in turns (attach.sh); the CNI plugin against the
# reference plugin (cni.sh); virsh with vnetmgr-rpc against virsh with libvirtd (rpc.py); and the cost of one more network (scale.sh).
#
#   make bench                           everything; about four minutes, most of it libvirt starting 100 networks
#   RUNS=5 NETS=20 GUESTS=40 make bench  smaller
#   ONLY=attach make bench               only this part; the others: floor, vnetmgr, libvirt, rpc, cni, scale, firewall
#   make bench-scale                     the last table with up to 1000 networks; SIZES="0 2000" MODES=nat/legacy for others
#
# What is not installed is left out, with a line about it; scripts/deps bench installs it.
#
# Each contestant gets its own network, mount and PID namespace with empty state directories. Times are wall
# clock around the whole command, as a person waits for it; the figure is the median of RUNS.
set -euo pipefail
RUNS=${RUNS:-15} NETS=${NETS:-100} GUESTS=${GUESTS:-200} ONLY=${ONLY:-floor vnetmgr libvirt rpc attach cni scale firewall}
SIZES=${SIZES:-0 100} MODES=${MODES:-open nat/nftables}
VNETMGR=${VNETMGR:-$PWD/vnetmgr}
export VNETMGR_SCHEMAS=${VNETMGR_SCHEMAS:-$PWD/schemas}
here=$(cd "$(dirname "$0")" && pwd)

if [ "${1:-}" != inside ]; then
	[ "$(id -u)" = 0 ] || { echo "make bench needs root: all that is measured does" >&2; exit 1; }
	export RUNS NETS GUESTS SIZES MODES VNETMGR RESULTS
	missing() { echo "left out: $1, since $2 is not installed (scripts/deps bench)" >&2; }
	RESULTS=$(mktemp -d); trap 'rm -rf "$RESULTS"' EXIT
	command -v libvirtd >/dev/null || { missing libvirt libvirt-daemon-system; ONLY=${ONLY//libvirt/}; ONLY=${ONLY//rpc/}; }
	[ -x /usr/lib/cni/bridge ] || missing "CNI's bridge plugin" containernetworking-plugins
	[ -x /usr/lib/podman/netavark ] || command -v netavark >/dev/null || missing netavark netavark
	case " $ONLY " in *' firewall '*) bash "$here/firewall.sh"; echo; ONLY=${ONLY//firewall/} ;; esac
	[ -x "${VNETMGR%/*}/vnetmgr-rpc" ] || { missing vnetmgr-rpc libtirpc-dev; ONLY=${ONLY//rpc/}; }
	case " $ONLY " in *' rpc '*)
		unshare -n -m -p -f --mount-proc --kill-child bash "$here/run.sh" inside rpc; echo; ONLY=${ONLY//rpc/} ;;
	esac
	: >"$RESULTS/floor" >"$RESULTS/vnetmgr" >"$RESULTS/libvirt" >"$RESULTS/attach" >"$RESULTS/cni" >"$RESULTS/scale"
	for who in $ONLY; do
		echo "measuring $who ..." >&2
		unshare -n -m -p -f --mount-proc --kill-child bash "$here/run.sh" inside "$who" >"$RESULTS/$who"
	done
	exec awk -v runs="$RUNS" -v nets="$NETS" -v guests="$GUESTS" -v sizes="$SIZES" -v modes="$MODES" \
		-f "$here/report.awk" "$RESULTS"/{floor,vnetmgr,libvirt,attach,cni,scale}
fi

who=$2
mount --make-rprivate /
mount -t tmpfs tmpfs /run
for d in /etc/libvirt /var/lib/libvirt /var/cache/libvirt /var/log/libvirt; do
	[ ! -d $d ] || mount -t tmpfs tmpfs $d
done
export VNETMGR_ROOT=/run/vnetmgr-root	# as libvirt's directories: empty, and in memory
ip link set lo up
ip link add uplink0 type veth peer name uplink1
ip addr add 203.0.113.2/24 dev uplink0; ip link set uplink0 up; ip link set uplink1 up
ip route add default via 203.0.113.1

now() { echo "${EPOCHREALTIME/./}"; }
# timed NAME COMMAND...: prints "NAME MICROSECONDS"
timed() { local name=$1 t; shift; t=$(now); "$@" >/dev/null; echo "$name $(($(now) - t))"; }
xml() {
	printf "<network><name>net%d</name><forward/><bridge name='tbr%d'/><ip address='10.%d.%d.1' netmask='255.255.255.0'><dhcp><range start='10.%d.%d.2' end='10.%d.%d.254'/></dhcp></ip></network>\n" \
		"$1" "$1" $((100 + $1 / 200)) $(($1 % 200)) $((100 + $1 / 200)) $(($1 % 200)) $((100 + $1 / 200)) $(($1 % 200)) >"/run/net$1.xml"
}
pss() { awk '/^Pss:/ { p += $2 } END { print p + 0 }' "/proc/$1/smaps_rollup"; }	# KiB, shared pages divided
memory() { local sum=0 pid; for pid in $(pgrep "$1" || true); do sum=$((sum + $(pss "$pid"))); done; echo "$sum"; }

floor_start() {
	ip -batch - <<-EOF
	link add tbr0 address 52:54:00:00:00:01 type bridge stp_state 1 forward_delay 0
	addr add 10.100.0.1/24 broadcast + dev tbr0
	link set tbr0 up
	EOF
}
floor_rules() {
	iptables-legacy-restore -n <<-EOF
	*nat
	:B - [0:0]
	-A POSTROUTING -j B
	-A B -s 10.100.0.0/24 -d 224.0.0.0/24 -j RETURN
	-A B -s 10.100.0.0/24 -d 255.255.255.255/32 -j RETURN
	-A B -s 10.100.0.0/24 ! -d 10.100.0.0/24 -p tcp -j MASQUERADE --to-ports 1024-65535
	-A B -s 10.100.0.0/24 ! -d 10.100.0.0/24 -p udp -j MASQUERADE --to-ports 1024-65535
	-A B -s 10.100.0.0/24 ! -d 10.100.0.0/24 -j MASQUERADE
	COMMIT
	*mangle
	-A POSTROUTING -o tbr0 -p udp --dport 68 -j CHECKSUM --checksum-fill
	COMMIT
	*filter
	:I - [0:0]
	-A INPUT -j I
	-A I -i tbr0 -p udp --dport 53 -j ACCEPT
	-A I -i tbr0 -p tcp --dport 53 -j ACCEPT
	-A I -i tbr0 -p udp --dport 67 -j ACCEPT
	-A I -i tbr0 -p tcp --dport 67 -j ACCEPT
	-A FORWARD -d 10.100.0.0/24 -o tbr0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
	-A FORWARD -s 10.100.0.0/24 -i tbr0 -j ACCEPT
	-A FORWARD -i tbr0 -o tbr0 -j ACCEPT
	-A FORWARD -o tbr0 -j REJECT
	-A FORWARD -i tbr0 -j REJECT
	COMMIT
	EOF
}
floor_dnsmasq() {	# the launcher returns when it serves
	dnsmasq --conf-file=/dev/null --strict-order --pid-file=/run/f.pid --except-interface=lo --bind-dynamic \
		--interface=tbr0 --dhcp-range=10.100.0.2,10.100.0.254 --dhcp-no-override --dhcp-authoritative \
		--dhcp-leasefile=/run/f.leases --user=nobody --group=nogroup
}
gone() { tail --pid="$1" -f /dev/null; }
bench_floor() {
	local i pid
	for ((i = 0; i < RUNS; i++)); do
		iptables-legacy -F; iptables-legacy -X; for t in nat mangle; do iptables-legacy -t $t -F; iptables-legacy -t $t -X; done
		timed netlink floor_start
		timed rules floor_rules
		timed dnsmasq floor_dnsmasq
		pid=$(cat /run/f.pid); kill "$pid"; gone "$pid"
		timed delete ip link del tbr0
	done
	timed fork /bin/true
}

# cycle TOOL START-ALL: the same questions to both tools
cycle() {
	local tool=$1 all=$2 i
	xml 0; $tool net-define /run/net0.xml >/dev/null
	for ((i = 0; i < RUNS; i++)); do
		timed start $tool net-start net0
		timed destroy $tool net-destroy net0
	done
	many_hosts $tool
	for ((i = 1; i <= NETS; i++)); do xml $i; timed define $tool net-define /run/net$i.xml; $tool net-autostart net$i >/dev/null; done
	$tool net-start net0 >/dev/null
	timed start_all $all
	echo "up $($tool net-list --name | grep -c .)"
	echo "dnsmasqs $(pgrep -c dnsmasq)"; echo "memory_dnsmasq_kib $(memory dnsmasq)"; echo "memory_daemon_kib $(memory libvirtd)"
	timed list $tool net-list --all
	timed destroy_all destroy_all_$who
}
# many_hosts TOOL: a definition with 1000 reservations, and one more while it is active; the same in a small network
many_hosts() {
	local tool=$1 i
	{
		echo "<network><name>hosts</name><uuid>5599d7e3-f78d-4f9b-abc2-1a9384ffc5f7</uuid><forward/><bridge name='hbr0'/><ip address='10.9.0.1' netmask='255.255.0.0'><dhcp>"
		for ((i = 0; i < 1000; i++)); do printf "<host mac='52:54:00:aa:%02x:%02x' name='h%d' ip='10.9.%d.%d'/>\n" $((i / 250)) $((i % 250)) "$i" $((1 + i / 250)) $((1 + i % 250)); done
		echo "</dhcp></ip></network>"
	} >/run/hosts.xml
	for ((i = 0; i < RUNS; i++)); do timed define_hosts $tool net-define /run/hosts.xml; done
	$tool net-start hosts >/dev/null; $tool net-start net0 >/dev/null
	for ((i = 1; i <= RUNS; i++)); do
		timed update_hosts $tool net-update hosts add ip-dhcp-host "<host mac='52:54:00:bb:00:$(printf %02x "$i")' ip='10.9.9.$i'/>" --live
		timed update $tool net-update net0 add ip-dhcp-host "<host mac='52:54:00:bb:00:$(printf %02x "$i")' ip='10.100.0.$((i + 10))'/>" --live
		timed update_txt $tool net-update net0 add dns-txt "<txt name='t$i' value='v'/>" --live
	done
	$tool net-destroy hosts >/dev/null; $tool net-undefine hosts >/dev/null; $tool net-destroy net0 >/dev/null
}
start_libvirtd() {
	mkdir -p /run/dbus
	libvirtd >/dev/null 2>&1 &
	until virsh -q list >/dev/null 2>&1; do :; done
}
virsh_all() { local i; for ((i = 1; i <= NETS; i++)); do virsh -q net-start net$i || true; done; }
destroy_all_libvirt() { local i; for ((i = 0; i <= NETS; i++)); do virsh -q net-destroy net$i || true; done; }
destroy_all_vnetmgr() { "$VNETMGR" net-destroy --all; }
case $who in
floor) bench_floor ;;
attach) . "$here/attach.sh"; bench_attach ;;
cni) . "$here/attach.sh"; . "$here/cni.sh"; bench_cni ;;
scale) . "$here/scale.sh"; bench_scale ;;
vnetmgr) cycle "$VNETMGR" "$VNETMGR autostart" ;;
libvirt)
	start_libvirtd
	cycle virsh virsh_all ;;
rpc)
	start_libvirtd; libvirtd=$!
	"${VNETMGR%/*}/vnetmgr-rpc" --socket /run/rpc-sock --timeout 0 & server=$!
	until [ -S /run/rpc-sock ]; do :; done
	for python in python3 /usr/bin/python3; do "$python" -c 'import libvirt' 2>/dev/null && break; done
	"$python" "$here/rpc.py" $server $libvirtd /run/rpc-sock "$RUNS" ;;
esac
