/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check.h - common parts of all checks of a definition: errors, warnings, and duplicates in lists. */
#ifndef VNM_MODEL_CHECK_H
#define VNM_MODEL_CHECK_H

#include <stdbool.h>

#include "model/lease.h"
#include "model/network.h"
#include "util/error.h"

struct vnm_taken;

/**
 * struct vnm_beside - the context of a definition that is validated.
 * @guests: addresses of attached guests, which count as reservations; NULL: none
 * @affect: the options of net-update that change both the active network and its persistent definition; for messages
 * @leases: those in effect, for messages
 */
struct vnm_beside {
	struct vnm_taken *guests;
	const char *affect;
	const struct vnm_lease_entry *leases;
	size_t n_leases;
};

/** struct vnm_check - one validation in progress. */
struct vnm_check {
	const struct vnm_network *net;
	const struct vnm_beside *beside;
	struct vnm_warnings *warnings;
	struct vnm_error *err;
};

#define VNM_CHECK_PLACE 40
const char *vnm_check_place(const struct vnm_check *check, const char *what,
			    const struct vnm_at *at, char buf[static VNM_CHECK_PLACE]);
int vnm_check_fail(struct vnm_check *check, const struct vnm_at *at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void vnm_check_warn(struct vnm_check *check, const struct vnm_at *at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * struct vnm_clash_rule - which elements of a list exclude each other.
 * @order: sorts the elements so that those that clash become neighbours
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

#endif
