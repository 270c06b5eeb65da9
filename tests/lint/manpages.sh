#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The manual pages are what a man page should be.
skip() { echo "SKIP: $*" >&2; [ -n "${VNM_TEST_MUST_WORK:-}" ] && exit 1; exit 77; }
command -v mandoc >/dev/null || skip 'mandoc is not installed'

set -- "$srcdir"/docs/*.[1-8]
[ -f "$1" ] || { echo 'no manual page found' >&2; exit 1; }
exec mandoc -T lint -W warning "$@"
