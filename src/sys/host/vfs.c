/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vfs.c - virtual functions (SR-IOV) of the host's network devices, as sysfs shows them.
 *
 *   /sys/class/net/PF/device/virtfnN         -> the PCI device of the function number N
 *   /sys/bus/pci/devices/ADDRESS/physfn      -> the PCI device whose function it is
 *   .../net/DEV                              its network device, while a driver of the host has it
 */
#include "sys/host/vfs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/file.h"
#include "util/mem.h"

#define FUNCTION "virtfn"
#define NUMBER_MAX 65535

/* The name that a symbolic link ends with. Return: 0; -ENODEV: it is none, or too long. */
static int last_of_link(int dirfd, const char *name, char *ret, size_t size)
{
	char path[4096];
	ssize_t len = readlinkat(dirfd, name, path, sizeof(path) - 1);
	const char *last;

	if (len < 0)
		return -ENODEV;
	path[len] = '\0';
	last = strrchr(path, '/');
	last = last ? last + 1 : path;
	if (strlen(last) >= size)
		return -ENODEV;
	memcpy(ret, last, strlen(last) + 1);
	return 0;
}

/* The network device of a PCI device; "": it has none. */
static void device_of(int dirfd, const char *pci, char ret[static VNM_IFNAME_SIZE])
{
	vnm_autofree char *path = vnm_asprintf("%s/net", pci);
	vnm_autodir DIR *dir = NULL;
	const char *name;

	ret[0] = '\0';
	if (vnm_dir_list(dirfd, path, &dir) < 0)
		return;
	while (vnm_dir_next(dir, &name) > 0)
		if (vnm_ifname_valid(name)) {
			snprintf(ret, VNM_IFNAME_SIZE, "%s", name);
			return;
		}
}

static int by_number(const void *a, const void *b)
{
	const struct vnm_fact_vf *x = a, *y = b;

	return (int)x->number.v - (int)y->number.v;
}

/* @device: of the physical function, an open directory. */
static int list_functions(int device, const char *pf, struct vnm_fact_vf **ret, size_t *ret_n)
{
	vnm_autodir DIR *dir = NULL;
	const char *name;
	int r = vnm_dir_list(device, ".", &dir), more = 0;

	while (r == 0 && (more = vnm_dir_next(dir, &name)) > 0) {
		struct vnm_fact_vf vf = { .number.set = true };

		if (strncmp(name, FUNCTION, strlen(FUNCTION)) != 0 ||
		    vnm_parse_u32(name + strlen(FUNCTION), 0, NUMBER_MAX, &vf.number.v) < 0 ||
		    last_of_link(device, name, vf.address, sizeof(vf.address)) < 0)
			continue;
		snprintf(vf.pf, sizeof(vf.pf), "%s", pf);
		device_of(device, name, vf.dev);
		*ret = vnm_array_add(*ret, ret_n, sizeof(**ret));
		(*ret)[*ret_n - 1] = vf;
	}
	if (*ret_n > 0)
		qsort(*ret, *ret_n, sizeof(**ret), by_number);
	return r < 0 ? r : more;
}

/**
 * vnm_vfs_read() - the virtual functions of a network device
 * @pf:    the device
 * @ret:   zeroed; those that are switched on, by number, allocated
 * @ret_n: zeroed; how many
 *
 * Return: 0, also when it has none; -ENODEV: there is no such device; -errno.
 */
int vnm_vfs_read(const char *pf, struct vnm_fact_vf **ret, size_t *ret_n)
{
	vnm_autofree char *above = vnm_asprintf("/sys/class/net/%s", pf);
	vnm_autofree char *path = vnm_asprintf("%s/device", above);
	vnm_autoclose int device = -1;

	if (!vnm_ifname_valid(pf) || access(above, F_OK) < 0)
		return -ENODEV;
	device = vnm_open(AT_FDCWD, path, O_RDONLY | O_DIRECTORY, 0);
	if (device < 0)
		return device == -ENOENT ? 0 : device;
	return list_functions(device, pf, ret, ret_n);
}

static int find_number(int physical, const char *pf, const char *address, struct vnm_fact_vf *ret)
{
	vnm_autofree struct vnm_fact_vf *all = NULL;
	size_t n = 0;
	int r = list_functions(physical, pf, &all, &n);

	for (size_t i = 0; i < n && r == 0; i++) {
		if (strcmp(all[i].address, address) != 0)
			continue;
		*ret = all[i];
		return 0;
	}
	return r < 0 ? r : -ENOTSUP;
}

/**
 * vnm_vf_find() - a virtual function by its address
 * @address: on the PCI bus, "0000:03:10.1"
 * @ret:     written on success only
 *
 * Return: 0; -ENODEV: there is no such PCI device; -ENOTSUP: it is no virtual function of a network device; -errno.
 */
int vnm_vf_find(const char *address, struct vnm_fact_vf *ret)
{
	vnm_autofree char *path = vnm_asprintf("/sys/bus/pci/devices/%s", address);
	vnm_autoclose int device = vnm_open(AT_FDCWD, path, O_RDONLY | O_DIRECTORY, 0);
	vnm_autoclose int physical = -1;
	char pf[VNM_IFNAME_SIZE];

	if (device < 0)
		return device == -ENOENT ? -ENODEV : device;
	physical = vnm_open(device, "physfn", O_RDONLY | O_DIRECTORY, 0);
	if (physical < 0)
		return physical == -ENOENT ? -ENOTSUP : physical;
	device_of(physical, ".", pf);
	return *pf ? find_number(physical, pf, address, ret) : -ENOTSUP;
}
