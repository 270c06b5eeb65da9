#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every command of docs/TUTORIAL.md, in its order, prints what the document says; "..." there stands for anything.
VNM_FIREWALL=auto
. "$srcdir/tests/lib/ns.sh"
mkdir "$T/doc" "$T/work" "$T/path"; ln -s "$VNETMGR" "$T/path/vnetmgr"; PATH="$T/path:$PATH"
awk -v dir="$T/doc" -f "$srcdir/tests/lib/document.awk" "$srcdir/docs/TUTORIAL.md"
before=$(snapshot)
cp "$T"/doc/*.xml "$T/work"; cd "$T/work" || exit 1

# as_said EXPECTED ACTUAL: do they agree? An empty line at the end does not count.
as_said() {
	sed 's/[][\\.*^$(){}|+?]/\\&/g; s/\\\.\\\.\\\./.*/g; s/.*/^&$/' "$1" | awk '{ print } END { print "" }' >patterns
	awk 'NR == FNR { pattern[++n] = $0; next } { line[++m] = $0 }
		END {
			while (m && line[m] == "") m--
			while (n && (pattern[n] == "" || pattern[n] == "^$")) n--
			for (i = 1; i <= n || i <= m; i++) if (i > n || i > m || line[i] !~ pattern[i]) { print i ": " line[i]; exit 1 }
		}' patterns "$2"
}
for command in "$T"/doc/*.command; do
	sh "$command" >out 2>&1; status=$?
	checks=$((checks + 1))
	[ $status -eq 0 ] && as_said "${command%.command}.expected" out >wrong && continue
	failures=$((failures + 1))
	echo "FAIL: $(cat "$command"): status $status; line $(cat wrong)" >&2
	diff -U 9 "${command%.command}.expected" out >&2
done
[ $checks -ge 35 ] || ok 'all commands are found' false
pkill -f 'busybox httpd -p 80'
for ns in web pc router ann bob box; do ip netns del $ns 2>/dev/null; done
same 'nothing is left' "$before" "$(snapshot)"
finish
