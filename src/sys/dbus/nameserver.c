/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nameserver.c - register a network's domain and its name server with systemd-resolved.
 *
 * It has servers and domains for each link; names in such a domain are resolved by that link's servers only. They are
 * removed with our bridge. It does not query a link without carrier, so names resolve from the first guest on.
 */
#ifdef HAVE_SD_BUS
#include "sys/op_impl.h"

#include <errno.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include "sys/dbus/bus.h"
#include <systemd/sd-bus.h>

/* It learns of a new bridge from the kernel, and may read our call first; after its answer it has read both. */
#define TRIES 3
#define NO_SUCH_LINK "org.freedesktop.resolve1.NoSuchLink"
#define LINK_BUSY "org.freedesktop.resolve1.LinkBusy"

static const struct vnm_bus_place manager = { VNM_BUS_RESOLVED, "/org/freedesktop/resolve1",
					      "org.freedesktop.resolve1.Manager" };

static size_t addr_size(int family)
{
	return family == AF_INET ? 4 : 16;
}

static int need_device(struct vnm_sys *sys, const struct vnm_op_nameserver *want, int *ret,
		       struct vnm_error *err)
{
	enum vnm_presence presence;
	struct vnm_link link;
	int r = vnm_bus_device(sys, want->dev, &want->mac, &link, &presence, err);

	if (r < 0)
		return r;
	if (presence != VNM_PRESENT)
		return vnm_error_set(err, VNM_ERR_NO_DEVICE, ENODEV,
				     "cannot register domain %s: device '%s' does not exist",
				     want->domain, want->dev);
	*ret = link.fact.index;
	return 0;
}

static int set_domains(struct vnm_sys *sys, struct vnm_bus_call *call, int ifindex,
		       const struct vnm_op_nameserver *want)
{
	int r = -EAGAIN;

	for (int i = 0; i < TRIES && r < 0; i++) {
		vnm_bus_call_clear(call);
		/* true: a routing-only domain, no search domain */
		r = vnm_bus_ask(sys, call, &manager, "SetLinkDomains", "ia(sb)", ifindex, 1,
				want->domain, 1);
		if (r < 0 && strcmp(call->name, NO_SUCH_LINK) != 0)
			break;
	}
	return r;
}

static int set_server(struct vnm_sys *sys, struct vnm_bus_call *call, int ifindex,
		      const struct vnm_addr *addr)
{
	int r;

	vnm_bus_call_clear(call);
	r = vnm_bus_begin(sys, call, &manager, "SetLinkDNS");
	if (r == 0)
		r = sd_bus_message_append(call->msg, "i", ifindex);
	if (r >= 0)
		r = sd_bus_message_open_container(call->msg, 'a', "(iay)");
	if (r >= 0)
		r = sd_bus_message_open_container(call->msg, 'r', "iay");
	if (r >= 0)
		r = sd_bus_message_append(call->msg, "i", addr->family);
	if (r >= 0)
		r = sd_bus_message_append_array(call->msg, 'y', addr->b, addr_size(addr->family));
	if (r >= 0)
		r = sd_bus_message_close_container(call->msg);
	if (r >= 0)
		r = sd_bus_message_close_container(call->msg);
	return r < 0 ? r : vnm_bus_do(sys, call);
}

static int refused(struct vnm_error *err, int r, const struct vnm_bus_call *call,
		   const struct vnm_op_nameserver *want)
{
	if (r == -ESRCH)
		return vnm_error_set(err, VNM_ERR_UNSUPPORTED, ESRCH,
				     "failed to register name server: systemd-resolved is not "
				     "available; start it (systemctl start systemd-resolved), or "
				     "take register='yes' out of the definition");
	if (!strcmp(call->name, LINK_BUSY))
		return vnm_error_set(err, VNM_ERR_FOREIGN, EBUSY,
				     "failed to register name server: device '%s' is managed by "
				     "systemd-networkd; set Unmanaged=yes for it there",
				     want->dev);
	return vnm_bus_fail(err, r, call, "failed to register name server for domain %s on '%s'",
			    want->domain, want->dev);
}

/* Probed on the loopback device, which always exists; this changes nothing. */
static int nameserver_prepare(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	vnm_autocall struct vnm_bus_call call = { 0 };
	int r = vnm_bus_ask(sys, &call, &manager, "GetLink", "i", 1);

	if (r < 0 && strcmp(call.name, NO_SUCH_LINK) != 0)
		return refused(err, r, &call, &op->nameserver);
	return 0;
}

static int revert_link(struct vnm_sys *sys, struct vnm_bus_call *call, int ifindex)
{
	int r;

	vnm_bus_call_clear(call);
	r = vnm_bus_ask(sys, call, &manager, "RevertLink", "i", ifindex);
	return r == -ESRCH || !strcmp(call->name, NO_SUCH_LINK) ? 0 : r;
}

static int nameserver_apply(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const struct vnm_op_nameserver *want = &op->nameserver;
	vnm_autocall struct vnm_bus_call call = { 0 };
	int ifindex = 0, r = need_device(sys, want, &ifindex, err);

	if (r < 0)
		return r;
	r = set_domains(sys, &call, ifindex, want);
	if (r == 0)
		r = set_server(sys, &call, ifindex, &want->addr);
	if (r == 0)
		return 0;
	refused(err, r, &call, want);
	(void)revert_link(sys, &call, ifindex);
	return r;
}

/* Read a property of the link's object; @call gets the answer, entered up to its value. */
static int read_property(struct vnm_sys *sys, struct vnm_bus_call *call, const char *path,
			 const char *name, const char *type)
{
	const struct vnm_bus_place properties = { VNM_BUS_RESOLVED, path,
						  "org.freedesktop.DBus.Properties" };
	int r;

	vnm_bus_call_clear(call);
	r = vnm_bus_ask(sys, call, &properties, "Get", "ss", "org.freedesktop.resolve1.Link", name);
	if (r == 0)
		r = sd_bus_message_enter_container(call->answer, 'v', type);
	return r < 0 ? r : sd_bus_message_enter_container(call->answer, 'a', type + 1);
}

static bool same_domain(const char *a, const char *b)
{
	size_t len = strlen(a), other = strlen(b);

	len -= len > 1 && a[len - 1] == '.';
	other -= other > 1 && b[other - 1] == '.';
	return len == other && !strncasecmp(a, b, len);
}

/* Is our domain the only one? 1, 0 or -errno. */
static int has_domain(struct vnm_sys *sys, struct vnm_bus_call *call, const char *path,
		      const char *domain)
{
	const char *name;
	int only, r = read_property(sys, call, path, "Domains", "a(sb)");

	if (r >= 0)
		r = sd_bus_message_read(call->answer, "(sb)", &name, &only);
	if (r <= 0)
		return r;
	return only && same_domain(name, domain) && sd_bus_message_at_end(call->answer, 0) > 0;
}

/* Is our server the only one? 1, 0 or -errno. */
static int has_server(struct vnm_sys *sys, struct vnm_bus_call *call, const char *path,
		      const struct vnm_addr *addr)
{
	const void *bytes = NULL;
	size_t len = 0;
	int family = 0, r = read_property(sys, call, path, "DNS", "a(iay)");

	if (r >= 0)
		r = sd_bus_message_enter_container(call->answer, 'r', "iay");
	if (r > 0)
		r = sd_bus_message_read(call->answer, "i", &family);
	if (r > 0)
		r = sd_bus_message_read_array(call->answer, 'y', &bytes, &len);
	if (r > 0)
		r = sd_bus_message_exit_container(call->answer);
	if (r <= 0)
		return r;
	return family == addr->family && len == addr_size(family) && !memcmp(bytes, addr->b, len) &&
	       sd_bus_message_at_end(call->answer, 0) > 0;
}

/* A setting of our own device: any other value counts as absent, and is set again. */
static int nameserver_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
			    struct vnm_error *err)
{
	const struct vnm_op_nameserver *want = &op->nameserver;
	vnm_autocall struct vnm_bus_call link = { 0 }, call = { 0 };
	enum vnm_presence presence;
	struct vnm_link device;
	const char *path;
	int r = vnm_bus_device(sys, want->dev, &want->mac, &device, &presence, err);

	*ret = VNM_ABSENT;
	if (r < 0 || presence != VNM_PRESENT)
		return r;
	r = vnm_bus_ask(sys, &link, &manager, "GetLink", "i", device.fact.index);
	/* A hanging resolver makes the network degraded; its repair reports why. */
	if (r == -ESRCH || r == -ETIMEDOUT || !strcmp(link.name, NO_SUCH_LINK))
		return 0;
	if (r == 0)
		r = sd_bus_message_read(link.answer, "o", &path);
	if (r < 0)
		return vnm_bus_fail(err, r, &link, "cannot ask for the name server of '%s'",
				    want->dev);
	r = has_domain(sys, &call, path, want->domain);
	if (r > 0)
		r = has_server(sys, &call, path, &want->addr);
	if (r < 0)
		return vnm_bus_fail(err, r, &call, "cannot ask for the name server of '%s'",
				    want->dev);
	if (r > 0)
		*ret = VNM_PRESENT;
	return 0;
}

static int nameserver_revert(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const struct vnm_op_nameserver *want = &op->nameserver;
	vnm_autocall struct vnm_bus_call call = { 0 };
	enum vnm_presence presence;
	struct vnm_link link;
	int r = vnm_bus_device(sys, want->dev, &want->mac, &link, &presence, err);

	if (r < 0 || presence != VNM_PRESENT)
		return r;
	r = revert_link(sys, &call, link.fact.index);
	return r < 0 ? vnm_bus_fail(err, r, &call, "cannot remove the name server of '%s'",
				    want->dev)
		     : 0;
}

static int nameserver_change(struct vnm_sys *sys, const struct vnm_op *old,
			     const struct vnm_op *new, struct vnm_error *err)
{
	(void)old;
	return nameserver_apply(sys, new, err);
}

const struct vnm_op_impl vnm_impl_nameserver = {
	.prepare = nameserver_prepare,
	.apply = nameserver_apply,
	.check = nameserver_check,
	.revert = nameserver_revert,
	.change = nameserver_change,
};
#endif
