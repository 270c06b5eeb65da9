/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tap.c - persistent taps and tuns.
 *
 * A device made by TUNSETIFF goes when its descriptor is closed, until it is made persistent. That comes last, when
 * it has its MAC and our group: a tap that outlives a killed command carries our mark.
 * IFF_TUN_EXCL (kernel 3.8) refuses a name that exists.
 */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#include "sys/guest_internal.h"

#include <linux/if_link.h>
#include <linux/if_tun.h>
#include <linux/rtnetlink.h>

#include "sys/kmod.h"
#include "util/file.h"
#include "util/mem.h"

#define TUN_FILE "/dev/net/tun"
#define VNET_HDR_SIZE 12 /* struct virtio_net_hdr_mrg_rxbuf: what QEMU and vhost expect */

/* Where nobody made the node, it comes with the module. */
static int open_tun(struct vnm_sys *sys)
{
	int fd = vnm_open(AT_FDCWD, TUN_FILE, O_RDWR, 0);

	if ((fd == -ENOENT || fd == -ENODEV || fd == -ENXIO) && vnm_kmod_load(sys, VNM_KMOD_TUN))
		fd = vnm_open(AT_FDCWD, TUN_FILE, O_RDWR, 0);
	return fd;
}

static int no_tun(int r, struct vnm_error *err)
{
	vnm_autobuf struct vnm_buf remedy = { 0 };

	vnm_kmod_remedy(vnm_kmod_name(VNM_KMOD_TUN), &remedy);
	return vnm_error_set(err, VNM_ERR_UNSUPPORTED, -r,
			     "cannot open " TUN_FILE ": %s; the kernel needs the module tun "
			     "(CONFIG_TUN); %s",
			     strerror(-r), remedy.data);
}

static int tap_prepare(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	vnm_autoclose int fd = open_tun(sys);

	if (fd < 0)
		return no_tun(fd, err);
	return vnm_guest_free_name(sys, op->tap.name, "tun", err);
}

static int fail(const struct vnm_op_tap *want, const char *what, struct vnm_error *err)
{
	return vnm_error_set(err, VNM_ERR_SYSTEM, errno, "cannot %s '%s': %s", what, want->name,
			     strerror(errno));
}

/* The mark, and the MAC: by index, so that only the device just made can be meant. */
static int dress(struct vnm_sys *sys, const struct vnm_op_tap *want, struct vnm_error *err)
{
	struct ifinfomsg head = { .ifi_family = AF_UNSPEC };
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct vnm_link link;
	int r = vnm_link_need(sys, want->name, &link, err);

	if (r < 0)
		return r;
	head.ifi_index = link.fact.index;
	vnm_nl_begin(&req, RTM_NEWLINK, 0, &head, sizeof(head));
	vnm_nl_put_u32(&req, IFLA_GROUP, want->group ? want->group : VNM_GROUP_GUEST);
	if (want->mac.set && !want->tun)
		vnm_nl_put(&req, IFLA_ADDRESS, want->mac.b, sizeof(want->mac.b));
	r = vnm_nl_do(sys, &req, NULL);
	return r < 0 ? vnm_nl_fail(err, r, &req, "cannot set up '%s'", want->name) : 0;
}

static int make(struct vnm_sys *sys, const struct vnm_op_tap *want, int fd, struct vnm_error *err)
{
	struct ifreq ifr = { 0 };
	int size = VNET_HDR_SIZE, r;

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", want->name);
	ifr.ifr_flags = (short)((want->tun ? IFF_TUN : IFF_TAP) | IFF_NO_PI | IFF_TUN_EXCL |
				(want->multi_queue ? IFF_MULTI_QUEUE : 0) |
				(want->vnet_hdr ? IFF_VNET_HDR : 0));
	if (ioctl(fd, TUNSETIFF, &ifr) < 0)
		return fail(want, "make", err);
	r = dress(sys, want, err);
	if (r < 0)
		return r;
	if (want->uid.set && ioctl(fd, TUNSETOWNER, (unsigned long)want->uid.v) < 0)
		return fail(want, "set the owner of", err);
	if (want->gid.set && ioctl(fd, TUNSETGROUP, (unsigned long)want->gid.v) < 0)
		return fail(want, "set the group of", err);
	if (want->vnet_hdr && ioctl(fd, TUNSETVNETHDRSZ, &size) < 0)
		return fail(want, "set the header size of", err);
	return ioctl(fd, TUNSETPERSIST, 1ul) < 0 ? fail(want, "keep", err) : 0;
}

static int tap_apply(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	vnm_autoclose int fd = open_tun(sys);
	enum vnm_presence presence;
	int r;

	if (fd < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -fd, "cannot open " TUN_FILE ": %s",
				     strerror(-fd));
	r = vnm_guest_check(sys, op->tap.name, "tun", &presence, err);
	if (r < 0 || presence == VNM_PRESENT)
		return r;
	return make(sys, &op->tap, fd, err);
}

static int tap_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
		     struct vnm_error *err)
{
	return vnm_guest_check(sys, op->tap.name, "tun", ret, err);
}

static int tap_revert(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	return vnm_guest_delete(sys, op->tap.name, "tun", err);
}

const struct vnm_op_impl vnm_impl_tap = {
	.prepare = tap_prepare,
	.apply = tap_apply,
	.check = tap_check,
	.revert = tap_revert,
};
