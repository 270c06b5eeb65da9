#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# fetch.sh DIR SUITE... - Debian's cloud kernels, unpacked as DIR/SUITE with all their modules; nothing is installed.
#
# SUITE-full is the kernel for any machine, which has drivers for hardware.
# What is complete is left alone, so an interrupted run goes on where it was. apt works on lists and settings of its own
# (DIR/apt), so the machine's are neither used nor changed.
# VNM_MIRROR: where from [http://deb.debian.org/debian].
set -euo pipefail
dir=$1; shift
mirror=${VNM_MIRROR:-http://deb.debian.org/debian}
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
machine=$(dpkg --print-architecture)

configure() {	# SUITE: an apt of its own
	local apt=$dir/apt/$1

	mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
	: >"$apt/status"
	echo "deb [signed-by=$keyring] $mirror ${1%-full} main" >"$apt/sources.list"
	cat >"$apt/apt.conf" <<-END
	Dir::State "$apt";
	Dir::State::lists "$apt/lists";
	Dir::State::status "$apt/status";
	Dir::Cache "$apt/cache";
	Dir::Etc::sourcelist "$apt/sources.list";
	Dir::Etc::sourceparts "/dev/null";
	Dir::Etc::preferences "/dev/null";
	Dir::Etc::preferencesparts "/dev/null";
	Dir::Etc::parts "/dev/null";
	Dir::Etc::main "/dev/null";
	APT::Sandbox::User "root";
	APT::Architecture "$machine";
	Acquire::Check-Valid-Until "false";
	Acquire::Languages "none";
	END
}

packages() {	# SUITE: the packages of its newest kernel; one until version 6, later three
	local name kind=cloud-
	case $1 in *-full) kind= ;; esac
	name=$(apt-cache depends "linux-image-$kind$machine" | sed -n 's/^ *Depends: \(linux-image-.*\)/\1/p')
	name=${name%%$'\n'*}
	[ -n "$name" ] || { echo "no linux-image-$kind$machine in $1" >&2; return 1; }
	echo "$name"
	apt-cache depends "$name" | sed -n 's/^ *\(Pre\)\{0,1\}Depends: \(linux-\(binary\|modules\)-.*\)/\2/p'
}

one() {	# SUITE
	[ ! -e "$dir/$1/complete" ] || return 0
	rm -rf "${dir:?}/$1.new"
	configure "$1"
	export APT_CONFIG=$dir/apt/$1/apt.conf
	apt-get -qq update
	mkdir -p "$dir/$1.new" "$dir/packages"
	local list; list=$(packages "$1")
	# shellcheck disable=SC2086
	(cd "$dir/packages" && apt-get -qq download $list)
	for name in $list; do
		for package in "$dir/packages/${name}"_*.deb; do
			dpkg -x "$package" "$dir/$1.new"
		done
	done
	# depmod and modprobe look below lib/, which newer packages leave to the system's symlink.
	[ -d "$dir/$1.new/lib" ] || ln -s usr/lib "$dir/$1.new/lib"
	local version; version=$(cd "$dir/$1.new/lib/modules" && echo *)
	depmod -b "$dir/$1.new" "$version" 2>/dev/null	# some packages lack lists that only matter for what is built in
	echo "$version" >"$dir/$1.new/complete"
	rm -rf "${dir:?}/$1"
	mv "$dir/$1.new" "$dir/$1"
}

mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
for suite; do
	one "$suite"
done
