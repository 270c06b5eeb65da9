/* network_xml.c - the vocabulary of network definitions, row by row, and the way from text to struct and back. */
#include "xml/network_xml.h"

#include <errno.h>
#include <libxml/parser.h>
#include <stdlib.h>
#include <string.h>

#include "util/mem.h"
#include "xml/document.h"

/* Tables, one row a line. */
/* clang-format off */

#define ATTR(field, type, member, ...) \
	{ .kind = VNM_FIELD_ATTR, .name = (field), .scalar = VNM_SCALAR_##type, \
	  .offset = offsetof(struct OBJECT, member), __VA_ARGS__ }
#define TEXT(type, member, ...) \
	{ .kind = VNM_FIELD_TEXT, .scalar = VNM_SCALAR_##type, \
	  .offset = offsetof(struct OBJECT, member), __VA_ARGS__ }
#define CHILD_TEXT(field, type, member, ...) \
	{ .kind = VNM_FIELD_CHILD_TEXT, .name = (field), .scalar = VNM_SCALAR_##type, \
	  .offset = offsetof(struct OBJECT, member), __VA_ARGS__ }
#define CHILD(field, member, rows) \
	{ .kind = VNM_FIELD_CHILD, .name = (field), \
	  .offset = offsetof(struct OBJECT, member), .element = &rows##_element }
#define LIST(field, member, rows) \
	{ .kind = VNM_FIELD_LIST, .name = (field), .offset = offsetof(struct OBJECT, member), \
	  .count_offset = offsetof(struct OBJECT, n_##member), \
	  .size = sizeof(*((struct OBJECT *)NULL)->member), .element = &rows##_element }
#define IGNORED(field, ...) \
	{ .kind = VNM_FIELD_ATTR, .name = (field), .scalar = VNM_SCALAR_STRING, \
	  .flags = VNM_FIELD_READ_ONLY, ##__VA_ARGS__ }
#define ELEMENT(var, tag, ...) \
	static const struct vnm_element var##_element = { \
		.name = (tag), .fields = var##_rows, \
		.n_fields = VNM_ARRAY_SIZE(var##_rows), ##__VA_ARGS__ }

#define REQUIRED .flags = VNM_FIELD_REQUIRED
#define NUMBER(low, high) .min = (low), .max = (high)
#define YES_NO .table = &vnm_enum_tristate

/* ---- <forward> ---- */

#define OBJECT vnm_nat_address
static const struct vnm_field nat_address_rows[] = {
	ATTR("start", ADDR, start, REQUIRED),
	ATTR("end", ADDR, end, REQUIRED),
};
ELEMENT(nat_address, "address");
#undef OBJECT

#define OBJECT vnm_nat_port
static const struct vnm_field nat_port_rows[] = {
	ATTR("start", UINT, start, REQUIRED, NUMBER(1, 65535)),
	ATTR("end", UINT, end, REQUIRED, NUMBER(1, 65535)),
};
ELEMENT(nat_port, "port");
#undef OBJECT

#define OBJECT vnm_nat
static const struct vnm_field nat_rows[] = {
	ATTR("ipv6", ENUM, ipv6, YES_NO),
	CHILD("address", address, nat_address),
	CHILD("port", port, nat_port),
};
ELEMENT(nat, "nat");
#undef OBJECT

#define OBJECT vnm_forward_interface
static const struct vnm_field interface_rows[] = {
	ATTR("dev", STRING, dev, REQUIRED),
	IGNORED("connections"),
};
ELEMENT(interface, "interface");
#undef OBJECT

#define OBJECT vnm_forward
static const struct vnm_field forward_rows[] = {
	ATTR("dev", STRING, dev),
	ATTR("mode", ENUM, mode, .table = &vnm_enum_forward_mode),
	IGNORED("managed", YES_NO),	/* of host devices, which are none of ours */
	CHILD("nat", nat, nat),
	LIST("interface", interfaces, interface),
};
ELEMENT(forward, "forward");
#undef OBJECT

/* ---- the bridge and what it carries ---- */

#define OBJECT vnm_bridge
static const struct vnm_field bridge_rows[] = {
	ATTR("name", STRING, name),
	ATTR("stp", ENUM, stp, .table = &vnm_enum_switch),
	ATTR("delay", UINT, delay, NUMBER(0, 32767)),
};
ELEMENT(bridge, "bridge");
#undef OBJECT

#define OBJECT vnm_mtu
static const struct vnm_field mtu_rows[] = {
	ATTR("size", UINT, size, REQUIRED, NUMBER(68, 65535)),
};
ELEMENT(mtu, "mtu");
#undef OBJECT

#define OBJECT vnm_mac_elem
static const struct vnm_field mac_rows[] = { ATTR("address", MAC, address, REQUIRED) };
ELEMENT(mac, "mac");
#undef OBJECT

#define OBJECT vnm_domain
static const struct vnm_field domain_rows[] = {
	ATTR("name", STRING, name, REQUIRED),
	ATTR("localOnly", ENUM, local_only, YES_NO),
};
ELEMENT(domain, "domain");
#undef OBJECT

/* ---- <dns> ---- */

#define OBJECT vnm_forwarder
static const struct vnm_field forwarder_rows[] = {
	ATTR("domain", STRING, domain),
	ATTR("addr", ADDR, addr),
};
ELEMENT(forwarder, "forwarder");
#undef OBJECT

#define OBJECT vnm_txt
static const struct vnm_field txt_rows[] = {
	ATTR("name", STRING, name, REQUIRED),
	ATTR("value", STRING, value, REQUIRED),
};
ELEMENT(txt, "txt");
#undef OBJECT

#define OBJECT vnm_srv
static const struct vnm_field srv_rows[] = {
	ATTR("service", STRING, service, REQUIRED),
	ATTR("protocol", STRING, protocol, REQUIRED),
	ATTR("domain", STRING, domain),
	ATTR("target", STRING, target),
	ATTR("port", UINT, port, NUMBER(1, 65535)),
	ATTR("priority", UINT, priority, .flags = VNM_FIELD_SKIP_ZERO, NUMBER(0, 65535)),
	ATTR("weight", UINT, weight, .flags = VNM_FIELD_SKIP_ZERO, NUMBER(0, 65535)),
};
ELEMENT(srv, "srv");
#undef OBJECT

#define OBJECT vnm_hostname
static const struct vnm_field hostname_rows[] = { TEXT(STRING, name) };
ELEMENT(hostname, "hostname");
#undef OBJECT

#define OBJECT vnm_dns_host
static const struct vnm_field dns_host_rows[] = {
	ATTR("ip", ADDR, ip, REQUIRED),
	LIST("hostname", names, hostname),
};
ELEMENT(dns_host, "host");
#undef OBJECT

#define OBJECT vnm_dns
static const struct vnm_field dns_rows[] = {
	ATTR("enable", ENUM, enable, YES_NO),
	ATTR("forwardPlainNames", ENUM, forward_plain_names, YES_NO),
	LIST("forwarder", forwarders, forwarder),
	LIST("txt", txts, txt),
	LIST("srv", srvs, srv),
	LIST("host", hosts, dns_host),
};
ELEMENT(dns, "dns");
#undef OBJECT

/* ---- <ip> ---- */

#define OBJECT vnm_lease
static const struct vnm_field lease_rows[] = {
	ATTR("expiry", UINT, expiry, REQUIRED, NUMBER(0, UINT32_MAX)),
	ATTR("unit", ENUM, unit, .table = &vnm_enum_lease_unit),
};
ELEMENT(lease, "lease");
#undef OBJECT

#define OBJECT vnm_dhcp_range
static const struct vnm_field range_rows[] = {
	ATTR("start", ADDR, start, REQUIRED),
	ATTR("end", ADDR, end, REQUIRED),
	CHILD("lease", lease, lease),
};
ELEMENT(range, "range");
#undef OBJECT

#define OBJECT vnm_dhcp_host
static const struct vnm_field dhcp_host_rows[] = {
	ATTR("mac", MAC, mac),
	ATTR("id", STRING, id),
	ATTR("name", STRING, name),
	ATTR("ip", ADDR, ip, REQUIRED),
	CHILD("lease", lease, lease),
};
ELEMENT(dhcp_host, "host");
#undef OBJECT

#define OBJECT vnm_bootp
static const struct vnm_field bootp_rows[] = {
	ATTR("file", STRING, file, REQUIRED),
	ATTR("server", ADDR, server),
};
ELEMENT(bootp, "bootp");
#undef OBJECT

#define OBJECT vnm_dhcp
static const struct vnm_field dhcp_rows[] = {
	LIST("range", ranges, range),
	LIST("host", hosts, dhcp_host),
	CHILD("bootp", bootp, bootp),
};
ELEMENT(dhcp, "dhcp");
#undef OBJECT

#define OBJECT vnm_tftp
static const struct vnm_field tftp_rows[] = { ATTR("root", STRING, root, REQUIRED) };
ELEMENT(tftp, "tftp");
#undef OBJECT

#define OBJECT vnm_ip
static const struct vnm_field ip_rows[] = {
	ATTR("family", ENUM, family, .table = &vnm_enum_family),
	ATTR("address", ADDR, address, REQUIRED),
	ATTR("netmask", ADDR, netmask, .expect = "an IPv4 netmask such as 255.255.255.0"),
	ATTR("prefix", UINT, prefix, .flags = VNM_FIELD_SKIP_ZERO, NUMBER(0, 128)),
	ATTR("localPtr", ENUM, local_ptr, YES_NO),
	CHILD("tftp", tftp, tftp),
	CHILD("dhcp", dhcp, dhcp),
};
ELEMENT(ip, "ip", .pair = true);
#undef OBJECT

#define OBJECT vnm_route
static const struct vnm_field route_rows[] = {
	ATTR("family", ENUM, family, .table = &vnm_enum_family),
	ATTR("address", ADDR, address, REQUIRED),
	ATTR("netmask", ADDR, netmask, .expect = "an IPv4 netmask such as 255.255.255.0"),
	ATTR("prefix", UINT, prefix, NUMBER(0, 128)),
	ATTR("gateway", ADDR, gateway, REQUIRED),
	ATTR("metric", UINT, metric, NUMBER(1, UINT32_MAX)),
};
ELEMENT(route, "route");
#undef OBJECT

/* ---- <network> ---- */

#define OBJECT vnm_network
static const struct vnm_field network_rows[] = {
	ATTR("ipv6", ENUM, ipv6, YES_NO),
	ATTR("trustGuestRxFilters", ENUM, trust_guest_rx_filters, YES_NO),
	IGNORED("connections"),
	CHILD_TEXT("name", STRING, name),
	CHILD_TEXT("uuid", UUID, uuid),
	CHILD("forward", forward, forward),
	CHILD("bridge", bridge, bridge),
	CHILD("mtu", mtu, mtu),
	CHILD("mac", mac, mac),
	CHILD("domain", domain, domain),
	CHILD("dns", dns, dns),
	LIST("ip", ips, ip),
	LIST("route", routes, route),
};
#undef OBJECT

const struct vnm_element vnm_element_network = {
	.name = "network",
	.fields = network_rows,
	.n_fields = VNM_ARRAY_SIZE(network_rows),
};

/* clang-format on */

static int check_root(const xmlNode *root, const char *file, struct vnm_error *err)
{
	long line = root ? xmlGetLineNo((xmlNode *)root) : 1;
	const char *name = root ? (const char *)root->name : "";

	if (strcmp(name, "network") != 0)
		return vnm_error_set(err, VNM_ERR_XML_SCHEMA, EINVAL,
				     "%s:%ld: expecting root element of 'network', not '%.60s'",
				     file, line, name);
	if (root->ns)
		return vnm_error_set(err, VNM_ERR_XML_SCHEMA, EINVAL,
				     "%s:%ld: element <network> may not stand in a namespace: "
				     "remove xmlns='%.60s'",
				     file, line,
				     root->ns->href ? (const char *)root->ns->href : "");
	return 0;
}

static int check_name(const struct vnm_network *net, const char *file, struct vnm_error *err)
{
	if (net->name && *net->name)
		return 0;
	return vnm_error_set(err, VNM_ERR_XML_SCHEMA, EINVAL, "%s:%d: missing name information",
			     file, net->at.line);
}

/**
 * vnm_network_xml_parse() - from text to definition
 * @text:   the XML
 * @len:    its length in bytes, at most VNM_XML_MAX
 * @file:   its name, for messages
 * @ret:    written on success only; free with vnm_network_clear()
 * @err:    VNM_ERR_XML_SYNTAX or VNM_ERR_XML_SCHEMA, with file and line
 *
 * Whether the definition makes sense is not asked here: vnm_network_validate().
 *
 * Return: 0 or -errno.
 */
int vnm_network_xml_parse(const char *text, size_t len, const char *file, struct vnm_network *ret,
			  struct vnm_error *err)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	vnm_autodoc xmlDoc *doc = NULL;
	xmlNode *root;
	int r;

	r = vnm_document_parse(text, len, file, &doc, err);
	if (r < 0)
		return r;
	root = xmlDocGetRootElement(doc);
	r = check_root(root, file, err);
	if (r == 0)
		r = vnm_bind_read(&vnm_element_network, root, file, &net, err);
	if (r == 0)
		r = check_name(&net, file, err);
	if (r < 0)
		return r;
	/* As for libvirt, an empty name asks for one. */
	if (net.bridge.name && !*net.bridge.name) {
		free(net.bridge.name);
		net.bridge.name = NULL;
	}
	net.file = vnm_strdup(file);
	*ret = net;
	net = (struct vnm_network){ 0 };
	return 0;
}

/**
 * vnm_network_xml_check() - hold a text against the schema
 * @text:   the XML
 * @len:    its length in bytes, at most VNM_XML_MAX
 * @file:   its name, for messages
 * @schema: the schema
 * @err:    VNM_ERR_XML_SYNTAX or VNM_ERR_XML_SCHEMA, with file and line
 *
 * Best asked last: what the typed reader and the validation refuse, too, they refuse in better words.
 *
 * Return: 0 or -errno.
 */
int vnm_network_xml_check(const char *text, size_t len, const char *file,
			  const struct vnm_schema *schema, struct vnm_error *err)
{
	vnm_autodoc xmlDoc *doc = NULL;
	int r = vnm_document_parse(text, len, file, &doc, err);

	return r < 0 ? r : vnm_schema_check(schema, doc, file, err);
}

/* libvirt shows one forwarding device twice: as dev and as the first interface. */
static void show_forward(struct vnm_forward *forward)
{
	size_t n = 0;

	if (!forward->at.present)
		return;
	if (forward->mode == VNM_FORWARD_NONE)
		forward->mode = VNM_FORWARD_NAT;
	if (forward->nat.ipv6 == VNM_TRI_ABSENT && !forward->nat.address.at.present &&
	    !forward->nat.port.at.present)
		forward->nat.at.present = false;
	if (forward->dev && forward->n_interfaces == 0) {
		forward->interfaces = vnm_array_add(NULL, &n, sizeof(*forward->interfaces));
		forward->n_interfaces = n;
		forward->interfaces[0].at.present = true;
		forward->interfaces[0].dev = vnm_strdup(forward->dev);
	} else if (!forward->dev && forward->n_interfaces > 0) {
		forward->dev = vnm_strdup(forward->interfaces[0].dev);
	}
}

static void show_bridge(struct vnm_network *net)
{
	if (vnm_network_mode(net) == VNM_FORWARD_BRIDGE)
		return;
	net->bridge.at.present = true;
	if (net->bridge.stp == VNM_SWITCH_ABSENT)
		net->bridge.stp = VNM_SWITCH_ON;
	net->bridge.delay.set = true;
}

static void show_lease(struct vnm_lease *lease)
{
	if (!lease->at.present)
		return;
	if (lease->expiry.v == 0)
		lease->unit = VNM_UNIT_ABSENT;
	else if (lease->unit == VNM_UNIT_ABSENT)
		lease->unit = VNM_UNIT_MINUTES;
}

static void show_dhcp(struct vnm_dhcp *dhcp)
{
	for (size_t i = 0; i < dhcp->n_ranges; i++)
		show_lease(&dhcp->ranges[i].lease);
	for (size_t i = 0; i < dhcp->n_hosts; i++)
		show_lease(&dhcp->hosts[i].lease);
	if (!vnm_dhcp_serves(dhcp) && !dhcp->bootp.at.present)
		dhcp->at.present = false;
}

static bool dns_is_empty(const struct vnm_dns *dns)
{
	return dns->enable == VNM_TRI_ABSENT && dns->forward_plain_names == VNM_TRI_ABSENT &&
	       dns->n_forwarders + dns->n_txts + dns->n_srvs + dns->n_hosts == 0;
}

/**
 * vnm_network_xml_format() - print a definition as virsh net-dumpxml does
 * @net: the definition
 * @out: where to
 *
 * What libvirt prints whether it was written or not (mode, stp, delay, units) is printed; empty elements that
 * say nothing are not, nor is ipv6='no'.
 */
void vnm_network_xml_format(const struct vnm_network *net, struct vnm_buf *out)
{
	vnm_autonetwork struct vnm_network shown = { 0 };

	vnm_network_copy(net, &shown);
	if (shown.ipv6 == VNM_TRI_NO)
		shown.ipv6 = VNM_TRI_ABSENT;
	show_forward(&shown.forward);
	show_bridge(&shown);
	for (size_t i = 0; i < shown.n_ips; i++)
		show_dhcp(&shown.ips[i].dhcp);
	if (dns_is_empty(&shown.dns))
		shown.dns.at.present = false;
	vnm_bind_print(&vnm_element_network, &shown, 0, out);
}

/** vnm_network_clear() - free a definition; reusable afterwards. */
void vnm_network_clear(struct vnm_network *net)
{
	vnm_bind_clear(&vnm_element_network, net);
	free(net->file);
	net->file = NULL;
}

/** vnm_network_copy() - a deep copy of @from in @to, which is zeroed. */
void vnm_network_copy(const struct vnm_network *from, struct vnm_network *to)
{
	vnm_bind_copy(&vnm_element_network, from, to);
	to->file = from->file ? vnm_strdup(from->file) : NULL;
}
