#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What a formatter does not see: long lines and files, blanks at line ends, calls that this code does without; pipes whose
# exit status is a race; and files without a licence.
cd "$srcdir" || exit 1
failed=0
set -- $(find src tests/unit tests/fuzz -name "*.[ch]")
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
END { exit failed }' "$@" >&2 || failed=1

# With pipefail, "program | head" fails when head has seen enough before the program has written all: SIGPIPE. In a
# condition the verdict is a race; elsewhere the script ends. "sed -n 1,12p" reads to the end.
for file in $(grep -rl '^set -.*pipefail' scripts packaging tests .ci); do
	awk '!/^[\t ]*#/ && /[^|]\|[ ]*(grep -[a-zA-Z]*[mq]|head)/ {
		print FILENAME ":" FNR ": with pipefail the exit status of this pipe is a race"; failed = 1
	}
	END { exit failed }' "$file" >&2 || failed=1
done

# The licence is the first line, or the second after "#!" or "<?xml", of every file but texts for people, the networks that
# people copy, goldens and inputs; what was built in the source tree itself is no source.
set --
for file in $(find Makefile.am configure.ac autogen.sh .ci m4 scripts completions schemas data docs networks src tests \
	\( -path tests/data -o -path tests/fuzz/seeds -o -path tests/parity/definitions -o -name .deps \) -prune -o -type f \
	! -name '*.md' ! -path 'networks/*.xml' ! -name '*.o' ! -name '*.a' ! -name '*.so' ! -name '*.log' ! -name '*.trs' \
	! -name '*.gc??' ! -name .dirstamp ! \( -path 'tests/*' ! -name '*.*' \) -print 2>/dev/null); do
	set -- "$@" "$file"
done
[ $# -gt 300 ] || { echo "only $# files were found that need a licence" >&2; failed=1; }
awk '
function verdict() {
	if (file == "" || found) return
	print file ":1: no comment \"SPDX-License-Identifier: GPL-2.0-or-later\" (after #!, #compdef, <?xml or {, if any)"; failed = 1
}
FNR == 1 { verdict(); file = FILENAME; found = 0; last = /^(#!|#compdef|<\?xml|[{]$)/ ? 2 : 1 }
FNR <= last && /SPDX-License-Identifier: GPL-2\.0-or-later/ { found = 1 }
END { verdict(); exit failed }' "$@" >&2 || failed=1
exit $failed
