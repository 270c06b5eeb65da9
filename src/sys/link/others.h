/* SPDX-License-Identifier: GPL-2.0-or-later */
/* others.h - devices that others have enslaved to a bridge of ours: recognise, shield, enslave again. */
#ifndef VNM_SYS_OTHERS_H
#define VNM_SYS_OTHERS_H

#include "sys/sys.h"

/** enum vnm_shield - settings of a device that keep its guest from the host; the order is that of the record */
enum vnm_shield {
	VNM_SHIELD_IPV6,
	VNM_SHIELD_ARP,
	VNM_SHIELD_SENDER,
	VNM_SHIELD_COUNT
};

#define VNM_SHIELD_UNSET (-1)

/**
 * struct vnm_other - a device that somebody else has enslaved to a bridge of ours.
 * @index, @peer, @kind, @name, @mac: its identity; @peer: the index of the other end of a veth pair
 * @bridge:  the index of the bridge that it was on
 * @settings, @set: the flags of the port, as in struct vnm_link_port
 * @vlans:   that the port was a member of, as vnm_vlan_members_format() writes them; NULL: the bridge's default, or it did not filter
 * @lowered: we set it down while enslaving it again, and it is to be up
 * @before:  the old value of each setting of enum vnm_shield; VNM_SHIELD_UNSET: unchanged
 */
struct vnm_other {
	int index, peer, bridge;
	char kind[16], name[VNM_IFNAME_SIZE];
	struct vnm_mac mac;
	uint64_t settings, set;
	bool lowered;
	char *vlans;
	int before[VNM_SHIELD_COUNT];
};

/** struct vnm_others - all of one bridge. */
struct vnm_others {
	struct vnm_other *items;
	size_t n;
};

/** enum vnm_whereabouts - of a device that was on a bridge of ours. */
enum vnm_whereabouts {
	VNM_OTHER_GONE,		/* or another one has its index or its name */
	VNM_OTHER_ALONE,	/* on no bridge */
	VNM_OTHER_HERE,		/* on the bridge in question */
	VNM_OTHER_ELSEWHERE,	/* on another */
	VNM_OTHER_UNKNOWN,	/* it could not be read */
};

#define vnm_autoothers __attribute__((cleanup(vnm_others_clear)))

struct vnm_link;

int vnm_others_of(struct vnm_sys *sys, const struct vnm_link *bridge, struct vnm_others *ret,
		  struct vnm_error *err);
int vnm_others_on(struct vnm_sys *sys, const char *bridge, struct vnm_others *ret,
		  struct vnm_error *err);
enum vnm_whereabouts vnm_other_where(struct vnm_sys *sys, const struct vnm_other *other,
				     int bridge);
bool vnm_other_is_restricted(const struct vnm_other *other);
bool vnm_other_same(const struct vnm_other *a, const struct vnm_other *b);
int vnm_other_note(struct vnm_sys *sys, struct vnm_other *other, struct vnm_error *err);
int vnm_other_shield(struct vnm_sys *sys, const struct vnm_other *other, struct vnm_error *err);
int vnm_other_unshield(struct vnm_sys *sys, const struct vnm_other *other, struct vnm_error *err);
int vnm_other_put_lowers(struct vnm_sys *sys, const struct vnm_other *other, struct vnm_error *err);
int vnm_other_raise(struct vnm_sys *sys, const struct vnm_other *other, struct vnm_error *err);
int vnm_other_put(struct vnm_sys *sys, const struct vnm_other *other, int bridge,
		  struct vnm_error *err);
void vnm_other_copy(struct vnm_other *to, const struct vnm_other *from);
void vnm_others_add(struct vnm_others *others, const struct vnm_other *other);
void vnm_others_clear(struct vnm_others *others);

#endif
