# SPDX-License-Identifier: GPL-2.0-or-later
# definitions.awk - the differences of definitions.sh against the table of accepted ones.
#
# accepted-definitions.tsv, six fields: a pattern of cases, an aspect, a pattern of lines ("-" libvirt's, "+" vnetmgr's), and for the
# document what libvirt does, what vnetmgr does, and why. Patterns are whole extended regular expressions. Entries of the table
# "borrowed" need not apply.

FILENAME ~ /accepted[^\/]*\.tsv$/ {
	if (/^#/ || !NF) next
	n = split($0, field, "\t")
	if (n != 6) { print FILENAME ":" FNR ": " n " fields, not 6"; broken = 1; next }
	entries++
	lent[entries] = borrowed && index(FILENAME, borrowed)
	cases[entries] = "^(" field[1] ")$"; aspects[entries] = "^(" field[2] ")$"; lines[entries] = "^(" field[3] ")$"
	at[entries] = FILENAME ":" FNR
	next
}
FILENAME !~ /differences$/ {
	if ($1 == "outcome:") outcome[substr(FILENAME, length(dir) + 1)] = $0
	next
}
# The file of differences: two heads, then lines.
FNR == 1 { reading = 1 }
/^(diff|@@|---) / { next }
/^\+\+\+ / { case_name = $2; sub(".*/", "", case_name); next }
/^Only in / { print "only one side has " $0; broken = 1; next }
/^[-+]/ {
	aspect = substr($0, 2); sub(":.*", "", aspect)
	text = substr($0, 1, 1) substr($0, length(aspect) + 4)
	if (aspect == "outcome") differs[case_name] = 1
	if (aspect == "outcome" && text ~ /defined$/) undefined[case_name] = 1
	total++
	of[total] = case_name; what[total] = aspect; said[total] = text
}
function find(i,   e, found) {
	for (e = 1; e <= entries; e++)
		if (of[i] ~ cases[e] && what[i] ~ aspects[e] && said[i] ~ lines[e]) { used[e]++; used_by[e, of[i]] = found = 1 }
	return found
}
# An entry must hold for every case that it names.
function check_entry(e,   name, named) {
	if (cases[e] == "^(.*)$") {
		if (!used[e]) { print at[e] ": nothing differs like this any more"; stale++ }
		return
	}
	for (name in outcome) {
		if (name !~ cases[e]) continue
		named = 1
		if (used_by[e, name]) continue
		print at[e] ": " name " does not differ like this any more"; stale++
	}
	if (!named) { print at[e] ": there is no such case"; stale++ }
}
END {
	for (name in outcome) { n_cases++; n_outcome[outcome[name]]++ }
	for (i = 1; i <= total; i++) {
		# Who was refused has nothing else to compare, but perhaps how it was read.
		if (differs[of[i]] && what[i] != "outcome" && (what[i] != "xml-defined" || undefined[of[i]])) continue
		if (find(i)) { accepted++; continue }
		if (unexplained++ < 200) print "differs: " of[i] ": " what[i] ": " said[i]
		bad_case[of[i]] = 1
	}
	printf "" >differ
	for (name in bad_case) { n_bad++; print name >differ }
	if (part == "")
		for (e = 1; e <= entries; e++)
			if (!lent[e]) check_entry(e)
	if (part == "" && n_cases < least) { print "only " n_cases " definitions were compared"; broken = 1 }
	printf "%d definitions (libvirt: %d started, %d refused when defined, %d when started): ", n_cases,
		n_outcome["outcome: started"], n_outcome["outcome: refused when defined"], n_outcome["outcome: refused when started"]
	printf "%d differences accepted, %d not accepted in %d definitions, %d entries without use, %d s\n",
		accepted, unexplained, n_bad, stale, seconds
	exit unexplained || stale || broken || !n_cases
}
