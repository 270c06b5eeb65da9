/* SPDX-License-Identifier: GPL-2.0-or-later */
/* complete_words.h - the words that an option may be given, for completion. */
#ifndef VNM_CLI_COMPLETE_WORDS_H
#define VNM_CLI_COMPLETE_WORDS_H

#include "cli/command.h"
#include "cli/offers.h"

void vnm_complete_words(const struct vnm_cli *cli, enum vnm_arg_type type,
			struct vnm_offers *offers);
void vnm_complete_commands(const struct vnm_command *const *commands, struct vnm_offers *offers);

#endif
