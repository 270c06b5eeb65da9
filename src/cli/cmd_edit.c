/* cmd_edit.c - texts of definitions: net-edit, net-desc, net-metadata. */
#include "cli/cli_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/mem.h"

/* ---- net-edit ---- */

static int fetch(struct vnm_cli *cli, char **ret_name, char **ret_xml)
{
	struct vnm_error err = { 0 };
	int r = vnm_cli_lookup(cli, ret_name);

	if (r < 0)
		return r;
	r = vnm_driver_dumpxml(cli->driver, *ret_name, true, ret_xml, &err);
	vnm_cli_close(cli);
	if (r < 0)
		vnm_cli_error(cli, "%s", err.msg);
	return r;
}

static int store(struct vnm_cli *cli, const char *name, const char *seen, const char *text)
{
	struct vnm_error err = { 0 };
	int r = vnm_cli_open(cli);

	if (r < 0)
		return r;
	r = vnm_driver_replace(cli->driver, name, seen, text, &err);
	vnm_cli_close(cli);
	if (r < 0)
		vnm_cli_error(cli, "%s", err.msg);
	return r;
}

/** vnm_cmd_edit() - net-edit. Return: the exit status. */
int vnm_cmd_edit(struct vnm_cli *cli)
{
	vnm_autofree char *name = NULL, *seen = NULL, *text = NULL;

	if (fetch(cli, &name, &seen) < 0)
		return 1;
	text = vnm_strdup(seen);
	do {
		vnm_autofree char *before = vnm_steal(&text);

		if (vnm_cli_edit(cli, before, &text) < 0)
			return 1;
		if (!strcmp(text, seen)) {
			vnm_cli_extra(cli, "Network %s XML configuration not changed.\n", name);
			return 0;
		}
		if (store(cli, name, seen, text) == 0) {
			vnm_cli_extra(cli, "Network %s XML configuration edited.\n", name);
			return 0;
		}
	} while (vnm_cli_again(cli));
	return 1;
}

/* ---- net-desc ---- */

static char *join(const struct vnm_values *words)
{
	vnm_autobuf struct vnm_buf text = { 0 };

	for (size_t i = 0; i < words->n; i++)
		vnm_buf_printf(&text, "%s%s", i ? " " : "", words->items[i]);
	return words->n ? vnm_strdup(vnm_buf_str(&text)) : NULL;
}

static int read_note(struct vnm_cli *cli, unsigned affect, const struct vnm_note *note,
		     char **ret_name, char **ret)
{
	struct vnm_error err = { 0 };
	int r = vnm_cli_lookup(cli, ret_name);

	if (r < 0)
		return r;
	r = vnm_driver_annotation(cli->driver, *ret_name, affect, note, ret, &err);
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

/* Without the line break that editors put at the end. */
static int edit_desc(struct vnm_cli *cli, unsigned affect, const struct vnm_note *note, char **text,
		     bool *changed)
{
	vnm_autofree char *name = NULL, *old = NULL;
	const char *before;
	size_t len;
	int r = read_note(cli, affect, note, &name, &old);

	if (r < 0)
		return r;
	before = *text ? *text : old ? old : "";
	r = vnm_cli_edit(cli, before, text);
	if (r < 0)
		return r;
	len = strlen(*text);
	while (len > 0 && (*text)[len - 1] == '\n')
		(*text)[--len] = '\0';
	*changed = strcmp(*text, old ? old : "") != 0;
	return 0;
}

static int show_desc(struct vnm_cli *cli, unsigned affect, const struct vnm_note *note,
		     const char *what)
{
	vnm_autofree char *name = NULL, *text = NULL;

	if (read_note(cli, affect, note, &name, &text) < 0)
		return 1;
	if (text)
		printf("%s\n", text);
	else
		printf("No %s for network: %s\n", what, name);
	return 0;
}

/** vnm_cmd_desc() - net-desc. Return: the exit status. */
int vnm_cmd_desc(struct vnm_cli *cli)
{
	bool title = vnm_cli_seen(cli, VNM_OPT_TITLE), edits = vnm_cli_seen(cli, VNM_OPT_EDIT);
	const char *what = title ? "title" : "description";
	const char *failed =
		title ? "Failed to set new network title" : "Failed to set new network description";
	vnm_autofree char *text = join(&cli->values[VNM_OPT_NEW_DESC]);
	struct vnm_note note = { title ? VNM_NOTE_TITLE : VNM_NOTE_DESCRIPTION };
	bool changed = true;
	unsigned affect;

	if (vnm_cli_affect(cli, &affect) < 0)
		return 1;
	if (!text && !edits)
		return show_desc(cli, affect, &note, what);
	if (edits && edit_desc(cli, affect, &note, &text, &changed) < 0)
		return 1;
	if (!changed) {
		vnm_cli_extra(cli, "Network %s not changed\n", what);
		return 0;
	}
	note.text = text;
	if (write_note(cli, affect, &note, failed) < 0)
		return 1;
	vnm_cli_extra(cli, "Network %s updated successfully\n", what);
	return 0;
}

/* ---- net-metadata ---- */

static int edit_metadata(struct vnm_cli *cli, unsigned affect, struct vnm_note *note)
{
	vnm_autofree char *name = NULL, *old = NULL, *text = NULL;
	int r = read_note(cli, affect, note, &name, &old);

	if (r == 0)
		r = vnm_cli_edit(cli, old, &text);
	if (r < 0)
		return 1;
	if (!strcmp(text, old)) {
		vnm_cli_extra(cli, "Metadata not changed\n");
		return 0;
	}
	note->text = text;
	if (write_note(cli, affect, note, "Failed to modify metadata") < 0)
		return 1;
	vnm_cli_extra(cli, "Metadata modified\n");
	return 0;
}

static int check_metadata(struct vnm_cli *cli)
{
	bool set = vnm_cli_seen(cli, VNM_OPT_SET), edits = vnm_cli_seen(cli, VNM_OPT_EDIT);
	bool removes = vnm_cli_seen(cli, VNM_OPT_REMOVE);

	if (set + edits + removes > 1) {
		vnm_cli_error(cli, "Options --%s and --%s are mutually exclusive",
			      edits ? "edit" : "set", removes ? "remove" : "set");
		return -EINVAL;
	}
	if ((set || edits) && !vnm_cli_seen(cli, VNM_OPT_KEY)) {
		vnm_cli_error(cli, "namespace key is required when modifying metadata");
		return -EINVAL;
	}
	return 0;
}

/** vnm_cmd_metadata() - net-metadata. Return: the exit status. */
int vnm_cmd_metadata(struct vnm_cli *cli)
{
	struct vnm_note note = { VNM_NOTE_METADATA, vnm_cli_value(cli, VNM_OPT_SET),
				 vnm_cli_value(cli, VNM_OPT_URI), vnm_cli_value(cli, VNM_OPT_KEY) };
	vnm_autofree char *name = NULL, *text = NULL;
	unsigned affect;

	if (vnm_cli_affect(cli, &affect) < 0 || check_metadata(cli) < 0)
		return 1;
	if (vnm_cli_seen(cli, VNM_OPT_EDIT))
		return edit_metadata(cli, affect, &note);
	if (!note.text && !vnm_cli_seen(cli, VNM_OPT_REMOVE)) {
		if (read_note(cli, affect, &note, &name, &text) < 0)
			return 1;
		printf("%s\n", text);
		return 0;
	}
	if (write_note(cli, affect, &note,
		       note.text ? "Failed to modify metadata" : "Failed to remove metadata") < 0)
		return 1;
	vnm_cli_extra(cli, note.text ? "Metadata modified\n" : "Metadata removed\n");
	return 0;
}
