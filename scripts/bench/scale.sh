# SPDX-License-Identifier: GPL-2.0-or-later
# scale.sh - the cost of one more network, while SIZES others are up; sourced by run.sh.
#
# Of each mode in MODES: open networks have no firewall rules, so they show what is not the firewall's. The others are
# complete definitions, written where net-define writes them: what they cost together is "all up" and "all down".
# Their DNS is forwarded to a named server, since a dnsmasq that watches resolv.conf takes one of the 128 inotify
# instances of root's.

# scale_xml MODE NUMBER FILE
scale_xml() {
	printf "<network><name>n%d</name><uuid>%08d-f78d-4f9b-abc2-1a9384ffc5f7</uuid><forward mode='%s'/><bridge name='nb%d' stp='off'/><mac address='52:54:00:0e:%02x:%02x'/><dns><forwarder addr='203.0.113.1'/></dns><ip address='10.%d.%d.1' netmask='255.255.255.0'><dhcp><range start='10.%d.%d.2' end='10.%d.%d.254'/></dhcp></ip></network>\n" \
		"$2" "$2" "$1" "$2" $(($2 / 200)) $(($2 % 200)) $((100 + $2 / 200)) $(($2 % 200)) $((100 + $2 / 200)) $(($2 % 200)) $((100 + $2 / 200)) $(($2 % 200)) >"$3"
}
scale_more() {	# scale_more MODE FROM TO: these networks are defined, and marked for autostart
	local i etc=$VNETMGR_ROOT/etc/vnetmgr/networks
	for ((i = $2; i <= $3; i++)); do
		scale_xml "$1" "$i" "$etc/n$i.xml"; chmod 600 "$etc/n$i.xml"
		ln -s "../n$i.xml" "$etc/autostart/n$i.xml"
	done
}
one_more() {	# one_more MODE SIZE
	local i
	scale_xml "$1" 0 /run/n0.xml
	for ((i = 1; i <= RUNS; i++)); do
		timed "define_$1_$2" "$VNETMGR" net-define /run/n0.xml
		timed "start_$1_$2" "$VNETMGR" net-start n0
		timed "update_$1_$2" "$VNETMGR" net-update n0 add ip-dhcp-host --live \
			"<host mac='52:54:00:bb:00:$(printf %02x "$i")' ip='10.100.0.$((i + 10))'/>"
		timed "list_$1_$2" "$VNETMGR" net-list --all
		timed "destroy_$1_$2" "$VNETMGR" net-destroy n0
		"$VNETMGR" -q net-undefine n0
	done
}
# Prints what is up beside what should be.
all_up() { echo "up_$1_$2 $("$VNETMGR" net-list --name | grep -c .)"; }

bench_scale() {
	local mode size up
	for mode in $MODES; do
		up=0
		"$VNETMGR" -q net-list; mkdir -p "$VNETMGR_ROOT/etc/vnetmgr/networks/autostart"
		for size in $SIZES; do
			if [ "$size" -gt "$up" ]; then
				scale_more "$mode" $((up + 1)) "$size"
				timed "up_all_${mode}_$size" "$VNETMGR" autostart
			fi
			up=$size
			all_up "$mode" "$size"
			one_more "$mode" "$size"
		done
		[ "$up" = 0 ] || timed "down_all_${mode}_$up" "$VNETMGR" net-destroy --all
		rm -rf "$VNETMGR_ROOT"
	done
}
