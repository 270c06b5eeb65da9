# SPDX-License-Identifier: GPL-2.0-or-later
# scale.sh - the cost of one more network, while SIZES others are up; sourced by run.sh.
#
# Of each mode in MODES: open networks have no firewall rules, so they show what is not the firewall's; nat/BACKEND is NAT with
# that back end. The others are complete definitions, written where net-define writes them: what they cost together is
# "all up" and "all down". Their DNS is forwarded to a named server, since a dnsmasq that watches resolv.conf takes one of the
# 128 inotify instances of root's.
#
# Figures are processor time, of the command and of every dnsmasq: a busy machine changes them little. Beside them are the bare
# operations: what the usual tools take for the same objects beside the same networks (bare.sh).

# scale_xml MODE NUMBER FILE
scale_xml() {
	local forward="<forward mode='${1%%/*}'/>"
	[ "${1%%/*}" != isolated ] || forward=
	printf "<network><name>n%d</name><uuid>%08d-f78d-4f9b-abc2-1a9384ffc5f7</uuid>%s<bridge name='nb%d' stp='off'/><mac address='52:54:00:0e:%02x:%02x'/><dns><forwarder addr='203.0.113.1'/></dns><ip address='10.%d.%d.1' netmask='255.255.255.0'><dhcp><range start='10.%d.%d.2' end='10.%d.%d.254'/></dhcp></ip></network>\n" \
		"$2" "$2" "$forward" "$2" $(($2 / 200)) $(($2 % 200)) $((100 + $2 / 200)) $(($2 % 200)) $((100 + $2 / 200)) $(($2 % 200)) $((100 + $2 / 200)) $(($2 % 200)) >"$3"
}
scale_more() {	# scale_more MODE FROM TO: these networks are defined, and marked for autostart
	local i etc=$VNETMGR_ROOT/etc/vnetmgr/networks
	for ((i = $2; i <= $3; i++)); do
		scale_xml "$1" "$i" "$etc/n$i.xml"; chmod 600 "$etc/n$i.xml"
		ln -s "../n$i.xml" "$etc/autostart/n$i.xml"
	done
}
# The processor time of every dnsmasq so far, in microseconds.
dnsmasq_time() {
	local pids
	pids=$(pgrep -x dnsmasq) || { echo 0; return; }
	# shellcheck disable=SC2086 # one file each
	cat $(printf '/proc/%s/schedstat ' $pids) 2>/dev/null | awk '{ t += $1 } END { printf "%d", t / 1000 }'
}
# spent NAME COMMAND...: prints "NAME MICROSECONDS" of the command, "NAME_dnsmasq MICROSECONDS" of what it made dnsmasq do, and
# "NAME_wall MICROSECONDS" by the clock. In a process of its own: this shell is the first of its PID namespace, so each dnsmasq that ends
# becomes its child, with all the time that it has ever taken.
spent() {
	local name=$1 before after TIMEFORMAT='%3U %3S %3R'
	shift
	before=$(dnsmasq_time)
	( time "$@" >/dev/null 2>&3 ) 3>&2 2>"$RESULTS/time"
	awk -v name="$name" '{ print name, ($1 + $2) * 1e6; print name "_wall", $3 * 1e6 }' "$RESULTS/time"
	after=$(dnsmasq_time)	# one that has ended takes its time along
	[ "$after" -lt "$before" ] || echo "${name}_dnsmasq $((after - before))"
}
one_more() {	# one_more MODE SIZE
	local i
	scale_xml "$1" 0 /run/n0.xml
	for ((i = 1; i <= RUNS; i++)); do
		spent "define_$1_$2" "$VNETMGR" net-define /run/n0.xml
		spent "start_$1_$2" "$VNETMGR" net-start n0
		spent "update_$1_$2" "$VNETMGR" net-update n0 add ip-dhcp-host --live \
			"<host mac='52:54:00:bb:00:$(printf %02x "$i")' ip='10.100.0.$((i + 10))'/>"
		spent "list_$1_$2" "$VNETMGR" net-list --all
		[ "$2" = 0 ] || [ "$i" -gt 1 ] || bare_prepare "$1"
		spent "again_$1_$2" "$VNETMGR" net-list --all
		spent "destroy_$1_$2" "$VNETMGR" net-destroy n0
		"$VNETMGR" -q net-undefine n0
	done
	# Not in between: a transaction of others makes net-list look at all rules. With no other network, what all share is not there.
	for ((i = 1; i <= RUNS && $2 > 0; i++)); do
		spent "bare_start_$1_$2" bare_start "$1"
		spent "bare_list_$1_$2" bare_list "$1"
		spent "bare_destroy_$1_$2" bare_destroy "$1"
	done
}
# Prints what is up beside what should be.
all_up() { echo "up_$1_$2 $("$VNETMGR" net-list --name | grep -c .)"; }

. "$here/bare.sh"

bench_scale() {
	local mode size up etc=$VNETMGR_ROOT/etc/vnetmgr
	for mode in $MODES; do
		up=0
		"$VNETMGR" -q net-list; mkdir -p "$etc/networks/autostart"; chmod 700 "$etc/networks"
		case $mode in */*) echo "firewall_backend = \"${mode#*/}\"" >"$etc/network.conf" ;; esac
		for size in $SIZES; do
			if [ "$size" -gt "$up" ]; then
				scale_more "$mode" $((up + 1)) "$size"
				spent "up_all_${mode}_$size" "$VNETMGR" autostart
			fi
			up=$size
			all_up "$mode" "$size"
			one_more "$mode" "$size"
		done
		[ "$up" = 0 ] || spent "down_all_${mode}_$up" "$VNETMGR" net-destroy --all
		[ "$up" = 0 ] || bare_all "$mode" "$up"
		rm -rf "$VNETMGR_ROOT"
	done
}
