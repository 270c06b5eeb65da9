# SPDX-License-Identifier: GPL-2.0-or-later
# document.awk - what a document has to be run: for each line of a block that begins with "    $ " the command, N.command, what it
# prints, N.expected, the title of its section, N.section, and the programs that this needs, "Needs `NAME`, `NAME`.", N.needs. The
# block after a paragraph that ends with "this to `NAME`" and perhaps more is the file NAME. Variable: dir, where all that goes.
function path(suffix) { return dir "/" sprintf("%03d", n) suffix }
function command(text) {
	if (n) { close(path(".command")); close(path(".expected")) }
	n++
	printf "%s", needs >path(".needs"); close(path(".needs"))
	printf "%s", section >path(".section"); close(path(".section"))
	printf "" >path(".expected")
	print text >path(".command")
	more = text ~ /\\$/
}
/^    / {
	text = substr($0, 5)
	if (!inside) {
		inside = 1
		kind = text ~ /^\$ / ? "commands" : name != "" ? "file" : ""
		if (kind != "commands" && name != "") printf "" >(dir "/files/" name)
	}
	if (kind == "file") print text >(dir "/files/" name)
	else if (kind == "commands" && more) { print text >path(".command"); more = text ~ /\\$/ }
	else if (kind == "commands" && text ~ /^\$ /) command(substr(text, 3))
	else if (kind == "commands") print text >path(".expected")
	next
}
/^$/ { next }
/^## / { needs = ""; section = substr($0, 4) }
/^Needs `/ { needs = $0; gsub(/^Needs |[`,.]/, "", needs) }
{
	if (kind == "file") name = ""
	inside = 0; kind = ""
	if (match($0, /this to `[^`]+`/)) name = substr($0, RSTART + 9, RLENGTH - 10)
}
