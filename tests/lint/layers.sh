#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every directory of src/ includes only what it may: "DIR: the directories whose headers it may name".
out=$(while read -r dir allowed; do
	find "$srcdir/src/${dir%:}" -name '*.[ch]' | while read -r file; do
		sed -n 's|^#include "\([a-z]*\)/.*|\1|p' "$file" | while read -r used; do
			case " ${dir%:} $allowed " in *" $used "*) ;; *) echo "$file includes $used/"; esac
		done
		grep -Hn '^#include "[^/]*"' "$file"
		case ${dir%:} in xml) ;; *) grep -Hn '^#include <libxml/' "$file" ;; esac
		case ${dir%:} in sys) ;; *) grep -HnE '^#include <(netlink|libiptc)/' "$file" ;; esac
	done
done <<'EOT'
util:
model: util
xml: model util
plan: model util
sys: plan model util
state: sys plan xml model util
run: state sys plan xml model util
driver: run state sys plan xml model util
watch: run state sys plan xml model util
sandbox: sys plan model util
cli: sandbox watch driver run state sys plan xml model util
EOT
)
[ -z "$out" ] || { echo "$out" >&2; exit 1; }
