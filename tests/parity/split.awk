# SPDX-License-Identifier: GPL-2.0-or-later
# split.awk - definitions/*.txt into directories, one a case, dealt out to the shards.
#
#   == NAME [CHECK...]     a case begins; names are unique
#   ? NAME TYPE            a question for its DNS server
#   + DEFINITION           another network, defined and started before it
#   @ PORT                 a port of it, in one line
#   anything else          its definition
#
# Checks are what is tried on the started network: packets[=FIRST-LAST], dhcp[=MAC], dhcp6[=DUID], ra, dns, tftp=FILE,
# between (a guest here and one on the other network).

function wanted(name,   i, n, names) {
	n = split(only, names, " ")
	for (i = 1; i <= n; i++)
		if (name ~ "^" names[i] "$")
			return 1
	return n == 0
}
$1 == "==" {
	name = $2
	if (name in seen) { print FILENAME ":" FNR ": case " name " is there already" >"/dev/stderr"; exit 1 }
	seen[name] = 1
	on = wanted(name)
	if (!on) next
	if (dir) { close(dir "/xml"); close(dir "/questions"); close(dir "/ports"); close(dir "/checks") }
	probed = NF > 2	# those that take long are spread evenly, and the others, too
	dir = work "/cases." (count[probed]++ % shards + 1) "/" name
	system("mkdir " dir)
	printf "" >(dir "/questions"); printf "" >(dir "/ports"); printf "" >(dir "/xml"); printf "" >(dir "/checks")
	for (i = 3; i <= NF; i++) print $i >(dir "/checks")
	next
}
!on { next }
$1 == "+" { print substr($0, 3) >(dir "/other"); close(dir "/other"); next }
$1 == "@" { print substr($0, 3) >(dir "/ports"); next }
$1 == "?" { print $2, $3 >(dir "/questions"); next }
{ print >(dir "/xml") }
