/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * takeover.c - a network that libvirt runs becomes one that vnetmgr runs, with its bridge and its guests' devices in place.
 *
 * Theory of operation. virsh net-destroy removes libvirt's rules and dnsmasq, and deletes the bridge by its name. So the bridge
 * has another name meanwhile, with all that is on it: devices, addresses, routes. Then it gets its own name again and the
 * group by which a bridge is vnetmgr's, and the start finds it and completes it. Guests keep their carrier; connections keep
 * their entries in conntrack.
 *
 *   record     RUN/NAME.takeover; RUN/NAME.others has the devices on the bridge
 *   rename     the bridge steps aside
 *   destroy    virsh net-destroy: from here on, the network is ours to start
 *   rename     back
 *   start      as net-start does
 *
 * Killed before destroy, the next command renames the bridge back, and libvirt has its network as before; killed after it, the next
 * command starts the network. If the start fails, which deletes the bridge, libvirt starts its network again, and the devices
 * are enslaved to the new bridge.
 */
#include "driver/takeover.h"

#include <errno.h>
#include <string.h>

#include "driver/hand_back.h"
#include "driver/moving.h"
#include "state/networks.h"
#include "state/session.h"
#include "state/store.h"
#include "state/takeover_record.h"
#include "util/mem.h"
#include "xml/network_xml.h"

/* After a start that failed. @err: why; gets what else failed. */
static void give_up(struct vnm_moving *moving, struct vnm_error *err)
{
	struct vnm_error more = { 0 };
	int r = vnm_moving_virsh(moving, "net-start", &more);

	if (r == 0)
		r = vnm_moving_enslave(moving, NULL, &more);
	if (r < 0)
		vnm_error_prefix(err, "libvirt cannot have it back (%s): ", more.msg);
	else
		vnm_error_prefix(err, "it cannot be started here, and libvirt has it again: ");
	vnm_moving_forget(moving);
}

static int step_aside(struct vnm_moving *moving, struct vnm_error *err)
{
	struct vnm_error ignored = { 0 };
	int r = vnm_moving_rename(moving, moving->record.aside, err);

	if (r == 0)
		r = vnm_moving_virsh(moving, "net-destroy", err);
	if (r == 0)
		return 0;
	(void)vnm_moving_rename(moving, moving->record.bridge, &ignored);
	vnm_moving_forget(moving);
	return r;
}

/**
 * vnm_driver_take_over() - start a network in the place of the one that libvirt runs
 * @drv:   the driver
 * @virsh: how libvirt is reached; it must answer
 * @name:  the network, defined here as it is in libvirt, and inactive here
 * @ret:   gets " with DEVICE, ..." for devices that are on the bridge
 * @err:   set on failure: then libvirt runs it as before, unless the message says that it cannot
 *
 * Return: 0 or -errno.
 */
int vnm_driver_take_over(struct vnm_driver *drv, const struct vnm_virsh *virsh, const char *name,
			 struct vnm_buf *ret, struct vnm_error *err)
{
	struct vnm_moving moving vnm_automoving = { .drv = drv, .virsh = virsh, .name = name };
	int r = vnm_store_load(&drv->persistent, name, &moving.net, err);

	if (r == 0)
		r = vnm_moving_prepare(&moving, err);
	if (r == 0)
		r = step_aside(&moving, err);
	if (r < 0)
		return r;
	r = vnm_moving_adopt(&moving, err);
	if (r == 0)
		r = vnm_moving_start(&moving, err);
	if (r < 0) {
		give_up(&moving, err);
		return r;
	}
	vnm_takeover_drop(drv->run_fd, name);
	vnm_moving_name_others(&moving, ret);
	return 0;
}

/* libvirt's answer comes after what it was doing with this network. */
static bool runs_in_libvirt(const struct vnm_virsh *virsh, const char *name)
{
	static const char active[] = "Active:";
	const char *const words[] = { "net-info", name, NULL };
	vnm_autofree char *text = NULL;
	struct vnm_error ignored = { 0 };
	const char *line;

	if (vnm_virsh(virsh, words, NULL, &text, &ignored) < 0)
		return false;
	line = strstr(text, active);
	return line &&
	       !strncmp(line + strlen(active) + strspn(line + strlen(active), " "), "yes", 3);
}

/* Return: 1: libvirt runs it; 0: it runs here; or -errno. */
static int resume(struct vnm_moving *moving, struct vnm_error *err)
{
	bool libvirt = runs_in_libvirt(moving->virsh, moving->name);
	bool active = vnm_driver_active(moving->drv, moving->name);
	int r = active ? 0
		       : vnm_store_load(&moving->drv->persistent, moving->name, &moving->net, err);

	if (r == 0 && moving->record.back)
		return vnm_hand_back_resume(moving, err);
	if (r == 0 && libvirt)
		r = vnm_moving_rename(moving, moving->record.bridge, err);
	else if (r == 0 && !active)
		r = vnm_moving_adopt(moving, err);
	if (r == 0 && !libvirt && !active)
		r = vnm_moving_start(moving, err);
	return r < 0 ? r : libvirt;
}

static void recover_one(struct vnm_driver *drv, const char *name)
{
	const struct vnm_virsh virsh = { .uri = VNM_VIRSH_URI, .run_fd = drv->run_fd };
	struct vnm_moving moving vnm_automoving = { .drv = drv, .virsh = &virsh, .name = name };
	struct vnm_error err = { 0 };
	int r = vnm_takeover_read(drv->run_fd, name, &moving.record);
	bool back = r == 0 && moving.record.back;
	const char *what = back ? "given back to" : "taken over from";

	if (r == 0)
		r = resume(&moving, &err);
	if (r < 0)
		vnm_driver_report(
			drv, VNM_REPORT_WARNING,
			"network '%s' was being %s libvirt when the command was interrupted: %s",
			name, what, *err.msg ? err.msg : strerror(-r));
	else
		vnm_driver_report(
			drv, VNM_REPORT_WARNING,
			"network '%s' was being %s libvirt when the command was interrupted; "
			"it runs %s now. vnetmgr net-import --%s goes on",
			name, what, r ? "in libvirt" : "here", back ? "undo" : "start");
	vnm_takeover_drop(drv->run_fd, name);
}

/**
 * vnm_driver_resume_takeovers() - complete takeovers from libvirt, and the way back, that were interrupted; or what was before
 * @drv: the driver, just opened; nothing happens unless recovery has found one
 */
void vnm_driver_resume_takeovers(struct vnm_driver *drv)
{
	struct vnm_error ignored = { 0 };
	char **names;
	size_t n;

	if (!drv->interrupted || drv->assumed ||
	    vnm_store_names(&drv->live, VNM_TAKEOVER_SUFFIX, &names, &n, &ignored) < 0)
		return;
	drv->interrupted = false;
	vnm_virsh_recover(drv->run_fd);
	for (size_t i = 0; i < n; i++)
		recover_one(drv, names[i]);
	vnm_names_free(names, n);
}
