#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What Terraform does, by go-libvirt, which has a codec of its own: all of terraform.go.
. "$srcdir/tests/lib/ns.sh"
. "$srcdir/tests/lib/rpc.sh"
need go
GO=/usr/share/gocode
[ -d "$GO/src/github.com/digitalocean/go-libvirt" ] || skip 'go-libvirt is not installed (scripts/deps clients)'
cd "$T" || exit 1

before=$(snapshot)
export GO111MODULE=off GOPATH="$GO" GOCACHE="$T/cache" GOFLAGS=
ok 'build' go build -o terraform "$srcdir/tests/rpc/terraform.go"
serve
ok 'Terraform' timeout 120 ./terraform "$SOCK"
cat out
end_server
same 'nothing is complained of' '' "$(cat server)"
same 'no trace is left' "$before" "$(snapshot)"
finish
