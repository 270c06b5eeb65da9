/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_forward.c - port forwardings: net-forward-add, net-forward-del. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "cli/affect.h"
#include "cli/document.h"
#include "cli/forward_args.h"
#include "cli/output.h"
#include "cli/session.h"
#include "util/mem.h"
#include "xml/bind_print.h"
#include "xml/network_xml.h"
#include "xml/update/sections.h"
#include "xml/vocabulary.h"

/**
 * struct forwarding - a change, and for how long it holds
 * @args:    the forward
 * @name:    the network
 * @affect:  the definitions that are changed; @same: those that have this very forward before, @has: one of these ports; bits of enum
 *           vnm_affect
 * @leads: where the port leads already, in one of them; or NULL
 * @defined: the network has a persistent definition; @active: and a live one
 */
struct forwarding {
	struct vnm_forward_args args;
	char *name, *leads;
	unsigned affect, same, has;
	bool defined, active;
};

static void forwarding_clear(struct forwarding *f)
{
	vnm_forward_args_clear(&f->args);
	free(f->name);
	free(f->leads);
}
#define autoforwarding __attribute__((cleanup(forwarding_clear)))

static bool same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static bool same_ports(const struct vnm_port_forward *a, const struct vnm_port_forward *b)
{
	return a->proto == b->proto && a->port.first == b->port.first &&
	       a->port.last == b->port.last && vnm_addr_equal(&a->address, &b->address) &&
	       (a->to.family == AF_UNSPEC || vnm_addr_equal(&a->to, &b->to));
}

/* Are they equal in every attribute? */
static bool same_forward(const struct vnm_port_forward *a, const struct vnm_port_forward *b)
{
	return same_ports(a, b) && b->n_targets == 0 && same_text(a->dev, b->dev) &&
	       (a->masquerade == VNM_TRI_YES) == (b->masquerade == VNM_TRI_YES) &&
	       same_text(a->name, b->name) &&
	       (a->to_port.set ? a->to_port.v : a->port.first) ==
		       (b->to_port.set ? b->to_port.v : b->port.first);
}

static bool has_forward(const struct vnm_network *net, const struct vnm_port_forward *forward)
{
	for (size_t i = 0; i < net->n_port_forwards; i++)
		if (same_forward(forward, &net->port_forwards[i]))
			return true;
	return false;
}

static bool has_ports(const struct vnm_network *net, const struct vnm_port_forward *forward)
{
	for (size_t i = 0; i < net->n_port_forwards; i++)
		if (same_ports(forward, &net->port_forwards[i]))
			return true;
	return false;
}

static bool load_network(struct vnm_cli *cli, const char *name, bool persistent,
			 struct vnm_network *ret)
{
	vnm_autofree char *text = NULL;
	struct vnm_error ignored = { 0 };

	return vnm_driver_dumpxml(cli->driver, name,
				  &(struct vnm_dumpxml){ .inactive = persistent }, &text,
				  &ignored) == 0 &&
	       vnm_network_xml_parse(text, strlen(text), name, ret, &ignored) == 0;
}

/* "192.0.2.7:80", "[2001:db8::7]:80", "192.0.2.7:80 (web)"; @guest: or NULL */
static char *target_text(const struct vnm_port_forward *forward, const char *guest)
{
	bool brackets = forward->to.family == AF_INET6 && forward->to_port.set;
	char addr[VNM_ADDR_STRLEN];
	struct vnm_buf out = { 0 };

	vnm_buf_printf(&out, brackets ? "[%s]" : "%s", vnm_addr_format(&forward->to, addr));
	if (forward->to_port.set)
		vnm_buf_printf(&out, ":%" PRIu32, forward->to_port.v);
	if (guest)
		vnm_buf_printf(&out, " (%s)", guest);
	return vnm_buf_steal(&out);
}

/* Where does the port lead, whatever is to become of it? */
static void find_present(const struct vnm_network *net, struct forwarding *f)
{
	const struct vnm_port_forward *wanted = &f->args.forward;

	for (size_t i = 0; !f->leads && i < net->n_port_forwards; i++) {
		const struct vnm_port_forward *is = &net->port_forwards[i];

		if (is->proto == wanted->proto && is->port.first == wanted->port.first &&
		    is->port.last == wanted->port.last && is->n_targets == 0 &&
		    vnm_addr_equal(&is->address, &wanted->address) &&
		    same_text(is->dev, wanted->dev) && is->to.family == wanted->to.family)
			f->leads = target_text(is, NULL);
	}
}

/* The state before the change, for the message after it. Errors are left to the change itself. */
static void read_before(struct vnm_cli *cli, struct forwarding *f)
{
	vnm_autonetwork struct vnm_network persistent = { 0 }, live = { 0 };
	const struct vnm_port_forward *forward = &f->args.forward;
	struct vnm_info info = { 0 };
	struct vnm_error ignored = { 0 };

	if (vnm_driver_info(cli->driver, f->name, false, &info, &ignored) < 0)
		return;
	f->defined = info.persistent;
	f->active = info.active;
	if (f->defined && load_network(cli, f->name, true, &persistent))
		f->same |= has_forward(&persistent, forward) ? VNM_AFFECT_CONFIG : 0;
	if (info.active && load_network(cli, f->name, false, &live))
		f->same |= has_forward(&live, forward) ? VNM_AFFECT_LIVE : 0;
	find_present(&live, f);
	find_present(&persistent, f);
	f->has |= has_ports(&persistent, forward) ? VNM_AFFECT_CONFIG : 0;
	f->has |= has_ports(&live, forward) ? VNM_AFFECT_LIVE : 0;
	vnm_info_clear(&info);
}

/* One definition may have the forward already, or no longer; what both have, or neither, the change itself refuses. */
static void leave_same(struct forwarding *f, enum vnm_update_how how)
{
	const unsigned both = VNM_AFFECT_LIVE | VNM_AFFECT_CONFIG;

	if (f->affect != both || !f->defined || !f->active)
		return;
	if (how == VNM_UPDATE_DELETE)
		f->affect = f->has ? f->has : both;
	else if (f->same != both)
		f->affect &= ~f->same;
}

/* The same change as "net-update NETWORK add port-forward '<vnm:portForward .../>'". */
static int change_forward(struct vnm_cli *cli, struct forwarding *f, enum vnm_update_how how,
			  struct vnm_error *err)
{
	struct vnm_port_forward *forward = &f->args.forward;
	vnm_autobuf struct vnm_buf xml = { 0 };
	struct vnm_update change = { .how = how,
				     .section = vnm_section_find("port-forward"),
				     .parent = -1 };
	int r;

	if (vnm_cli_affect(cli, &f->affect) < 0 || vnm_cli_lookup(cli, &f->name) < 0)
		return 1;
	if (f->args.guest) {
		r = vnm_driver_guest_address(cli->driver, f->name, f->args.guest,
					     forward->address.family, &forward->to, err);
		if (r < 0)
			return r;
	}
	read_before(cli, f);
	leave_same(f, how);
	vnm_bind_print(vnm_field_find("portForward")->element, forward, 0, &xml);
	change.xml = vnm_buf_str(&xml);
	change.len = xml.len;
	return vnm_cli_update(cli, f->name, &f->affect, &change, err);
}

/* A live change ends with the network, one of the definition begins with its next start. */
static const char *term(const struct forwarding *f, enum vnm_update_how how)
{
	if (f->affect == VNM_AFFECT_CONFIG) {
		bool leads = how != VNM_UPDATE_DELETE && (f->same & VNM_AFFECT_LIVE);

		return leads ? "" : ", from its next start on";
	}
	if (f->affect != VNM_AFFECT_LIVE)
		return "";
	if (how == VNM_UPDATE_DELETE)
		return f->has & VNM_AFFECT_CONFIG
			       ? ", until it is started again: --config ends it for good"
			       : "";
	if (!f->defined)
		return ", until that stops";
	return f->has & VNM_AFFECT_CONFIG ? "" : ", until that stops: --config keeps it";
}

static int net_forward_add(struct vnm_cli *cli)
{
	struct forwarding f autoforwarding = { 0 };
	const char *label = vnm_cli_value(cli, VNM_OPT_NAME);
	vnm_autofree char *target = NULL;
	struct vnm_error err = { 0 };
	int r;

	if (vnm_forward_args_read(cli, true, &f.args) < 0)
		return 1;
	f.args.forward.name = label ? vnm_strdup(label) : NULL;
	if (vnm_cli_seen(cli, VNM_OPT_MASQUERADE))
		f.args.forward.masquerade = VNM_TRI_YES;
	r = change_forward(cli, &f, VNM_UPDATE_ADD_LAST, &err);
	if (r < 0)
		vnm_cli_fail(cli, &err, "Failed to forward %s port %s into network %s",
			     f.args.proto, f.args.port, f.name);
	if (r < 0 && f.leads)
		vnm_cli_hint(cli,
			     "%s port %s leads to %s already; this ends it: vnetmgr "
			     "net-forward-del %s %s %s --live --config",
			     f.args.proto, f.args.port, f.leads, f.name, f.args.proto, f.args.port);
	if (r != 0)
		return 1;
	target = target_text(&f.args.forward, f.args.guest);
	if (!vnm_cli_seen(cli, VNM_OPT_DRY_RUN))
		vnm_cli_extra(cli, "%s port %s leads to %s in network %s%s\n", f.args.proto,
			      f.args.port, target, f.name, term(&f, VNM_UPDATE_ADD_LAST));
	return 0;
}

/* clang-format off */
#define FORWARDED(type) \
	{ VNM_OPT_PROTO, VNM_OPT_OPERAND, \
	  "tcp or udp; or with the host's port, tcp/8080, and the guest's, 8080:80/tcp", type }, \
	{ VNM_OPT_PORT, VNM_OPT_ARGUMENT | VNM_OPT_USUAL, \
	  "port of the host, or a range: 8000-8010" }
#define FORWARD_PLACE \
	{ VNM_OPT_ADDRESS, VNM_OPT_HAS_VALUE, "only packets to this address of the host" }, \
	{ VNM_OPT_DEV, VNM_OPT_HAS_VALUE, "only packets that arrive on this device" }
/* clang-format on */

static const struct vnm_option net_forward_add_options[] = {
	VNM_OPTION_NETWORK,
	FORWARDED(VNM_ARG_PROTOCOL),
	{ VNM_OPT_TO, VNM_OPT_ARGUMENT | VNM_OPT_USUAL,
	  "address or name of the guest, with :PORT if its port differs; a name is looked up "
	  "once" },
	FORWARD_PLACE,
	{ VNM_OPT_MASQUERADE, 0,
	  "masquerade the connections as the host's, for guests with another default gateway" },
	{ VNM_OPT_NAME, VNM_OPT_HAS_VALUE, "label of the forward in lists" },
	VNM_OPTIONS_AFFECT,
	VNM_OPTION_DRY_RUN,
	VNM_OPTION_JSON_STEPS,
};

const struct vnm_command vnm_command_net_forward_add = {
	.name = "net-forward-add",
	.group = VNM_HELP_FORWARDING,
	.flags = VNM_COMMAND_CHANGES,
	.summary = "forward a host port to a guest",
	.description = "From outside, from the host itself, and from guests of the "
		       "network. Refused where another network or a service of the host "
		       "has the port. For a forward that stays when the network stops, "
		       "give --config, with or without --live.",
	VNM_OPTIONS(net_forward_add_options),
	.run = net_forward_add,
};

static int net_forward_del(struct vnm_cli *cli)
{
	struct forwarding f autoforwarding = { 0 };
	struct vnm_error err = { 0 };
	int r;

	if (vnm_forward_args_read(cli, false, &f.args) < 0)
		return 1;
	r = change_forward(cli, &f, VNM_UPDATE_DELETE, &err);
	if (r < 0)
		vnm_cli_fail(cli, &err,
			     "Failed to remove the forward of %s port %s into network %s",
			     f.args.proto, f.args.port, f.name);
	if (r != 0)
		return 1;
	if (!vnm_cli_seen(cli, VNM_OPT_DRY_RUN))
		vnm_cli_extra(cli, "%s port %s no longer leads into network %s%s\n", f.args.proto,
			      f.args.port, f.name, term(&f, VNM_UPDATE_DELETE));
	return 0;
}

static const struct vnm_option net_forward_del_options[] = {
	VNM_OPTION_NETWORK,
	FORWARDED(VNM_ARG_FORWARD),
	{ VNM_OPT_TO, VNM_OPT_HAS_VALUE, "remove the forward to this guest" },
	FORWARD_PLACE,
	VNM_OPTIONS_AFFECT,
	VNM_OPTION_DRY_RUN,
	VNM_OPTION_JSON_STEPS,
};

const struct vnm_command vnm_command_net_forward_del = {
	.name = "net-forward-del",
	.group = VNM_HELP_FORWARDING,
	.flags = VNM_COMMAND_CHANGES,
	.summary = "remove a port forward",
	VNM_OPTIONS(net_forward_del_options),
	.run = net_forward_del,
};
