/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * validate.c - validation of a definition: the network as a whole; its parts are in validate_*.c.
 *
 * Each check stops at the first error. Messages are libvirt's where it has one. What libvirt accepts but cannot
 * start, or starts otherwise than written, is refused here: its author is present when it is defined, and perhaps
 * not when it is started at boot.
 */
#include "model/validate.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "model/validate_dns.h"
#include "model/validate_dnsmasq.h"
#include "model/validate_forward.h"
#include "model/validate_ip.h"
#include "model/validate_nat.h"
#include "model/validate_overlay.h"
#include "model/validate_port.h"
#include "model/validate_route.h"
#include "model/validate_vrf.h"
#include "util/mem.h"

#define IFNAME_MAX 15		/* characters of a device's name: IFNAMSIZ less the NUL */
#define STP_DELAY_MIN 2		/* seconds; kernel net/bridge/br_private_stp.h: BR_MIN_FORWARD_DELAY */
#define STP_DELAY_MAX 30	/* BR_MAX_FORWARD_DELAY */
#define DELAY_MAX 32767		/* seconds */
#define GROUP_FWD_NEVER 0x7u
#define MTU_MIN 68		/* ETH_MIN_MTU */
#define MTU_MAX 65535		/* ETH_MAX_MTU */

static int check_name(struct vnm_check *check)
{
	const struct vnm_network *net = check->net;

	if (!net->name || !*net->name)
		return vnm_check_fail(check, &net->at, "missing name information");
	if (strchr(net->name, '/'))
		return vnm_check_fail(check, &net->at, "invalid char in name: /");
	if (!vnm_name_valid(net->name))
		return vnm_check_fail(check, &net->at,
				      "invalid network name '%.70s': it is made of 1 to %d "
				      "letters, digits and _ . + -, the first a letter, a digit or "
				      "_", net->name, VNM_NAME_MAX);
	return 0;
}

/* One %d, with room for two digits, and the result is a valid name. */
static bool template_valid(const char *name)
{
	const char *mark = strchr(name, '%');
	vnm_autofree char *filled = NULL;

	if (!mark || mark == name || mark[1] != 'd' || strchr(mark + 1, '%'))
		return false;
	filled = vnm_asprintf("%.*s10%s", (int)(mark - name), name, mark + 2);
	return vnm_ifname_valid(filled);
}

static int check_bridge_name(struct vnm_check *check)
{
	const struct vnm_bridge *bridge = &check->net->bridge;
	const char *name = bridge->name;

	if (!name || !*name)
		return 0;
	if (strchr(name, '%') && vnm_network_makes_bridge(check->net)) {
		if (template_valid(name))
			return 0;
		return vnm_check_fail(check, &bridge->at,
				      "invalid bridge name '%.60s': %%d may stand in it once, for "
				      "a number and not at its beginning, and the whole has at "
				      "most %d characters", name, IFNAME_MAX);
	}
	if (strlen(name) > IFNAME_MAX)
		return vnm_check_fail(check, &bridge->at,
				      "bridge name '%.60s' is too long: a device name has at most "
				      "%d characters", name, IFNAME_MAX);
	if (!vnm_ifname_valid(name))
		return vnm_check_fail(check, &bridge->at,
				      "invalid bridge name '%s': it is made of letters, digits and "
				      "_ . -, and must not be one that the system uses itself (lo, "
				      "all, default)", name);
	return 0;
}

static int check_delay(struct vnm_check *check)
{
	const struct vnm_bridge *bridge = &check->net->bridge;
	uint32_t delay = bridge->delay.set ? bridge->delay.v : 0;

	if (delay > DELAY_MAX)
		return vnm_check_fail(check, &bridge->at,
				      "Invalid delay value '%u' in network '%s': at most %d "
				      "seconds",
				      delay, check->net->name, DELAY_MAX);
	if (delay == 0 || !vnm_network_stp(check->net))
		return 0;
	if (delay < STP_DELAY_MIN || delay > STP_DELAY_MAX)
		vnm_check_warn(check, &bridge->at,
			       "a forward delay of %u seconds becomes %d: with STP on, the kernel "
			       "keeps to %d to %d", delay,
			       delay < STP_DELAY_MIN ? STP_DELAY_MIN : STP_DELAY_MAX, STP_DELAY_MIN,
			       STP_DELAY_MAX);
	return 0;
}

/* The kernel never forwards these: spanning tree, pause frames, link aggregation (BR_GROUPFWD_RESTRICTED). */
static int check_group_forward(struct vnm_check *check)
{
	const struct vnm_bridge *bridge = &check->net->bridge;

	if (!bridge->group_forward.set)
		return 0;
	if (bridge->group_forward.v & GROUP_FWD_NEVER)
		return vnm_check_fail(check, &bridge->at,
				      "invalid vnm:groupForwardMask='0x%04x' in network '%s': the "
				      "bits 0x0007 stand for the spanning tree, pause frames "
				      "and LACP, which no bridge passes on; without them it is "
				      "0x%04x",
				      bridge->group_forward.v, check->net->name,
				      bridge->group_forward.v & ~GROUP_FWD_NEVER);
	if (bridge->group_forward.v && vnm_network_has_uplink(check->net) &&
	    check->net->guests.bridges != VNM_TRI_YES)
		vnm_check_warn(
			check, &bridge->at,
			"by vnm:groupForwardMask guests hear each other and the LAN, but what "
			"they send to 01:80:c2:00:00:00 to 0f does not leave by uplink '%s', "
			"unless <vnm:guests bridges='yes'/> allows it",
			check->net->uplink.dev);
	return 0;
}

/* Settings of our own bridge. */
static int check_passes(struct vnm_check *check)
{
	const struct vnm_bridge *bridge = &check->net->bridge;
	const char *attribute = bridge->group_forward.set	     ? "groupForwardMask"
				: bridge->snooping != VNM_TRI_ABSENT ? "multicastSnooping"
				: bridge->querier != VNM_TRI_ABSENT  ? "multicastQuerier"
								     : NULL;

	if (!attribute)
		return 0;
	if (!vnm_network_makes_bridge(check->net))
		return vnm_check_fail(
			check, &bridge->at,
			"network '%s' cannot have vnm:%s: it has no bridge of its own",
			check->net->name, attribute);
	if (bridge->querier == VNM_TRI_YES && bridge->snooping == VNM_TRI_NO)
		return vnm_check_fail(
			check, &bridge->at,
			"network '%s' has vnm:multicastQuerier='yes' and "
			"vnm:multicastSnooping='no': nobody takes note of the answers; "
			"leave one of them out",
			check->net->name);
	return check_group_forward(check);
}

static int check_mac(struct vnm_check *check)
{
	const struct vnm_mac_elem *mac = &check->net->mac;
	const struct vnm_mac zero = { .set = true };
	const char *kind = "";
	char text[VNM_MAC_STRLEN];

	if (vnm_mac_is_multicast(&mac->address))
		kind = "multicast ";
	else if (!vnm_mac_equal(&mac->address, &zero))
		return 0;
	return vnm_check_fail(check, &mac->at, "Invalid %sbridge mac address '%s' in network '%s'",
			      kind, vnm_mac_format(&mac->address, text), check->net->name);
}

static int check_mtu(struct vnm_check *check)
{
	const struct vnm_mtu *mtu = &check->net->mtu;

	if (!mtu->size.set || mtu->size.v == 0)
		return 0;
	if (mtu->size.v < MTU_MIN || mtu->size.v > MTU_MAX)
		return vnm_check_fail(check, &mtu->at,
				      "Invalid mtu size '%u' in network '%s': it must be from %d "
				      "to %d", mtu->size.v, check->net->name, MTU_MIN, MTU_MAX);
	if (mtu->size.v < VNM_MTU_MIN_IPV6 && vnm_network_has_family(check->net, AF_INET6))
		return vnm_check_fail(check, &mtu->at,
				      "mtu size '%u' is too small for the IPv6 address of network "
				      "'%s': IPv6 needs %d at least", mtu->size.v, check->net->name,
				      VNM_MTU_MIN_IPV6);
	return 0;
}

/* A loop: the host would ask our dnsmasq for the domain, which would ask the host. */
static int check_registered(struct vnm_check *check)
{
	const struct vnm_network *net = check->net;

	if (net->domain.local_only != VNM_TRI_YES)
		return vnm_check_fail(check, &net->domain.at,
				      "attribute 'register=yes' in <domain> element requires "
				      "'localOnly=yes' in network %s", net->name);
	if (!vnm_network_makes_bridge(net) || (net->n_ips > 0 && !vnm_network_dns_enabled(net)))
		vnm_check_warn(check, &net->domain.at,
			       "register='yes' has no effect: network '%s' serves no names",
			       net->name);
	return 0;
}

static int check_domain(struct vnm_check *check)
{
	const struct vnm_domain *domain = &check->net->domain;

	if (!domain->at.present)
		return 0;
	if (!vnm_domain_valid(domain->name))
		return vnm_check_fail(check, &domain->at,
				      "invalid domain name '%.80s' in network '%s': %s",
				      domain->name ? domain->name : "", check->net->name,
				      vnm_domain_fault(domain->name));
	return domain->registered == VNM_TRI_YES ? check_registered(check) : 0;
}

/* Names are served from the host's address on the network. */
static int warn_nameless(struct vnm_check *check)
{
	const struct vnm_network *net = check->net;
	const struct vnm_dns *dns = &net->dns;

	if (net->n_ips > 0)
		return 0;
	if (net->domain.at.present)
		vnm_check_warn(check, &net->domain.at,
			       "<domain> has no effect: network '%s' has no <ip> to serve it from",
			       net->name);
	if (dns->n_forwarders + dns->n_txts + dns->n_srvs + dns->n_hosts > 0)
		vnm_check_warn(check, &dns->at,
			       "<dns> has no effect: network '%s' has no <ip> to serve it from",
			       net->name);
	return 0;
}

/**
 * vnm_network_validate() - validate a definition
 * @net:      as parsed
 * @warnings: of what works but is odd; may be NULL
 * @err:      VNM_ERR_XML_MEANING, with file and line
 *
 * Reads nothing but the definition: conflicts with the host are checked when it starts.
 *
 * Return: 0 or -EINVAL.
 */
int vnm_network_validate(const struct vnm_network *net, struct vnm_warnings *warnings,
			 struct vnm_error *err)
{
	return vnm_network_validate_beside(net, &(struct vnm_beside){ NULL, "--config" }, warnings,
					   err);
}

/**
 * vnm_network_validate_beside() - validate a definition in its context
 * @net:      as parsed
 * @beside:   the context
 * @warnings: as above
 * @err:      as above
 *
 * Return: 0 or -EINVAL.
 */
int vnm_network_validate_beside(const struct vnm_network *net, const struct vnm_beside *beside,
				struct vnm_warnings *warnings, struct vnm_error *err)
{
	static int (*const checks[])(struct vnm_check * check) = {
		check_name,	   check_bridge_name, vnm_check_forward, vnm_check_ports,
		check_delay,	   check_passes,      check_mac,	 check_mtu,
		check_domain,	   vnm_check_ips,     vnm_check_routes,	 vnm_check_dns,
		vnm_check_dnsmasq, vnm_check_nat,     vnm_check_overlay, vnm_check_vrf,
		warn_nameless,
	};
	struct vnm_check check = { net, beside, warnings, err };

	for (size_t i = 0; i < VNM_ARRAY_SIZE(checks); i++) {
		int r = checks[i](&check);

		if (r < 0)
			return r;
	}
	return 0;
}
