/* SPDX-License-Identifier: GPL-2.0-or-later */
/* document.h - the JSON document of a command, printed when it is done. */
#ifndef VNM_CLI_DOCUMENT_H
#define VNM_CLI_DOCUMENT_H

#include <jansson.h>

#include "cli/command.h"
#include "plan/op/steps.h"

/* clang-format off */
#define VNM_OPTION_JSON { VNM_OPT_JSON, 0, "print JSON" }
#define VNM_OPTION_JSON_STEPS { VNM_OPT_JSON, 0, "with --dry-run: print JSON" }
/* clang-format on */

json_t *vnm_document(struct vnm_cli *cli);
json_t *vnm_document_list(struct vnm_cli *cli, const char *key);
void vnm_cli_name_network(struct vnm_cli *cli, const char *name);
void vnm_document_print(struct vnm_cli *cli);

#endif
