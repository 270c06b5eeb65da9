/* SPDX-License-Identifier: GPL-2.0-or-later */
/* validate_internal.h - what the files of the validation share. Not for others. */
#ifndef VNM_MODEL_VALIDATE_INTERNAL_H
#define VNM_MODEL_VALIDATE_INTERNAL_H

#include "model/validate.h"

/** struct vnm_check - one validation on its way. */
struct vnm_check {
	const struct vnm_network *net;
	const struct vnm_beside *beside;
	struct vnm_warnings *warnings;
	struct vnm_error *err;
};

int vnm_check_fail(struct vnm_check *check, const struct vnm_at *at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void vnm_check_warn(struct vnm_check *check, const struct vnm_at *at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * struct vnm_clash_rule - which elements of a list may not stand beside each other.
 * @order: puts the elements into an order in which those that clash become neighbours
 * @clash: whether two neighbours, in that order, clash
 */
struct vnm_clash_rule {
	int (*order)(const void *a, const void *b);
	bool (*clash)(const void *a, const void *b);
};

/** struct vnm_clash - two elements that clash, in the order of the definition. */
struct vnm_clash {
	const void *first, *second;
};

bool vnm_check_clash(const void *items, size_t n, size_t size, const struct vnm_clash_rule *rule,
		     struct vnm_clash *ret);

/* One for each part of a definition: 0 or -EINVAL. */
int vnm_check_forward(struct vnm_check *check);
int vnm_check_ips(struct vnm_check *check);
int vnm_check_dhcp(struct vnm_check *check, const struct vnm_ip *ip);
int vnm_check_dhcp_hosts(struct vnm_check *check, const struct vnm_ip *ip);
int vnm_check_lease(struct vnm_check *check, const struct vnm_lease *lease);
int vnm_check_routes(struct vnm_check *check);
int vnm_check_dns(struct vnm_check *check);
int vnm_check_pool(struct vnm_check *check);
int vnm_check_host_side(struct vnm_check *check);
int vnm_check_ports(struct vnm_check *check);
int vnm_check_nat(struct vnm_check *check);
int vnm_check_dnsmasq(struct vnm_check *check);

int vnm_check_interfaces(struct vnm_check *check);
int vnm_check_device(struct vnm_check *check, const struct vnm_at *at, const char *dev);

int vnm_check_unicast(struct vnm_check *check, const struct vnm_at *at,
		      const struct vnm_addr *addr);
int vnm_check_span(struct vnm_check *check, const struct vnm_at *at, const struct vnm_addr *start,
		   const struct vnm_addr *end);
const struct vnm_ip *vnm_check_own_address(const struct vnm_network *net,
					   const struct vnm_addr *start,
					   const struct vnm_addr *end);
const char *vnm_check_special_address(const struct vnm_prefix *subnet, const struct vnm_addr *addr);

#endif
