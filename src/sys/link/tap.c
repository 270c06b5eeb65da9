/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tap.c - persistent taps and tuns, and taps that end with the program that they are handed to.
 *
 * A device created by TUNSETIFF is deleted with its descriptor, unless it is made persistent. That comes last, when
 * it has its MAC and our group: a tap that outlives a killed command is recognised as ours.
 * IFF_TUN_EXCL (kernel 3.8) refuses a name that exists.
 *
 * The ioctl knows no group, and by its group udev's rules recognise a device of ours (data/udev): one that is without at its first
 * event is configured by systemd-networkd or NetworkManager, and taken off its bridge. So it is made in a namespace where nobody
 * hears of it, gets its group there, and then comes here.
 */
#include "sys/link/tap.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/if_tun.h>
#include <linux/rtnetlink.h>

#include "sys/host/kmod.h"
#include "sys/link/guest.h"
#include "sys/link/guest_record.h"
#include "sys/link/link.h"
#include "sys/link/link_set.h"
#include "sys/netlink/netlink.h"
#include "sys/netlink/netns.h"
#include "sys/netlink/netns_enter.h"
#include "sys/op_impl.h"
#include "util/file.h"
#include "util/mem.h"
#include "util/parse.h"

#define TUN_FILE "/dev/net/tun"
#define VNET_HDR_SIZE 12 /* struct virtio_net_hdr_mrg_rxbuf: what QEMU and vhost expect */

/* If the node is missing, loading the module creates it. */
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

static struct vnm_guest_dev tap_dev(const struct vnm_op_tap *want)
{
	static const struct vnm_op_netns here = { 0 };
	struct vnm_guest_dev dev = { .name = want->name, .kind = "tun", .ns = &here,
				     .group = want->group ? want->group : VNM_GROUP_GUEST,
				     .mtu = want->mtu };

	if (!want->tun)
		dev.mac = want->mac;
	return dev;
}

static int tap_prepare(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const struct vnm_guest_dev dev = tap_dev(&op->tap);
	vnm_autoclose int fd = open_tun(sys);

	if (fd < 0)
		return no_tun(fd, err);
	return vnm_guest_free_name(sys, &dev, err);
}

static int tap_fail(const struct vnm_op_tap *want, const char *what, struct vnm_error *err)
{
	return vnm_error_set(err, VNM_ERR_SYSTEM, errno, "cannot %s '%s': %s", what, want->name,
			     strerror(errno));
}

static int come_here(struct vnm_sys *there, const struct vnm_link *link, struct vnm_error *err)
{
	vnm_autoclose int here = vnm_open(AT_FDCWD, "/proc/self/ns/net", O_RDONLY, 0);
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r = here < 0 ? here
			 : vnm_link_set_u32(there, link, IFLA_NET_NS_FD, (uint32_t)here, &req);

	return r < 0 ? vnm_nl_fail(err, r, &req, "cannot make '%s'", link->fact.name) : 0;
}

/* Group and MAC, and the record of its index: before it is persistent. */
static int set_marks(struct vnm_sys *sys, const struct vnm_op_tap *want,
		     const struct vnm_op_netns *staging, struct vnm_error *err)
{
	const struct vnm_guest_dev dev = tap_dev(want);
	struct vnm_sys *there;
	struct vnm_link link;
	int r = vnm_sys_enter(sys, staging, &there);

	if (r < 0)
		return vnm_netns_fail(staging, r, err);
	r = vnm_link_need(there, want->name, &link, err);
	if (r == 0)
		r = vnm_link_set_group(there, &link, dev.group, dev.mac.set ? &dev.mac : NULL, err);
	if (r == 0)
		r = vnm_link_set_mtu(there, &link, dev.mtu, err);
	if (r == 0 && there != sys)
		r = come_here(there, &link, err);
	return r < 0 ? r : vnm_guest_record_write(sys, &dev, err);
}

static int make_tap(struct vnm_sys *sys, const struct vnm_op_tap *want,
		    const struct vnm_op_netns *staging, int fd, struct vnm_error *err)
{
	struct ifreq ifr = { 0 };
	int size = VNET_HDR_SIZE, r;

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", want->name);
	ifr.ifr_flags = (short)((want->tun ? IFF_TUN : IFF_TAP) | IFF_NO_PI | IFF_TUN_EXCL |
				(want->multi_queue ? IFF_MULTI_QUEUE : 0) |
				(want->vnet_hdr ? IFF_VNET_HDR : 0));
	if (ioctl(fd, TUNSETIFF, &ifr) < 0)
		return tap_fail(want, "make", err);
	r = set_marks(sys, want, staging, err);
	if (r < 0)
		return r;
	if (want->uid.set && ioctl(fd, TUNSETOWNER, (unsigned long)want->uid.v) < 0)
		return tap_fail(want, "set the owner of", err);
	if (want->gid.set && ioctl(fd, TUNSETGROUP, (unsigned long)want->gid.v) < 0)
		return tap_fail(want, "set the group of", err);
	if (want->vnet_hdr && ioctl(fd, TUNSETVNETHDRSZ, &size) < 0)
		return tap_fail(want, "set the header size of", err);
	return ioctl(fd, TUNSETPERSIST, 1ul) < 0 ? tap_fail(want, "keep", err) : 0;
}

static int open_there(void *data)
{
	(void)data;
	return vnm_open(AT_FDCWD, TUN_FILE, O_RDWR, 0);
}

/* The device is made in the namespace in which the file was opened. */
static int make_staged(struct vnm_sys *sys, const struct vnm_op_tap *want, struct vnm_error *err)
{
	struct vnm_op_netns staging;
	int fd, r;

	vnm_netns_staging(sys, &staging);
	fd = vnm_netns_run(&staging, open_there, NULL);
	if (fd < 0) {
		r = vnm_error_set(err, VNM_ERR_SYSTEM, -fd, "cannot open " TUN_FILE ": %s",
				  strerror(-fd));
	} else {
		r = make_tap(sys, want, &staging, fd, err);
		close(fd);
	}
	free(staging.path);
	return r;
}

static int tap_apply(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const struct vnm_guest_dev dev = tap_dev(&op->tap);
	struct vnm_error ignored = { 0 }; /* the roll-back removes it again */
	struct vnm_link link;
	int r = vnm_guest_find(sys, &dev, &link, err);

	if (r != 0)
		return r < 0 ? r : vnm_guest_restore(sys, &link, &dev, err);
	r = make_staged(sys, &op->tap, err);
	if (r < 0)
		(void)vnm_guest_record_drop(sys, &dev, &ignored);
	return r;
}

static int tap_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
		     struct vnm_error *err)
{
	const struct vnm_guest_dev dev = tap_dev(&op->tap);

	return vnm_guest_check(sys, &dev, ret, err);
}

static int tap_revert(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const struct vnm_guest_dev dev = tap_dev(&op->tap);

	return vnm_guest_delete(sys, &dev, err);
}

const struct vnm_op_impl vnm_impl_tap = {
	.prepare = tap_prepare,
	.apply = tap_apply,
	.check = tap_check,
	.revert = tap_revert,
};

/* Where it is made: the host's end has a MAC address above all others, so that the bridge does not take it for its own. */
static int stage(struct vnm_sys *sys, const char *name, uint32_t mtu,
		 const struct vnm_op_netns *staging, struct vnm_error *err)
{
	struct vnm_sys *there;
	struct vnm_link link;
	struct vnm_mac mac;
	int r = vnm_sys_enter(sys, staging, &there);

	if (r < 0)
		return vnm_netns_fail(staging, r, err);
	r = vnm_link_need(there, name, &link, err);
	if (r < 0)
		return r;
	mac = link.fact.mac;
	mac.b[0] = 0xfe;
	r = vnm_link_set_group(there, &link, VNM_GROUP_GUEST, &mac, err);
	if (r == 0)
		r = vnm_link_set_mtu(there, &link, mtu, err);
	return r < 0 || there == sys ? r : come_here(there, &link, err);
}

/* The host must not take part in what comes by it. Without IPv6 there is no such setting. */
static int switch_ipv6_off(const char *name, struct vnm_error *err)
{
	vnm_autofree char *path = vnm_asprintf("/proc/sys/net/ipv6/conf/%s/disable_ipv6", name);
	int r = vnm_proc_write(path, "1");

	return r == 0 || r == -ENOENT ? 0
				      : vnm_error_set(err, VNM_ERR_SYSTEM, -r,
						      "cannot write '%s': %s", path, strerror(-r));
}

static int make_lent(struct vnm_sys *sys, const char *name, bool vnet_hdr, uint32_t mtu,
		     const struct vnm_op_netns *staging, int fd, struct vnm_error *err)
{
	struct ifreq ifr = { 0 };
	int r;

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", name);
	ifr.ifr_flags = (short)(IFF_TAP | IFF_NO_PI | IFF_TUN_EXCL | (vnet_hdr ? IFF_VNET_HDR : 0));
	if (ioctl(fd, TUNSETIFF, &ifr) < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, errno, "cannot make '%s': %s", name,
				     strerror(errno));
	r = stage(sys, name, mtu, staging, err);
	return r < 0 ? r : switch_ipv6_off(name, err);
}

/**
 * vnm_tap_open() - create a tap that ends with its last descriptor
 * @sys:      the system
 * @name:     its name, which nothing else has
 * @vnet_hdr: packets have virtio headers
 * @mtu:      0: as it comes
 * @ret_fd:   gets the descriptor
 * @err:      set on failure; then there is none
 *
 * Return: 0 or -errno.
 */
int vnm_tap_open(struct vnm_sys *sys, const char *name, bool vnet_hdr, uint32_t mtu, int *ret_fd,
		 struct vnm_error *err)
{
	vnm_autoclose int probe = open_tun(sys), fd = -1;
	struct vnm_op_netns staging;
	int r;

	if (probe < 0)
		return no_tun(probe, err);
	vnm_netns_staging(sys, &staging);
	fd = vnm_netns_run(&staging, open_there, NULL);
	r = fd < 0 ? no_tun(fd, err) : make_lent(sys, name, vnet_hdr, mtu, &staging, fd, err);
	free(staging.path);
	if (r == 0)
		*ret_fd = vnm_steal_fd(&fd);
	return r;
}
