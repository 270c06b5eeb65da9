# SPDX-License-Identifier: GPL-2.0-or-later
# table.awk - what a sweep came to; to be given its results twice, and in "fine" the words for what is as it should be. Of
# each command, the newest program's points count, and of a point the last line. With "short", only the sums over all commands.
# What went wrong comes last, so that it is among the last lines of a log.
BEGIN {
	FS = "\t"
	good = split(fine, words, " ")
	faults = split("KILL ENOMEM EIO ENOSPC EACCES EINTR EAGAIN EMFILE ENOBUFS", order, " ")
}
NR == FNR { if (!($2 in key)) commands[++n] = $2; key[$2] = $1; next }
$1 == key[$2] { point[$2 FS $3 FS $4 FS $5 FS $6] = $7; note[$2 FS $3 FS $4 FS $5 FS $6] = $8 }
function sum(row,    i, all) { for (i = 1; i <= good; i++) all += cell[row, words[i]]; return all + 0 }
function line(title, row,    i, bad) {
	if (!total[row]) return
	bad = total[row] - sum(row)
	printf "%-16s %-8s %7d", title, row_fault[row], total[row]
	for (i = 1; i <= good; i++) printf " %8d", cell[row, words[i]]
	printf " %7d %7d\n", vague[row], bad
}
function add(row, verdict, text) { total[row]++; cell[row, verdict]++; if (text ~ /^[0-9]+: *vague|^vague/) vague[row]++ }
END {
	for (p in point) {
		split(p, f, FS)
		row_fault[f[1] FS f[2]] = f[2]; row_fault["all" FS f[2]] = f[2]; row_fault["all"] = "all"; row_fault[f[1]] = "all"
		add(f[1] FS f[2], point[p], note[p]); add("all" FS f[2], point[p], note[p]); add(f[1], point[p], note[p]); add("all", point[p], note[p])
		if (!index(" " fine " ", " " point[p] " ")) wrong[++bad] = sprintf("%s: %s %s %s %s %s: %s", point[p], f[1], f[2], f[3], f[4], f[5], note[p])
	}
	printf "%-16s %-8s %7s", "command", "fault", "points"
	for (i = 1; i <= good; i++) printf " %8s", words[i]
	printf " %7s %7s\n", "vague", "bad"
	for (c = 1; c <= n && !short; c++) for (i = 1; i <= faults; i++) line(commands[c], commands[c] FS order[i])
	for (c = 1; c <= n && !short; c++) line(commands[c], commands[c])
	for (i = 1; i <= faults; i++) line("all", "all" FS order[i])
	line("all", "all")
	fflush()
	for (i = 1; i <= bad; i++) print wrong[i] | "sort"
	close("sort")
	exit bad > 0
}
