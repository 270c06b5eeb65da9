/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_note.c - texts in definitions that have no effect: net-desc, net-metadata. */
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

static int read_note(struct vnm_cli *cli, unsigned affect, const struct vnm_note *note,
		     char **ret_name, char **ret)
{
	struct vnm_error err = { 0 };
	int r = vnm_cli_lookup(cli, ret_name);

	if (r < 0)
		return r;
	r = vnm_driver_annotation(cli->driver, *ret_name, &affect, note, ret, &err);
	vnm_cli_close(cli);
	if (r < 0)
		vnm_cli_error(cli, "%s", err.msg);
	return r;
}

static int write_note(struct vnm_cli *cli, unsigned affect, const struct vnm_note *note,
		      const char *failed)
{
	vnm_autofree char *name = NULL;
	struct vnm_error err = { 0 };
	int r = vnm_cli_lookup(cli, &name);

	if (r < 0)
		return r;
	r = vnm_driver_annotate(cli->driver, name, affect, note, &err);
	vnm_cli_close(cli);
	if (r < 0)
		vnm_cli_fail(cli, &err, "%s", failed);
	return r;
}

/* ---- net-desc ---- */

/** struct words - title or description, and how messages name it. */
struct words {
	enum vnm_note_kind kind;
	const char *what, *failed;
};

static const struct words title_words = { VNM_NOTE_TITLE, "title",
					  "Failed to set new network title" };
static const struct words description_words = { VNM_NOTE_DESCRIPTION, "description",
						"Failed to set new network description" };

static char *join(const struct vnm_values *words)
{
	vnm_autobuf struct vnm_buf text = { 0 };

	for (size_t i = 0; i < words->n; i++)
		vnm_buf_printf(&text, "%s%s", i ? " " : "", words->items[i]);
	return words->n ? vnm_strdup(vnm_buf_str(&text)) : NULL;
}

static int show_desc(struct vnm_cli *cli, unsigned affect, const struct words *words)
{
	const struct vnm_note note = { .kind = words->kind };
	vnm_autofree char *name = NULL, *text = NULL;

	if (read_note(cli, affect, &note, &name, &text) < 0)
		return 1;
	if (text)
		printf("%s\n", text);
	else
		printf("No %s for network: %s\n", words->what, name);
	return 0;
}

static int edit_desc(struct vnm_cli *cli, unsigned affect, const struct words *words,
		     const char *start)
{
	const struct vnm_note note = { .kind = words->kind };
	struct vnm_editing editing vnm_autoediting = { .note = &note,
						       .affect = affect,
						       .failed = words->failed };
	enum vnm_edited edited = vnm_cli_edit_text(cli, &editing, start);

	if (edited == VNM_EDITED_FAILED)
		return 1;
	vnm_cli_extra(cli, "Network %s %s\n", words->what,
		      edited == VNM_EDITED ? "updated successfully" : "not changed");
	return 0;
}

static int net_desc(struct vnm_cli *cli)
{
	const struct words *words =
		vnm_cli_seen(cli, VNM_OPT_TITLE) ? &title_words : &description_words;
	vnm_autofree char *text = join(&cli->values[VNM_OPT_NEW_DESC]);
	const struct vnm_note note = { .kind = words->kind, .text = text };
	unsigned affect;

	if (vnm_cli_affect(cli, &affect) < 0)
		return 1;
	if (vnm_cli_seen(cli, VNM_OPT_EDIT))
		return edit_desc(cli, affect, words, text);
	if (!text)
		return show_desc(cli, affect, words);
	if (write_note(cli, affect, &note, words->failed) < 0)
		return 1;
	vnm_cli_extra(cli, "Network %s updated successfully\n", words->what);
	return 0;
}

static const struct vnm_option net_desc_options[] = {
	VNM_OPTION_NETWORK,
	VNM_OPTIONS_AFFECT,
	{ VNM_OPT_TITLE, 0, "modify/get title instead of description" },
	{ VNM_OPT_EDIT, 0, "open an editor: $VISUAL, $EDITOR or vi" },
	{ VNM_OPT_NEW_DESC, VNM_OPT_ARGUMENT | VNM_OPT_MANY | VNM_OPT_EMPTY,
	  "the new text, of one or more words; an empty text removes it" },
};

const struct vnm_command vnm_command_net_desc = {
	.name = "net-desc",
	.group = VNM_HELP_NETWORK,
	.flags = VNM_COMMAND_CHANGES | VNM_COMMAND_SHOWS,
	.summary = "print or change title and description",
	VNM_OPTIONS(net_desc_options),
	.run = net_desc,
};

/* ---- net-metadata ---- */

static const char failed_to_modify[] = "Failed to modify metadata";

static int edit_metadata(struct vnm_cli *cli, unsigned affect, const struct vnm_note *note)
{
	struct vnm_editing editing vnm_autoediting = { .note = note,
						       .affect = affect,
						       .failed = failed_to_modify };
	enum vnm_edited edited = vnm_cli_edit_text(cli, &editing, NULL);

	if (edited == VNM_EDITED_FAILED)
		return 1;
	vnm_cli_extra(cli, "Metadata %s\n", edited == VNM_EDITED ? "modified" : "not changed");
	return 0;
}

static int show_metadata(struct vnm_cli *cli, unsigned affect, const struct vnm_note *note)
{
	vnm_autofree char *name = NULL, *text = NULL;

	if (read_note(cli, affect, note, &name, &text) < 0)
		return 1;
	printf("%s\n", text);
	return 0;
}

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
		return edit_metadata(cli, affect, &note);
	if (!note.text && !vnm_cli_seen(cli, VNM_OPT_REMOVE))
		return show_metadata(cli, affect, &note);
	if (write_note(cli, affect, &note,
		       note.text ? failed_to_modify : "Failed to remove metadata") < 0)
		return 1;
	vnm_cli_extra(cli, note.text ? "Metadata modified\n" : "Metadata removed\n");
	return 0;
}

static const struct vnm_option net_metadata_options[] = {
	VNM_OPTION_NETWORK,
	{ VNM_OPT_URI, VNM_OPT_ARGUMENT | VNM_OPT_REQUIRED, "URI of the namespace" },
	VNM_OPTIONS_AFFECT,
	{ VNM_OPT_EDIT, 0, "open an editor: $VISUAL, $EDITOR or vi" },
	{ VNM_OPT_KEY, VNM_OPT_HAS_VALUE, "key to be used as a namespace identifier" },
	{ VNM_OPT_SET, VNM_OPT_HAS_VALUE, "new metadata to set" },
	{ VNM_OPT_REMOVE, 0, "remove the metadata of this URI" },
};

const struct vnm_command vnm_command_net_metadata = {
	.name = "net-metadata",
	.group = VNM_HELP_NETWORK,
	.flags = VNM_COMMAND_CHANGES | VNM_COMMAND_SHOWS,
	.summary = "print or change an element of the metadata",
	VNM_OPTIONS(net_metadata_options),
	.run = net_metadata,
};
