/* validate_dns.c - what the network's name server is told to answer. */
#include <stdlib.h>
#include <string.h>

#include "model/validate_internal.h"

#define SERVICE_MAX 482	/* bytes, as libvirt; the label itself is checked by dnsmasq */
#define ALNUM "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

static int check_forwarder(struct vnm_check *check, const struct vnm_forwarder *forwarder)
{
	if (!forwarder->domain && !forwarder->addr.family)
		return vnm_check_fail(check, &forwarder->at, "Invalid forwarder element, must contain at least one of addr "
				      "or domain");
	if (forwarder->domain && !vnm_domain_valid(forwarder->domain))
		return vnm_check_fail(check, &forwarder->at, "invalid domain '%.80s' of a forwarder in network '%s'",
				      forwarder->domain, check->net->name);
	return 0;
}

/* dnsmasq takes a blank followed by # as the start of a comment, and quotes and backslashes as its own. */
static bool txt_value_valid(const char *value)
{
	size_t len = strlen(value);

	if (len == 0 || value[0] == ' ' || value[len - 1] == ' ' || value[0] == '#' || strpbrk(value, "\"\\"))
		return false;
	return !strstr(value, " #");
}

static int check_txt(struct vnm_check *check, const struct vnm_txt *txt)
{
	if (strpbrk(txt->name, " ,"))
		return vnm_check_fail(check, &txt->at, "prohibited character in DNS TXT record name '%.80s' of network %s",
				      txt->name, check->net->name);
	if (!vnm_domain_valid(txt->name))
		return vnm_check_fail(check, &txt->at, "invalid name '%.80s' of a DNS TXT record in network '%s'", txt->name,
				      check->net->name);
	if (!txt_value_valid(txt->value))
		return vnm_check_fail(check, &txt->at, "invalid value of the DNS TXT record '%s' in network '%s': no quotes, "
				      "no backslashes, no # at the start or behind a blank, no blank at either end",
				      txt->name, check->net->name);
	return 0;
}

static int check_srv_names(struct vnm_check *check, const struct vnm_srv *srv)
{
	const char *net = check->net->name;

	if (!*srv->service || strlen(srv->service) > SERVICE_MAX ||
	    srv->service[strspn(srv->service, ALNUM "_+/*-")] != '\0')
		return vnm_check_fail(check, &srv->at, "invalid character in service attribute '%.80s' in DNS SRV record of "
				      "network '%s'", srv->service, net);
	if (!*srv->protocol || srv->protocol[strspn(srv->protocol, ALNUM "+/-")] != '\0')
		return vnm_check_fail(check, &srv->at, "invalid character in protocol attribute '%.80s' in DNS SRV record "
				      "of network '%s'", srv->protocol, net);
	if (srv->domain && !vnm_domain_valid(srv->domain))
		return vnm_check_fail(check, &srv->at, "invalid domain '%.80s' in DNS SRV record of network '%s'",
				      srv->domain, net);
	if (srv->target && strcmp(srv->target, ".") != 0 && !vnm_domain_valid(srv->target))
		return vnm_check_fail(check, &srv->at, "invalid target '%.80s' in DNS SRV record of network '%s'",
				      srv->target, net);
	return 0;
}

static int check_srv(struct vnm_check *check, const struct vnm_srv *srv)
{
	const char *lonely = srv->port.set ? "port" : srv->priority.set ? "priority" : srv->weight.set ? "weight" : NULL;
	int r = check_srv_names(check, srv);

	if (r == 0 && lonely && !srv->target)
		return vnm_check_fail(check, &srv->at, "DNS SRV %s attribute not permitted without target for service '%s' "
				      "in network '%s'", lonely, srv->service, check->net->name);
	return r;
}

static int check_host(struct vnm_check *check, const struct vnm_dns_host *host)
{
	if (host->n_names == 0)
		return vnm_check_fail(check, &host->at, "Missing hostname in network '%s' DNS HOST record",
				      check->net->name);
	for (size_t i = 0; i < host->n_names; i++) {
		if (!host->names[i].name || !*host->names[i].name)
			return vnm_check_fail(check, &host->names[i].at, "Missing hostname in network '%s' DNS HOST record",
					      check->net->name);
		if (!vnm_hostname_valid(host->names[i].name))
			return vnm_check_fail(check, &host->names[i].at, "Cannot use host name '%.80s' in network '%s'",
					      host->names[i].name, check->net->name);
	}
	return 0;
}

/** vnm_check_dns() - the <dns> element. Return: 0 or -EINVAL. */
int vnm_check_dns(struct vnm_check *check)
{
	const struct vnm_dns *dns = &check->net->dns;
	int r = 0;

	if (dns->enable == VNM_TRI_NO && (dns->n_forwarders || dns->n_txts || dns->n_srvs || dns->n_hosts))
		return vnm_check_fail(check, &dns->at, "Extra data in disabled network '%s'", check->net->name);
	for (size_t i = 0; i < dns->n_forwarders && r == 0; i++)
		r = check_forwarder(check, &dns->forwarders[i]);
	for (size_t i = 0; i < dns->n_txts && r == 0; i++)
		r = check_txt(check, &dns->txts[i]);
	for (size_t i = 0; i < dns->n_srvs && r == 0; i++)
		r = check_srv(check, &dns->srvs[i]);
	for (size_t i = 0; i < dns->n_hosts && r == 0; i++)
		r = check_host(check, &dns->hosts[i]);
	return r;
}
