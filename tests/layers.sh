#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every directory of src/ includes only what it may: "DIR: the directories whose headers it may name".
while read -r dir allowed; do
	for file in "$srcdir/src/${dir%:}"/*.[ch]; do
		sed -n 's|^#include "\([a-z]*\)/.*|\1|p' "$file" | while read -r used; do
			case " ${dir%:} $allowed " in *" $used "*) ;; *) echo "$file includes $used/"; esac
		done
		case ${dir%:} in xml) ;; *) grep -Hn '^#include <libxml/' "$file" ;; esac
		case ${dir%:} in sys) ;; *) grep -HnE '^#include <(netlink|libiptc)/' "$file" ;; esac
	done
done <<'EOT' >layers.out
util:
model: util
xml: model util
plan: model util
sys: plan model util
run: sys plan xml model util
cli: run sys plan xml model util
EOT
cat layers.out >&2; [ ! -s layers.out ]; status=$?; rm -f layers.out; exit $status
