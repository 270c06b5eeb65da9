#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Files and directories that documents, comments, scripts and lists name are there, and the comment at the head of a source names that source.
cd "$srcdir" || exit 1
out=$(
	# In documents: `plan/op/diff.c` (from src/) or `tests/ns/boot.sh` (from the top). "*" is any text; with words in capitals it
	# is no name but a pattern of names.
	for document in README.md NEWS docs/*.md; do
		grep -oE '`[^`]*`|\([^) ]*\)' "$document" | tr -d '`()' | tr ' ,:' '\n\n\n' |
			grep -E '^(src|tests|docs|scripts|schemas|networks|data|completions|util|model|xml|plan|sys|state|run|driver|watch|sandbox|cli)/[A-Za-z0-9_./*-]+$' |
			grep -vE '(^|[/_])[A-Z]{3,}([._/]|$)' | sort -u | while read -r name; do
			for found in $name src/$name $name.* src/$name.*; do [ ! -e "$found" ] || continue 2; done
			echo "$document: $name is not there"
		done
	done
	# In scripts and lists, such as what the analysers may find.
	grep -rnoE '(^|[^A-Za-z0-9_./-])(src|tests|scripts)/[a-z0-9_./-]+\.(c|h|sh|awk|tsv|list)\>' .ci scripts tests --exclude='*.log' |
		sed -E 's/^([^:]*:[0-9]+):[^a-z]?/\1 /' | while read -r where name; do
			[ -e "$name" ] || echo "$where: $name is not there"
		done
	# In comments: "exec_change.c", "sys/link/link.c" or, beside the file, "firewall/tun_rules.c"; not those of other programs.
	here=$(find src tests -name '*.[ch]' -o -name '*.sh' | sed 's|.*/||' | sort -u)
	grep -rnoE '^ ?(\*|/\*).*' src --include='*.[ch]' | grep -oE '^[^:]*:[0-9]+|[ (][a-z][a-z0-9_/]*\.[ch]([^a-z]|$)' | awk '
	/^src/ { where = $0; next } { gsub(/[^a-z0-9_\/.]/, ""); sub(/\.$/, ""); print where, $0 }' |
		while read -r where name; do
			case $name in
			net/* | drivers/* | include/* | linux/* | option.c | xmlerror.h) ;;
			*/*) [ -e "src/$name" ] || [ -e "$name" ] || [ -e "${where%/*}/$name" ] || echo "$where: $name is not there" ;;
			*) echo "$here" | grep -qx "$name" || echo "$where: $name is not there" ;;
			esac
		done
	for source in $(find src -name '*.[ch]'); do
		sed -n '2,4p' "$source" | grep -qE "[ */]${source##*/} - " || echo "$source: its head says $(sed -nE '2,4s/.*[ *]([a-z0-9_]+\.[ch]) - .*/\1/p' "$source")"
	done
)
[ -z "$out" ] || { echo "$out" >&2; exit 1; }
