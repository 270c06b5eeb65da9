/* SPDX-License-Identifier: GPL-2.0-or-later */
/* document.c - the JSON document of a command, printed when it is done. */
#include "cli/document.h"

#include "cli/json.h"

/** vnm_document() - the document of this call, made when first needed */
json_t *vnm_document(struct vnm_cli *cli)
{
	if (!cli->document)
		cli->document = vnm_json_new();
	return cli->document;
}

/** vnm_document_list() - a list of the document; made, empty, when first needed */
json_t *vnm_document_list(struct vnm_cli *cli, const char *key)
{
	json_t *document = vnm_document(cli);

	if (!json_object_get(document, key))
		vnm_json_set(document, key, json_array());
	return json_object_get(document, key);
}

/** vnm_cli_name_network() - with --json: the network that the document is about */
void vnm_cli_name_network(struct vnm_cli *cli, const char *name)
{
	if (vnm_cli_seen(cli, VNM_OPT_JSON))
		vnm_json_set(vnm_document(cli), "network", vnm_json_string(name));
}

/** vnm_document_print() - print the document, if there is one: a command that has failed may have none */
void vnm_document_print(struct vnm_cli *cli)
{
	if (cli->document)
		vnm_json_print(cli->document);
}
