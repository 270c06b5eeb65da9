# SPDX-License-Identifier: GPL-2.0-or-later
# document.sh - a document whose commands print what it says; "..." there stands for anything. Sourced after ns.sh.

# as_said EXPECTED ACTUAL: do they agree? An empty line at the end does not count. The first line that differs is printed.
as_said() {
	sed 's/[][\\.*^$(){}|+?]/\\&/g; s/\\\.\\\.\\\./.*/g; s/.*/^&$/' "$1" >"$T/patterns"
	awk -v patterns="$T/patterns" '
	BEGIN { while ((getline line <patterns) > 0) want[++n] = line }
	{ got[++m] = $0 }
	END {
		while (m && got[m] == "") m--
		while (n && want[n] == "^$") n--
		for (i = 1; i <= n || i <= m; i++) if (i > n || i > m || got[i] !~ want[i]) { print i ": " got[i]; exit 1 }
	}' "$2"
}

# run_document FILE: its commands in their order, in a directory with its files and networks/; skipped are those of programs that are missing.
# enter_section TITLE, if the test has it, is called before the first one of each section that is not skipped.
run_document() {
	entered=
	rm -rf "$T/document"; mkdir -p "$T/document/files" "$T/path"; ln -sf "$VNETMGR" "$T/path/vnetmgr"; PATH="$T/path:$PATH"
	ln -s "$srcdir/networks" "$T/document/files"
	awk -v dir="$T/document" -f "$srcdir/tests/lib/document.awk" "$1"
	cd "$T/document/files" || exit 1
	for command in ../*.command; do
		step=${command%.command}
		missing=; for program in $(cat "$step.needs"); do command -v "$program" >/dev/null || missing="$missing $program"; done
		[ -z "$missing" ] || { echo "not tried, for want of$missing: $(cat "$command")"; skipped=$((${skipped:-0} + 1)); continue; }
		if [ "$(cat "$step.section")" != "$entered" ]; then
			entered=$(cat "$step.section")
			! command -v enter_section >/dev/null || enter_section "$entered"
		fi
		sh "$command" >"$T/said" 2>&1 </dev/null; status=$?
		checks=$((checks + 1))
		[ $status -eq 0 ] && as_said "$step.expected" "$T/said" >"$T/wrong" && continue
		failures=$((failures + 1))
		echo "FAIL: $(cat "$command"): exit status $status; line $(cat "$T/wrong")" >&2
		diff -U 9 "$step.expected" "$T/said" >&2
	done
}
