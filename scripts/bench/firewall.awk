# SPDX-License-Identifier: GPL-2.0-or-later
# firewall.awk - the tables of firewall.sh, from lines "CONTESTANT WHAT SIZE|STATE FIGURE"
function median(who, what, state,    n, i, j, t, a) {
	n = split(values[who, what, state], a, " ")
	for (i = 2; i <= n; i++)
		for (j = i; j > 1 && a[j - 1] + 0 > a[j] + 0; j--) { t = a[j]; a[j] = a[j - 1]; a[j - 1] = t }
	return n ? a[int((n + 1) / 2)] : 0
}
function line(n,    i, out) {
	out = "|------------------------------------------|"
	for (i = 0; i < n; i++) out = out "--------------|"
	print out
}
function change(what,    i, alone, beside, out) {
	printf "| %-40s |", "net-" what " (ms)"
	for (i = 1; i <= n_who; i++) {
		if (who[i] == "base") continue
		alone = median(who[i], what == "start" ? "start" : "stop", "empty") / 1000
		beside = median(who[i], what == "start" ? "start" : "stop", "foreign") / 1000
		printf " %12s |", alone ? sprintf("%.1f %.1f %.2f", alone, beside, beside / alone) : "-"
	}
	print ""
}
function packets(title, what,    s, i, m, base) {
	for (s = 1; s <= n_sizes; s++) {
		printf "| %-40s |", sprintf(title, size[s])
		base = median("base", what, size[s])
		for (i = 1; i <= n_who; i++) {
			m = median(who[i], what, size[s])
			printf " %12s |", who[i] == "base" ? sprintf("%.2f us", m / 1000) : base ? sprintf("%.2f", m / base) : "-"
		}
		print ""
	}
}
{ values[$1, $2, $3] = values[$1, $2, $3] " " $4 }
END {
	n_who = split(all, who, " "); n_sizes = split(sizes, size, " ")
	printf "| %-40s |", "alone, beside " foreign " rules, their ratio"
	for (i = 1; i <= n_who; i++) if (who[i] != "base") printf " %12s |", who[i]
	print ""; line(n_who - 1)
	change("start"); change("destroy")
	printf "\n| %-40s |", "by one MASQUERADE rule"
	for (i = 1; i <= n_who; i++) printf " %12s |", who[i]
	print ""; line(n_who)
	packets("a packet of a flow, %d networks", "udp")
	packets("a connection, %d networks", "tcp")
}
