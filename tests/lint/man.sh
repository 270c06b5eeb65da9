#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The manual pages know every command and option, and no others; their examples are accepted. For elements and
# attributes see tests/unit/test_language_page.
skip() { echo "SKIP: $*" >&2; [ -n "${VNM_TEST_MUST_WORK:-}" ] && exit 1; exit 77; }
command -v mandoc >/dev/null || skip 'mandoc is not installed'

vnm="$VNETMGR" page8="$srcdir/docs/vnetmgr.8" page_net="$srcdir/docs/vnetmgr-net.8"
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
failures=0

# same WHAT EXPECTED-FILE ACTUAL-FILE: two sorted lists, neither empty.
same() {
	[ -s "$2" ] && diff "$2" "$3" >"$dir/diff" && return
	failures=$((failures + 1))
	echo "FAIL: $1 (<: only in the program, >: only in the page)" >&2
	cat "$dir/diff" >&2
}

# Commands, and their options with values and without: "net-start --all", "net-start network".
"$vnm" -q help | sed -n 's/^    \([a-z-]*\) .*/\1/p' | while read -r command; do
	echo "$command"
	"$vnm" -q help "$command" | sed -n '/^  OPTIONS/,$p' |
		sed -nE "s/^    \[--([a-z-]*)\] .*/$command \1/p; s/^    --([a-z-]*) <(string|number)> .*/$command \1/p
			s/^    <([a-z-]*)> .*/$command \1/p; s/^    (--[a-z-]*) .*/$command \1/p"
done | sort >"$dir/program"
awk '
/^\.Sh / { on = $2 == "COMMANDS" && NF == 2 }
!on { next }
/^\.It Ic / {
	command = $3; print command
	for (i = 4; i <= NF; i++)
		if ($i == "Ar" && $(i + 1) != "options" && !seen[command, $(i + 1)]++) print command " " $(i + 1)
}
/^\.It Fl / {
	name = substr($3, 2)
	if ($4 != "Ar") print command " -" $3
	else if (!seen[command, name]++) print command " " name
}' "$srcdir"/docs/*.8 | sort >"$dir/page"
same 'commands and options' "$dir/program" "$dir/page"
"$vnm" -q help | sed -nE 's/^    ([a-z-]+) +/\1 /p' | sort >"$dir/program"
sed -n '/^\.Sh COMMAND INDEX/,/^\.Sh OPTIONS/p' "$page8" | sed -n '/^\.It Ic /{s///; N; s/\n/ /; p}' | sort >"$dir/page"
same 'the command index, as help prints it' "$dir/program" "$dir/page"
"$vnm" -q help | sed -nE "s/^ +(.*) \(help keyword '[a-z]*'\):/\1/p; s/^    ([a-z-]+) .*/\1/p" | grep -v '^Networking$' >"$dir/program"
sed -n '/^\.Sh COMMAND INDEX/,/^\.Sh OPTIONS/s/^\.\(Ss\|It Ic\) //p' "$page8" >"$dir/page"
same 'the groups of help, and their order' "$dir/program" "$dir/page"

# Each command has an example where it is described.
awk '
/^\.Sh / { on = $2 == "COMMANDS" && NF == 2 }
!on { next }
/^\.It Ic / { command = $3 }
/^\.Bd -literal/ { shown = 1; next }
shown && index($0, "vnetmgr " command) && !seen[command]++ { print command }
/^\.Ed/ { shown = 0 }' "$srcdir"/docs/*.8 | sort >"$dir/page"
"$vnm" -q help | sed -n 's/^    \([a-z-]*\) .*/\1/p' | sort >"$dir/program"
same 'examples of commands' "$dir/program" "$dir/page"

"$vnm" -q help net-update | tr '\n' ' ' | sed 's/.*Sections: \([^.]*\)\..*/\1/' | tr -s ', ' '\n\n' | sort >"$dir/program"
sed -n '/^\.It Ic net-update/,/^\.It Fl/s/^\.It \([a-z].*\)/\1/p' "$page_net" | grep -v forward-pf | tr -s ', ' '\n\n' | sort >"$dir/page"
same 'sections of net-update' "$dir/program" "$dir/page"

"$vnm" --help | sed -nE 's/^    .*(--[a-z]+).*/\1/p' | grep '^--' | sort >"$dir/program"
sed -n '/^\.Sh OPTIONS/,/^\.Sh COMMANDS/p' "$page8" | grep '^\.It Fl' | grep -o 'Fl -[a-z]*' | sed 's/Fl /-/' | sort >"$dir/page"
same 'global options' "$dir/program" "$dir/page"

# Every whole definition in an example.
for page in "$srcdir"/docs/*.[1-8]; do
	awk -v base="$dir/$(basename "$page")" '/^<network[ >]/ { text = "" ; on = 1 } on { text = text $0 "\n" } /^\.Ed/ { on = 0 }
		on && /^<\/network>/ { printf "%s", text >(base "." ++n ".xml"); on = 0 }' "$page"
done
for example in "$dir"/*.xml; do
	"$vnm" -q --root "${example%.*.xml}.root" net-define "$example" && continue
	failures=$((failures + 1)); echo "FAIL: the example $example is refused" >&2
done
[ "$(ls "$dir"/*.xml | wc -l)" -ge 7 ] || { failures=$((failures + 1)); echo 'FAIL: examples are missing' >&2; }

# The program has the messages of DIAGNOSTICS: the longest part of each between what is filled in.
sed -nE 's/^\.It "(error|warning): (.*)"$/\2/p' "$srcdir/docs/vnetmgr-doctor.8" | awk '{
	n = split($0, parts, / ?\(\.\.\.\)|\.\.\.|\47[A-Z]\47| [A-Z]$|[A-Z][ ,:]|starting/); longest = ""
	for (i = 1; i <= n; i++) if (length(parts[i]) > length(longest)) longest = parts[i]
	print longest
}' >"$dir/messages"
[ -s "$dir/messages" ] || { failures=$((failures + 1)); echo 'FAIL: there are no messages in DIAGNOSTICS' >&2; }
while IFS= read -r message; do
	grep -qaF -e "$message" "$vnm" && continue
	failures=$((failures + 1)); echo "FAIL: no message of the program has '$message'" >&2
done <"$dir/messages"

# Who searches for a usual word finds it, and the pages and the messages do without unusual ones.
for page in "$srcdir"/docs/*.[1-8]; do mandoc -T ascii "$page" | sed "s/.$(printf '\b')//g" | tr -s ' \n' '  '; done >"$dir/text"
for word in 'restore' 'roll back' 'rollback' 'ignored' 'report' 'idempotent' 'upstream' 'masquerade' 'reverse (PTR)' \
	'port forwarding' 'TROUBLESHOOTING' 'query' 'persistent definition' 'reservation' 'hairpin' 'load balancing'; do
	grep -qF -e "$word" "$dir/text" && continue
	failures=$((failures + 1)); echo "FAIL: the manual does not have the word '$word'" >&2
done
for word in 'put back' 'taken back' 'handed on' 'read over' 'make-believe' 'kept definition' 'kept one' \
	'is there already'; do
	! grep -qF -e "$word" "$dir/text" || { failures=$((failures + 1)); echo "FAIL: the manual has '$word'" >&2; }
	! grep -qaF -e "$word" "$vnm" || { failures=$((failures + 1)); echo "FAIL: a message of the program has '$word'" >&2; }
done

# A section that is referred to exists, in the same page or in the one that is named after it: ".Sx HEALTH", "in", ".Xr vnetmgr-doctor 8".
for page in "$srcdir"/docs/*.[1-8]; do
	awk -v docs="$srcdir/docs/" -v page="$page" '/^\.Sx / {
		name = substr($0, 5); sub(/( [].,;:)]+)+$/, "", name); where = page
		if ((getline word) > 0 && word == "in" && (getline) > 0 && $1 == ".Xr") where = docs $2 "." $3
		print where "\t" name
	}' "$page"
done >"$dir/references"
while IFS="$(printf '\t')" read -r page section; do
	grep -qx "\.S[hs] $section" "$page" && continue
	failures=$((failures + 1)); echo "FAIL: $page has no section $section" >&2
done <"$dir/references"

# The foot of each page names the version.
version=$("$vnm" --version)
for page in "$srcdir"/docs/*.[1-8]; do
	grep -qx "\.Os $version" "$page" && continue
	failures=$((failures + 1)); echo "FAIL: $page is not of $version" >&2
done
[ $failures -eq 0 ]
