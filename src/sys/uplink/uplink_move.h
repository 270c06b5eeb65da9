/* SPDX-License-Identifier: GPL-2.0-or-later */
/* uplink_move.h - move what one device holds to another: the steps of a batch. */
#ifndef VNM_SYS_UPLINK_MOVE_H
#define VNM_SYS_UPLINK_MOVE_H

#include <linux/rtnetlink.h>

#include "sys/netlink/nl_batch.h"

/** enum vnm_move_tag - the subject of a step: for messages, and for which errors are tolerated. */
enum vnm_move_tag {
	VNM_MOVE_ADDRESS,
	VNM_MOVE_ROUTE,
	VNM_MOVE_HOPS, /* a route that has next hops by other devices, too */
	VNM_MOVE_FEWER, /* such a route with fewer next hops, unless it exists */
	VNM_MOVE_NEIGHBOUR,
	VNM_MOVE_PORT,
	VNM_MOVE_LEFT, /* a removal from the old device */
};

/** struct vnm_place - the source or target device of a move. */
struct vnm_place {
	int ifindex;
	const char *name;
};

/**
 * struct vnm_move - a move from one device to another.
 * @elapsed: seconds since the messages were read
 * @record:  the routes as they were before the other device took them over; NULL: those being moved
 */
struct vnm_move {
	struct vnm_place from, to;
	uint32_t elapsed;
	const char *record;
};

/** enum vnm_half - the halves of a move: additions to the new device, removals from the old one. */
enum vnm_half { VNM_HALF_GIVE, VNM_HALF_TAKE };

/* Adds the steps for one message. */
typedef void vnm_move_fn(struct vnm_nl_batch *batch, const struct vnm_move *move,
			 enum vnm_half half, struct nlmsghdr *hdr);

bool vnm_move_addresses(struct vnm_nl_batch *batch, const struct vnm_move *move, enum vnm_half half,
			const char *list);
bool vnm_move_neighbours(struct vnm_nl_batch *batch, const struct vnm_move *move,
			 enum vnm_half half, const char *list);

bool vnm_move_each(const char *list, size_t head, bool backwards, vnm_move_fn *add,
		   struct vnm_nl_batch *batch, const struct vnm_move *move, enum vnm_half half);
struct nlmsghdr *vnm_move_parse(const char *hex, size_t len, size_t head);
const struct vnm_place *vnm_move_place(const struct vnm_move *move, enum vnm_half half);
void vnm_move_begin(struct vnm_nl_req *req, const struct nlmsghdr *hdr, int type, int flags,
		    const void *head, size_t len);
uint32_t vnm_move_left_of(uint32_t life, uint32_t elapsed);
unsigned vnm_move_kinds(const char *addresses, const char *routes);
uint32_t vnm_uptime(void);

#endif
