// SPDX-License-Identifier: GPL-2.0-or-later
/* guest_plan.c - the plan of an attachment, and the facts for it. */
#include "run/guest_plan.h"

#include <errno.h>
#include <inttypes.h>
#include <linux/if_ether.h>
#include <string.h>
#include <sys/stat.h>

#include "model/port.h"
#include "plan/attach_facts.h"
#include "plan/plan_attach.h"
#include "run/guest_gateway.h"
#include "run/guest_netns.h"
#include "run/guest_right.h"
#include "run/guest_state.h"
#include "state/guest_store.h"
#include "state/session.h"
#include "sys/firewall/frames.h"
#include "sys/firewall/frames_kernel.h"
#include "sys/link/address_list.h"
#include "sys/link/link.h"
#include "sys/link/link_record.h"
#include "sys/netlink/netns_enter.h"
#include "sys/netlink/netns_path.h"
#include "sys/process/dhcp_command.h"
#include "sys/traffic/bandwidth.h"
#include "util/mem.h"

static bool has_resolv_dir(const struct vnm_attachment *attach)
{
	vnm_autofree char *dir = NULL;
	struct stat st;

	if (!attach->netns_name)
		return false;
	dir = vnm_asprintf("/etc/netns/%s", attach->netns_name);
	return stat(dir, &st) == 0 && S_ISDIR(st.st_mode);
}

/* Read only for guests that need it: the list of the host's devices is long. */
static int observe_host(struct vnm_driver *drv, const struct vnm_network *net,
			const struct vnm_attachment *attach, struct vnm_facts *ret,
			struct vnm_error *err)
{
	const struct vnm_portgroup *group = vnm_port_group(net, attach->portgroup);
	int r;

	if (group && vnm_bandwidth_limits(&group->bandwidth))
		vnm_observe_bandwidth(&drv->sys, ret);
	if (!vnm_network_has_host(net))
		return 0;
	r = vnm_observe_links(&drv->sys, ret, err);
	return r < 0 ? r : vnm_observe_addresses(&drv->sys, ret, err);
}

/* The bridge drops frames that are too large for it. A device of the host's is not ours to change. */
static void warn_of_mtu(struct vnm_driver *drv, const struct vnm_network *net,
			const struct vnm_fact_link *dev, uint32_t mtu)
{
	if (dev->mtu == 0 || dev->mtu >= mtu)
		return;
	vnm_driver_report(drv, VNM_REPORT_WARNING,
			  "device '%s' has an MTU of %" PRIu32 ", and network '%s' one of %" PRIu32
			  ": larger packets do not get to it; ip link set %s mtu %" PRIu32,
			  dev->name, dev->mtu, net->name, mtu, dev->name, mtu);
}

/* One that is missing is reported later. Return: 0, -ENODEV without an error, or -errno. */
static int read_link(struct vnm_driver *drv, const char *name, struct vnm_fact_link *ret,
		     struct vnm_error *err)
{
	int r = vnm_link_read_fact(&drv->sys, name, ret);

	if (r == 0 || r == -ENODEV || r == -EINVAL)
		return r < 0 ? -ENODEV : 0;
	return vnm_nl_fail(err, r, NULL, "cannot inspect device '%s'", name);
}

/* The network's MTU: as defined, or else that of the host's bridge or of the uplink. */
static int read_mtu(struct vnm_driver *drv, const struct vnm_network *net,
		    const struct vnm_attachment *attach, struct vnm_attach_facts *facts,
		    struct vnm_error *err)
{
	bool hosts = vnm_network_uses_bridge(net) || vnm_network_has_uplink(net);
	struct vnm_fact_link bridge, dev;
	int r = hosts ? read_link(drv, net->bridge.name, &bridge, err) : -ENODEV;
	uint32_t mtu;

	if (r == 0)
		facts->mtu = bridge.mtu;
	if (r == 0 || r == -ENODEV)
		r = attach->kind == VNM_ATTACH_DEV ? read_link(drv, attach->dev, &dev, err)
						   : -ENODEV;
	if (r < 0)
		return r == -ENODEV ? 0 : r;
	facts->dev_mtu = dev.mtu;
	mtu = vnm_attach_mtu(net, facts);
	warn_of_mtu(drv, net, &dev, mtu ? mtu : ETH_DATA_LEN);
	return 0;
}

/* Was a device up before it was attached? The journal of this boot has the answer; without one, its present state. */
static int was_up(struct vnm_driver *drv, const struct vnm_network *net,
		  const struct vnm_attachment *attach, bool *ret, struct vnm_error *err)
{
	vnm_autojournal struct vnm_journal journal = { 0 };
	vnm_autoclose int made = vnm_attach_made(drv, net->name, false, err);
	int r = made < 0 ? made : vnm_attach_made_before(made, attach->dev, &journal, err);
	const struct vnm_op *plug = vnm_plan_find(&journal.plan, VNM_OP_BRIDGE_PORT);
	const struct vnm_op *on_switch = vnm_plan_find(&journal.plan, VNM_OP_OVS_PORT);
	struct vnm_fact_link link;

	if (r < 0 && r != -ENOENT)
		return r;
	if (plug)
		*ret = plug->bridge_port.was_up;
	else if (on_switch)
		*ret = on_switch->ovs_port.was_up;
	else
		*ret = vnm_link_read_fact(&drv->sys, attach->dev, &link) == 0 && link.up;
	return 0;
}

/* By both inode and cookie: an inode alone may be another namespace's later. */
static int see_netns(struct vnm_driver *drv, const struct vnm_attachment *attach,
		     struct vnm_attach_facts *facts, struct vnm_error *err)
{
	const char *named = attach->netns_name;
	int r = attach->netns ? vnm_netns_inode(attach->netns, &facts->ino) : 0;

	if (r == -ENOENT && (drv->previews || drv->assumed) && attach->created == VNM_TRI_YES)
		r = 0;
	if (r == 0 && vnm_attach_gone(attach))
		return vnm_error_set(err, VNM_ERR_NO_DEVICE, ENOENT,
				     "the process of '%s' has ended; its number is another's now",
				     attach->netns);
	if (r == -ENOENT || r == -ENOTDIR)
		return vnm_error_set(err, VNM_ERR_NO_DEVICE, ENOENT,
				     "network namespace '%s' does not exist%s%s", attach->netns,
				     named ? "; make it by --create, or: ip netns add " : "",
				     named ? named : "");
	/* Who may follow a symbolic link of somebody else depends on fs.protected_symlinks. */
	if (r == -EACCES && vnm_netns_path_check(attach->netns, err) < 0)
		return -EACCES;
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_NO_DEVICE, -r, "'%s' is no network namespace: %s",
				     attach->netns, strerror(-r));
	facts->cookie = facts->ino ? vnm_netns_cookie(attach->netns) : 0;
	r = vnm_link_record_here(&drv->sys);
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r,
				     "cannot identify the network namespace of the host: %s",
				     strerror(-r));
	if (facts->ino && !facts->cookie && drv->sys.here.cookie)
		return vnm_error_set(err, VNM_ERR_SYSTEM, EIO,
				     "cannot read the cookie of network namespace '%s'; try again",
				     attach->netns);
	return 0;
}

/**
 * vnm_attach_plan() - plan an attachment, if it is permitted
 * @drv:    the driver
 * @net:    the network
 * @attach: the attachment, complete
 * @ret:    the plan; free with vnm_plan_clear()
 * @err:    what is missing, or must not be attached
 *
 * Return: 0 or -errno.
 */
int vnm_attach_plan(struct vnm_driver *drv, const struct vnm_network *net,
		    const struct vnm_attachment *attach, struct vnm_plan *ret,
		    struct vnm_error *err)
{
	struct vnm_facts host __attribute__((cleanup(vnm_facts_clear))) = { 0 };
	vnm_autofree char *dir = vnm_attach_client_dir(&drv->paths, net->name);
	vnm_autofree char *client = vnm_dhcp_client_find();
	struct vnm_attach_facts facts = { .parent = attach->parent,
					  .dhcp_client = client,
					  .made_dir = dir,
					  .host = &host,
					  .resolv = has_resolv_dir(attach) };
	int r = see_netns(drv, attach, &facts, err);

	if (r < 0)
		return r;
	r = vnm_attach_netns_ours(drv, attach, facts.ino, facts.cookie, &facts.made_netns, err);
	if (r < 0)
		return r;
	if (facts.made_netns && facts.ino == 0) /* a dry run: the directory would be made, too */
		facts.resolv = true;
	r = vnm_attach_right(drv, net, attach, facts.ino, err);
	if (r < 0)
		return r;
	if (attach->dhcp == VNM_TRI_YES && !client)
		return vnm_error_set(err, VNM_ERR_UNSUPPORTED, ENOENT,
				     "--ip dhcp needs a DHCP client, and none is installed: "
				     "apt-get install udhcpc (or busybox, isc-dhcp-client)");
	r = vnm_frames_there(&drv->sys, err);
	if (r < 0)
		return r;
	facts.filter = r > 0;
	facts.frames_by_port = !vnm_frames_by_name();
	r = attach->kind == VNM_ATTACH_DEV ? was_up(drv, net, attach, &facts.dev_up, err) : 0;
	if (r < 0)
		return r;
	r = read_mtu(drv, net, attach, &facts, err);
	if (r < 0)
		return r;
	r = vnm_guest_see_gateways(drv, net, attach, &facts, err);
	if (r < 0)
		return r;
	r = observe_host(drv, net, attach, &host, err);
	if (r < 0)
		return r;
	vnm_plan_attach(net, attach, &facts, ret);
	return 0;
}
