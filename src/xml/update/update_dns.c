/* SPDX-License-Identifier: GPL-2.0-or-later */
/* update_dns.c - the sections of net-update in <dns>; see update_rows.h. */
#include "xml/update/update_rows.h"

#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "util/mem.h"

static int dns_host_list(const struct vnm_change *change, struct vnm_list *ret)
{
	change->net->dns.at.present = true;
	ret->items = (void **)&change->net->dns.hosts;
	ret->n = &change->net->dns.n_hosts;
	return 0;
}

static int dns_host_check(const struct vnm_change *change, void *given)
{
	const struct vnm_dns_host *host = given;

	if (host->ip.family != AF_UNSPEC || host->n_names > 0)
		return 0;
	return vnm_change_bad(change, "Missing ip and hostname in network '%s' DNS HOST record",
			      change->net->name);
}

/* Any field that both have in common; but a name may have several addresses, so it keeps out no other one. */
static bool dns_host_matches(const struct vnm_change *change, const void *there, const void *given)
{
	const struct vnm_dns_host *a = there, *b = given;

	if (b->ip.family != AF_UNSPEC && vnm_addr_equal(&a->ip, &b->ip))
		return true;
	for (size_t i = 0; vnm_change_deletes(change) && i < a->n_names; i++)
		for (size_t k = 0; k < b->n_names; k++)
			if (vnm_change_same(a->names[i].name, b->names[k].name))
				return true;
	return false;
}

static int dns_host_exists(const struct vnm_change *change, const void *given)
{
	(void)given;
	return vnm_change_fail(change,
			       "there is already at least one DNS HOST record with a "
			       "matching field in network %s",
			       change->net->name);
}

static int dns_host_missing(const struct vnm_change *change, const void *given)
{
	(void)given;
	return vnm_change_fail(change, "couldn't locate a matching DNS HOST record in network %s",
			       change->net->name);
}

static int dns_txt_list(const struct vnm_change *change, struct vnm_list *ret)
{
	change->net->dns.at.present = true;
	ret->items = (void **)&change->net->dns.txts;
	ret->n = &change->net->dns.n_txts;
	return 0;
}

static int dns_txt_check(const struct vnm_change *change, void *given)
{
	if (((const struct vnm_txt *)given)->name)
		return 0;
	return vnm_change_bad(change,
			      "missing required name attribute in DNS TXT record of network %s",
			      change->net->name);
}

static bool dns_txt_matches(const struct vnm_change *change, const void *there, const void *given)
{
	const struct vnm_txt *a = there, *b = given;

	(void)change;
	return vnm_change_same(a->name, b->name);
}

static int dns_txt_exists(const struct vnm_change *change, const void *given)
{
	return vnm_change_fail(change,
			       "there is already a DNS TXT record with name '%s' in network %s",
			       ((const struct vnm_txt *)given)->name, change->net->name);
}

static int dns_txt_missing(const struct vnm_change *change, const void *given)
{
	(void)given;
	return vnm_change_fail(change, "couldn't locate a matching DNS TXT record in network %s",
			       change->net->name);
}

static int dns_srv_list(const struct vnm_change *change, struct vnm_list *ret)
{
	change->net->dns.at.present = true;
	ret->items = (void **)&change->net->dns.srvs;
	ret->n = &change->net->dns.n_srvs;
	return 0;
}

/* What is not given matches anything. */
static bool dns_srv_matches(const struct vnm_change *change, const void *there, const void *given)
{
	const struct vnm_srv *a = there, *b = given;

	(void)change;
	return (!b->domain || vnm_change_same(a->domain, b->domain)) &&
	       (!b->service || vnm_change_same(a->service, b->service)) &&
	       (!b->protocol || vnm_change_same(a->protocol, b->protocol)) &&
	       (!b->target || vnm_change_same(a->target, b->target));
}

static int dns_srv_exists(const struct vnm_change *change, const void *given)
{
	(void)given;
	return vnm_change_fail(change,
			       "there is already at least one DNS SRV record matching all "
			       "specified fields in network %s",
			       change->net->name);
}

static int dns_srv_missing(const struct vnm_change *change, const void *given)
{
	(void)given;
	return vnm_change_fail(change, "couldn't locate a matching DNS SRV record in network %s",
			       change->net->name);
}

static int forwarder_list(const struct vnm_change *change, struct vnm_list *ret)
{
	change->net->dns.at.present = true;
	ret->items = (void **)&change->net->dns.forwarders;
	ret->n = &change->net->dns.n_forwarders;
	return 0;
}

static bool forwarder_matches(const struct vnm_change *change, const void *there, const void *given)
{
	const struct vnm_forwarder *a = there, *b = given;

	(void)change;
	if ((a->domain || b->domain) && !vnm_change_same(a->domain, b->domain))
		return false;
	return vnm_addr_equal(&a->addr, &b->addr);
}

static int forwarder_exists(const struct vnm_change *change, const void *given)
{
	(void)given;
	return vnm_change_fail(change,
			       "there is already a DNS forwarder with this domain and "
			       "address in network %s",
			       change->net->name);
}

static int forwarder_missing(const struct vnm_change *change, const void *given)
{
	(void)given;
	return vnm_change_fail(change, "couldn't locate a matching DNS forwarder in network %s",
			       change->net->name);
}

static int dns_host_many(const struct vnm_change *change)
{
	return vnm_change_fail(change,
			       "multiple matching DNS HOST records were found in network %s",
			       change->net->name);
}

static int dns_srv_many(const struct vnm_change *change)
{
	return vnm_change_fail(
		change,
		"multiple DNS SRV records matching all specified fields were found in network %s",
		change->net->name);
}

const struct vnm_section_row vnm_section_dns_host =
	VNM_LIST_ROW(dns_host, "dns host", "dns/host", vnm_dns_host, VNM_HOW_ADD_DELETE,
		     .check = dns_host_check,
		     .refusal = "DNS HOST records cannot be modified, only added or deleted",
		     .many = dns_host_many);
const struct vnm_section_row vnm_section_dns_txt =
	VNM_LIST_ROW(dns_txt, "dns txt", "dns/txt", vnm_txt, VNM_HOW_ADD_DELETE,
		     .check = dns_txt_check,
		     .refusal = "DNS TXT records cannot be modified, only added or deleted");
const struct vnm_section_row vnm_section_dns_srv =
	VNM_LIST_ROW(dns_srv, "dns srv", "dns/srv", vnm_srv, VNM_HOW_ADD_DELETE,
		     .refusal = "DNS SRV records cannot be modified, only added or deleted",
		     .many = dns_srv_many);
const struct vnm_section_row vnm_section_dns_forwarder =
	VNM_LIST_ROW(forwarder, "dns forwarder", "dns/forwarder", vnm_forwarder, VNM_HOW_ADD_DELETE,
		     .refusal = "DNS forwarders cannot be modified, only added or deleted");
