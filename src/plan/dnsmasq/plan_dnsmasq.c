/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plan_dnsmasq.c - the dnsmasq of a network, its files, and its registration with systemd-resolved. Pure. */
#include "plan/dnsmasq/plan_dnsmasq.h"

#include <errno.h>
#include <string.h>

#include "model/attach.h"
#include "plan/dnsmasq/dnsmasq_conf.h"
#include "plan/dnsmasq/dnsmasq_names.h"
#include "util/mem.h"

/* A list that dnsmasq reloads. Other users of a shared account could change a file that the account owns. */
static void set_owner(const struct vnm_facts *facts, struct vnm_op_file *file)
{
	file->shared = true;
	if (facts->single_uid)
		return;
	if (strcmp(facts->dnsmasq_user, VNM_DNSMASQ_SHARED_USER) != 0)
		file->owner = vnm_strdup(facts->dnsmasq_user);
	else
		file->group = vnm_strdup(facts->dnsmasq_group);
}

static struct vnm_op_file *plan_file(const struct vnm_dnsmasq_paths *places, const char *name,
				     char **content, struct vnm_plan *plan)
{
	struct vnm_op_file *file = &vnm_plan_add(plan, VNM_OP_FILE)->file;

	file->dir = vnm_strdup(places->dnsmasq_dir);
	file->name = vnm_strdup(name);
	file->content = vnm_steal(content);
	return file;
}

static bool serves_dhcp(const struct vnm_network *net)
{
	for (size_t i = 0; i < net->n_ips; i++)
		if (vnm_dhcp_serves(&net->ips[i].dhcp))
			return true;
	return false;
}

/* Does it need the addresses of no device but the bridge? A tun has some, too, and an administrator's options may name others. */
static bool is_bridge_only(const struct vnm_plan_input *in)
{
	size_t first = 0;

	return in->net->dnsmasq_options.n_items == 0 &&
	       !vnm_attachments_next_tun(in->guests, &first);
}

static void plan_process(const struct vnm_plan_input *in, struct vnm_plan *plan)
{
	struct vnm_op_dnsmasq *dnsmasq = &vnm_plan_add(plan, VNM_OP_DNSMASQ)->dnsmasq;

	dnsmasq->dir = vnm_strdup(in->paths->dnsmasq_dir);
	dnsmasq->program = vnm_strdup(in->facts->dnsmasq);
	if (serves_dhcp(in->net))
		dnsmasq->lease_file = vnm_strdup(in->paths->lease_file);
	dnsmasq->bridge = vnm_strdup(in->net->bridge.name);
	if (in->net->vrf.at.present)
		dnsmasq->device = vnm_strdup(in->net->bridge.name);
	dnsmasq->bridge_only = is_bridge_only(in) && !dnsmasq->device;
	dnsmasq->single_uid = in->facts->single_uid;
}

/**
 * vnm_plan_dnsmasq() - the dnsmasq of a network, and its files
 * @in:   the network and its guests, the program and the account it runs as, and where its files are
 * @plan: gets the operations; none where the network wants no dnsmasq
 * @err:  VNM_ERR_UNSUPPORTED, or VNM_ERR_XML_MEANING for a value that has no place in its files
 *
 * Return: 0 or -errno.
 */
int vnm_plan_dnsmasq(const struct vnm_plan_input *in, struct vnm_plan *plan, struct vnm_error *err)
{
	const struct vnm_network *net = in->net;
	const struct vnm_facts *facts = in->facts;
	struct vnm_dnsmasq_files files __attribute__((cleanup(vnm_dnsmasq_files_clear))) = { 0 };
	int r;

	if (!vnm_network_wants_dnsmasq(net))
		return 0;
	if (!facts->dnsmasq)
		return vnm_error_set(
			err, VNM_ERR_UNSUPPORTED, ENOENT,
			"dnsmasq is not installed; network '%s' needs it for DHCP and "
			"DNS: apt-get install dnsmasq-base (or leave <dhcp> out and set "
			"<dns enable='no'/>)",
			net->name);
	if (!facts->single_uid && !facts->dnsmasq_user)
		return vnm_error_set(
			err, VNM_ERR_UNSUPPORTED, ENOENT,
			"network '%s' needs an account as which its dnsmasq can run, and there "
			"is neither '" VNM_DNSMASQ_USER "' nor '" VNM_DNSMASQ_SHARED_USER
			"' with a group: useradd --system " VNM_DNSMASQ_USER,
			net->name);
	r = vnm_dnsmasq_files(in, &files, err);
	if (r < 0)
		return r;
	plan_file(in->paths, VNM_DNSMASQ_CONF, &files.conf, plan);
	set_owner(facts, plan_file(in->paths, VNM_DNSMASQ_HOSTS, &files.hosts, plan));
	set_owner(facts, plan_file(in->paths, VNM_DNSMASQ_ADDNHOSTS, &files.addnhosts, plan));
	plan_process(in, plan);
	return 0;
}

/** vnm_plan_nameserver() - the network's domain, registered with systemd-resolved where the definition says so. */
void vnm_plan_nameserver(const struct vnm_network *net, struct vnm_plan *plan)
{
	struct vnm_op_nameserver *server;

	if (net->domain.registered != VNM_TRI_YES || !vnm_network_dns_enabled(net) ||
	    !vnm_network_wants_dnsmasq(net))
		return;
	server = &vnm_plan_add(plan, VNM_OP_NAMESERVER)->nameserver;
	server->dev = vnm_strdup(net->bridge.name);
	server->domain = vnm_strdup(net->domain.name);
	server->addr = vnm_ip_prefix(&net->ips[0]).addr;
	server->mac = net->mac.address;
}
