# SPDX-License-Identifier: GPL-2.0-or-later
# commands.awk - the differences of commands.sh against the table of accepted ones.
#
# accepted-commands.tsv, six fields: a pattern of command lines, an aspect (stdout, stderr, status), a pattern of lines
# ("-" virsh's, "+" vnetmgr's), and for the document what virsh does, what vnetmgr does, and why. Patterns are whole
# extended regular expressions; those of "$borrowed" need not explain anything. Instead of a pattern of lines there may be a substitution, "-s~FROM~TO~" or
# "+s~FROM~TO~": one line of each side that are the same after all substitutions explain each other.

FILENAME ~ /accepted[^\/]*\.tsv$/ {
	if (/^#/ || !NF) next
	n = split($0, field, "\t")
	if (n != 6) { print FILENAME ":" FNR ": " n " fields, not 6"; broken = 1; next }
	entries++
	lent[entries] = borrowed && index(FILENAME, borrowed)
	commands[entries] = "^(" field[1] ")$"; aspects[entries] = "^(" field[2] ")$"; at[entries] = FILENAME ":" FNR
	if (field[3] ~ /^[-+]s~.*~.*~$/) {
		split(field[3], part, "~")
		sides[entries] = substr(field[3], 1, 1); from[entries] = part[2]; to[entries] = part[3]
	} else {
		lines[entries] = "^(" field[3] ")$"
	}
	next
}
FILENAME ~ /commands\.list$/ {
	if (/^(#|! |== |$)/) next
	line[++n_list] = $0; line[sprintf("%03d", n_list)] = $0
	next
}
FILENAME !~ /differences$/ {
	if (FNR > 1) next
	number = FILENAME; sub(".*/", "", number)
	ran[number + 0] = 1; n_ran++
	next
}
# The file of differences: two heads, then lines.
/^(diff|@@|--- )/ { next }
/^\+\+\+ / { judge(); number = $2; sub(".*/", "", number); next }
/^Only in / { print "only one side has " $0; broken = 1; next }
/^[-+]/ {
	n_texts++
	side[n_texts] = substr($0, 1, 1)
	aspect[n_texts] = substr($0, 2); sub(":.*", "", aspect[n_texts])
	text[n_texts] = substr($0, length(aspect[n_texts]) + 4); sub(/\$$/, "", text[n_texts])
}
# The line after all substitutions; touched: those that changed it.
function normal(i,   e, s) {
	s = text[i]; touched[i] = ""
	for (e = 1; e <= entries; e++)
		if (sides[e] == side[i] && line[number] ~ commands[e] && aspect[i] ~ aspects[e] && s ~ from[e]) {
			sub(from[e], to[e], s); touched[i] = touched[i] " " e
		}
	return s
}
function pair(i, k,   n, e, list) {
	done[i] = done[k] = 1
	n = split(touched[i] touched[k], list, " ")
	for (e = 1; e <= n; e++) used[list[e]]++
}
function find(i,   e, found) {
	for (e = 1; e <= entries; e++)
		if ((e in lines) && line[number] ~ commands[e] && aspect[i] ~ aspects[e] && side[i] text[i] ~ lines[e]) {
			used[e]++; found = 1
		}
	return found
}
# All the differences of one command line.
function judge(   i, k, bad) {
	for (i = 1; i <= n_texts; i++) { done[i] = 0; same[i] = normal(i) }
	for (i = 1; i <= n_texts; i++)
		for (k = 1; k <= n_texts && !done[i]; k++)
			if (!done[k] && side[i] == "-" && side[k] == "+" && aspect[i] == aspect[k] && same[i] == same[k])
				pair(i, k)
	for (i = 1; i <= n_texts; i++) {
		if (done[i] || find(i)) { accepted++; continue }
		if (!bad++) { print "differs: " number ": " line[number]; n_bad++ }
		print "\t" aspect[i] ": " side[i] text[i]
	}
	n_texts = 0
}
# May the entry be about a line that was not run?
function left_out(e,   i) {
	for (i = 1; i <= n_list; i++) if (!ran[i] && line[i] ~ commands[e]) return 1
}
END {
	judge()
	for (e = 1; e <= entries; e++)
		if (!used[e] && !lent[e] && !left_out(e)) { print at[e] ": nothing differs like this any more"; stale++ }
	if (n_ran < least) { print "only " n_ran " command lines were run"; broken = 1 }
	printf "%d of %d command lines: %d lines of difference accepted, %d command lines differ otherwise, %d entries without use, %d s\n",
		n_ran, n_list, accepted, n_bad, stale, seconds
	exit n_bad || stale || broken
}
