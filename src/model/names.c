/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * names.c - the owners of names.
 *
 * dnsmasq accepts the name that a DHCP client sends, unless the configuration gives it to another. Names in a
 * definition are in reservations and <dns>; attached guests have been added to both by then (plan/attach_augment.c).
 */
#include "model/names.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "util/mem.h"

/* In a network with a domain, "db" and "db.lab.test" are one name: dnsmasq's expand-hosts. */
static struct vnm_name plain(const char *domain, const char *text)
{
	struct vnm_name name = { .text = text, .len = strlen(text) };
	size_t tail = domain ? strlen(domain) : 0;

	if (tail && name.len > tail + 1 && text[name.len - tail - 1] == '.' &&
	    !strcasecmp(text + name.len - tail, domain))
		name.len -= tail + 1;
	return name;
}

static int compare(const void *a, const void *b)
{
	const struct vnm_name *x = a, *y = b;
	int order = strncasecmp(x->text, y->text, x->len < y->len ? x->len : y->len);

	if (order == 0)
		order = (x->len > y->len) - (x->len < y->len);
	return order;
}

static void add_name(struct vnm_names *names, const char *text, const struct vnm_addr *ip,
		     const struct vnm_at *at, const struct vnm_dhcp_host *host)
{
	struct vnm_name *name;

	names->items = vnm_array_add(names->items, &names->n, sizeof(*names->items));
	name = &names->items[names->n - 1];
	*name = plain(names->domain, text);
	name->ip = *ip;
	name->at = at;
	name->host = host;
}

static void add_reservations(struct vnm_names *names, const struct vnm_dhcp *dhcp)
{
	for (size_t i = 0; i < dhcp->n_hosts; i++)
		if (dhcp->hosts[i].name)
			add_name(names, dhcp->hosts[i].name, &dhcp->hosts[i].ip, &dhcp->hosts[i].at,
				 &dhcp->hosts[i]);
}

static void add_host(struct vnm_names *names, const struct vnm_dns_host *host)
{
	for (size_t i = 0; i < host->n_names; i++)
		add_name(names, host->names[i].name, &host->ip, &host->at, NULL);
}

/**
 * vnm_names_init() - the names of a network
 * @names: gets them, sorted; free with vnm_names_clear()
 * @net:   the definition, with its attachments; must not change meanwhile
 */
void vnm_names_init(struct vnm_names *names, const struct vnm_network *net)
{
	*names = (struct vnm_names){ .domain = net->domain.name };
	for (size_t i = 0; i < net->n_ips; i++)
		add_reservations(names, &net->ips[i].dhcp);
	for (size_t i = 0; i < net->dns.n_hosts; i++)
		add_host(names, &net->dns.hosts[i]);
	if (names->n > 0)
		qsort(names->items, names->n, sizeof(*names->items), compare);
}

/**
 * vnm_names_clear() - free the list
 * @names: becomes empty
 */
void vnm_names_clear(struct vnm_names *names)
{
	free(names->items);
	*names = (struct vnm_names){ 0 };
}

/**
 * vnm_names_same() - how many consecutive entries have the same name
 * @names: the list
 * @first: the index of the first of them
 *
 * Return: at least 1.
 */
size_t vnm_names_same(const struct vnm_names *names, size_t first)
{
	size_t n = 1;

	while (first + n < names->n && compare(&names->items[first], &names->items[first + n]) == 0)
		n++;
	return n;
}

/**
 * vnm_names_find() - find the owners of a name
 * @names: the list
 * @name:  with or without the network's domain, in upper or lower case
 * @ret_n: how many have it
 *
 * Return: the first of them, or NULL.
 */
const struct vnm_name *vnm_names_find(const struct vnm_names *names, const char *name,
				      size_t *ret_n)
{
	struct vnm_name key = plain(names->domain, name);
	const size_t at =
		vnm_array_place(names->items, names->n, sizeof(*names->items), &key, compare);

	*ret_n = 0;
	if (at == names->n || compare(&names->items[at], &key) != 0)
		return NULL;
	*ret_n = vnm_names_same(names, at);
	return &names->items[at];
}
