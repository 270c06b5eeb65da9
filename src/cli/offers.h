/* SPDX-License-Identifier: GPL-2.0-or-later */
/* offers.h - the words that completion offers. Pure. */
#ifndef VNM_CLI_OFFERS_H
#define VNM_CLI_OFFERS_H

#include <stddef.h>

#include "cli/command.h"
#include "util/buf.h"

/** struct vnm_offer - a word, and what it means; NULL: it needs no explanation. */
struct vnm_offer {
	char *word, *meaning;
};

/**
 * struct vnm_offers - the words that are offered, in their order, each once
 * @begun: what has been typed of it
 * @given: values of the same option, which are not offered again; NULL: none
 * @shell: what the shell completes itself: "files"; NULL: nothing
 */
struct vnm_offers {
	const char *begun;
	const struct vnm_values *given;
	const char *shell;
	struct vnm_offer *items;
	size_t n;
};

void vnm_offer(struct vnm_offers *offers, const char *word, const char *meaning);
void vnm_offers_print(const struct vnm_offers *offers, struct vnm_buf *out);
void vnm_offers_clear(struct vnm_offers *offers);
#define vnm_autooffers __attribute__((cleanup(vnm_offers_clear)))

#endif
