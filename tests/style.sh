#!/bin/sh
# What a formatter does not see: long lines and files, blanks at line ends, calls that this code does without.
cd "$srcdir" || exit 1
set -- src/*.c src/*/*.[ch] tests/unit/*.[ch] tests/fuzz/*.[ch]
awk '
function bad(what) { print FILENAME ":" FNR ": " what; failed = 1 }
{
	column = 0
	for (i = 1; i <= length($0); i++)
		column += substr($0, i, 1) == "\t" ? 8 - column % 8 : 1
	# A comment at the end of a declaration may go on a little, as may those that stand alone.
	if (column > 100 && $0 !~ /^[ \t]*(\/\*|\*)/ && $0 !~ /\*\/$/)
		bad("longer than 100 columns")
}
/[ \t]$/ { bad("blank at the end of the line") }
/(^|[^a-z_])(system|popen|execvp|sprintf|strcpy|strcat|sleep|usleep)\(/ { bad("a call that this code does without") }
FNR == 601 { bad("longer than 600 lines") }
END { exit failed }' "$@" >&2
