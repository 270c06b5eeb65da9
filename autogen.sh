#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Makes ./configure in a git checkout.
cd "$(dirname "$0")" && scripts/make-lists && exec autoreconf -i "$@"
