/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_update.c - net-update: changing one part of a network while its guests run. */
#include <errno.h>
#include <string.h>

#include "cli/affect.h"
#include "cli/document.h"
#include "cli/hint.h"
#include "cli/input.h"
#include "cli/option_checks.h"
#include "cli/output.h"
#include "cli/session.h"
#include "util/mem.h"
#include "xml/update/sections.h"

static void hint_section(struct vnm_cli *cli, const char *given)
{
	vnm_autofree const char **names = vnm_alloc(vnm_n_sections * sizeof(*names));

	for (size_t i = 0; i < vnm_n_sections; i++)
		names[i] = vnm_sections[i].name;
	vnm_hint_word(cli, given, "sections", names, vnm_n_sections);
}

static void hint_how(struct vnm_cli *cli, const char *given)
{
	const char *names[VNM_UPDATE_HOW_COUNT + 1] = { "add" };

	memcpy(names + 1, vnm_enum_update_how.names, VNM_UPDATE_HOW_COUNT * sizeof(*names));
	vnm_hint_word(cli, given, "commands", names, VNM_ARRAY_SIZE(names));
}

/* The command and the section. */
static int read_names(struct vnm_cli *cli, struct vnm_update *update)
{
	const char *how = vnm_cli_value(cli, VNM_OPT_COMMAND);
	const char *section = vnm_cli_value(cli, VNM_OPT_SECTION);
	int value = vnm_enum_value(&vnm_enum_update_how, strcmp(how, "add") ? how : "add-last");

	if (value < 0) {
		vnm_cli_error(cli, "unrecognized command name '%s'", how);
		hint_how(cli, how);
		return -1;
	}
	update->how = (enum vnm_update_how)value;
	update->section = vnm_section_find(section);
	if (update->section)
		return 0;
	vnm_cli_error(cli, "unrecognized section name '%s'", section);
	hint_section(cli, section);
	return -1;
}

static int read_parent(struct vnm_cli *cli, struct vnm_update *update)
{
	const char *text = vnm_cli_value(cli, VNM_OPT_PARENT_INDEX);
	uint32_t index;

	update->parent = -1;
	if (!text || !strcmp(text, "-1"))
		return 0;
	if (vnm_cli_number(cli, VNM_OPT_PARENT_INDEX, 0, INT32_MAX, &index) < 0)
		return -1;
	update->parent = (int)index;
	return 0;
}

/* Either the element itself, or a file that holds it. */
static int read_xml(struct vnm_cli *cli, struct vnm_update *update, struct vnm_buf *text)
{
	const char *xml = vnm_cli_value(cli, VNM_OPT_XML);

	if (*xml == '<') {
		vnm_buf_add(text, xml);
	} else {
		if (vnm_cli_read(cli, xml, "update network", text) < 0)
			return -1;
		update->file = strcmp(xml, "-") ? xml : "stdin";
	}
	update->xml = vnm_buf_str(text);
	update->len = text->len;
	return 0;
}

static void add_sections(struct vnm_buf *out)
{
	const char *before = " Sections: ";

	for (size_t i = 0; i < vnm_n_sections; i++) {
		if (!vnm_sections[i].path)
			continue;
		vnm_buf_printf(out, "%s%s", before, vnm_sections[i].name);
		before = ", ";
	}
	vnm_buf_addc(out, '.');
}

/* Who says --live knows of the other one. */
static bool is_persistent(struct vnm_cli *cli, const char *name)
{
	struct vnm_info info = { 0 };
	struct vnm_error ignored = { 0 };
	bool persistent;

	if (vnm_driver_info(cli->driver, name, false, &info, &ignored) < 0)
		return false;
	persistent = info.persistent;
	vnm_info_clear(&info);
	return persistent;
}

static int net_update(struct vnm_cli *cli)
{
	static const char *const done[] = {
		[VNM_AFFECT_LIVE] = "live state",
		[VNM_AFFECT_CONFIG] = "persistent config",
		[VNM_AFFECT_LIVE | VNM_AFFECT_CONFIG] = "persistent config and live state",
	};
	vnm_autobuf struct vnm_buf text = { 0 };
	vnm_autofree char *name = NULL, *hint = NULL;
	struct vnm_update update = { .hint = &hint };
	struct vnm_error err = { 0 };
	bool persistent;
	unsigned affect;
	int r;

	if (vnm_cli_affect(cli, &affect) < 0 || read_names(cli, &update) < 0 ||
	    read_parent(cli, &update) < 0 || read_xml(cli, &update, &text) < 0 ||
	    vnm_cli_lookup(cli, &name) < 0)
		return 1;
	persistent = affect != VNM_AFFECT_LIVE && is_persistent(cli, name);
	r = vnm_cli_update(cli, name, &affect, &update, &err);
	if (r < 0) {
		vnm_cli_fail(cli, &err, "Failed to update network %s", name);
		if (hint)
			vnm_cli_hint(cli, "%s", hint);
		return 1;
	}
	if (vnm_cli_seen(cli, VNM_OPT_DRY_RUN))
		return 0;
	vnm_cli_extra(cli, "Updated network %s %s", name, done[affect]);
	if (affect == VNM_AFFECT_LIVE && persistent)
		vnm_cli_hint(cli, "it lasts until the network stops: with --live --config the "
				  "persistent definition keeps it");
	return 0;
}

static const struct vnm_option net_update_options[] = {
	VNM_OPTION_NETWORK,
	{ VNM_OPT_COMMAND, VNM_OPT_OPERAND,
	  "type of update (add-first, add-last (add), delete, or modify)", VNM_ARG_CHANGE },
	{ VNM_OPT_SECTION, VNM_OPT_OPERAND, "which section of network configuration to update" },
	{ VNM_OPT_XML, VNM_OPT_OPERAND,
	  "one or more elements of the section, or the name of a file that contains them" },
	{ VNM_OPT_PARENT_INDEX, VNM_OPT_HAS_VALUE | VNM_OPT_NUMBER,
	  "which <ip> a DHCP entry belongs to, counted from 0" },
	VNM_OPTIONS_AFFECT,
	VNM_OPTION_DRY_RUN,
	VNM_OPTION_JSON_STEPS,
};

const struct vnm_command vnm_command_net_update = {
	.name = "net-update",
	.group = VNM_HELP_CHANGE,
	.flags = VNM_COMMAND_CHANGES,
	.summary = "change one part of a network",
	.description = "Guests keep their leases and connections.",
	.add_details = add_sections,
	VNM_OPTIONS(net_update_options),
	.run = net_update,
};
