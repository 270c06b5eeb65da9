/* facts.c - look-ups in what was seen of the host. */
#include "plan/facts.h"

#include <stdlib.h>
#include <string.h>

/**
 * vnm_facts_clear() - free what the facts hold
 * @facts: becomes all zero
 */
void vnm_facts_clear(struct vnm_facts *facts)
{
	free(facts->links);
	free(facts->routes);
	free(facts->dnsmasq);
	for (size_t i = 0; i < facts->n_bridges; i++) {
		free(facts->bridges[i].network);
		free(facts->bridges[i].bridge);
	}
	free(facts->bridges);
	for (size_t i = 0; i < facts->n_listeners; i++)
		free(facts->listeners[i].process);
	free(facts->listeners);
	*facts = (struct vnm_facts){ 0 };
}

/**
 * vnm_facts_link() - find a device by name
 * @facts: what was seen
 * @name:  the device's name
 *
 * Return: the device, or NULL.
 */
const struct vnm_fact_link *vnm_facts_link(const struct vnm_facts *facts, const char *name)
{
	for (size_t i = 0; i < facts->n_links; i++)
		if (!strcmp(facts->links[i].name, name))
			return &facts->links[i];
	return NULL;
}

/**
 * vnm_facts_link_index() - find a device by number
 * @facts:   what was seen
 * @ifindex: the kernel's number for it
 *
 * Return: the device, or NULL.
 */
const struct vnm_fact_link *vnm_facts_link_index(const struct vnm_facts *facts, int ifindex)
{
	for (size_t i = 0; i < facts->n_links; i++)
		if (facts->links[i].index == ifindex)
			return &facts->links[i];
	return NULL;
}

/**
 * vnm_facts_bridge() - the bridge of another network
 * @facts:   what was seen
 * @network: the network's name
 *
 * Return: the bridge's name, or NULL.
 */
const char *vnm_facts_bridge(const struct vnm_facts *facts, const char *network)
{
	for (size_t i = 0; i < facts->n_bridges; i++)
		if (!strcmp(facts->bridges[i].network, network))
			return facts->bridges[i].bridge;
	return NULL;
}

/**
 * vnm_places_clear() - free the paths
 * @places: becomes all zero
 */
void vnm_places_clear(struct vnm_places *places)
{
	free(places->dnsmasq_dir);
	free(places->lease_file);
	*places = (struct vnm_places){ 0 };
}

/**
 * vnm_facts_forget() - leave a device and its routes out of the picture
 * @facts: what was seen
 * @name:  the device: one of a network's own, when the question is what is there beside it
 */
void vnm_facts_forget(struct vnm_facts *facts, const char *name)
{
	const struct vnm_fact_link *link = vnm_facts_link(facts, name);
	int index = link ? link->index : 0;
	size_t n = 0;

	if (!link)
		return;
	for (size_t i = 0; i < facts->n_links; i++)
		if (facts->links[i].index != index)
			facts->links[n++] = facts->links[i];
	facts->n_links = n;
	n = 0;
	for (size_t i = 0; i < facts->n_routes; i++)
		if (facts->routes[i].ifindex != index)
			facts->routes[n++] = facts->routes[i];
	facts->n_routes = n;
}
