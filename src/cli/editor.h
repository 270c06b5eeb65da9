/* SPDX-License-Identifier: GPL-2.0-or-later */
/* editor.h - a text in the user's editor. */
#ifndef VNM_CLI_EDITOR_H
#define VNM_CLI_EDITOR_H

#include "cli/command.h"

/** enum vnm_answer - FORCE: store the text as it is, although it was refused. */
enum vnm_answer { VNM_ANSWER_NO, VNM_ANSWER_YES, VNM_ANSWER_FORCE };

int vnm_cli_edit(struct vnm_cli *cli, const char *text, char **ret);
enum vnm_answer vnm_cli_again(struct vnm_cli *cli);

#endif
