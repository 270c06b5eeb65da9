/* SPDX-License-Identifier: GPL-2.0-or-later */
/* link.h - devices, read from the kernel. Names are checked for length by the caller's grammar. */
#ifndef VNM_SYS_LINK_H
#define VNM_SYS_LINK_H

#include <net/if.h>

#include "plan/link.h"
#include "sys/link/link_settings.h"
#include "sys/netlink/netlink.h"

#define vnm_autolinks __attribute__((cleanup(vnm_links_clear)))

int vnm_link_read_fact(struct vnm_sys *sys, const char *name, struct vnm_fact_link *ret);	/* 0, -ENODEV, -errno */
int vnm_observe_link(struct vnm_sys *sys, struct vnm_facts *facts, const char *name,
		     struct vnm_error *err);
int vnm_observe_link_index(struct vnm_sys *sys, struct vnm_facts *facts, int index,
			   struct vnm_error *err);
int vnm_observe_links(struct vnm_sys *sys, struct vnm_facts *facts, struct vnm_error *err);

int vnm_link_read(struct vnm_sys *sys, const char *name, struct vnm_link *ret);
int vnm_link_find(struct vnm_sys *sys, const char *name, struct vnm_link *ret,
		  struct vnm_error *err);
int vnm_link_read_index(struct vnm_sys *sys, int index, struct vnm_link *ret);
int vnm_link_need(struct vnm_sys *sys, const char *name, struct vnm_link *ret,
		  struct vnm_error *err);
int vnm_link_enter(struct vnm_sys **sys, const struct vnm_op_netns *ns, const char *dev,
		   struct vnm_link *ret, struct vnm_error *err);
int vnm_links_read(struct vnm_sys *sys, struct vnm_links *ret, struct vnm_error *err);
int vnm_links_read_ports(struct vnm_sys *sys, const char *bridge, struct vnm_links *ret,
			 struct vnm_error *err);
void vnm_links_clear(struct vnm_links *links);
const struct vnm_link *vnm_links_find(const struct vnm_links *links, const char *name);
void vnm_links_see(struct vnm_sys *sys);
void vnm_links_forget(struct vnm_sys *sys);
bool vnm_link_in_our_group(const struct vnm_link *link);

#endif
