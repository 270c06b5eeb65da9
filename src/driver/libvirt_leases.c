/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libvirt_leases.c - the leases that libvirt keeps for a bridge, as lines of dnsmasq's own file.
 *
 * libvirt's dnsmasq has no lease file: a helper of libvirt keeps /var/lib/libvirt/dnsmasq/BRIDGE.status, a JSON list. dnsmasq's
 * file has the leases of IPv4, then a line with the server's DUID, then those of IPv6. Expired leases are left out.
 */
#include "driver/libvirt_leases.h"

#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "util/buf.h"
#include "util/file.h"
#include "util/mem.h"
#include "util/addr.h"

#define STATUS_MAX (16 * 1024 * 1024)

/** struct lease - an item of libvirt's list. */
struct lease {
	const char *address, *mac, *hostname, *client, *iaid, *server;
	json_int_t expiry;
};

static const char *or_none(const char *text)
{
	return text && *text ? text : "*";
}

/* One word of a line, or none. */
static bool is_word(const char *text)
{
	return !text || text[strcspn(text, " \t\r\n")] == '\0';
}

static bool has_words(const struct lease *lease)
{
	return is_word(lease->mac) && is_word(lease->hostname) && is_word(lease->client) &&
	       is_word(lease->iaid) && is_word(lease->server);
}

static bool read_lease(const json_t *item, time_t now, struct lease *ret, int *ret_family)
{
	struct vnm_addr addr;

	*ret = (struct lease){ 0 };
	if (json_unpack((json_t *)item, "{s:s, s:I, s?s, s?s, s?s, s?s, s?s}", "ip-address",
			&ret->address, "expiry-time", &ret->expiry, "mac-address", &ret->mac,
			"hostname", &ret->hostname, "client-id", &ret->client, "iaid", &ret->iaid,
			"server-duid", &ret->server) < 0)
		return false;
	if (vnm_addr_parse(ret->address, &addr) < 0 || !has_words(ret))
		return false;
	*ret_family = addr.family;
	return (ret->expiry == 0 || ret->expiry > (json_int_t)now) &&
	       (addr.family == AF_INET ? ret->mac != NULL : ret->iaid && ret->client);
}

static void add_line(const struct lease *lease, int family, struct vnm_buf *out)
{
	vnm_buf_printf(out, "%lld %s %s %s %s\n", (long long)lease->expiry,
		       family == AF_INET ? lease->mac : lease->iaid, lease->address,
		       or_none(lease->hostname), or_none(lease->client));
}

/**
 * vnm_libvirt_leases_convert() - libvirt's list of leases as the text of a lease file of dnsmasq
 * @text:  the list, @len bytes
 * @len:   its length
 * @now:   those that expired before are left out
 * @ret_n: how many leases the result has
 *
 * Return: the text, allocated; "" when there are none, or @text is no such list.
 */
char *vnm_libvirt_leases_convert(const char *text, size_t len, time_t now, size_t *ret_n)
{
	vnm_autobuf struct vnm_buf v4 = { 0 }, v6 = { 0 };
	const char *server = NULL;
	json_t *list = json_loadb(text, len, 0, NULL), *item;
	size_t i, n6 = 0;

	*ret_n = 0;
	json_array_foreach(list, i, item)
	{
		struct lease lease;
		int family;

		if (!read_lease(item, now, &lease, &family))
			continue;
		add_line(&lease, family, family == AF_INET ? &v4 : &v6);
		server = lease.server ? lease.server : server;
		++*(family == AF_INET ? ret_n : &n6);
	}
	if (server) {
		vnm_buf_printf(&v4, "duid %s\n%s", server, vnm_buf_str(&v6));
		*ret_n += n6;
	}
	json_decref(list);
	return vnm_buf_steal(&v4);
}

/**
 * vnm_libvirt_leases_read() - the leases of a bridge of this host's libvirt
 * @bridge: its name
 * @ret_n:  how many
 *
 * Return: the text of a lease file, allocated; "" when there are none.
 */
char *vnm_libvirt_leases_read(const char *bridge, size_t *ret_n)
{
	vnm_autofree char *file = vnm_asprintf("/var/lib/libvirt/dnsmasq/%s.status", bridge);
	vnm_autofree char *text = NULL;
	size_t len;

	*ret_n = 0;
	if (vnm_file_read(AT_FDCWD, file, STATUS_MAX, &text, &len) < 0)
		return vnm_strdup("");
	return vnm_libvirt_leases_convert(text, len, time(NULL), ret_n);
}
