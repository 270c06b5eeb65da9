// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bridge_known.c - the bridge of a network, known again although somebody has changed it.
 *
 * A bridge carries three marks: its name, its MAC address and its group. Whoever changes one of them makes it look like
 * somebody else's; then it would be left behind by a stop, up and with its guests on it, and without the rules that went by
 * its group and name. The kernel gives each device a number (ifindex) that no other one gets as long as the host, or the
 * network namespace, is up. So the number is written down when the bridge is made, and a bridge of that number is ours.
 */
#include "sys/bridge_known.h"

#include <errno.h>
#include <inttypes.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include "util/file.h"
#include "util/mem.h"
#include "util/parse.h"
#include "util/proc.h"

#define RECORD_MAX 128

static char *record_of(const char *name)
{
	return vnm_asprintf("%s.bridge", name);
}

/**
 * vnm_bridge_note() - write down the number of a bridge that was made just now
 * @sys:  the handles
 * @want: the bridge
 * @err:  set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_bridge_note(struct vnm_sys *sys, const struct vnm_op_bridge *want, struct vnm_error *err)
{
	vnm_autofree char *file = record_of(want->name), *text = NULL;
	char boot[VNM_UUID_STRLEN];
	struct vnm_link link;
	int r;

	if (sys->run_fd < 0)
		return 0; /* nothing is kept here: its marks must do */
	r = vnm_link_look(sys, want->name, &link);
	if (r < 0)
		return vnm_nl_fail(err, r, NULL, "cannot look at device '%s'", want->name);
	r = vnm_boot_id(boot);
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot tell which boot this is: %s",
				     strerror(-r));
	text = vnm_asprintf("%d %s\n", link.fact.index, boot);
	r = vnm_file_replace(sys->run_fd, file, text, strlen(text), 0600, (gid_t)-1, VNM_VOLATILE);
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot write the record '%s': %s",
				     file, strerror(-r));
	return 0;
}

/** vnm_bridge_forget() - the bridge is no more. */
void vnm_bridge_forget(struct vnm_sys *sys, const char *name)
{
	vnm_autofree char *file = record_of(name);

	if (sys->run_fd >= 0)
		(void)vnm_file_unlink(sys->run_fd, file, VNM_VOLATILE);
}

/* Return: the number, or 0: there is no record, or one that means nothing. */
static int noted_index(struct vnm_sys *sys, const char *name)
{
	vnm_autofree char *file = record_of(name), *text = NULL;
	char boot[VNM_UUID_STRLEN], *sep;
	uint32_t index;

	if (sys->run_fd < 0 || vnm_file_read(sys->run_fd, file, RECORD_MAX, &text, NULL) < 0 ||
	    vnm_boot_id(boot) < 0)
		return 0;
	sep = strchr(text, ' ');
	if (!sep || strncmp(sep + 1, boot, strlen(boot)) != 0)
		return 0;
	*sep = '\0';
	return vnm_parse_u32(text, 1, INT32_MAX, &index) == 0 ? (int)index : 0;
}

/**
 * vnm_bridge_known() - look at the bridge that was made under a name, whatever it is called now
 * @sys:  the handles
 * @name: the name that it was given
 * @ret:  the bridge, when 1 is returned
 *
 * Return: 1 or 0.
 */
int vnm_bridge_known(struct vnm_sys *sys, const char *name, struct vnm_link *ret)
{
	int index = noted_index(sys, name);

	return index > 0 && vnm_link_look_index(sys, index, ret) == 0 &&
	       !strcmp(ret->fact.kind, "bridge");
}

/**
 * vnm_bridge_explain() - in what does a bridge of ours differ from how it was made?
 * @link: the bridge
 * @want: how it was made
 * @why:  gets the words
 *
 * Return: false when it does not.
 */
bool vnm_bridge_explain(const struct vnm_link *link, const struct vnm_op_bridge *want,
			char why[static VNM_WHY_SIZE])
{
	if (strcmp(link->fact.name, want->name) != 0)
		snprintf(why, VNM_WHY_SIZE, "it is called '%s' now", link->fact.name);
	else if (!vnm_mac_equal(&link->fact.mac, &want->mac))
		snprintf(why, VNM_WHY_SIZE, "its MAC address was changed");
	else if (link->group != want->group)
		snprintf(why, VNM_WHY_SIZE, "its group was changed to %" PRIu32 ", %s", link->group,
			 "so that it is not guarded");
	else
		return false;
	return true;
}

static void begin_set(struct vnm_nl_req *req, const struct vnm_link *link, unsigned flags,
		      unsigned mask)
{
	struct ifinfomsg head = { .ifi_family = AF_UNSPEC,
				  .ifi_index = link->fact.index,
				  .ifi_flags = flags,
				  .ifi_change = mask };

	vnm_nl_begin(req, RTM_NEWLINK, 0, &head, sizeof(head));
}

/* Kernels before 6.2 give no new name to a device that is up. */
static int rename_back(struct vnm_sys *sys, const struct vnm_link *link, const char *name)
{
	vnm_autonl struct vnm_nl_req req = { 0 }, down = { 0 }, again = { 0 }, up = { 0 };
	int r;

	begin_set(&req, link, 0, 0);
	vnm_nl_put_str(&req, IFLA_IFNAME, name);
	r = vnm_nl_do(sys, &req, NULL);
	if (r != -EBUSY)
		return r;
	begin_set(&down, link, 0, IFF_UP);
	r = vnm_nl_do(sys, &down, NULL);
	if (r < 0)
		return r;
	begin_set(&again, link, 0, 0);
	vnm_nl_put_str(&again, IFLA_IFNAME, name);
	r = vnm_nl_do(sys, &again, NULL);
	begin_set(&up, link, IFF_UP, IFF_UP);
	(void)vnm_nl_do(sys, &up, NULL);
	return r;
}

/**
 * vnm_bridge_restore() - give a bridge of ours its marks back
 * @sys:  the handles
 * @link: the bridge, of vnm_bridge_known()
 * @want: how it was made
 * @err:  set on failure: somebody else has its name by now
 *
 * The group first: with it, the firewall guards it again.
 *
 * Return: 0 or -errno.
 */
int vnm_bridge_restore(struct vnm_sys *sys, const struct vnm_link *link,
		       const struct vnm_op_bridge *want, struct vnm_error *err)
{
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r;

	begin_set(&req, link, 0, 0);
	vnm_nl_put_u32(&req, IFLA_GROUP, want->group);
	if (!vnm_mac_equal(&link->fact.mac, &want->mac))
		vnm_nl_put(&req, IFLA_ADDRESS, want->mac.b, sizeof(want->mac.b));
	r = vnm_nl_do(sys, &req, NULL);
	if (r < 0)
		return vnm_nl_fail(err, r, &req, "cannot put bridge '%s' right", link->fact.name);
	if (!strcmp(link->fact.name, want->name))
		return 0;
	r = rename_back(sys, link, want->name);
	if (r == -EEXIST)
		return vnm_error_set(err, VNM_ERR_FOREIGN, EEXIST,
				     "bridge '%s' of the network is called '%s' now, and another "
				     "device has its name; take that away (ip link del %s), or "
				     "rename it",
				     want->name, link->fact.name, want->name);
	if (r < 0)
		return vnm_nl_fail(err, r, NULL, "cannot give bridge '%s' its name '%s' back",
				   link->fact.name, want->name);
	return 0;
}
