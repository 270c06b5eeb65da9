/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nftables_write.h - changes to the tables of the back end "nftables", as messages to the kernel. */
#ifndef VNM_SYS_NFTABLES_WRITE_H
#define VNM_SYS_NFTABLES_WRITE_H

#include "plan/firewall/nftables_layout.h"
#include "sys/netlink/nl_batch.h"

uint8_t vnm_nftables_proto(int family);

void vnm_nftables_add_structure(struct vnm_nl_batch *batch, int family);
void vnm_nftables_add_chain(struct vnm_nl_batch *batch, int family, const char *name);
void vnm_nftables_del_chain(struct vnm_nl_batch *batch, int family, const char *name);
void vnm_nftables_add_base(struct vnm_nl_batch *batch, int family,
			   const struct vnm_nftables_base *base);
void vnm_nftables_add_map(struct vnm_nl_batch *batch, const struct vnm_nftables_map *map);
void vnm_nftables_add_element(struct vnm_nl_batch *batch, const struct vnm_nftables_place *place,
			      const struct vnm_fwrule *rule);
void vnm_nftables_del_element(struct vnm_nl_batch *batch, const struct vnm_nftables_place *place);
void vnm_nftables_add_rule(struct vnm_nl_batch *batch, const char *chain,
			   const struct vnm_nftables_step *step, bool first);
void vnm_nftables_del_rule(struct vnm_nl_batch *batch, int family, const char *chain,
			   uint64_t handle);
void vnm_nftables_put_element(struct vnm_nl_req *req, const struct vnm_nftables_place *place,
			      const char *comment);

#endif
