/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * config.c - a plugin's configuration, which comes by standard input.
 *
 *   { "cniVersion": "1.0.0", "name": "lab", "type": "vnetmgr-cni",
 *     "network": "default", "portgroup": "guests", "isolated": true, "isDefaultGateway": false,
 *     "vlan": 42, "capabilities": { "portMappings": true, "mac": true, "ips": true, "aliases": true } }
 *
 * What is ours is checked; unknown keys are others', by CNI's rules, and ignored.
 */
#include "cni/config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cni/env.h"
#include "cni/vlan.h"
#include "util/mem.h"
#include "xml/attach_xml.h"

#define LIST_MAX 1000

const char *const vnm_cni_versions[VNM_CNI_SPEC_COUNT] = {
	"0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0",
};

static int bad_key(struct vnm_cni_failure *failure, const char *key, const char *what)
{
	return vnm_cni_fail(failure, VNM_CNI_CODE_CONFIG, "\"%s\" of the configuration must be %s",
			    key, what);
}

/* Return: 0, with *ret NULL when there is no such key; -1: it is of another type. */
static int get_string(const json_t *object, const char *key, const char **ret,
		      struct vnm_cni_failure *failure)
{
	const json_t *value = json_object_get(object, key);

	*ret = json_string_value(value);
	if (*ret && strlen(*ret) != json_string_length(value))
		*ret = NULL;
	return !value || json_is_null(value) || *ret ? 0 : bad_key(failure, key, "a string");
}

static int get_bool(const json_t *object, const char *key, enum vnm_tristate *ret,
		    struct vnm_cni_failure *failure)
{
	const json_t *value = json_object_get(object, key);

	if (!value || json_is_null(value))
		return 0;
	if (!json_is_boolean(value))
		return bad_key(failure, key, "true or false");
	*ret = json_is_true(value) ? VNM_TRI_YES : VNM_TRI_NO;
	return 0;
}

/* Return: 0, with *ret NULL when there is no such key; -1. */
static int get_list(const json_t *object, const char *key, const json_t **ret,
		    struct vnm_cni_failure *failure)
{
	const json_t *value = json_object_get(object, key);

	*ret = NULL;
	if (!value || json_is_null(value))
		return 0;
	if (!json_is_array(value) || json_array_size(value) > LIST_MAX)
		return bad_key(failure, key, "a list of at most 1000");
	*ret = value;
	return 0;
}

/** vnm_cni_set_mac() - the guest's MAC address, unless it has one. Return: 0 or -1. */
int vnm_cni_set_mac(struct vnm_attachment *guest, const char *text, struct vnm_cni_failure *failure)
{
	if (!text || !*text || guest->mac.set)
		return 0;
	if (vnm_mac_parse(text, &guest->mac) < 0)
		return vnm_cni_fail(failure, VNM_CNI_CODE_CONFIG, "invalid MAC address: '%.60s'",
				    text);
	return 0;
}

/** vnm_cni_add_address() - one more address of the guest, "192.0.2.5" or "192.0.2.5/24". Return: 0 or -1. */
int vnm_cni_add_address(struct vnm_attachment *guest, const char *text,
			struct vnm_cni_failure *failure)
{
	struct vnm_prefix prefix = { 0 };
	struct vnm_attach_ip *ip;
	bool alone = text && !strchr(text, '/');

	if (!text ||
	    (alone ? vnm_addr_parse(text, &prefix.addr) : vnm_prefix_parse(text, &prefix)) < 0)
		return vnm_cni_fail(failure, VNM_CNI_CODE_CONFIG, "invalid IP address: '%.60s'",
				    text ? text : "");
	guest->ips = vnm_array_add(guest->ips, &guest->n_ips, sizeof(*guest->ips));
	ip = &guest->ips[guest->n_ips - 1];
	ip->at.present = true;
	ip->address = prefix.addr;
	if (!alone)
		ip->prefix = (struct vnm_uint){ true, prefix.len };
	return 0;
}

static int read_addresses(const json_t *object, struct vnm_attachment *guest,
			  struct vnm_cni_failure *failure)
{
	const json_t *list = NULL;
	int r = guest->n_ips ? 0 : get_list(object, "ips", &list, failure);

	for (size_t i = 0; r == 0 && i < json_array_size(list); i++)
		r = vnm_cni_add_address(guest, json_string_value(json_array_get(list, i)), failure);
	return r;
}

static void add_alias(struct vnm_attachment *guest, const char *name)
{
	for (size_t i = 0; i < guest->n_aliases; i++)
		if (!strcasecmp(guest->aliases[i].name, name))
			return;
	guest->aliases = vnm_array_add(guest->aliases, &guest->n_aliases, sizeof(*guest->aliases));
	guest->aliases[guest->n_aliases - 1].at.present = true;
	guest->aliases[guest->n_aliases - 1].name = vnm_strdup(name);
}

/* A list, by the specification; Podman's is one for each network, by the configuration's name. */
static int read_aliases(const json_t *runtime, const char *name, struct vnm_attachment *guest,
			struct vnm_cni_failure *failure)
{
	const json_t *all = json_object_get(runtime, "aliases"), *list;
	int r = json_is_object(all) ? get_list(all, name, &list, failure)
				    : get_list(runtime, "aliases", &list, failure);

	for (size_t i = 0; r == 0 && i < json_array_size(list); i++) {
		const char *alias = json_string_value(json_array_get(list, i));

		if (!alias || !vnm_hostname_valid(alias))
			return bad_key(failure, "aliases", "a list of host names");
		add_alias(guest, alias);
	}
	return r;
}

static bool read_port(const json_t *object, const char *key, uint32_t *ret)
{
	const json_t *value = json_object_get(object, key);
	json_int_t port = json_integer_value(value);

	*ret = (uint32_t)port;
	return json_is_integer(value) && port >= 0 && port <= UINT16_MAX;
}

static bool read_protocol(const char *text, enum vnm_proto *ret)
{
	static const struct {
		const char *name;
		enum vnm_proto proto;
	} names[] = { { "", VNM_PROTO_TCP }, { "tcp", VNM_PROTO_TCP }, { "udp", VNM_PROTO_UDP } };

	for (size_t i = 0; i < VNM_ARRAY_SIZE(names); i++)
		if (!strcasecmp(text, names[i].name)) {
			*ret = names[i].proto;
			return true;
		}
	return false;
}

static bool is_any(const struct vnm_addr *addr)
{
	static const struct vnm_addr none;

	return memcmp(addr->b, none.b, sizeof(none.b)) == 0;
}

static int read_mapping(const json_t *object, struct vnm_attachment *guest,
			struct vnm_cni_failure *failure)
{
	struct vnm_port_forward forward = { .at.present = true };
	const char *address, *protocol;
	uint32_t host, container;

	if (get_string(object, "hostIP", &address, failure) < 0 ||
	    get_string(object, "protocol", &protocol, failure) < 0)
		return -1;
	if (!read_port(object, "hostPort", &host) ||
	    !read_port(object, "containerPort", &container) || (host && !container))
		return bad_key(failure, "portMappings", "a list of ports from 1 to 65535");
	if (!read_protocol(protocol ? protocol : "", &forward.proto))
		return vnm_cni_fail(
			failure, VNM_CNI_CODE_CONFIG,
			"\"portMappings\": ports of '%.20s' cannot be forwarded; only those "
			"of tcp and udp",
			protocol);
	if (address && *address && vnm_addr_parse(address, &forward.address) < 0)
		return vnm_cni_fail(failure, VNM_CNI_CODE_CONFIG, "invalid \"hostIP\": '%.60s'",
				    address);
	if (is_any(&forward.address))
		forward.address = (struct vnm_addr){ 0 };
	if (!host)
		return 0;
	forward.port = (struct vnm_port_range){ (uint16_t)host, (uint16_t)host };
	forward.to_port = (struct vnm_uint){ true, container };
	guest->forwards = vnm_array_add(guest->forwards, &guest->n_forwards, sizeof(forward));
	guest->forwards[guest->n_forwards - 1] = forward;
	return 0;
}

/* What the runtime was asked for, by "capabilities" or arguments of its own. */
static int read_runtime(const json_t *object, const char *name, struct vnm_attachment *guest,
			struct vnm_cni_failure *failure)
{
	const json_t *runtime = json_object_get(object, "runtimeConfig"), *list;
	const json_t *args = json_object_get(json_object_get(object, "args"), "cni");
	const char *mac, *mac2;
	int r = get_string(runtime, "mac", &mac, failure);

	if (r == 0)
		r = get_string(args, "mac", &mac2, failure);
	if (r == 0)
		r = vnm_cni_set_mac(guest, mac, failure);
	if (r == 0)
		r = vnm_cni_set_mac(guest, mac2, failure);
	if (r == 0)
		r = read_addresses(runtime, guest, failure);
	if (r == 0)
		r = read_addresses(args, guest, failure);
	if (r == 0)
		r = read_aliases(runtime, name, guest, failure);
	if (r == 0)
		r = get_list(runtime, "portMappings", &list, failure);
	for (size_t i = 0; r == 0 && i < json_array_size(list); i++)
		r = read_mapping(json_array_get(list, i), guest, failure);
	return r;
}

/* Those that the runtime knows; the key has an older name. */
static int read_valid(struct vnm_cni_config *config, struct vnm_cni_failure *failure)
{
	static const char *const keys[] = { "cni.dev/valid-attachments", "cni.dev/attachments" };
	const json_t *list = NULL;
	int r = 0;

	for (size_t i = 0; i < VNM_ARRAY_SIZE(keys) && r == 0 && !list; i++)
		r = get_list(config->text, keys[i], &list, failure);
	config->gc = list != NULL;
	for (size_t i = 0; r == 0 && i < json_array_size(list); i++) {
		const json_t *one = json_array_get(list, i);
		const char *container = NULL, *ifname = NULL;

		r = get_string(one, "containerID", &container, failure);
		if (r == 0)
			r = get_string(one, "ifname", &ifname, failure);
		if (r == 0 && (!container || !ifname))
			r = bad_key(failure, keys[0],
				    "a list of objects with containerID and ifname");
		if (r < 0)
			break;
		config->valid =
			vnm_array_add(config->valid, &config->n_valid, sizeof(*config->valid));
		config->valid[config->n_valid - 1] = vnm_cni_id(container, ifname);
	}
	return r;
}

static int read_version(struct vnm_cni_config *config, struct vnm_cni_failure *failure)
{
	const char *version;

	if (get_string(config->text, "cniVersion", &version, failure) < 0)
		return -1;
	for (int i = 0; version && i < VNM_CNI_SPEC_COUNT; i++)
		if (!strcmp(version, vnm_cni_versions[i])) {
			config->version = (enum vnm_cni_version)i;
			return 0;
		}
	return vnm_cni_fail(
		failure, VNM_CNI_CODE_VERSION,
		"unsupported cniVersion '%.20s'; there are 0.3.0, 0.3.1, 0.4.0, 1.0.0 and "
		"1.1.0",
		version ? version : "");
}

static int read_network(struct vnm_cni_config *config, const char **ret_name,
			struct vnm_cni_failure *failure)
{
	const char *network;

	if (get_string(config->text, "name", ret_name, failure) < 0 ||
	    get_string(config->text, "network", &network, failure) < 0)
		return -1;
	network = network ? network : *ret_name;
	if (!network || !vnm_name_valid(network))
		return vnm_cni_fail(
			failure, VNM_CNI_CODE_CONFIG,
			"'%.70s' is not the name of a network; set \"network\" to one of: "
			"vnetmgr net-list",
			network ? network : "");
	config->network = vnm_strdup(network);
	return 0;
}

static int read_config(struct vnm_cni_config *config, struct vnm_cni_failure *failure)
{
	struct vnm_attachment *guest = &config->guest;
	enum vnm_tristate gateway = VNM_TRI_ABSENT;
	const char *name, *portgroup;
	int r = read_version(config, failure);

	if (r == 0)
		r = read_network(config, &name, failure);
	if (r == 0)
		r = get_string(config->text, "portgroup", &portgroup, failure);
	if (r == 0)
		r = get_bool(config->text, "isolated", &guest->isolated, failure);
	if (r == 0)
		r = get_bool(config->text, "isDefaultGateway", &gateway, failure);
	if (r == 0)
		r = vnm_cni_vlan_read(config->text, &guest->vlan, failure);
	if (r < 0)
		return r;
	guest->portgroup = portgroup ? vnm_strdup(portgroup) : NULL;
	guest->gateway = gateway;
	if (guest->isolated == VNM_TRI_NO)
		guest->isolated = VNM_TRI_ABSENT;
	config->previous = json_object_get(config->text, "prevResult");
	r = read_runtime(config->text, name ? name : config->network, guest, failure);
	return r < 0 ? r : read_valid(config, failure);
}

/**
 * vnm_cni_config_parse() - read a configuration
 * @text:    JSON
 * @len:     its length in bytes
 * @ret:     zeroed; free with vnm_cni_config_clear(), also after a failure
 * @failure: VNM_CNI_CODE_DECODE, VNM_CNI_CODE_VERSION, VNM_CNI_CODE_CONFIG
 *
 * Return: 0 or -1.
 */
int vnm_cni_config_parse(const char *text, size_t len, struct vnm_cni_config *ret,
			 struct vnm_cni_failure *failure)
{
	json_error_t error;

	ret->version = VNM_CNI_SPEC_1_1_0; /* for an error object, if it cannot be read */
	ret->guest.at.present = true;
	ret->text = json_loadb(text, len, 0, &error);
	if (!ret->text)
		return vnm_cni_fail(failure, VNM_CNI_CODE_DECODE, "the configuration, line %d: %s",
				    error.line, error.text);
	if (!json_is_object(ret->text))
		return vnm_cni_fail(failure, VNM_CNI_CODE_DECODE,
				    "the configuration is no JSON object");
	return read_config(ret, failure);
}

/** vnm_cni_config_clear() - free what vnm_cni_config_parse() read */
void vnm_cni_config_clear(struct vnm_cni_config *config)
{
	vnm_attach_clear(&config->guest);
	for (size_t i = 0; i < config->n_valid; i++)
		free(config->valid[i]);
	free(config->valid);
	free(config->network);
	json_decref(config->text);
	*config = (struct vnm_cni_config){ 0 };
}
