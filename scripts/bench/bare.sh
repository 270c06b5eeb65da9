# SPDX-License-Identifier: GPL-2.0-or-later
# bare.sh - the bare operations behind one network of scale.sh, by ip, the restore commands of iptables, nft and dnsmasq; sourced
# by scale.sh.
#
# What they are is taken from what a dry run prints, so they are the same objects, beside the same networks. Each tool is started
# once. Chains and maps that are there for all networks are left alone.

BARE=/run/bare

bare_kind() { case $1 in */iptables-nft) echo nft ;; *) echo legacy ;; esac; }

# Commands of iptables as a file for its restore command: chains of the network's own come first, and go last.
bare_restore() {
	awk '$1 == "iptables" {
		table = "filter"; from = 2
		if ($2 == "-t") { table = $3; from = 4 }
		line = $from
		for (i = from + 1; i <= NF; i++) line = line " " $i
		own = $(from + 1) ~ /\./ ? $(from + 1) : ""
		if (own && !seen[table, own]++) {
			if ($from == "-A") head[table] = head[table] ":" own " - [0:0]\n"
			else tail[table] = tail[table] "-X " own "\n"
		}
		body[table] = body[table] line "\n"
	}
	END { for (t in body) printf "*%s\n%s%s%sCOMMIT\n", t, head[t], body[t], tail[t] }'
}
# Of nftables: without what is there for all networks
bare_nft() { sed -n "/vmap @\|add map/d; s/^nft '\(.*\)'\$/\1/p; s/^nft \(.* bridge vnetmgr .*\)/\1/p" | tr -d "'"; }

# bare_prepare MODE: while n0 is active
bare_prepare() {
	rm -rf $BARE; mkdir -p $BARE
	cp "$VNETMGR_ROOT"/run/vnetmgr/dnsmasq/n0/{dnsmasq.conf,hosts,addnhosts} $BARE
	sed -i "s,$VNETMGR_ROOT/run/vnetmgr/dnsmasq/n0,$BARE,; s,^dhcp-leasefile=.*,dhcp-leasefile=$BARE/leases,; s,^pid-file=,&$BARE/pid," $BARE/dnsmasq.conf
	chmod -R a+rX $BARE
	"$VNETMGR" net-destroy n0 --dry-run >$BARE/stop
	"$VNETMGR" -q net-destroy n0; "$VNETMGR" net-start n0 --dry-run >$BARE/start; "$VNETMGR" -q net-start n0
	bare_restore <$BARE/start >$BARE/add.iptables; bare_restore <$BARE/stop >$BARE/delete.iptables
	bare_nft <$BARE/start >$BARE/add.nft; bare_nft <$BARE/stop >$BARE/delete.nft
	sed -n 's/ fdb_max_learned [0-9]*//; s/^ip \(link add\|address add\|link set dev [^ ]* up\)/\1/p' $BARE/start >$BARE/add.ip
	sed -n 's/^sysctl -w \(net[./].*\)=\(.*\)/\1 \2/p' $BARE/start | tr . / >$BARE/sysctls
}
bare_rules() {	# bare_rules MODE add|delete
	! grep -q . "$BARE/$2.iptables" || "iptables-$(bare_kind "$1")-restore" -n "$BARE/$2.iptables"
	! grep -q . "$BARE/$2.nft" || nft -f "$BARE/$2.nft"
}
bare_start() {
	local key value
	ip -batch $BARE/add.ip
	while read -r key value; do echo "$value" >"/proc/sys/$key"; done <$BARE/sysctls
	bare_rules "$1" add
	dnsmasq --conf-file=$BARE/dnsmasq.conf
}
bare_list() {
	ip -d link; ip address
	case $1 in
	open) ;;
	*/nftables) nft list ruleset ;;
	*) "iptables-$(bare_kind "$1")-save" ;;
	esac
}
bare_destroy() {
	local pid
	pid=$(cat $BARE/pid); kill "$pid"; gone "$pid"
	bare_rules "$1" delete
	ip link del nb0
}

# bare_many FILE TO: the lines of each of networks 1 to TO, from those of n0
bare_many() {
	awk -v to="$2" '{ line[NR] = $0 }
	END {
		for (i = 1; i <= to; i++)
			for (n = 1; n <= NR; n++) {
				text = line[n]
				gsub(/nb0/, "nb" i, text); gsub(/"n0"/, "\"n" i "\"", text)
				gsub(/10\.100\.0\./, "10." 100 + int(i / 200) "." i % 200 ".", text)
				gsub(/52:54:00:0e:00:00/, sprintf("52:54:00:0e:%02x:%02x", int(i / 200), i % 200), text)
				print text
			}
	}' "$1"
}
# bare_all MODE NUMBER: so many networks up and down, without their rules: devices in one batch, and a dnsmasq each
bare_all() {
	bare_many $BARE/add.ip "$2" >$BARE/all.ip
	bare_many $BARE/sysctls "$2" >$BARE/all.sysctls
	spent "bare_up_all_$1_$2" bare_all_up "$2"
	spent "bare_down_all_$1_$2" bare_all_down
}
bare_all_up() {
	local i key value
	ip -batch $BARE/all.ip
	while read -r key value; do echo "$value" >"/proc/sys/$key"; done <$BARE/all.sysctls
	for ((i = 1; i <= $1; i++)); do
		mkdir "$BARE/$i"; : >"$BARE/$i/conf"
		while read -r key; do
			key=${key//nb0/nb$i}; key=${key//10.100.0./10.$((100 + i / 200)).$((i % 200)).}
			echo "${key//$BARE/$BARE/$i}"
		done <$BARE/dnsmasq.conf >"$BARE/$i/conf"
		: >"$BARE/$i/hosts"; : >"$BARE/$i/addnhosts"
		chmod a+rx "$BARE/$i"
		dnsmasq --conf-file="$BARE/$i/conf"
	done
}
bare_all_down() {
	local pids
	pids=$(pgrep -x dnsmasq); kill $pids
	ip link del group "$(sed -n 's/.* group \([^ ]*\).*/\1/p' $BARE/add.ip | head -1)"
	while pgrep -x dnsmasq >/dev/null; do sleep .05; done
}
