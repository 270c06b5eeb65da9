/* SPDX-License-Identifier: GPL-2.0-or-later */
/* validate_evpn.c - <vnm:evpn>: can the hosts of an overlay find each other? And the addresses of hosts. */
#include "model/validate_evpn.h"

#include <string.h>
#include <sys/socket.h>

#include "model/overlay.h"
#include "model/validate_address.h"

#define AS_TRANS 23456 /* RFC 6793 */
#define AS_LAST 65535 /* RFC 7300 */
#define PASSWORD_MAX 80 /* TCP_MD5SIG_MAXKEYLEN */
#define PASSWORD_CHARS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.+=/:,@%-"

static bool is_link_local(const struct vnm_addr *addr)
{
	struct vnm_prefix local;

	vnm_prefix_parse("fe80::/10", &local);
	return vnm_prefix_contains(&local, addr);
}

/**
 * vnm_check_host_address() - an address of a host: not in the network, which would carry its own packets
 * @check: the validation; the subnets are valid
 * @at:    where it is
 * @addr:  the address
 *
 * Return: 0 or -EINVAL.
 */
int vnm_check_host_address(struct vnm_check *check, const struct vnm_at *at,
			   const struct vnm_addr *addr)
{
	const struct vnm_network *net = check->net;
	char text[VNM_ADDR_STRLEN], subnet[VNM_PREFIX_STRLEN];
	int r = vnm_check_unicast(check, at, addr);

	if (r < 0)
		return r;
	vnm_addr_format(addr, text);
	if (is_link_local(addr))
		return vnm_check_fail(check, at,
				      "'%s' in <vnm:overlay> of network '%s' is link-local, which "
				      "says nothing without a device; use another address of that "
				      "host",
				      text, net->name);
	for (size_t i = 0; i < net->n_ips; i++) {
		struct vnm_prefix own = vnm_ip_prefix(&net->ips[i]);

		own = vnm_prefix_network(&own);
		if (vnm_prefix_contains(&own, addr))
			return vnm_check_fail(
				check, at,
				"'%s' in <vnm:overlay> is within subnet %s of network "
				"'%s' itself; the hosts need addresses outside of it",
				text, vnm_prefix_format(&own, subnet), net->name);
	}
	return 0;
}

static int fail(struct vnm_check *check, const char *why)
{
	return vnm_check_fail(check, &check->net->overlay.evpn.at, "<vnm:evpn> of network '%s' %s",
			      check->net->name, why);
}

static int check_family(struct vnm_check *check)
{
	const struct vnm_overlay *overlay = &check->net->overlay;
	const struct vnm_evpn *evpn = &overlay->evpn;

	if (overlay->local.family == AF_INET6 || evpn->reflector.family == AF_INET6 ||
	    evpn->reflector2.family == AF_INET6 || evpn->listen.addr.family == AF_INET6)
		return fail(check, "has an IPv6 address: FRR's EVPN takes IPv4 between the hosts; "
				   "with IPv6, list them as <vnm:peer>");
	return 0;
}

static int check_reflectors(struct vnm_check *check)
{
	const struct vnm_evpn *evpn = &check->net->overlay.evpn;
	const struct vnm_addr *both[] = { &evpn->reflector, &evpn->reflector2 };
	int r = 0;

	if (evpn->reflector.family == AF_UNSPEC && evpn->reflector2.family != AF_UNSPEC)
		return fail(check, "has reflector2 and no reflector");
	if (evpn->reflector.family == AF_UNSPEC && evpn->listen.len == 0)
		return fail(check, "needs reflector, the address of the host that tells the others "
				   "of each other; if this host is the one, listen, the subnet of "
				   "the others");
	for (size_t i = 0; i < 2 && r == 0; i++)
		if (both[i]->family != AF_UNSPEC)
			r = vnm_check_host_address(check, &evpn->at, both[i]);
	if (r == 0 && evpn->reflector.family != AF_UNSPEC && vnm_addr_equal(both[0], both[1]))
		return fail(check, "has the same reflector twice");
	return r;
}

static int check_listen(struct vnm_check *check)
{
	const struct vnm_network *net = check->net;
	const struct vnm_overlay *overlay = &net->overlay;
	const struct vnm_evpn *evpn = &overlay->evpn;
	char subnet[VNM_PREFIX_STRLEN], local[VNM_ADDR_STRLEN];

	if (evpn->listen.len == 0)
		return 0;
	for (size_t i = 0; i < net->n_ips; i++) {
		struct vnm_prefix own = vnm_ip_prefix(&net->ips[i]);

		if (!vnm_prefix_overlaps(&own, &evpn->listen))
			continue;
		own = vnm_prefix_network(&own);
		return vnm_check_fail(check, &evpn->at,
				      "listen of <vnm:evpn> overlaps with subnet %s of network "
				      "'%s' itself; the hosts need addresses outside of it",
				      vnm_prefix_format(&own, subnet), net->name);
	}
	if (overlay->local.family == AF_UNSPEC || vnm_evpn_reflects(overlay) ||
	    vnm_prefix_contains(&evpn->listen, &overlay->local))
		return 0;
	return vnm_check_fail(check, &evpn->at,
			      "address '%s' of this host is not in listen='%s' of network '%s', so "
			      "no other host would accept it",
			      vnm_addr_format(&overlay->local, local),
			      vnm_prefix_format(&evpn->listen, subnet), net->name);
}

/* The message does not have it. */
static int check_password(struct vnm_check *check)
{
	const struct vnm_evpn *evpn = &check->net->overlay.evpn;
	const char *password = evpn->password ? evpn->password : "";

	if (strlen(password) > PASSWORD_MAX || password[strspn(password, PASSWORD_CHARS)])
		return fail(check, "has an invalid password: it is made of at most 80 letters, "
				   "digits and _ . + = / : , @ % -");
	if (!*password && evpn->listen.len)
		vnm_check_warn(check, &evpn->at,
			       "network '%s' has <vnm:evpn> without a password: whoever has an "
			       "address of its hosts can be one of them",
			       check->net->name);
	return 0;
}

/**
 * vnm_check_evpn() - validate <vnm:evpn>
 * @check: the validation; the subnets are valid
 *
 * Return: 0 or -EINVAL.
 */
int vnm_check_evpn(struct vnm_check *check)
{
	const struct vnm_overlay *overlay = &check->net->overlay;
	const uint32_t asn = overlay->evpn.asn.v;
	int r;

	if (overlay->n_peers)
		return fail(check,
			    "cannot be beside <vnm:peer>: by EVPN the hosts find each other");
	if (asn == AS_TRANS || asn == AS_LAST)
		return vnm_check_fail(
			check, &overlay->evpn.at,
			"ASN %u is reserved; for private use there are 64512 to 65534, "
			"and 4200000000 to 4294967294",
			asn);
	r = check_family(check);
	if (r == 0)
		r = check_reflectors(check);
	if (r == 0)
		r = check_listen(check);
	return r < 0 ? r : check_password(check);
}
