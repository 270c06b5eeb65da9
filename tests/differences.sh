#!/bin/sh
# The page about differences from libvirt is the one that its tables make.
exec "$srcdir/scripts/differences" --check
