/* attach_store.c - where attachments are kept: what was asked for, and what was made of it; see attach.c. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "run/attach_internal.h"
#include "util/file.h"
#include "util/mem.h"

#define XML_MAX_BYTES (64 * 1024)

/* Return: a descriptor; -ENOENT without @err: there is none yet; -errno. */
static int open_dir(const char *base, const char *name, bool make, struct vnm_error *err)
{
	vnm_autofree char *path = vnm_asprintf("%s/%s", base, name);
	vnm_autoclose int above = -1;
	struct stat st;

	if (!make && stat(path, &st) < 0)
		return -ENOENT;
	above = vnm_dir_open(base, 0755, err);
	return above < 0 ? above : vnm_dir_openat(above, name, 0755, (gid_t)-1, err);
}

/** vnm_attach_kept() - the directory of a network's attachments. Return: a descriptor; -ENOENT without @err: none yet; -errno. */
int vnm_attach_kept(struct vnm_driver *drv, const char *name, bool make, struct vnm_error *err)
{
	return open_dir(drv->paths.ports, name, make, err);
}

/** vnm_attach_made() - the directory of the journals of what was made of them. Return: as vnm_attach_kept(). */
int vnm_attach_made(struct vnm_driver *drv, const char *name, bool make, struct vnm_error *err)
{
	vnm_autofree char *base = vnm_asprintf("%s/attached", drv->paths.run);

	return open_dir(base, name, make, err);
}

static int kept_names(int fd, const char *path, char ***ret, size_t *ret_n, struct vnm_error *err)
{
	const struct vnm_store store = { fd, path, VNM_DURABLE };

	return vnm_store_names(&store, ".xml", ret, ret_n, err);
}

static int load(int fd, const char *dev, struct vnm_attach *ret, struct vnm_error *err)
{
	vnm_autofree char *file = vnm_asprintf("%s.xml", dev);
	vnm_autofree char *text = NULL;
	size_t len;
	int r = vnm_file_read(fd, file, XML_MAX_BYTES, &text, &len);

	if (r < 0)
		return vnm_error_set(err, VNM_ERR_STATE, -r, "cannot read the attachment '%s': %s",
				     file, strerror(-r));
	return vnm_attach_xml_parse(text, len, file, ret, err);
}

/** vnm_attach_save() - keep an attachment, for the next start and the next boot. Return: 0 or -errno. */
int vnm_attach_save(struct vnm_driver *drv, const struct vnm_attach *attach, struct vnm_error *err)
{
	vnm_autofree char *file = vnm_asprintf("%s.xml", attach->dev);
	vnm_autoclose int fd = vnm_attach_kept(drv, attach->network, true, err);
	vnm_autobuf struct vnm_buf text = { 0 };
	int r;

	if (fd < 0)
		return fd;
	vnm_attach_xml_format(attach, &text);
	r = vnm_file_replace(fd, file, text.data, text.len, 0600, (gid_t)-1, VNM_DURABLE);
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot write '%s/%s/%s': %s",
				     drv->paths.ports, attach->network, file, strerror(-r));
	return 0;
}

/** vnm_attach_forget() - keep it no longer. */
void vnm_attach_forget(struct vnm_driver *drv, const char *name, const char *dev)
{
	vnm_autofree char *file = vnm_asprintf("%s.xml", dev);
	struct vnm_error ignored = { 0 };
	vnm_autoclose int fd = vnm_attach_kept(drv, name, false, &ignored);
	vnm_autofree char *path = vnm_asprintf("%s/%s", drv->paths.ports, name);

	if (fd < 0)
		return;
	(void)vnm_file_unlink(fd, file, VNM_DURABLE);
	(void)rmdir(path); /* stays while others are in it */
}

/**
 * vnm_attachments_load() - all attachments of a network, sorted by device
 * @drv:  the driver
 * @name: the network
 * @ret:  free with vnm_attachments_clear(); those that cannot be read are warned of and left out
 */
void vnm_attachments_load(struct vnm_driver *drv, const char *name, struct vnm_attachments *ret)
{
	struct vnm_error err = { 0 };
	vnm_autoclose int fd = vnm_attach_kept(drv, name, false, &err);
	char **devs = NULL;
	size_t n = 0;

	if (fd < 0)
		return;
	if (kept_names(fd, drv->paths.ports, &devs, &n, &err) < 0)
		vnm_driver_say(drv, VNM_REPORT_WARNING, "%s", err.msg);
	for (size_t i = 0; i < n; i++) {
		struct vnm_attach attach = { 0 };

		if (load(fd, devs[i], &attach, &err) < 0) {
			vnm_driver_say(drv, VNM_REPORT_WARNING, "network '%s': %s", name, err.msg);
			continue;
		}
		ret->items = vnm_array_add(ret->items, &ret->n, sizeof(*ret->items));
		ret->items[ret->n - 1] = attach;
	}
	vnm_names_free(devs, n);
}

/** vnm_attachments_clear() - free what vnm_attachments_load() filled in. */
void vnm_attachments_clear(struct vnm_attachments *attachments)
{
	for (size_t i = 0; i < attachments->n; i++)
		vnm_attach_clear(&attachments->items[i]);
	free(attachments->items);
	*attachments = (struct vnm_attachments){ 0 };
}

/** vnm_attach_drop_empty() - remove the directories of journals in which nothing is left. */
void vnm_attach_drop_empty(struct vnm_driver *drv, const char *name)
{
	vnm_autofree char *base = vnm_asprintf("%s/attached", drv->paths.run);
	vnm_autofree char *path = vnm_asprintf("%s/%s", base, name);

	(void)rmdir(path);
	(void)rmdir(base);
}

/** vnm_attach_sweep() - remove what interrupted writes left. */
void vnm_attach_sweep(struct vnm_driver *drv, const char *name)
{
	struct vnm_error ignored = { 0 };
	vnm_autoclose int fd = vnm_attach_kept(drv, name, false, &ignored);
	vnm_autofree char *path = vnm_asprintf("%s/%s", drv->paths.ports, name);

	if (fd < 0)
		return;
	(void)vnm_file_sweep_temp(fd);
	(void)rmdir(path); /* stays while something is in it */
}
