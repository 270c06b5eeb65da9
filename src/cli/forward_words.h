/* SPDX-License-Identifier: GPL-2.0-or-later */
/* forward_words.h - how people write a port that leads to a guest. */
#ifndef VNM_CLI_FORWARD_WORDS_H
#define VNM_CLI_FORWARD_WORDS_H

struct vnm_cli;

/**
 * struct vnm_forward_words - the parts, unchecked
 * @proto:   "tcp" where none was given
 * @port:    of the host, or a range
 * @to_port: of the guest, where it stood behind the host's; or NULL
 * @to:      the guest, with or without a port; or NULL
 */
struct vnm_forward_words {
	char *proto, *port, *to_port, *to;
};

int vnm_forward_words_read(struct vnm_cli *cli, struct vnm_forward_words *ret);
void vnm_forward_words_clear(struct vnm_forward_words *words);
#define vnm_autowords __attribute__((cleanup(vnm_forward_words_clear)))

#endif
