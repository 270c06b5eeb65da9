/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_qemu.c - QEMU's options for a tap, and whether somebody else may open a file. */
#include "runner.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/qemu.h"
#include "util/mem.h"
#include "util/opens.h"

const char vnm_suite[] = "cli/qemu";

#define MAC "52:54:00:00:00:01"

static void check(struct vnm_attachment *attach, char *dev, bool vhost, const char *should)
{
	vnm_autobuf struct vnm_buf out = { 0 };

	attach->dev = dev;
	VNM_ASSERT_INT_EQ_FATAL(vnm_mac_parse(MAC, &attach->mac), 0);
	vnm_qemu_options(attach, 1500, vhost, &out);
	VNM_ASSERT_STR_EQ(vnm_buf_str(&out), should);
}

static void test_tap(void)
{
	struct vnm_attachment attach = { .kind = VNM_ATTACH_TAP };
	char name[] = "tap0", digit[] = "0tap", dot[] = "_a.b-c";

	check(&attach, name, false,
	      "-netdev tap,id=tap0,ifname=tap0,script=no,downscript=no "
	      "-device virtio-net-pci,netdev=tap0,mac=" MAC);
	check(&attach, name, true,
	      "-netdev tap,id=tap0,ifname=tap0,script=no,downscript=no,vhost=on "
	      "-device virtio-net-pci,netdev=tap0,mac=" MAC);
	/* "Identifiers consist of letters, digits, '-', '.', '_', starting with a letter." */
	check(&attach, digit, false,
	      "-netdev tap,id=net-0tap,ifname=0tap,script=no,downscript=no "
	      "-device virtio-net-pci,netdev=net-0tap,mac=" MAC);
	check(&attach, dot, false,
	      "-netdev tap,id=net-_a.b-c,ifname=_a.b-c,script=no,downscript=no "
	      "-device virtio-net-pci,netdev=net-_a.b-c,mac=" MAC);
	attach.multi_queue = VNM_TRI_YES;
	check(&attach, name, true,
	      "-netdev tap,id=tap0,ifname=tap0,script=no,downscript=no,queues=2,vhost=on "
	      "-device virtio-net-pci,netdev=tap0,mac=" MAC ",mq=on,vectors=6");
}

/* 1500 is what the guest's driver assumes. */
static void test_mtu(void)
{
	char dev[] = "tap0", parent[] = "eth0";
	struct vnm_attachment attach = { .kind = VNM_ATTACH_TAP, .dev = dev };
	vnm_autobuf struct vnm_buf unknown = { 0 }, large = { 0 }, macvtap = { 0 };

	vnm_qemu_options(&attach, 0, false, &unknown);
	CU_ASSERT_PTR_NULL(strstr(vnm_buf_str(&unknown), "host_mtu"));
	vnm_qemu_options(&attach, 9000, false, &large);
	CU_ASSERT_PTR_NOT_NULL(strstr(vnm_buf_str(&large), ",host_mtu=9000"));
	attach.parent = parent;
	vnm_qemu_options(&attach, 1400, false, &macvtap);
	CU_ASSERT_PTR_NOT_NULL(strstr(vnm_buf_str(&macvtap), ",host_mtu=1400 3<>"));
}

static void test_macvtap(void)
{
	char parent[] = "eth0", name[] = "mt0";
	struct vnm_attachment attach = { .kind = VNM_ATTACH_TAP, .parent = parent };

	check(&attach, name, false,
	      "-netdev tap,id=mt0,fd=3 -device virtio-net-pci,netdev=mt0,mac=" MAC
	      " 3<>/dev/tap$(cat /sys/class/net/mt0/ifindex)");
	attach.multi_queue = VNM_TRI_YES;
	check(&attach, name, true,
	      "-netdev tap,id=mt0,fds=3:4,vhost=on -device virtio-net-pci,netdev=mt0,mac=" MAC
	      ",mq=on,vectors=6 3<>/dev/tap$(cat /sys/class/net/mt0/ifindex)"
	      " 4<>/dev/tap$(cat /sys/class/net/mt0/ifindex)");
}

/* As root: each user and group is asked for, and we are ourselves again. */
static void test_opens(void)
{
	static const struct {
		mode_t mode;
		struct vnm_opener who;
		int should;
	} cases[] = {
		{ 0600, { 0 }, 0 },
		{ 0600, { .has_uid = true, .uid = 4711 }, 0 },
		{ 0600, { .has_uid = true, .uid = 4712 }, -EACCES },
		{ 0600, { .has_gid = true, .gid = 4711 }, -EACCES },
		{ 0660, { .has_gid = true, .gid = 4711 }, 0 },
		{ 0660, { .has_gid = true, .gid = 4712 }, -EACCES },
		{ 0660, { .has_uid = true, .uid = 4712 }, -EACCES },
		{ 0660, { .has_uid = true, .uid = 4712, .has_gid = true, .gid = 4711 }, 0 },
		{ 0666, { .has_uid = true, .uid = 4712 }, 0 },
		{ 0444, { .has_uid = true, .uid = 4711 }, -EACCES },
	};
	vnm_autotestdir struct vnm_test_dir dir = { 0 };
	vnm_autofree char *file = NULL;
	FILE *made;

	vnm_test_dir_make(&dir);
	file = vnm_asprintf("%s/device", dir.path);
	made = fopen(file, "w");
	CU_ASSERT_PTR_NOT_NULL_FATAL(made);
	fclose(made);
	VNM_ASSERT_INT_EQ(vnm_opens(file, &(struct vnm_opener){ 0 }), 0);
	if (geteuid() != 0 || chmod(dir.path, 0755) < 0 || chown(file, 4711, 4711) < 0)
		return; /* in a user namespace with one user */
	for (size_t i = 0; i < VNM_ARRAY_SIZE(cases); i++) {
		VNM_ASSERT_INT_EQ_FATAL(chmod(file, cases[i].mode), 0);
		VNM_ASSERT_INT_EQ(vnm_opens(file, &cases[i].who), cases[i].should);
	}
	VNM_ASSERT_INT_EQ(unlink(file), 0);
	VNM_ASSERT_INT_EQ(vnm_opens(file, &(struct vnm_opener){ 0 }), -ENOENT);
	VNM_ASSERT_INT_EQ(vnm_opens(file, &cases[1].who), -ENOENT);
	VNM_ASSERT_INT_EQ(geteuid(), 0);
}

const struct vnm_test vnm_tests[] = {
	{ "tap", test_tap },
	{ "mtu", test_mtu },
	{ "macvtap", test_macvtap },
	{ "opens", test_opens },
	{ NULL, NULL },
};
