/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_metadata.c - texts in definitions that have no effect: net-desc, net-metadata. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/affect.h"
#include "cli/edit_text.h"
#include "cli/option_checks.h"
#include "cli/output.h"
#include "cli/session.h"
#include "util/mem.h"

/**
 * struct subject - the text that a command changes, and its messages
 * @what:    "Network title"; @changed: the message after a change
 * @failed:  to change it
 * @missing: the message, with the network's name behind it, when there is none; NULL: that is an error
 */
struct subject {
	enum vnm_note_kind kind;
	const char *what, *changed, *failed, *missing;
};

static int show_text(struct vnm_cli *cli, unsigned affect, const struct subject *subject,
		     const struct vnm_note *note)
{
	vnm_autofree char *name = NULL, *text = NULL;
	struct vnm_error err = { 0 };
	int r;

	if (vnm_cli_lookup(cli, &name) < 0)
		return 1;
	r = vnm_driver_annotation(cli->driver, name, &affect, note, &text, &err);
	if (vnm_cli_finish(cli, r, &err, NULL) != 0)
		return 1;
	if (text)
		puts(text);
	else
		printf("%s%s\n", subject->missing, name);
	return 0;
}

static int change_text(struct vnm_cli *cli, unsigned affect, const struct subject *subject,
		       const struct vnm_note *note)
{
	vnm_autofree char *name = NULL;
	struct vnm_error err = { 0 };
	int r;

	if (vnm_cli_lookup(cli, &name) < 0)
		return 1;
	r = vnm_driver_annotate(cli->driver, name, affect, note, &err);
	if (vnm_cli_finish(cli, r, &err, "%s", subject->failed) != 0)
		return 1;
	vnm_cli_extra(cli, "%s %s\n", subject->what, subject->changed);
	return 0;
}

/* @start: NULL: what is there. */
static int edit_text(struct vnm_cli *cli, unsigned affect, const struct subject *subject,
		     const struct vnm_note *note, const char *start)
{
	struct vnm_editing editing vnm_autoediting = { .note = note,
						       .affect = affect,
						       .failed = subject->failed };
	enum vnm_edited edited = vnm_cli_edit_text(cli, &editing, start);

	if (edited == VNM_EDITED_FAILED)
		return 1;
	vnm_cli_extra(cli, "%s %s\n", subject->what,
		      edited == VNM_EDITED ? subject->changed : "not changed");
	return 0;
}

/* ---- net-desc ---- */

static const struct subject title = { VNM_NOTE_TITLE, "Network title", "updated successfully",
				      "Failed to set new network title", "No title for network: " };
static const struct subject description = { VNM_NOTE_DESCRIPTION, "Network description",
					    "updated successfully",
					    "Failed to set new network description",
					    "No description for network: " };

static char *join(const struct vnm_values *words)
{
	vnm_autobuf struct vnm_buf text = { 0 };

	for (size_t i = 0; i < words->n; i++)
		vnm_buf_printf(&text, "%s%s", i ? " " : "", words->items[i]);
	return words->n ? vnm_strdup(vnm_buf_str(&text)) : NULL;
}

static int net_desc(struct vnm_cli *cli)
{
	const struct subject *subject = vnm_cli_seen(cli, VNM_OPT_TITLE) ? &title : &description;
	vnm_autofree char *text = join(&cli->values[VNM_OPT_NEW_DESC]);
	const struct vnm_note note = { .kind = subject->kind, .text = text };
	const struct vnm_note any = { .kind = subject->kind };
	unsigned affect;

	if (vnm_cli_affect(cli, &affect) < 0)
		return 1;
	if (vnm_cli_seen(cli, VNM_OPT_EDIT))
		return edit_text(cli, affect, subject, &any, text);
	return text ? change_text(cli, affect, subject, &note)
		    : show_text(cli, affect, subject, &any);
}

static const struct vnm_option net_desc_options[] = {
	VNM_OPTION_NETWORK,
	VNM_OPTIONS_AFFECT,
	{ VNM_OPT_TITLE, 0, "modify/get title instead of description" },
	{ VNM_OPT_EDIT, VNM_OPT_CHANGES, "open an editor: $VISUAL, $EDITOR or vi" },
	{ VNM_OPT_NEW_DESC, VNM_OPT_ARGUMENT | VNM_OPT_MANY | VNM_OPT_EMPTY | VNM_OPT_CHANGES,
	  "the new text, of one or more words; an empty text removes it" },
};

const struct vnm_command vnm_command_net_desc = {
	.name = "net-desc",
	.group = VNM_HELP_DEFINITION,
	.flags = VNM_COMMAND_CHANGES | VNM_COMMAND_PUBLIC,
	.summary = "print or change title and description",
	VNM_OPTIONS(net_desc_options),
	.run = net_desc,
};

/* ---- net-metadata ---- */

static const struct subject metadata = { VNM_NOTE_METADATA, "Metadata", "modified",
					 "Failed to modify metadata", NULL };
static const struct subject removed_metadata = { VNM_NOTE_METADATA, "Metadata", "removed",
						 "Failed to remove metadata", NULL };

static int check_metadata(struct vnm_cli *cli)
{
	static const enum vnm_opt pairs[][2] = { { VNM_OPT_EDIT, VNM_OPT_SET },
						 { VNM_OPT_REMOVE, VNM_OPT_SET },
						 { VNM_OPT_REMOVE, VNM_OPT_EDIT } };

	for (size_t i = 0; i < VNM_ARRAY_SIZE(pairs); i++)
		if (vnm_cli_refuse_both(cli, pairs[i][0], pairs[i][1]) < 0)
			return -EINVAL;
	if ((vnm_cli_seen(cli, VNM_OPT_SET) || vnm_cli_seen(cli, VNM_OPT_EDIT)) &&
	    !vnm_cli_seen(cli, VNM_OPT_KEY)) {
		vnm_cli_error(cli, "namespace key is required when modifying metadata");
		return -EINVAL;
	}
	return 0;
}

static int net_metadata(struct vnm_cli *cli)
{
	const struct vnm_note note = { .kind = VNM_NOTE_METADATA,
				       .text = vnm_cli_value(cli, VNM_OPT_SET),
				       .uri = vnm_cli_value(cli, VNM_OPT_URI),
				       .key = vnm_cli_value(cli, VNM_OPT_KEY) };
	unsigned affect;

	if (vnm_cli_affect(cli, &affect) < 0 || check_metadata(cli) < 0)
		return 1;
	if (vnm_cli_seen(cli, VNM_OPT_EDIT))
		return edit_text(cli, affect, &metadata, &note, NULL);
	if (vnm_cli_seen(cli, VNM_OPT_REMOVE))
		return change_text(cli, affect, &removed_metadata, &note);
	return note.text ? change_text(cli, affect, &metadata, &note)
			 : show_text(cli, affect, &metadata, &note);
}

static const struct vnm_option net_metadata_options[] = {
	VNM_OPTION_NETWORK,
	{ VNM_OPT_URI, VNM_OPT_OPERAND, "URI of the namespace" },
	VNM_OPTIONS_AFFECT,
	{ VNM_OPT_EDIT, VNM_OPT_CHANGES, "open an editor: $VISUAL, $EDITOR or vi" },
	{ VNM_OPT_KEY, VNM_OPT_HAS_VALUE, "key to be used as a namespace identifier" },
	{ VNM_OPT_SET, VNM_OPT_HAS_VALUE | VNM_OPT_CHANGES, "new metadata to set" },
	{ VNM_OPT_REMOVE, VNM_OPT_CHANGES, "remove the metadata of this URI" },
};

const struct vnm_command vnm_command_net_metadata = {
	.name = "net-metadata",
	.group = VNM_HELP_DEFINITION,
	.flags = VNM_COMMAND_CHANGES,
	.summary = "print or change an element of the metadata",
	VNM_OPTIONS(net_metadata_options),
	.run = net_metadata,
};
