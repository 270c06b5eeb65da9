/* SPDX-License-Identifier: GPL-2.0-or-later */
/* update_nat.c - the sections of net-update for the ways in and out of a network; see update_rows.h. */
#include <string.h>
#include <sys/socket.h>

#include "util/mem.h"
#include "xml/update/update_rows.h"

static int fail_there(const struct vnm_change *change, const char *what)
{
	return vnm_change_fail(change, "there is an existing %s entry in network '%s' for the same",
			       what, change->net->name);
}

static int fail_missing(const struct vnm_change *change, const char *what)
{
	return vnm_change_fail(change, "couldn't find a matching %s entry in network '%s'", what,
			       change->net->name);
}

static bool same_ports(const struct vnm_port_range *a, const struct vnm_port_range *b)
{
	return a->first == b->first && a->last == b->last;
}

static bool same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : !a && !b;
}

/* What is not said when deleting is not asked. */
static bool same_addr(const struct vnm_change *change, const struct vnm_addr *a,
		      const struct vnm_addr *b)
{
	return vnm_addr_equal(a, b) || (vnm_change_deletes(change) && b->family == AF_UNSPEC);
}

static bool same_dev(const struct vnm_change *change, const char *a, const char *b)
{
	return same_text(a, b) || (vnm_change_deletes(change) && !b);
}

/* ---- <vnm:portForward> ---- */

static int port_forward_list(const struct vnm_change *change, struct vnm_list *ret)
{
	ret->items = (void **)&change->net->port_forwards;
	ret->n = &change->net->n_port_forwards;
	return 0;
}

/* One port may lead to one guest by IPv4 and to another by IPv6. */
static bool same_family(const struct vnm_change *change, const struct vnm_port_forward *a,
			const struct vnm_port_forward *b)
{
	struct vnm_forward_target x = vnm_port_forward_target(a, 0);
	struct vnm_forward_target y = vnm_port_forward_target(b, 0);

	if (!vnm_change_deletes(change))
		return x.address.family == y.address.family;
	if (b->to.family == AF_UNSPEC)
		return true;
	for (size_t i = 0; i < vnm_port_forward_targets(a); i++) {
		x = vnm_port_forward_target(a, i);
		if (vnm_addr_equal(&x.address, &b->to))
			return true;
	}
	return false;
}

static bool port_forward_matches(const struct vnm_change *change, const void *there,
				 const void *given)
{
	const struct vnm_port_forward *a = there, *b = given;

	if (vnm_change_deletes(change) && b->name && !b->port.first)
		return same_text(a->name, b->name);
	return a->proto == b->proto && same_ports(&a->port, &b->port) &&
	       same_addr(change, &a->address, &b->address) && same_dev(change, a->dev, b->dev) &&
	       same_family(change, a, b);
}

static int port_forward_exists(const struct vnm_change *change, const void *given)
{
	(void)given;
	return fail_there(change, "port-forward");
}

static int port_forward_missing(const struct vnm_change *change, const void *given)
{
	(void)given;
	return fail_missing(change, "port-forward");
}

static int port_forward_many(const struct vnm_change *change)
{
	return vnm_change_fail(change,
			       "several forwards of network '%s' match; name the address, the "
			       "device or the guest of one",
			       change->net->name);
}

const struct vnm_section_row vnm_section_port_forward =
	VNM_LIST_ROW(port_forward, "port-forward", "portForward", vnm_port_forward, VNM_HOW_ALL,
		     .many = port_forward_many);

/* ---- <vnm:redirect> ---- */

static int redirect_list(const struct vnm_change *change, struct vnm_list *ret)
{
	ret->items = (void **)&change->net->redirects;
	ret->n = &change->net->n_redirects;
	return 0;
}

static bool redirect_matches(const struct vnm_change *change, const void *there, const void *given)
{
	const struct vnm_redirect *a = there, *b = given;

	(void)change;
	return a->proto == b->proto && same_ports(&a->port, &b->port);
}

static int redirect_exists(const struct vnm_change *change, const void *given)
{
	(void)given;
	return fail_there(change, "redirect");
}

static int redirect_missing(const struct vnm_change *change, const void *given)
{
	(void)given;
	return fail_missing(change, "redirect");
}

const struct vnm_section_row vnm_section_redirect =
	VNM_LIST_ROW(redirect, "redirect", "redirect", vnm_redirect, VNM_HOW_ALL);

/* ---- <vnm:sourceNat> ---- */

static int source_nat_list(const struct vnm_change *change, struct vnm_list *ret)
{
	ret->items = (void **)&change->net->source_nats;
	ret->n = &change->net->n_source_nats;
	return 0;
}

static int source_family(const struct vnm_source_nat *nat)
{
	return nat->start.family != AF_UNSPEC ? nat->start.family : nat->address.family;
}

/* One for each device and family. */
static bool source_nat_matches(const struct vnm_change *change, const void *there,
			       const void *given)
{
	const struct vnm_source_nat *a = there, *b = given;
	int wanted = source_family(b);

	return same_text(a->dev, b->dev) &&
	       (source_family(a) == wanted || (vnm_change_deletes(change) && wanted == AF_UNSPEC));
}

static int source_nat_exists(const struct vnm_change *change, const void *given)
{
	(void)given;
	return fail_there(change, "source-nat");
}

static int source_nat_missing(const struct vnm_change *change, const void *given)
{
	(void)given;
	return fail_missing(change, "source-nat");
}

static int source_nat_many(const struct vnm_change *change)
{
	return vnm_change_fail(change, "several source addresses of network '%s' match; name one",
			       change->net->name);
}

const struct vnm_section_row vnm_section_source_nat =
	VNM_LIST_ROW(source_nat, "source-nat", "sourceNat", vnm_source_nat, VNM_HOW_ALL,
		     .many = source_nat_many);

/* ---- <vnm:staticNat> ---- */

static int static_nat_list(const struct vnm_change *change, struct vnm_list *ret)
{
	ret->items = (void **)&change->net->static_nats;
	ret->n = &change->net->n_static_nats;
	return 0;
}

static bool static_nat_matches(const struct vnm_change *change, const void *there,
			       const void *given)
{
	const struct vnm_static_nat *a = there, *b = given;

	return same_addr(change, &a->outside, &b->outside) &&
	       (!vnm_change_deletes(change) || same_addr(change, &a->inside, &b->inside));
}

static int static_nat_exists(const struct vnm_change *change, const void *given)
{
	(void)given;
	return fail_there(change, "static-nat");
}

static int static_nat_missing(const struct vnm_change *change, const void *given)
{
	(void)given;
	return fail_missing(change, "static-nat");
}

static int static_nat_many(const struct vnm_change *change)
{
	return vnm_change_fail(change, "several 1:1 addresses of network '%s' match; name one",
			       change->net->name);
}

const struct vnm_section_row vnm_section_static_nat =
	VNM_LIST_ROW(static_nat, "static-nat", "staticNat", vnm_static_nat, VNM_HOW_ALL,
		     .many = static_nat_many);

/* ---- <vnm:allow> ---- */

static int allow_list(const struct vnm_change *change, struct vnm_list *ret)
{
	ret->items = (void **)&change->net->allows;
	ret->n = &change->net->n_allows;
	return 0;
}

static bool allow_matches(const struct vnm_change *change, const void *there, const void *given)
{
	const struct vnm_allow *a = there, *b = given;

	(void)change;
	return vnm_change_same(a->network, b->network) && a->proto == b->proto &&
	       same_ports(&a->port, &b->port);
}

static int allow_exists(const struct vnm_change *change, const void *given)
{
	(void)given;
	return fail_there(change, "allow");
}

static int allow_missing(const struct vnm_change *change, const void *given)
{
	(void)given;
	return fail_missing(change, "allow");
}

const struct vnm_section_row vnm_section_allow =
	VNM_LIST_ROW(allow, "allow", "allow", vnm_allow, VNM_HOW_ADD_DELETE,
		     .refusal = "allow entries cannot be modified, only added or deleted");
