#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The manual pages are what a man page should be.
skip() { echo "SKIP: $*" >&2; [ -n "${VNM_TEST_MUST_WORK:-}" ] && exit 1; exit 77; }
command -v mandoc >/dev/null || skip 'mandoc is not installed'

set -- "$srcdir"/docs/*.[1-8]
[ -f "$1" ] || { echo 'no manual page found' >&2; exit 1; }
mandoc -T lint -W warning "$@" || exit 1

# With groff, which man(1) uses on most systems, their lines fit a terminal of 80 columns.
command -v groff >/dev/null || skip 'groff is not installed'
for page; do
	warnings=$(groff -mdoc -Tutf8 -ww "$page" 2>&1 >/dev/null)
	[ -z "$warnings" ] || { echo "$warnings" >&2; exit 1; }
done
