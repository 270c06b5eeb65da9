/* SPDX-License-Identifier: GPL-2.0-or-later */
/* result.c - the result of ADD: interfaces, addresses, routes and DNS, as the version of the request has them. */
#include "cni/result.h"

#include <string.h>
#include <sys/socket.h>

/* The list of this name in the result, which may be another plugin's before. */
static json_t *list_of(json_t *result, const char *key)
{
	json_t *list = json_object_get(result, key);

	if (!json_is_array(list)) {
		list = json_array();
		json_object_set_new(result, key, list);
	}
	return list;
}

static json_t *json_addr(const struct vnm_addr *addr)
{
	char text[VNM_ADDR_STRLEN];

	return json_string(vnm_addr_format(addr, text));
}

/* @sandbox: the namespace; NULL: the host's. The MTU is new in 1.1.0. Return: its index. */
static size_t add_interface(const struct vnm_cni_config *config, json_t *result, const char *name,
			    const struct vnm_mac *mac, uint32_t mtu, const char *sandbox)
{
	json_t *list = list_of(result, "interfaces"), *one = json_object();
	char text[VNM_MAC_STRLEN];

	json_object_set_new(one, "name", json_string(name));
	if (mac->set)
		json_object_set_new(one, "mac", json_string(vnm_mac_format(mac, text)));
	if (mtu && config->version >= VNM_CNI_SPEC_1_1_0)
		json_object_set_new(one, "mtu", json_integer(mtu));
	if (sandbox)
		json_object_set_new(one, "sandbox", json_string(sandbox));
	json_array_append_new(list, one);
	return json_array_size(list) - 1;
}

static void add_addresses(const struct vnm_cni_config *config, json_t *result, size_t interface,
			  const struct vnm_attachment *attach, const struct vnm_guest_view *view)
{
	for (size_t i = 0; i < attach->n_ips; i++) {
		const struct vnm_attach_ip *ip = &attach->ips[i];
		const struct vnm_prefix prefix = { ip->address, ip->prefix.v };
		char text[VNM_PREFIX_STRLEN];
		json_t *one = json_object();

		if (config->version < VNM_CNI_SPEC_1_0_0)
			json_object_set_new(one, "version",
					    json_string(ip->address.family == AF_INET ? "4" : "6"));
		json_object_set_new(one, "interface", json_integer((json_int_t)interface));
		json_object_set_new(one, "address", json_string(vnm_prefix_format(&prefix, text)));
		if (view->gateways[i].family)
			json_object_set_new(one, "gateway", json_addr(&view->gateways[i]));
		json_array_append_new(list_of(result, "ips"), one);
	}
}

/* As plan_attach.c plans them: one for each family. */
static void add_routes(json_t *result, const struct vnm_attachment *attach,
		       const struct vnm_guest_view *view)
{
	bool done[2] = { false, false };

	for (size_t i = 0; i < attach->n_ips && view->routed; i++) {
		bool v6 = view->gateways[i].family == AF_INET6;
		json_t *one;

		if (!view->gateways[i].family || done[v6])
			continue;
		done[v6] = true;
		one = json_object();
		json_object_set_new(one, "dst", json_string(v6 ? "::/0" : "0.0.0.0/0"));
		json_object_set_new(one, "gw", json_addr(&view->gateways[i]));
		json_array_append_new(list_of(result, "routes"), one);
	}
}

static void add_dns(json_t *result, const struct vnm_attachment *attach,
		    const struct vnm_guest_view *view)
{
	json_t *dns = json_object_get(result, "dns");

	if (!json_is_object(dns)) {
		dns = json_object();
		json_object_set_new(result, "dns", dns);
	}
	for (size_t i = 0; i < attach->n_ips; i++)
		if (view->servers[i].family)
			json_array_append_new(list_of(dns, "nameservers"),
					      json_addr(&view->servers[i]));
	if (!view->domain || json_object_get(dns, "domain"))
		return;
	json_object_set_new(dns, "domain", json_string(view->domain));
	json_array_append_new(list_of(dns, "search"), json_string(view->domain));
}

/**
 * vnm_cni_result() - the result of ADD
 * @config: of the request; what plugins before us have made is in the result, too
 * @attach: the guest
 * @view:   of it
 *
 * Return: the result; free with json_decref().
 */
json_t *vnm_cni_result(const struct vnm_cni_config *config, const struct vnm_attachment *attach,
		       const struct vnm_guest_view *view)
{
	json_t *result =
		json_is_object(config->previous) ? json_deep_copy(config->previous) : json_object();
	size_t inside;

	json_object_set_new(result, "cniVersion", json_string(vnm_cni_versions[config->version]));
	if (view->bridge) {
		add_interface(config, result, view->bridge, &view->bridge_mac, view->mtu, NULL);
		add_interface(config, result, attach->dev, &view->dev_mac, view->mtu, NULL);
	}
	inside = add_interface(config, result, attach->ifname, &attach->mac, view->mtu,
			       attach->netns);
	add_addresses(config, result, inside, attach, view);
	add_routes(result, attach, view);
	add_dns(result, attach, view);
	return result;
}

static bool has_address(const json_t *result, const char *address)
{
	const json_t *ips = json_object_get(result, "ips");

	for (size_t i = 0; i < json_array_size(ips); i++) {
		const char *one =
			json_string_value(json_object_get(json_array_get(ips, i), "address"));

		if (one && !strcmp(one, address))
			return true;
	}
	return false;
}

/** vnm_cni_result_has() - has a result all addresses of the guest? */
bool vnm_cni_result_has(const json_t *result, const struct vnm_attachment *attach)
{
	char text[VNM_PREFIX_STRLEN];

	for (size_t i = 0; i < attach->n_ips; i++) {
		const struct vnm_prefix prefix = { attach->ips[i].address,
						   attach->ips[i].prefix.v };

		if (!has_address(result, vnm_prefix_format(&prefix, text)))
			return false;
	}
	return true;
}
