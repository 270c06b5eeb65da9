/*
 * validate.c - does a definition make sense? The network as a whole; its parts are in validate_*.c.
 *
 * Each check stops at the first thing that is wrong. The words are libvirt's where it has some.
 */
#include "model/validate.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "model/validate_internal.h"
#include "util/mem.h"

#define RANGE_MAX 65536		/* addresses in one range, as libvirt */
#define STP_DELAY_MIN 2		/* seconds; what the kernel keeps to while STP runs */
#define STP_DELAY_MAX 30

/** vnm_check_fail() - note what is wrong, with file and line of @at. Return: -EINVAL. */
int vnm_check_fail(struct vnm_check *check, const struct vnm_at *at, const char *fmt, ...)
{
	char message[VNM_ERROR_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	vnm_error_set(check->err, VNM_ERR_XML_MEANING, EINVAL, "%s", message);
	if (check->net->file)
		return vnm_error_prefix(check->err, "%s:%d: ", check->net->file, at->line);
	return -EINVAL;
}

/** vnm_check_warn() - note what works but is odd, with file and line of @at. */
void vnm_check_warn(struct vnm_check *check, const struct vnm_at *at, const char *fmt, ...)
{
	char message[VNM_ERROR_MAX];
	va_list ap;

	if (!check->warnings)
		return;
	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	if (check->net->file)
		vnm_notes_add(check->warnings, "%s:%d: %s", check->net->file, at->line, message);
	else
		vnm_notes_add(check->warnings, "%s", message);
}

static const char *mode_word(const struct vnm_network *net)
{
	const char *word = vnm_enum_word(&vnm_enum_forward_mode, vnm_network_mode(net));

	return word ? word : "isolated";
}

static int check_name(struct vnm_check *check)
{
	const struct vnm_network *net = check->net;

	if (strchr(net->name, '/'))
		return vnm_check_fail(check, &net->at, "invalid char in name: /");
	if (!vnm_name_valid(net->name))
		return vnm_check_fail(check, &net->at, "invalid network name '%.70s': 1 to %d letters, digits and "
				      "_ . + -, the first a letter, a digit or _", net->name, VNM_NAME_MAX);
	return 0;
}

/* A template is given numbers up to three digits long; with them it must still be a name. */
static bool template_valid(const char *name)
{
	const char *mark = strchr(name, '%');
	vnm_autofree char *filled = NULL;

	if (!mark || mark[1] != 'd' || strchr(mark + 1, '%'))
		return false;
	filled = vnm_asprintf("%.*s%d%s", (int)(mark - name), name, 256, mark + 2);
	return vnm_ifname_valid(filled);
}

static int check_bridge_name(struct vnm_check *check)
{
	const struct vnm_bridge *bridge = &check->net->bridge;
	const char *name = bridge->name;

	if (!name || !*name)
		return 0;
	if (strchr(name, '%') && vnm_network_makes_bridge(check->net) && template_valid(name))
		return 0;
	if (strlen(name) >= 16 && !strchr(name, '%'))
		return vnm_check_fail(check, &bridge->at,
				      "bridge name '%.60s' is too long: a device name has at most 15 characters", name);
	if (!vnm_ifname_valid(name))
		return vnm_check_fail(check, &bridge->at, "invalid bridge name '%.60s': 1 to 15 letters, digits and "
				      "_ . -, not one that the system uses itself (lo, all, default)", name);
	return 0;
}

static int check_bridge(struct vnm_check *check)
{
	const struct vnm_bridge *bridge = &check->net->bridge;
	int r = check_bridge_name(check);

	if (r < 0)
		return r;
	if (bridge->delay.set && bridge->delay.v > 0 && bridge->stp != VNM_SWITCH_OFF &&
	    (bridge->delay.v < STP_DELAY_MIN || bridge->delay.v > STP_DELAY_MAX))
		vnm_check_warn(check, &bridge->at, "the kernel keeps the forward delay of a bridge with STP between "
			       "%d and %d seconds; %u will become one of these", STP_DELAY_MIN, STP_DELAY_MAX,
			       bridge->delay.v);
	return 0;
}

static int check_mac(struct vnm_check *check)
{
	const struct vnm_mac_elem *mac = &check->net->mac;
	const struct vnm_mac zero = { .set = true };
	char text[VNM_MAC_STRLEN];

	if (!mac->at.present)
		return 0;
	vnm_mac_format(&mac->address, text);
	if (vnm_mac_is_multicast(&mac->address))
		return vnm_check_fail(check, &mac->at, "Invalid multicast bridge mac address '%s' in network '%s'", text,
				      check->net->name);
	if (vnm_mac_equal(&mac->address, &zero))
		return vnm_check_fail(check, &mac->at, "Invalid bridge mac address '%s' in network '%s'", text,
				      check->net->name);
	return 0;
}

/* What only a network with a bridge of its own can have. */
static int check_bridged(struct vnm_check *check)
{
	const struct vnm_network *net = check->net;
	const struct { const struct vnm_at *at; const char *name; } refused[] = {
		{ &net->mac.at, "mac" }, { &net->domain.at, "domain" }, { &net->dns.at, "dns" },
		{ net->n_ips ? &net->ips[0].at : NULL, "ip" }, { net->n_routes ? &net->routes[0].at : NULL, "route" },
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(refused); i++)
		if (refused[i].at && refused[i].at->present)
			return vnm_check_fail(check, refused[i].at,
					      "Unsupported <%s> element in network %s with forward mode='bridge'",
					      refused[i].name, net->name);
	if (net->mtu.at.present)
		return vnm_check_fail(check, &net->mtu.at, "mtu size only allowed in open, route, nat, and isolated "
				      "mode, not in bridge (network '%s')", net->name);
	if (net->bridge.stp != VNM_SWITCH_ABSENT || (net->bridge.delay.set && net->bridge.delay.v))
		return vnm_check_fail(check, &net->bridge.at, "bridge delay/stp options only allowed in open, route, "
				      "nat, and isolated mode, not in bridge (network '%s')", net->name);
	if (net->forward.dev || net->forward.n_interfaces)
		return vnm_check_fail(check, &net->forward.at, "a pool of host devices is not supported with forward "
				      "mode='bridge' (network '%s'); name the host's bridge in <bridge name=.../>",
				      net->name);
	if (!net->bridge.name || !*net->bridge.name)
		return vnm_check_fail(check, &net->forward.at, "forward mode='bridge' needs the name of an existing "
				      "bridge of the host: <bridge name=.../> (network '%s')", net->name);
	return 0;
}

static int check_forward_dev(struct vnm_check *check)
{
	const struct vnm_network *net = check->net;
	const struct vnm_forward *forward = &net->forward;
	const char *dev = vnm_network_forward_dev(net);

	if (dev && vnm_network_mode(net) == VNM_FORWARD_OPEN)
		return vnm_check_fail(check, &forward->at, "forward dev not allowed for network '%s' with forward "
				      "mode='open'", net->name);
	if (forward->n_interfaces > 1)
		return vnm_check_fail(check, &forward->interfaces[1].at, "multiple forwarding interfaces specified for "
				      "network '%s', only one is supported", net->name);
	if (forward->dev && forward->n_interfaces && strcmp(forward->dev, forward->interfaces[0].dev) != 0)
		return vnm_check_fail(check, &forward->interfaces[0].at, "<forward dev='%s'> must match first "
				      "<interface dev='%s'/> in network %s", forward->dev, forward->interfaces[0].dev,
				      net->name);
	if (dev && !vnm_ifname_valid(dev))
		return vnm_check_fail(check, &forward->at, "invalid device name '%.60s' in <forward> of network '%s'", dev,
				      net->name);
	return 0;
}

/** vnm_check_range() - one family, not reversed, not too large. Return: 0 or -EINVAL. */
int vnm_check_range(struct vnm_check *check, const struct vnm_at *at, const struct vnm_addr *start,
		    const struct vnm_addr *end)
{
	char a[VNM_ADDR_STRLEN], b[VNM_ADDR_STRLEN];
	uint64_t span;

	vnm_addr_format(start, a);
	vnm_addr_format(end, b);
	if (start->family != end->family)
		return vnm_check_fail(check, at, "mismatch of address family in range %s - %s", a, b);
	span = vnm_addr_span(start, end);
	if (span == 0)
		return vnm_check_fail(check, at, "range %s - %s is reversed", a, b);
	if (span > RANGE_MAX)
		return vnm_check_fail(check, at, "range %s - %s is too large (> %d)", a, b, RANGE_MAX - 1);
	return 0;
}

static int check_nat(struct vnm_check *check)
{
	const struct vnm_network *net = check->net;
	const struct vnm_nat *nat = &net->forward.nat;
	char text[VNM_ADDR_STRLEN];

	if (!nat->at.present)
		return 0;
	if (vnm_network_mode(net) != VNM_FORWARD_NAT)
		return vnm_check_fail(check, &nat->at, "The <nat> element can only be used when <forward> 'mode' is 'nat' "
				      "in network %s", net->name);
	if (nat->address.at.present && nat->address.start.family != AF_INET)
		return vnm_check_fail(check, &nat->address.at, "Bad ipv4 start address '%s' in <nat> in <forward> in "
				      "network '%s'", vnm_addr_format(&nat->address.start, text), net->name);
	if (nat->address.at.present &&
	    vnm_check_range(check, &nat->address.at, &nat->address.start, &nat->address.end) < 0)
		return -EINVAL;
	if (nat->port.at.present && nat->port.end.v < nat->port.start.v)
		return vnm_check_fail(check, &nat->port.at, "Missing or invalid 'end' attribute in <port> in <nat> in "
				      "<forward> in network %s", net->name);
	return 0;
}

static int check_forward(struct vnm_check *check)
{
	const struct vnm_network *net = check->net;
	enum vnm_forward_mode mode = vnm_network_mode(net);
	int r;

	if (mode == VNM_FORWARD_NONE)
		return 0;
	if (mode == VNM_FORWARD_BRIDGE) {
		r = check_bridged(check);
		return r < 0 ? r : check_nat(check);
	}
	if (net->n_ips == 0)
		return vnm_check_fail(check, &net->forward.at, "%s forwarding requested, but no IP address provided for "
				      "network '%s'", mode_word(net), net->name);
	r = check_forward_dev(check);
	return r < 0 ? r : check_nat(check);
}

static int check_domain(struct vnm_check *check)
{
	const struct vnm_domain *domain = &check->net->domain;

	if (!domain->at.present || vnm_domain_valid(domain->name))
		return 0;
	return vnm_check_fail(check, &domain->at, "invalid domain name '%.80s' in network '%s': labels of letters, digits, "
			      "- and _ joined by dots", domain->name, check->net->name);
}

/**
 * vnm_network_validate() - does a definition make sense?
 * @net:      as the reader made it
 * @warnings: what works but is odd; may be NULL
 * @err:      VNM_ERR_XML_MEANING, with file and line
 *
 * Looks at nothing but the definition: whether its place on the host is free is asked at its start.
 *
 * Return: 0 or -EINVAL.
 */
int vnm_network_validate(const struct vnm_network *net, struct vnm_notes *warnings, struct vnm_error *err)
{
	static int (*const checks[])(struct vnm_check *check) = {
		check_name, check_bridge, check_mac, check_forward, check_domain,
		vnm_check_ips, vnm_check_routes, vnm_check_dns,
	};
	struct vnm_check check = { net, warnings, err };

	for (size_t i = 0; i < VNM_ARRAY_SIZE(checks); i++) {
		int r = checks[i](&check);

		if (r < 0)
			return r;
	}
	return 0;
}
