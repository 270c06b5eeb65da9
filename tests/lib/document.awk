# SPDX-License-Identifier: GPL-2.0-or-later
# document.awk - what a document has to be run: for each block that begins with "    $ " the commands, N.command, and what each prints,
# N.expected; each block that begins with "    <" is the file that is named before it, in a paragraph with "`NAME.xml`".
# Variable: dir, where all that goes.
function begin_file() { path = dir "/" name; printf "" >path; in_file = 1 }
/^    / {
	text = substr($0, 5)
	if (!inside) {
		inside = 1
		if (text ~ /^\$ /) in_commands = 1
		else if (text ~ /^</ && name != "") begin_file()
	}
	if (in_file) print text >path
	if (in_commands && text ~ /^\$ /) {
		n++
		print substr(text, 3) >(dir "/" sprintf("%03d", n) ".command")
		printf "" >(dir "/" sprintf("%03d", n) ".expected")
	} else if (in_commands)
		print text >(dir "/" sprintf("%03d", n) ".expected")
	next
}
/^$/ && inside { next }
{
	if (in_file) { close(path); name = "" }
	inside = in_file = in_commands = 0
	if (match($0, /`[a-z0-9-]+\.xml`/)) name = substr($0, RSTART + 1, RLENGTH - 2)
}
