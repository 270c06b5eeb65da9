#!/bin/sh
# Makes ./configure in a git checkout.
cd "$(dirname "$0")" && exec autoreconf -i "$@"
