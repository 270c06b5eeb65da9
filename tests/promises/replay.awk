# SPDX-License-Identifier: GPL-2.0-or-later
# replay.awk - what a power loss can leave of the files below a directory, after every system call of a trace.
#
#   awk -v root=DIR -f replay.awk FILES TRACE
#
# FILES: what was there before, synced long ago: "f PATH", "l PATH TARGET" or "d PATH" a line. TRACE: of strace -y. Out comes,
# for every call that changes something, each state that the disk may be in: a line "state CALL KIND WHAT", then
# "d PATH", "l PATH TARGET", "o PATH BEFORE" (as it was) or "f PATH TEXT" (with \-escapes); and in the end "after", all that is safe.
#
#   lost     nothing that was not synced: no content without fsync of the file, no name without one of its directory
#   hollow   all names, but no content that was not synced: what a disk does that writes its own lists first
#   kept     everything
function unquote(s) { gsub(/\\"/, "\"", s); return s }
function octal(s,   out) {	# \12 as printf %b wants it: \0012
	out = ""
	while (match(s, /\\[0-7]+/)) {
		out = out substr(s, 1, RSTART - 1) "\\0" substr("00" substr(s, RSTART + 1, RLENGTH - 1), RLENGTH)
		s = substr(s, RSTART + RLENGTH)
	}
	return out s
}
function ours(path) { return index(path, root "/") == 1 && index(path, root "/run") != 1 }
function parent(path) { sub(/\/[^\/]*$/, "", path); return path }
# The I-th path argument: DIR<path>, "name" or "path"
function path_at(s, i,   dir, name, rest) {
	rest = s
	while (match(rest, /(AT_FDCWD|[0-9]+)<[^>]*>, "([^"\\]|\\.)*"/)) {
		dir = substr(rest, RSTART, RLENGTH); rest = substr(rest, RSTART + RLENGTH)
		if (--i) continue
		name = dir; sub(/^[^>]*>, "/, "", name); sub(/"$/, "", name)
		sub(/^[^<]*</, "", dir); sub(/>.*/, "", dir)
		return name ~ /^\// ? name : dir "/" name
	}
	return ""
}
function safe(path) {	# does every directory above have its name on the disk?
	for (path = parent(path); length(path) > length(root); path = parent(path))
		if (!(path in disk)) return 0
	return 1
}
function show(path, node, synced) {
	if (kind[node] == "d") print "d " path
	else if (kind[node] == "l") print "l " path " " target[node]
	else if (kind[node] == "o") print "o " path " " origin[node]
	else print "f " path " " (synced ? stable[node] : text[node])
}
function state(what,   p) {
	calls++
	print "state " calls " lost " what
	for (p in disk) if (safe(p)) show(p, disk[p], 1)
	print "state " calls " hollow " what
	for (p in now) show(p, now[p], 1)
	print "state " calls " kept " what
	for (p in now) show(p, now[p], 0)
}
FILENAME == ARGV[1] {
	kind[++nodes] = $1 == "f" ? "o" : $1; target[nodes] = $3; origin[nodes] = $2
	now[$2] = disk[$2] = nodes
	next
}
/ = -1 / || / <unfinished/ { next }
{ sub(/^\[pid +[0-9]+\] /, "") }
/^openat\(.*O_CREAT/ {
	p = path_at($0, 1)
	if (!ours(p) || (p in now)) next
	kind[++nodes] = "f"; text[nodes] = stable[nodes] = ""; now[p] = nodes
	state("create " p); next
}
/^write\(|^pwrite64\(/ {
	p = $0; sub(/^[^<]*</, "", p); sub(/>.*/, "", p)
	if (!ours(p)) next
	t = $0; sub(/^[^"]*"/, "", t); sub(/", [0-9]+(, [0-9]+)?\) += [0-9]+$/, "", t)
	text[now[p]] = text[now[p]] octal(unquote(t)); if (kind[now[p]] == "o") { print "error: " p " is edited"; exit 1 }
	state("write " p); next
}
/^f(data)?sync\(/ {
	p = $0; sub(/^[^<]*</, "", p); sub(/>.*/, "", p)
	if (p == root || (p in now && kind[now[p]] == "d")) {
		for (q in disk) if (parent(q) == p && !(q in now)) delete disk[q]
		for (q in now) if (parent(q) == p) disk[q] = now[q]
	} else if (p in now) stable[now[p]] = text[now[p]]
	else next
	state("sync " p); next
}
/^rename/ {
	p = path_at($0, 1); q = path_at($0, 2)
	if (!ours(p)) next
	now[q] = now[p]; delete now[p]; state("rename " p " " q); next
}
/^unlink|^rmdir/ {
	p = path_at($0, 1)
	if (!ours(p)) next
	delete now[p]; state("remove " p); next
}
/^symlinkat\(/ {
	t = $0; sub(/^symlinkat\("/, "", t); sub(/".*/, "", t)
	s = $0; sub(/^symlinkat\("[^"]*", /, "", s); p = path_at(s, 1)
	if (!ours(p)) next
	kind[++nodes] = "l"; target[nodes] = t; now[p] = nodes; state("link " p); next
}
/^mkdirat\(/ {
	p = path_at($0, 1)
	if (!ours(p)) next
	kind[++nodes] = "d"; now[p] = nodes; state("directory " p); next
}
END {
	print "after"
	for (p in disk) if (safe(p)) show(p, disk[p], 1)
}
