# SPDX-License-Identifier: GPL-2.0-or-later
# roots.sh - other systems to build and test in, each a directory that mmdebstrap fills. For scripts that set $top and die().
# They are kept below $VNM_SYSTEMS, by default $XDG_CACHE_HOME/vnetmgr-systems or /var/cache/vnetmgr-systems; VNM_MIRROR is where
# packages come from.
cache=${VNM_SYSTEMS:-${XDG_CACHE_HOME:-/var/cache}/vnetmgr-systems}
mirror=${VNM_MIRROR:-http://deb.debian.org/debian}

roots_ready() {
	[ "$(id -u)" = 0 ] || die 'run as root'
	command -v mmdebstrap >/dev/null || die 'mmdebstrap is not installed: scripts/deps systems'
	mkdir -p "$cache"
}

# make_root NAME SUITE PACKAGES CUSTOMIZE: sets $root, its directory; filled when it is not there or has other packages than it should.
# CUSTOMIZE is a shell command that mmdebstrap runs at last, with the directory as "$1".
make_root() {
	local want="$2 $mirror $3 $(tr -d '\n' <<<"$4")"
	root=$cache/$1
	[ "$(cat "$root.packages" 2>/dev/null)" != "$want" ] || return 0
	rm -rf "$root" "$root.packages" "$root".result.*
	echo "$1: packages" >&2
	# What a mirror has kept for long says that it is too old; signatures are looked at as always.
	nice mmdebstrap --variant=minbase --include="$3" --aptopt='APT::Install-Recommends "false"' \
		--aptopt='Acquire::Check-Valid-Until "false"' --customize-hook="$4" "$2" "$root" "$mirror" >"$root.log" 2>&1 ||
		{ tail -n 5 "$root.log" >&2; die "$1 could not be made: $root.log"; }
	echo "$want" >"$root.packages"
}

# enter COMMAND...: in $root, which is the root of a world of its own.
enter() {
	unshare --mount --pid --fork --net --uts --ipc --kill-child bash -ec '
		root=$1; shift
		mount --bind "$root" "$root"; cd "$root"
		mount --rbind /dev dev; mount -t proc proc proc; mount -t sysfs sysfs sys
		[ ! -d /sys/fs/cgroup ] || mount --rbind /sys/fs/cgroup sys/fs/cgroup
		[ ! -d /lib/modules ] || { mkdir -p usr/lib/modules; mount --bind /lib/modules usr/lib/modules; }
		mount -t tmpfs tmpfs run; mount -t tmpfs tmpfs tmp
		mkdir -p run/old-root; pivot_root . run/old-root; cd /; umount -l run/old-root; rmdir run/old-root
		export HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C
		ip link set lo up
		exec "$@"' enter "$root" "$@"
}

# sources: a tar of what git or a distribution has, without what was built in it.
sources() {
	tar -C "$top" -c --sort=name --mtime=@0 --owner=0 --group=0 --exclude=./.git --exclude='./build*' --exclude=./configure \
		--exclude='./configure~' --exclude=./autom4te.cache --exclude=./aclocal.m4 --exclude=./Makefile.in --exclude='*.tar.*' .
}
