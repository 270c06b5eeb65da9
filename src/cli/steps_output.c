/* SPDX-License-Identifier: GPL-2.0-or-later */
/* steps_output.c - the steps of a dry run, as text or as JSON: operations by the fields of their kinds (plan/op/op_kind.h). */
#include "cli/steps_output.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli/document.h"
#include "cli/json.h"
#include "cli/output.h"
#include "plan/op/op_kind.h"
#include "plan/op/op_text.h"

static bool is_number(enum vnm_value_type type)
{
	return type == VNM_VALUE_U8 || type == VNM_VALUE_U16 || type == VNM_VALUE_U32 ||
	       type == VNM_VALUE_U64 || type == VNM_VALUE_UINT;
}

static json_t *field(const struct vnm_op_field *f, const struct vnm_op *op)
{
	vnm_autobuf struct vnm_buf text = { 0 };

	if (!vnm_op_field_text(f, op, &text))
		return NULL;
	if (f->type == VNM_VALUE_BOOL)
		return json_true();
	return is_number(f->type) ? json_integer(strtoll(vnm_buf_str(&text), NULL, 10))
				  : vnm_json_string(vnm_buf_str(&text));
}

static json_t *fields(const struct vnm_op *op)
{
	json_t *object;

	if (!op)
		return NULL;
	object = json_object();
	for (const struct vnm_op_field *f = vnm_op_kind(op->type)->fields; f->key; f++)
		vnm_json_set(object, f->key, field(f, op));
	return object;
}

static json_t *step_of(const struct vnm_dry_step *step)
{
	static const char *const actions[] = {
		[VNM_STEP_ADD] = "add",
		[VNM_STEP_REMOVE] = "remove",
		[VNM_STEP_CHANGE] = "change",
		[VNM_STEP_RESTART] = "restart",
	};
	json_t *object = json_object();

	vnm_json_set(object, "action", json_string(actions[step->how]));
	vnm_json_set(object, "kind", json_string(step->kind));
	vnm_json_set(object, "object", vnm_json_string(step->object));
	vnm_json_set(object, "fields", fields(step->new ? step->new : step->old));
	vnm_json_set(object, "before", step->new ? fields(step->old) : NULL);
	return object;
}

static json_t *list_of(const struct vnm_steps *steps)
{
	json_t *list = json_array();

	for (size_t i = 0; i < steps->n; i++)
		json_array_append_new(list, step_of(&steps->items[i]));
	return list;
}

/** vnm_firewall_document() - add a change of the firewall back end to the document, whose networks may follow */
void vnm_firewall_document(struct vnm_cli *cli, const struct vnm_firewall_change *change)
{
	json_t *object = json_object();

	vnm_json_set(object, "from", json_string(change->from));
	vnm_json_set(object, "to", json_string(change->to));
	vnm_json_set(object, "reason", vnm_json_string(change->reason));
	vnm_json_set(object, "steps", list_of(&change->steps));
	vnm_json_set(vnm_document(cli), "firewall", object);
	vnm_document_list(cli, "networks");
}

/**
 * vnm_steps_document() - add the steps of one network to the document
 * @cli:     the call
 * @network: its name
 * @steps:   the steps
 *
 * Return: the network's object, for more members; borrowed.
 */
json_t *vnm_steps_document(struct vnm_cli *cli, const char *network, const struct vnm_steps *steps)
{
	json_t *object = json_object();

	vnm_json_set(object, "name", vnm_json_string(network));
	vnm_json_set(object, "steps", list_of(steps));
	json_array_append_new(vnm_document_list(cli, "networks"), object);
	return object;
}

/**
 * vnm_cli_print_steps() - print the steps of one network; with --json, add them to the document
 * @cli:     the call
 * @network: its name; not used for text
 * @steps:   the steps
 */
void vnm_cli_print_steps(struct vnm_cli *cli, const char *network, const struct vnm_steps *steps)
{
	vnm_autobuf struct vnm_buf text = { 0 };

	if (vnm_cli_seen(cli, VNM_OPT_JSON)) {
		vnm_steps_document(cli, network, steps);
		return;
	}
	vnm_steps_print(steps, &text);
	vnm_cli_print_marked(cli, vnm_buf_str(&text));
}
