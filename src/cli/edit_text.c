/* SPDX-License-Identifier: GPL-2.0-or-later */
/* edit_text.c - a text of a network, edited by the user until it can be stored. */
#include "cli/edit_text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/editor.h"
#include "cli/log.h"
#include "cli/output.h"
#include "cli/session.h"
#include "util/linediff.h"
#include "util/mem.h"

/* Editing may take hours: meanwhile the lock is free and signals are not deferred. */
static void release_session(struct vnm_cli *cli)
{
	vnm_cli_close(cli);
	vnm_cli_deliver_signals(cli);
}

/* Return: 0; *ret is NULL when there is nothing yet. */
static int read_text(struct vnm_cli *cli, struct vnm_editing *editing, char **ret)
{
	struct vnm_error err = { 0 };
	int r;

	if (editing->note)
		r = vnm_driver_annotation(cli->driver, editing->name, &editing->affect,
					  editing->note, ret, &err);
	else
		r = vnm_driver_dumpxml(cli->driver, editing->name,
				       &(struct vnm_dumpxml){ .inactive = true, .secrets = true },
				       ret, &err);
	release_session(cli);
	if (r < 0 && !(editing->note && r == -ENOENT && err.code == VNM_ERR_STATE)) {
		vnm_cli_error(cli, "%s", err.msg);
		return r;
	}
	return 0;
}

static int store_text(struct vnm_cli *cli, struct vnm_editing *editing, const char *text,
		      struct vnm_error *err)
{
	struct vnm_note note = editing->note ? *editing->note : (struct vnm_note){ 0 };
	char *name = NULL;
	int r;

	note.text = text;
	note.edited = true;
	note.seen = editing->seen;
	if (editing->note)
		return vnm_driver_annotate(cli->driver, editing->name, editing->affect, &note, err);
	r = vnm_driver_replace(cli->driver, editing->name, editing->seen, text, &name, err);
	if (r < 0)
		return r;
	free(editing->name);
	editing->name = name;
	editing->active = vnm_driver_active(cli->driver, name);
	editing->restart = editing->active && vnm_driver_takes_restart(cli->driver, name);
	return 0;
}

static int try_to_store(struct vnm_cli *cli, struct vnm_editing *editing, const char *text,
			bool *changed)
{
	struct vnm_error err = { 0 };
	int r = vnm_cli_open(cli);

	*changed = false;
	if (r < 0)
		return r;
	r = store_text(cli, editing, text, &err);
	vnm_cli_log(cli, editing->name, r < 0 ? &err : NULL);
	vnm_cli_close(cli);
	if (r == 0)
		return 0;
	*changed = err.code == VNM_ERR_CHANGED;
	if (editing->failed)
		vnm_cli_fail(cli, &err, "%s", editing->failed);
	else
		vnm_cli_error(cli, "%s", err.msg);
	return r;
}

/* Once shown, a concurrent change may be overwritten. */
static int show_others_change(struct vnm_cli *cli, struct vnm_editing *editing)
{
	vnm_autobuf struct vnm_buf diff = { 0 };
	char *now = NULL;
	int r = vnm_cli_open(cli);

	if (r == 0)
		r = read_text(cli, editing, &now);
	if (r < 0)
		return r;
	if (vnm_linediff(editing->seen ? editing->seen : "", now ? now : "", &diff))
		fprintf(stderr, "What they changed:\n%s", vnm_buf_str(&diff));
	free(editing->seen);
	editing->seen = now;
	return 0;
}

static enum vnm_answer ask_again(struct vnm_cli *cli, struct vnm_editing *editing, bool changed)
{
	if (changed && show_others_change(cli, editing) < 0)
		return VNM_ANSWER_NO;
	return vnm_cli_again(cli);
}

/* Editors add a newline at the end of the text; it is removed if there was none before. */
static void chop_newline(const char *before, char *text)
{
	size_t len = strlen(text), was = strlen(before);

	if (len > 0 && text[len - 1] == '\n' && !(was > 0 && before[was - 1] == '\n'))
		text[len - 1] = '\0';
}

/**
 * vnm_cli_edit_text() - let the user edit a text of a network until it is stored or they give up
 * @cli:     the call
 * @editing: which text; @name and @seen are filled in
 * @start:   the initial text; NULL: the present one
 *
 * A concurrent change is never overwritten unless the user has seen it.
 *
 * Return: the outcome; errors were printed.
 */
enum vnm_edited vnm_cli_edit_text(struct vnm_cli *cli, struct vnm_editing *editing,
				  const char *start)
{
	enum vnm_answer answer = VNM_ANSWER_YES;
	vnm_autofree char *text = NULL;

	if (vnm_cli_lookup(cli, &editing->name) < 0 || read_text(cli, editing, &editing->seen) < 0)
		return VNM_EDITED_FAILED;
	text = vnm_strdup(start ? start : editing->seen ? editing->seen : "");
	while (answer != VNM_ANSWER_NO) {
		vnm_autofree char *before = answer == VNM_ANSWER_YES ? vnm_steal(&text) : NULL;
		bool changed;

		if (before && vnm_cli_edit(cli, before, &text) < 0)
			return VNM_EDITED_FAILED;
		if (before && editing->note)
			chop_newline(before, text);
		if (!strcmp(text, editing->seen ? editing->seen : ""))
			return VNM_EDITED_NOT;
		if (try_to_store(cli, editing, text, &changed) == 0)
			return VNM_EDITED;
		answer = ask_again(cli, editing, changed);
	}
	return VNM_EDITED_FAILED;
}

/** vnm_editing_clear() - free what vnm_cli_edit_text() has filled in. */
void vnm_editing_clear(struct vnm_editing *editing)
{
	free(editing->name);
	free(editing->seen);
}
