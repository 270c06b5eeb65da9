/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * validate_dns.c - <dns>: what dnsmasq answers.
 *
 * All of it becomes lines for dnsmasq, which reads 1023 bytes of each: quotes, backslashes and comments are special
 * there, and a value that would be read as another one is refused.
 */
#include "model/validate_dns.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "model/validate_address.h"
#include "util/mem.h"

#define LINE_MAX_DNSMASQ 1023
#define LABEL_MAX 63	/* RFC 1035 2.3.4 */
#define NAME_MAX_DNS 253
#define U16_MAX 65535

#define ALNUM "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

static int check_forwarder(struct vnm_check *check, const struct vnm_forwarder *forwarder)
{
	const char *name = check->net->name;
	char text[VNM_ADDR_STRLEN];

	if (!forwarder->domain && forwarder->addr.family == AF_UNSPEC)
		return vnm_check_fail(check, &forwarder->at,
				      "Invalid forwarder element, must contain at least one of "
				      "addr or domain");
	if (forwarder->domain && !vnm_domain_valid(forwarder->domain))
		return vnm_check_fail(check, &forwarder->at,
				      "invalid domain '%.80s' of a forwarder in network '%s': %s",
				      forwarder->domain, name,
				      vnm_domain_fault(forwarder->domain));
	if (forwarder->port.set && forwarder->addr.family == AF_UNSPEC)
		return vnm_check_fail(check, &forwarder->at,
				      "port '%u' of a forwarder in network '%s' needs an addr",
				      forwarder->port.v, name);
	if (forwarder->addr.family != AF_UNSPEC &&
	    vnm_check_own_address(check->net, &forwarder->addr, &forwarder->addr))
		vnm_check_warn(check, &forwarder->at,
			       "forwarder '%s' has no effect: it is the name server of network "
			       "'%s' itself", vnm_addr_format(&forwarder->addr, text), name);
	return 0;
}

/**
 * vnm_txt_fault() - why dnsmasq would misread the text of a TXT record
 * @text: the text; a comma begins another string
 *
 * Between quotes commas, blanks and # are text. A quote right after a closing one would be read as text, and invert
 * all quotes that follow.
 *
 * Return: what is wrong with it; NULL: nothing.
 */
const char *vnm_txt_fault(const char *text)
{
	bool quoted = false, blank = true;

	for (const char *s = text; *s; s++) {
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			return "a control character";
		if (*s == '\\')
			return "a backslash";
		if (*s == '"') {
			if (quoted && s[1] == '"')
				return "a quote right behind the end of another";
			quoted = !quoted;
		} else if (!quoted) {
			if (*s == '#' && blank)
				return "a # at its beginning or behind a blank, where a comment "
				       "begins";
			blank = *s == ' ';
		}
	}
	if (quoted)
		return "a quote that does not end";
	if (*text && (*text == ' ' || text[strlen(text) - 1] == ' '))
		return "a blank at its beginning or end";
	return NULL;
}

static int check_txt(struct vnm_check *check, const struct vnm_txt *txt)
{
	const char *name = check->net->name, *value = txt->value ? txt->value : "";
	const char *fault;

	if (strpbrk(txt->name, " ,"))
		return vnm_check_fail(check, &txt->at,
				      "prohibited character in DNS TXT record name '%.80s' of "
				      "network %s", txt->name, name);
	if (!vnm_domain_valid(txt->name))
		return vnm_check_fail(check, &txt->at,
				      "invalid name '%.80s' of a DNS TXT record in network '%s': "
				      "%s", txt->name, name, vnm_domain_fault(txt->name));
	fault = vnm_txt_fault(value);
	if (fault)
		return vnm_check_fail(check, &txt->at,
				      "the value of DNS TXT record '%.80s' in network '%s' cannot "
				      "be given to dnsmasq: it has %s", txt->name, name, fault);
	if (strlen("txt-record=,") + strlen(txt->name) + strlen(value) > LINE_MAX_DNSMASQ)
		return vnm_check_fail(check, &txt->at,
				      "the value of DNS TXT record '%.80s' in network '%s' is too "
				      "long: with the name, dnsmasq takes %zu bytes", txt->name,
				      name, LINE_MAX_DNSMASQ - strlen("txt-record=,"));
	return 0;
}

/* The two labels in front of an SRV record's name; each is given an underscore. */
static int check_srv_label(struct vnm_check *check, const struct vnm_srv *srv, const char *what,
			   const char *label, const char *allowed)
{
	const char *name = check->net->name;

	if (!label || !*label)
		return vnm_check_fail(check, &srv->at,
				      "missing required %s attribute in DNS SRV record of network "
				      "'%s'", what, name);
	if (label[strspn(label, allowed)] != '\0')
		return vnm_check_fail(check, &srv->at,
				      "invalid character in %s attribute '%.80s' in DNS SRV record "
				      "of network '%s'", what, label, name);
	if (strlen(label) > LABEL_MAX - 1)
		return vnm_check_fail(check, &srv->at,
				      "%s attribute '%.80s' in DNS SRV record of network '%s' is "
				      "too long, limit is %d bytes", what, label, name,
				      LABEL_MAX - 1);
	return 0;
}

static int check_srv_names(struct vnm_check *check, const struct vnm_srv *srv)
{
	const char *name = check->net->name;
	size_t len;

	if (srv->domain && !vnm_domain_valid(srv->domain))
		return vnm_check_fail(check, &srv->at,
				      "invalid domain '%.80s' in DNS SRV record of network '%s': "
				      "%s", srv->domain, name, vnm_domain_fault(srv->domain));
	if (srv->target && strcmp(srv->target, ".") != 0 && !vnm_domain_valid(srv->target))
		return vnm_check_fail(check, &srv->at,
				      "invalid target '%.80s' in DNS SRV record of network '%s': "
				      "%s", srv->target, name, vnm_domain_fault(srv->target));
	len = strlen("_._.") + strlen(srv->service) + strlen(srv->protocol);
	if (srv->domain && len + strlen(srv->domain) > NAME_MAX_DNS)
		return vnm_check_fail(check, &srv->at,
				      "the name of DNS SRV record '%.80s' in network '%s' is too "
				      "long: a name has at most %d characters", srv->service, name,
				      NAME_MAX_DNS);
	return 0;
}

static int check_srv_numbers(struct vnm_check *check, const struct vnm_srv *srv)
{
	const struct {
		const char *what, *invalid;
		const struct vnm_uint *number;
		uint32_t min;
	} numbers[] = {
		{ "port", "invalid", &srv->port, 1 },
		{ "priority", "Invalid", &srv->priority, 0 },
		{ "weight", "Invalid", &srv->weight, 0 },
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(numbers); i++) {
		const struct vnm_uint *number = numbers[i].number;

		if (!number->set)
			continue;
		if (!srv->target)
			return vnm_check_fail(check, &srv->at,
					      "DNS SRV %s attribute not permitted without target "
					      "for service '%s' in network '%s'", numbers[i].what,
					      srv->service, check->net->name);
		if (number->v < numbers[i].min || number->v > U16_MAX)
			return vnm_check_fail(check, &srv->at,
					      "%s DNS SRV %s attribute for service '%s' in network "
					      "'%s'", numbers[i].invalid, numbers[i].what,
					      srv->service, check->net->name);
	}
	return 0;
}

static int check_srv(struct vnm_check *check, const struct vnm_srv *srv)
{
	int r = check_srv_label(check, srv, "service", srv->service, ALNUM "_+/*-");

	if (r == 0)
		r = check_srv_label(check, srv, "protocol", srv->protocol, ALNUM "+/-");
	if (r == 0)
		r = check_srv_names(check, srv);
	return r < 0 ? r : check_srv_numbers(check, srv);
}

static int check_host(struct vnm_check *check, const struct vnm_dns_host *host)
{
	const char *name = check->net->name;

	if (host->n_names == 0)
		return vnm_check_fail(check, &host->at,
				      "Missing hostname in network '%s' DNS HOST record", name);
	for (size_t i = 0; i < host->n_names; i++) {
		const struct vnm_hostname *hostname = &host->names[i];

		if (!hostname->name || !*hostname->name)
			return vnm_check_fail(check, &hostname->at,
					      "Missing hostname in network '%s' DNS HOST record",
					      name);
		if (!vnm_hostname_valid(hostname->name))
			return vnm_check_fail(check, &hostname->at,
					      "Cannot use host name '%.80s' in network '%s': %s",
					      hostname->name, name,
					      vnm_hostname_fault(hostname->name));
	}
	return 0;
}

/** struct reserved - the reservations that have a name, sorted by it: a definition may have thousands of them. */
struct reserved {
	const struct vnm_dhcp_host **items;
	size_t n;
};

static int by_name(const void *a, const void *b)
{
	const struct vnm_dhcp_host *const *one = a, *const *other = b;

	return strcasecmp((*one)->name, (*other)->name);
}

static int of_name(const void *name, const void *item)
{
	const struct vnm_dhcp_host *const *host = item;

	return strcasecmp(name, (*host)->name);
}

static void collect_reserved(const struct vnm_network *net, struct reserved *ret)
{
	for (size_t i = 0; i < net->n_ips; i++)
		for (size_t k = 0; k < net->ips[i].dhcp.n_hosts; k++) {
			if (!net->ips[i].dhcp.hosts[k].name)
				continue;
			ret->items = vnm_array_add(ret->items, &ret->n, sizeof(*ret->items));
			ret->items[ret->n - 1] = &net->ips[i].dhcp.hosts[k];
		}
	if (ret->n > 0)
		qsort(ret->items, ret->n, sizeof(*ret->items), by_name);
}

/* Whoever asks for the name of a reserved guest gets the address of <dns>, and not the guest's. */
static void warn_taken_name(struct vnm_check *check, const struct vnm_dns_host *dns,
			    const char *name, const struct reserved *reserved)
{
	const struct vnm_dhcp_host *const *found = NULL;
	char leads[VNM_ADDR_STRLEN], has[VNM_ADDR_STRLEN];

	if (reserved->n > 0)
		found = bsearch(name, reserved->items, reserved->n, sizeof(*reserved->items),
				of_name);
	if (!found || (*found)->ip.family != dns->ip.family ||
	    vnm_addr_equal(&(*found)->ip, &dns->ip))
		return;
	vnm_check_warn(check, &dns->at,
		       "name '%s' leads to %s by <dns> of network '%s', and not to the guest for "
		       "which it and %s are reserved",
		       name, vnm_addr_format(&dns->ip, leads), check->net->name,
		       vnm_addr_format(&(*found)->ip, has));
}

static void warn_taken_names(struct vnm_check *check)
{
	struct reserved reserved = { 0 };

	collect_reserved(check->net, &reserved);
	for (size_t i = 0; i < check->net->dns.n_hosts; i++)
		for (size_t k = 0; k < check->net->dns.hosts[i].n_names; k++)
			warn_taken_name(check, &check->net->dns.hosts[i],
					check->net->dns.hosts[i].names[k].name, &reserved);
	free(reserved.items);
}

/**
 * vnm_check_dns() - the <dns> element
 * @check: the validation
 *
 * Return: 0 or -EINVAL.
 */
int vnm_check_dns(struct vnm_check *check)
{
	const struct vnm_dns *dns = &check->net->dns;
	int r = 0;

	if (dns->enable == VNM_TRI_NO &&
	    dns->n_forwarders + dns->n_txts + dns->n_srvs + dns->n_hosts > 0)
		return vnm_check_fail(check, &dns->at, "Extra data in disabled network '%s'",
				      check->net->name);
	for (size_t i = 0; i < dns->n_forwarders && r == 0; i++)
		r = check_forwarder(check, &dns->forwarders[i]);
	for (size_t i = 0; i < dns->n_txts && r == 0; i++)
		r = check_txt(check, &dns->txts[i]);
	for (size_t i = 0; i < dns->n_srvs && r == 0; i++)
		r = check_srv(check, &dns->srvs[i]);
	for (size_t i = 0; i < dns->n_hosts && r == 0; i++)
		r = check_host(check, &dns->hosts[i]);
	if (r == 0)
		warn_taken_names(check);
	return r;
}
