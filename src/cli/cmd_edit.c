/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_edit.c - net-edit. */
#include "cli/edit_text.h"
#include "cli/output.h"
#include "cli/session.h"

static int net_edit(struct vnm_cli *cli)
{
	struct vnm_editing editing vnm_autoediting = { 0 };
	enum vnm_edited edited = vnm_cli_edit_text(cli, &editing, NULL);

	if (edited == VNM_EDITED_FAILED)
		return 1;
	vnm_cli_extra(cli, "Network %s XML configuration %s.\n", editing.name,
		      edited == VNM_EDITED ? "edited" : "not changed");
	if (edited == VNM_EDITED && editing.active)
		vnm_cli_hint_later(cli, editing.name, editing.restart);
	return 0;
}

static const struct vnm_option net_edit_options[] = { VNM_OPTION_NETWORK_OF(VNM_ARG_PERSISTENT) };

const struct vnm_command vnm_command_net_edit = {
	.name = "net-edit",
	.group = VNM_HELP_DEFINITION,
	.flags = VNM_COMMAND_CHANGES,
	.summary = "edit a persistent definition",
	.description = "Uses $VISUAL, $EDITOR or vi. An active network is not changed "
		       "until it is restarted.",
	VNM_OPTIONS(net_edit_options),
	.run = net_edit,
};
