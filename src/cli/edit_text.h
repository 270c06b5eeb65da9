/* SPDX-License-Identifier: GPL-2.0-or-later */
/* edit_text.h - a text of a network, edited by the user until it can be stored. */
#ifndef VNM_CLI_EDIT_TEXT_H
#define VNM_CLI_EDIT_TEXT_H

#include <stdbool.h>

#include "cli/command.h"

/**
 * struct vnm_editing - a text of a network while the user edits it
 * @note:   which one; NULL: the persistent definition
 * @affect: of which definitions, see vnm_cli_affect()
 * @failed: the message before the reason when it cannot be stored, or NULL
 * @name:   the network's; after a change of its definition the one that this has
 * @active: a definition was stored, and the network runs with another one until its next start
 * @restart: that one cannot be changed to it while the network is active
 * @seen:   the text that was there when editing began, NULL: none
 */
struct vnm_editing {
	const struct vnm_note *note;
	unsigned affect;
	const char *failed;
	char *name, *seen;
	bool active, restart;
};

enum vnm_edited { VNM_EDITED_FAILED, VNM_EDITED_NOT, VNM_EDITED };

enum vnm_edited vnm_cli_edit_text(struct vnm_cli *cli, struct vnm_editing *editing,
				  const char *start);
void vnm_editing_clear(struct vnm_editing *editing);
#define vnm_autoediting __attribute__((cleanup(vnm_editing_clear)))

#endif
