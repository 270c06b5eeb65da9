/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * qemu.c - the options by which QEMU uses a tap, to paste into a shell or script.
 *
 * So they include redirections of the shell, and nothing that changes with the next boot.
 */
#include "cli/qemu.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <linux/if_ether.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>

#include "cli/output.h"
#include "util/mem.h"
#include "util/opens.h"

#define TUN_FILE "/dev/net/tun"
#define VHOST_FILE "/dev/vhost-net"
#define FIRST_FD 3
/*
 * For --multiqueue; more queues than processors are useless. Without a vector for each direction of each queue, for
 * control and for configuration, the guest uses one queue.
 */
#define QUEUES 2
#define VECTORS (2 * QUEUES + 2)

/* QEMU's IDs begin with a letter; all other characters of device names are allowed in them. */
static void put_id(const char *dev, struct vnm_buf *out)
{
	vnm_buf_printf(out, "%s%s", isalpha((unsigned char)dev[0]) ? "" : "net-", dev);
}

static void put_fds(bool several, struct vnm_buf *out)
{
	if (!several) {
		vnm_buf_printf(out, "fd=%d", FIRST_FD);
		return;
	}
	vnm_buf_add(out, "fds=");
	for (int i = 0; i < QUEUES; i++)
		vnm_buf_printf(out, "%s%d", i ? ":" : "", FIRST_FD + i);
}

/* A macvtap is opened by the file of its ifindex, once for each queue. The ifindex changes with the next boot. */
static void put_redirections(const char *dev, int n, struct vnm_buf *out)
{
	for (int i = 0; i < n; i++)
		vnm_buf_printf(out, " %d<>/dev/tap$(cat /sys/class/net/%s/ifindex)", FIRST_FD + i,
			       dev);
}

/**
 * vnm_qemu_options() - QEMU's options for a tap or macvtap that is attached
 * @attach: the attachment
 * @mtu:    of the device, passed to the guest's driver, so that no DHCP server is needed for it; 0: unknown
 * @vhost:  the kernel is to carry the packets (vhost=on)
 * @out:    gets one line, without its end
 */
void vnm_qemu_options(const struct vnm_attachment *attach, uint32_t mtu, bool vhost,
		      struct vnm_buf *out)
{
	bool several = attach->multi_queue == VNM_TRI_YES;
	char mac[VNM_MAC_STRLEN] = "";

	vnm_mac_format(&attach->mac, mac);
	vnm_buf_add(out, "-netdev tap,id=");
	put_id(attach->dev, out);
	if (attach->parent) {
		vnm_buf_addc(out, ',');
		put_fds(several, out);
	} else {
		vnm_buf_printf(out, ",ifname=%s,script=no,downscript=no", attach->dev);
		if (several)
			vnm_buf_printf(out, ",queues=%d", QUEUES);
	}
	vnm_buf_printf(out, "%s -device virtio-net-pci,netdev=", vhost ? ",vhost=on" : "");
	put_id(attach->dev, out);
	vnm_buf_printf(out, ",mac=%s", mac);
	if (several)
		vnm_buf_printf(out, ",mq=on,vectors=%d", VECTORS);
	if (mtu && mtu != ETH_DATA_LEN)
		vnm_buf_printf(out, ",host_mtu=%" PRIu32, mtu);
	if (attach->parent)
		put_redirections(attach->dev, several ? QUEUES : 1, out);
}

/* Allocated. */
static char *name_opener(const struct vnm_attachment *attach)
{
	const struct passwd *pw = attach->owner.set ? getpwuid(attach->owner.v) : NULL;

	if (pw)
		return vnm_asprintf("user '%s'", pw->pw_name);
	if (attach->owner.set)
		return vnm_asprintf("user %" PRIu32, attach->owner.v);
	if (attach->group.set)
		return vnm_asprintf("a user who is in the group %" PRIu32 " alone",
				    attach->group.v);
	return vnm_strdup("root");
}

/* A missing device file is only a detail, a property of the host; a missing permission of the owner is a warning. */
static bool can_vhost(struct vnm_cli *cli, const struct vnm_attachment *attach,
		      const struct vnm_opener *who)
{
	int r = attach->vnet_hdr == VNM_TRI_YES ? vnm_opens(VHOST_FILE, who) : -ENOENT;
	vnm_autofree char *name = NULL;
	vnm_autofree char *line = NULL;

	if (r == 0 || attach->vnet_hdr != VNM_TRI_YES)
		return r == 0;
	name = name_opener(attach);
	line = vnm_asprintf("vhost=on is left out: %s cannot open " VHOST_FILE ": %s", name,
			    strerror(-r));
	vnm_cli_report(cli, r == -EACCES ? VNM_REPORT_WARNING : VNM_REPORT_DETAIL, line);
	return false;
}

/* A macvtap has a device file of its own, which belongs to its owner. */
static void check_tun(struct vnm_cli *cli, const struct vnm_attachment *attach,
		      const struct vnm_opener *who)
{
	int r = attach->parent ? 0 : vnm_opens(TUN_FILE, who);
	vnm_autofree char *name = NULL;
	vnm_autofree char *line = NULL;

	if (r != -EACCES)
		return;
	name = name_opener(attach);
	line = vnm_asprintf("%s may use '%s', but cannot open " TUN_FILE ": %s; on most systems "
			    "its mode is 0666: chmod 666 " TUN_FILE,
			    name, attach->dev, strerror(-r));
	vnm_cli_report(cli, VNM_REPORT_WARNING, line);
}

/**
 * vnm_cli_print_qemu() - print QEMU's options for an attached tap, and which permissions its owner lacks
 * @cli:    the call
 * @attach: the attachment
 * @mtu:    of the device
 */
void vnm_cli_print_qemu(struct vnm_cli *cli, const struct vnm_attachment *attach, uint32_t mtu)
{
	const struct vnm_opener who = { attach->owner.set, attach->group.set, attach->owner.v,
					attach->group.v };
	vnm_autobuf struct vnm_buf line = { 0 };

	if (attach->kind != VNM_ATTACH_TAP && attach->kind != VNM_ATTACH_TUN)
		return;
	check_tun(cli, attach, &who);
	if (attach->kind != VNM_ATTACH_TAP)
		return;
	vnm_qemu_options(attach, mtu, can_vhost(cli, attach, &who), &line);
	puts(vnm_buf_str(&line));
}
