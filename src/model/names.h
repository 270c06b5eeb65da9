/* SPDX-License-Identifier: GPL-2.0-or-later */
/* names.h - the owners of names in a definition, so that no guest is given another one's. */
#ifndef VNM_MODEL_NAMES_H
#define VNM_MODEL_NAMES_H

#include "model/network.h"

/**
 * struct vnm_name - a name and one of its owners.
 * @text, @len: without the network's domain; not terminated
 * @ip: its address; family AF_UNSPEC: a leased one
 * @at: its element; @host: that is a reservation, NULL: an entry of <dns>
 */
struct vnm_name {
	const char *text;
	size_t len;
	struct vnm_addr ip;
	const struct vnm_at *at;
	const struct vnm_dhcp_host *host;
};

/** struct vnm_names - all of a network, by name. They point into the definition. */
struct vnm_names {
	const char *domain;	/* or NULL */
	struct vnm_name *items;
	size_t n;
};

void vnm_names_init(struct vnm_names *names, const struct vnm_network *net);
void vnm_names_clear(struct vnm_names *names);
const struct vnm_name *vnm_names_find(const struct vnm_names *names, const char *name,
				      size_t *ret_n);
size_t vnm_names_same(const struct vnm_names *names, size_t first);

#define vnm_autonames __attribute__((cleanup(vnm_names_clear)))

#endif
