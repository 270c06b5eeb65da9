#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A machine that has nothing but its network card boots by <tftp> and <bootp>: a script, a kernel and an initramfs, with the
# spanning tree on.
. "$srcdir/tests/lib/ns.sh"
. "$srcdir/tests/guests/guest.sh"
for rom in /usr/share/qemu /usr/lib/ipxe/qemu /usr/share/ipxe none; do [ ! -e $rom/pxe-virtio.rom ] || break; done
[ $rom != none ] || skip 'the boot ROM of the network card is not installed (ipxe-qemu)'
mkdir tftp && chmod 755 tftp && ln kernel initrd tftp || exit 1
cat >tftp/boot.ipxe <<'X'
#!ipxe
kernel kernel console=ttyS1 quiet mitigations=off net.ifnames=0
initrd initrd
boot
X
cat >pxe.xml <<X
<network><name>pxe</name><bridge name='br-pxe'/><ip address='192.168.160.1' prefix='24'>
<tftp root='$T/tftp'/><dhcp><range start='192.168.160.10' end='192.168.160.20'/><bootp file='boot.ipxe'/></dhcp></ip></network>
X
ok 'network' vnm -q net-create pxe.xml || finish
options=$(vnm -q net-attach pxe --tap vm1) || exit 1
KERNEL='-boot n' MEMORY=256
ok 'a machine' machine vm1 "$options" || finish
has 'a lease' '^192\.168\.160\.' "$(vm vm1 lease)"
finish
