# SPDX-License-Identifier: GPL-2.0-or-later
# report.awk - medians and ratios from the result files (named floor, vnetmgr, libvirt, attach, cni, scale).
function median(who, name,    n, i, j, t, a) {
	n = split(values[who, name], a, " ")
	for (i = 2; i <= n; i++)
		for (j = i; j > 1 && a[j - 1] + 0 > a[j] + 0; j--) { t = a[j]; a[j] = a[j - 1]; a[j - 1] = t }
	return n ? a[int((n + 1) / 2)] : 0
}
function ms(us) { return sprintf("%.1f", us / 1000) }
function row(what, name, goal,    v, l) {
	v = median("vnetmgr", name); l = median("libvirt", name)
	printf "| %-40s | %9s | %9s | %7s | %-8s |\n", what, ms(v), ms(l), l ? sprintf("1/%.1f", l / v) : "-", goal
}
# rival(WORDS, NAME): one line about the three that attach namespaces
function rival(what, name, goal,    v, c, n) {
	v = median("attach", name "_vnetmgr"); c = median("attach", name "_cni"); n = median("attach", name "_netavark")
	rival_row(what, v, c, n, goal)
}
function rival_row(what, v, c, n, goal) {
	printf "| %-40s | %9s | %9s | %9s | %-8s |\n", what, ms(v), c ? ms(c) : "-", n ? ms(n) : "-", goal
}
function total(who,    n, i, j, t, a, sum) {
	for (i = 0; i * 20 < guests; i++) {
		n = split(values["attach", "many_" who "_" i], a, " ")
		for (j = 1; j <= n; j++) sum += a[j]
	}
	return sum
}
function growth(who,    v) {
	v = median("attach", "many_" who "_0")
	return v ? sprintf("%.1f", median("attach", "many_" who "_" int((guests - 1) / 20)) / v) : "-"
}
function attach_report(    last) {
	last = int((guests - 1) / 20)
	printf "| %-40s | %9s | %9s | %9s | %-8s |\n", "median of " runs " (ms)", "vnetmgr", "CNI", "netavark", "goal"
	print "|------------------------------------------|-----------|-----------|-----------|----------|"
	rival("a namespace attached", "attach", "10 ms")
	rival("detached", "detach", "")
	rival_row("each of the first 20 of " guests, median("attach", "many_vnetmgr_0"), median("attach", "many_cni_0"), median("attach", "many_netavark_0"), "")
	rival_row("each of the last 20", median("attach", "many_vnetmgr_" last), median("attach", "many_cni_" last), median("attach", "many_netavark_" last), "")
	printf "| %-40s | %9s | %9s | %9s | %-8s |\n", "the last ones by the first", growth("vnetmgr"), growth("cni"), growth("netavark"), ""
	rival_row("all " guests " together", total("vnetmgr"), total("cni"), total("netavark"), "")
	print ""
}
# The two CNI plugins: GUESTS of each verb, one after the other
function sum_of(name,    n, i, a, sum) {
	n = split(values["cni", name], a, " ")
	for (i = 1; i <= n; i++) sum += a[i]
	return sum
}
function plugin_row(what, v, c) {
	printf "| %-40s | %11s | %9s | %7s | %-8s |\n", what, ms(v), c ? ms(c) : "-", c ? sprintf("%.2f", v / c) : "-", "0.50"
}
function plugin_report(    verb, i, verbs) {
	printf "| %-40s | %11s | %9s | %7s | %-8s |\n", guests " ADD and DEL in turns (ms)", "vnetmgr-cni", "bridge", "ratio", "goal"
	print "|------------------------------------------|-------------|-----------|---------|----------|"
	split("ADD DEL", verbs, " ")
	for (i = 1; i <= 2; i++) {
		verb = verbs[i]
		plugin_row("median of " verb, median("cni", verb "_vnetmgr"), median("cni", verb "_bridge"))
		plugin_row("all " guests " " verb, sum_of(verb "_vnetmgr"), sum_of(verb "_bridge"))
		plugin_row("processor time of these", sum_of(verb "_vnetmgr_spent"), sum_of(verb "_bridge_spent"))
	}
	print ""
}
# of a network: @whole: of all together, so it is divided by their number
function scale_part(v, whole, s, i) {
	if (whole && s[i])
		v /= whole == "more" && i > 1 ? s[i] - s[i - 1] : s[i]
	return v
}
function scale_spent(name, mode, size) {
	return median("scale", name "_" mode "_" size) + median("scale", name "_" mode "_" size "_dnsmasq")
}
# scale_row(WHAT, NAME, MODE, WHOLE, BARE): a figure for each size, the last by the first, and the bare operation beside the most
function scale_row(what, name, mode, whole, bare,    s, n, i, v, first, line) {
	n = split(sizes, s, " ")
	line = sprintf("| %-49s |", what " (" mode ")")
	for (i = 1; i <= n; i++) {
		v = scale_part(scale_spent(name, mode, s[i]), whole, s, i)
		line = line sprintf(" %7s |", v ? ms(v) : "-")
		if (i == 1)
			first = v
	}
	line = line sprintf(" %5s |", !whole && first ? sprintf("%.1f", v / first) : "-")
	v = bare ? scale_part(scale_spent(bare, mode, s[n]), whole ? "all" : "", s, n) : 0
	print line sprintf(" %7s |", v ? ms(v) : "-")
}
# By the clock, of all together
function wall_row(what, name, mode, whole, bare,    s, n, i, v, line) {
	n = split(sizes, s, " ")
	line = sprintf("| %-49s |", what " (" mode ")")
	for (i = 1; i <= n; i++) {
		v = scale_part(median("scale", name "_" mode "_" s[i] "_wall"), whole, s, i)
		line = line sprintf(" %7s |", v ? ms(v) : "-")
	}
	v = scale_part(median("scale", bare "_" mode "_" s[n] "_wall"), "all", s, n)
	print line "     - |" sprintf(" %7s |", v ? ms(v) : "-")
}
function scale_report(    s, n, i, m, modes_n, line, rule) {
	n = split(sizes, s, " ")
	modes_n = split(modes, m, " ")
	line = sprintf("| %-49s |", "with so many others up (processor ms)"); rule = "|---------------------------------------------------|"
	for (i = 1; i <= n; i++) { line = line sprintf(" %7s |", s[i]); rule = rule "---------|" }
	print line " ratio |    bare |"; print rule "-------|---------|"
	for (i = 1; i <= modes_n; i++) {
		scale_row("net-define", "define", m[i])
		scale_row("net-start", "start", m[i], "", "bare_start")
		scale_row("net-update of a host", "update", m[i])
		scale_row("net-list --all after a change", "list", m[i], "", "bare_list")
		scale_row("net-list --all again", "again", m[i], "", "bare_list")
		scale_row("net-destroy", "destroy", m[i], "", "bare_destroy")
		scale_row("each of all up, autostart", "up_all", m[i], "more", "bare_up_all")
		wall_row("the same by the clock", "up_all", m[i], "more", "bare_up_all")
		scale_row("each of all down", "down_all", m[i], "all", "bare_down_all")
		wall_row("the same by the clock", "down_all", m[i], "all", "bare_down_all")
	}
	print ""
}
FNR == 1 { who = FILENAME; sub(/.*\//, "", who) }
who == "scale" { scaled = 1 }
{ values[who, $1] = values[who, $1] " " $2 }
END {
	if (median("attach", "attach_vnetmgr"))
		attach_report()
	if (median("cni", "ADD_vnetmgr"))
		plugin_report()
	if (scaled)
		scale_report()
	if (!median("vnetmgr", "start") || !median("floor", "delete"))
		exit
	printf "| %-40s | %9s | %9s | %7s | %-8s |\n", "median of " runs " (ms)", "vnetmgr", "libvirt", "ratio", "goal"
	print "|------------------------------------------|-----------|-----------|---------|----------|"
	row("net-start of one NAT network", "start", "1/8")
	row("net-destroy of one NAT network", "destroy", "1/2")
	row("net-define", "define", "")
	row("net-define with 1000 reservations", "define_hosts", "50 ms")
	row("net-update of one host, live", "update", "10 ms")
	row("the same in a network with 1000", "update_hosts", "10 ms")
	row("net-update of a TXT record", "update_txt", "")
	row(nets " networks up (autostart / virsh)", "start_all", "1/20")
	row("net-list --all with " nets + 1 " networks", "list", "")
	row(nets + 1 " networks down", "destroy_all", "")
	floor = median("floor", "dnsmasq") + median("floor", "netlink") + median("floor", "rules")
	printf "\nfloor of a start: dnsmasq %s + ip -batch %s + iptables-restore %s = %s ms; vnetmgr is at %.2f of it (goal <= 1.5)\n",
		ms(median("floor", "dnsmasq")), ms(median("floor", "netlink")), ms(median("floor", "rules")), ms(floor), median("vnetmgr", "start") / floor
	printf "floor of a destroy: ip link del %s ms\n", ms(median("floor", "delete"))
	printf "networks up: vnetmgr %d, libvirt %d of %d\n", median("vnetmgr", "up"), median("libvirt", "up"), nets + 1
	nets1 = nets + 1
	printf "with %d networks: vnetmgr %d dnsmasq processes of %d KiB each, and nothing else; libvirt %d of %d KiB each, and libvirtd %d KiB\n",
		nets1, median("vnetmgr", "dnsmasqs"), median("vnetmgr", "memory_dnsmasq_kib") / median("vnetmgr", "dnsmasqs"),
		median("libvirt", "dnsmasqs"), median("libvirt", "memory_dnsmasq_kib") / median("libvirt", "dnsmasqs"),
		median("libvirt", "memory_daemon_kib")
}
