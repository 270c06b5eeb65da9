# SPDX-License-Identifier: GPL-2.0-or-later
# relay.pl GUEST DEVICE KIND [NAME] - what a hypervisor, a VPN server or slirp does: holds a tun or tap of the host, and relays
# between it and one of the same kind in the namespace GUEST, called NAME. KIND: the flags of TUNSETIFF, such as 0x1001 for a tun and
# 0x1002 for a tap. It ends when a device is gone.
use strict;
my ($guest, $device, $kind, $name, $fd) = @ARGV;
sub hold { my ($name, $flags) = @_;
	open(my $fh, '+<', '/dev/net/tun') or die "tun: $!";
	ioctl($fh, 0x400454ca, pack('a16 S x22', $name, $flags)) or die "$name: $!"; # TUNSETIFF
	return $fh; }
if (!defined $fd) {
	$^F = 100; # descriptors below are inherited
	my $fh = hold($device, hex $kind);
	exec('ip', 'netns', 'exec', $guest, $^X, $0, $guest, $device, $kind, $name, fileno($fh));
}
open(my $outside, "+<&=$fd") or die;
my $inside = hold($name, hex($kind) & 0x1003); # IFF_TUN, IFF_TAP, IFF_NO_PI
my %to = (fileno($outside) => $inside, fileno($inside) => $outside);
my $wait = ''; vec($wait, fileno($_), 1) = 1 for ($outside, $inside);
while (select(my $ready = $wait, undef, undef, undef) > 0) {
	for my $from ($outside, $inside) {
		next unless vec($ready, fileno($from), 1);
		exit unless defined sysread($from, my $packet, 65536);
		syswrite($to{fileno($from)}, $packet) if length $packet; # a device that is down takes nothing
	}
}
