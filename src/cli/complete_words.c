/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * complete_words.c - the words that an option may be given, for completion.
 *
 * Completion runs while somebody types: it waits for no other command, and recovers nothing.
 */
#include "cli/complete_words.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <grp.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

#include "cli/complete_parts.h"
#include "cli/help.h"
#include "graph/graph_formats.h"
#include "util/file.h"
#include "util/mem.h"
#include "watch/event.h"
#include "xml/update/sections.h"

static void offer_list(struct vnm_offers *offers, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		vnm_offer(offers, words[i], NULL);
}

/* ---- words that need no network */

/**
 * vnm_complete_commands() - offer the commands, and the short forms of what has been typed
 * @commands: all of them; NULL at the end
 * @offers:   gets them
 */
void vnm_complete_commands(const struct vnm_command *const *commands, struct vnm_offers *offers)
{
	const size_t len = strlen(VNM_COMMAND_PREFIX);

	for (size_t i = 0; commands[i]; i++)
		if (!(commands[i]->flags & VNM_COMMAND_HIDDEN))
			vnm_offer(offers, commands[i]->name, commands[i]->summary);
	for (size_t i = 0; *offers->begun && commands[i]; i++)
		if (!strncmp(commands[i]->name, VNM_COMMAND_PREFIX, len))
			vnm_offer(offers, commands[i]->name + len, commands[i]->summary);
}

static void offer_changes(struct vnm_offers *offers)
{
	vnm_offer(offers, "add", "as add-last");
	offer_list(offers, vnm_enum_update_how.names, VNM_UPDATE_HOW_COUNT);
}

static void offer_sections(struct vnm_offers *offers)
{
	for (size_t i = 0; i < vnm_n_sections; i++)
		if (vnm_sections[i].path)
			vnm_offer(offers, vnm_sections[i].name, NULL);
}

static void offer_events(struct vnm_offers *offers)
{
	offer_list(offers, vnm_event_names, VNM_EVENT_TYPE_COUNT);
}

static void offer_formats(struct vnm_offers *offers)
{
	for (size_t i = 0; vnm_graph_formats[i].name; i++)
		vnm_offer(offers, vnm_graph_formats[i].name, NULL);
	vnm_offer(offers, "json", NULL);
}

static void offer_protocols(struct vnm_offers *offers)
{
	static const char *const protocols[] = { "tcp", "udp" };

	offer_list(offers, protocols, VNM_ARRAY_SIZE(protocols));
}

static void offer_trace_protocols(struct vnm_offers *offers)
{
	offer_protocols(offers);
	vnm_offer(offers, "icmp", NULL);
}

static void offer_addressing(struct vnm_offers *offers)
{
	vnm_offer(offers, "auto", "a free address");
	vnm_offer(offers, "dhcp", "an address from a DHCP server");
	vnm_offer(offers, "none", "no address");
}

static void offer_users(struct vnm_offers *offers)
{
	const struct passwd *user;

	setpwent();
	while ((user = getpwent()))
		vnm_offer(offers, user->pw_name, NULL);
	endpwent();
}

static void offer_groups(struct vnm_offers *offers)
{
	const struct group *group;

	setgrent();
	while ((group = getgrent()))
		vnm_offer(offers, group->gr_name, NULL);
	endgrent();
}

static void offer_devices(struct vnm_offers *offers)
{
	struct if_nameindex *devices = if_nameindex();

	for (size_t i = 0; devices && devices[i].if_name; i++)
		vnm_offer(offers, devices[i].if_name, NULL);
	if_freenameindex(devices);
}

/* Those that are scoped to a link are of no use in a rule. */
static void offer_host_addresses(struct vnm_offers *offers)
{
	struct ifaddrs *addresses;

	if (getifaddrs(&addresses) < 0)
		return;
	for (const struct ifaddrs *one = addresses; one; one = one->ifa_next) {
		char text[INET6_ADDRSTRLEN] = "";
		const struct sockaddr *addr = one->ifa_addr;

		if (addr && addr->sa_family == AF_INET)
			inet_ntop(AF_INET, &((const struct sockaddr_in *)addr)->sin_addr, text,
				  sizeof(text));
		else if (addr && addr->sa_family == AF_INET6 &&
			 !IN6_IS_ADDR_LINKLOCAL(&((const struct sockaddr_in6 *)addr)->sin6_addr))
			inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)addr)->sin6_addr, text,
				  sizeof(text));
		vnm_offer(offers, text, one->ifa_name);
	}
	freeifaddrs(addresses);
}

static void offer_namespaces(struct vnm_offers *offers)
{
	vnm_autodir DIR *dir = NULL;
	const char *name;

	if (vnm_dir_list(AT_FDCWD, "/run/netns", &dir) < 0)
		return;
	while (vnm_dir_next(dir, &name) == 1)
		vnm_offer(offers, name, NULL);
}

/* ---- networks */

static bool is_any(const struct vnm_info *info)
{
	(void)info;
	return true;
}

static bool is_active(const struct vnm_info *info)
{
	return info->active;
}

static bool is_inactive(const struct vnm_info *info)
{
	return !info->active;
}

static bool is_persistent(const struct vnm_info *info)
{
	return info->persistent;
}

/* ---- all of them */

/**
 * struct source - where the words of a type come from
 * @shell:  the shell, which knows them better
 * @offer:  a function that needs no network
 * @ask:    parts of the network that was named before
 * @wanted: networks; @needs: asked of those; NULL: all of them
 */
struct source {
	const char *shell;
	void (*offer)(struct vnm_offers *offers);
	void (*ask)(struct vnm_driver *drv, const char *network, struct vnm_offers *offers);
	bool (*wanted)(const struct vnm_info *info);
	bool (*needs)(struct vnm_driver *drv, const char *name);
};

static const struct source sources[VNM_ARG_TYPE_COUNT] = {
	[VNM_ARG_NETWORK] = { .wanted = is_any },
	[VNM_ARG_ACTIVE] = { .wanted = is_active },
	[VNM_ARG_INACTIVE] = { .wanted = is_inactive },
	[VNM_ARG_PERSISTENT] = { .wanted = is_persistent },
	[VNM_ARG_GUARDED] = { .wanted = is_active, .needs = vnm_driver_guarded },
	[VNM_ARG_UUID] = { .wanted = is_any },
	[VNM_ARG_GUEST] = { .ask = vnm_offer_guests },
	[VNM_ARG_GUEST_ADDRESS] = { .ask = vnm_offer_guest_addresses },
	[VNM_ARG_PORT] = { .ask = vnm_offer_ports },
	[VNM_ARG_FORWARD] = { .ask = vnm_offer_forwards },
	[VNM_ARG_PORTGROUP] = { .ask = vnm_offer_portgroups },
	[VNM_ARG_LEASE] = { .ask = vnm_offer_leases },
	[VNM_ARG_MAC] = { .ask = vnm_offer_macs },
	[VNM_ARG_FILE] = { .shell = "files" },
	[VNM_ARG_PROGRAM] = { .shell = "programs" },
	[VNM_ARG_USER] = { .offer = offer_users },
	[VNM_ARG_GROUP] = { .offer = offer_groups },
	[VNM_ARG_NETNS] = { .offer = offer_namespaces },
	[VNM_ARG_DEVICE] = { .offer = offer_devices },
	[VNM_ARG_CHANGE] = { .offer = offer_changes },
	[VNM_ARG_SECTION] = { .offer = offer_sections },
	[VNM_ARG_EVENT] = { .offer = offer_events },
	[VNM_ARG_FORMAT] = { .offer = offer_formats },
	[VNM_ARG_PROTOCOL] = { .offer = offer_protocols },
	[VNM_ARG_TRACE_PROTOCOL] = { .offer = offer_trace_protocols },
	[VNM_ARG_HOST_ADDRESS] = { .offer = offer_host_addresses },
	[VNM_ARG_ADDRESSING] = { .offer = offer_addressing },
};

static void offer_networks(struct vnm_driver *drv, const struct source *source, bool uuids,
			   struct vnm_offers *offers)
{
	struct vnm_error err = { 0 };
	struct vnm_info *infos;
	size_t n;

	if (vnm_driver_list(drv, false, &infos, &n, &err) < 0)
		return;
	for (size_t i = 0; i < n; i++) {
		char uuid[VNM_UUID_STRLEN];

		if (!source->wanted(&infos[i]) ||
		    (source->needs && !source->needs(drv, infos[i].name)))
			continue;
		if (uuids)
			vnm_offer(offers, vnm_uuid_format(&infos[i].uuid, uuid), infos[i].name);
		else
			vnm_offer(offers, infos[i].name, vnm_info_state(&infos[i]));
	}
	vnm_infos_free(infos, n);
}

static void ask(struct vnm_driver *drv, const struct source *source, const char *given,
		struct vnm_offers *offers)
{
	vnm_autofree char *network = NULL;
	struct vnm_error err = { 0 };

	if (given && vnm_driver_lookup(drv, given, &network, &err) == 0)
		source->ask(drv, network, offers);
}

/**
 * vnm_complete_words() - offer the words of a type
 * @cli:    the call as far as it has been typed
 * @type:   what the word at the cursor is one of
 * @offers: gets them; none where they cannot be read
 */
void vnm_complete_words(const struct vnm_cli *cli, enum vnm_arg_type type,
			struct vnm_offers *offers)
{
	const struct vnm_options options = { .root = cli->root, .looks = true, .public = true };
	const struct source *source = &sources[type];
	vnm_autodriver struct vnm_driver *drv = NULL;
	struct vnm_error err = { 0 };

	offers->shell = source->shell;
	if (type == VNM_ARG_HELP) {
		vnm_complete_commands(cli->commands, offers);
		for (int i = 0; i < VNM_HELP_COUNT; i++)
			vnm_offer(offers, vnm_help_keyword((enum vnm_help_group)i),
				  "a group of commands");
	}
	if (source->offer)
		source->offer(offers);
	if ((!source->wanted && !source->ask) || vnm_driver_open(&options, &drv, &err) < 0)
		return;
	if (source->wanted)
		offer_networks(drv, source, type == VNM_ARG_UUID, offers);
	else
		ask(drv, source, vnm_cli_value(cli, VNM_OPT_NETWORK), offers);
}
