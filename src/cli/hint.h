/* SPDX-License-Identifier: GPL-2.0-or-later */
/* hint.h - hints about an invalid command line. */
#ifndef VNM_CLI_HINT_H
#define VNM_CLI_HINT_H

#include "cli/command.h"

void vnm_hint_command(struct vnm_cli *cli, const char *word);
void vnm_hint_usage(struct vnm_cli *cli);
void vnm_hint_missing(struct vnm_cli *cli);
void vnm_hint_word(struct vnm_cli *cli, const char *word, const char *what, const char *const *list,
		   size_t n);
void vnm_hint_public(struct vnm_cli *cli, bool public);
void vnm_hint_network(struct vnm_cli *cli, const char *given);

#endif
