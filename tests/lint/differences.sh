#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The page about differences from libvirt is the one that its tables make.
exec "$srcdir/scripts/differences" --check
