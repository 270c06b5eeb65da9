/* SPDX-License-Identifier: GPL-2.0-or-later */
/* frames_table.h - sets and rules as data: defined in frames_table.c, sent by frames_write.c. */
#ifndef VNM_SYS_FRAMES_TABLE_H
#define VNM_SYS_FRAMES_TABLE_H

#include "sys/firewall/nft_write.h"

#define VNM_FRAMES_TABLE "vnetmgr"
#define VNM_FRAMES_KEY 32	/* bytes of the longest element */
#define VNM_FRAMES_CHAINS 4
#define VNM_FRAMES_STEPS 12
#define VNM_FRAMES_VALUE 8

/** enum vnm_frames_set - the sets that rules look up. */
enum vnm_frames_set {
	VNM_SET_UPLINKS,	/* devices of the host on bridges of ours */
	VNM_SET_ROOTS,		/* such a device, and the bridge's MAC address */
	VNM_SET_BRIDGES,	/* MAC addresses of our bridges */
	VNM_SET_SERVED,		/* names of served bridges */
	VNM_SET_SERVERS,	/* instead, where rules cannot match names: their MAC addresses, */
	VNM_SET_STATIONS,	/* devices of attached guests on them, */
	VNM_SET_PORTS,		/* and learnt ports, by which such a bridge has sent */
	VNM_SET_HOMES,		/* a bridge, and the MAC address of a guest that is attached to it */
	VNM_SET_GUESTS,		/* instead, where rules cannot match names: the MAC addresses */
	VNM_SET_AT_HOME,	/* the device of such a guest, and its MAC address */
	VNM_SET_HAIRPINS,	/* a port in hairpin mode: its name, twice */
	VNM_SET_COUNT
};

/** struct vnm_frames_element - of a set; @key: padded with zeros. */
struct vnm_frames_element {
	enum vnm_frames_set set;
	uint8_t key[VNM_FRAMES_KEY];
};

/** enum vnm_frames_what - a step of a rule: loads a value, or compares the one loaded before; the first mismatch ends it. */
enum vnm_frames_what {
	END,
	PROTO, /* load the protocol above IP */
	TYPE, /* load the frame's type, behind its first VLAN tag */
	IN,
	OUT, /* load the port's name */
	OUT_TOO, /* append its name to what was loaded */
	OUT_INDEX, /* load the port's ifindex */
	IN_INDEX,
	BRIDGE, /* load the name of the bridge that the frame came in by */
	LINK,
	ABOVE, /* load @len bytes at @offset of the frame, of the header above IP */
	LINK_TOO, /* the same, appended to what was loaded */
	ABOVE_TOO,
	INTERNET, /* the same, of the IP header */
	MASK, /* @value */
	IS,
	ISNT, /* @value */
	AMONG,
	NOT_AMONG, /* @set */
	LEARN, /* into @set */
	DROP,
	ACCEPT,
	GUESTS, /* go on in the chain "guests" */
};

struct vnm_frames_step {
	enum vnm_frames_what what;
	uint8_t offset, len;
	uint8_t value[VNM_FRAMES_VALUE];
	enum vnm_frames_set set;
};

/** enum vnm_frames_variant - for which kernels. */
enum vnm_frames_variant { BOTH, BY_NAME, BY_PORT };

struct vnm_frames_rule {
	const char *chain, *comment;
	enum vnm_frames_variant variant;
	struct vnm_frames_step steps[VNM_FRAMES_STEPS];
};

struct vnm_frames_set_spec {
	const char *name;
	uint32_t key_type; /* for "nft list" (nft's enum datatypes) */
	uint8_t key_len;
	enum vnm_frames_variant variant;
	bool learns;
};

/* Types of keys, for "nft list" (nft's enum datatypes). */
enum {
	TYPE_ETHER = 9, TYPE_IFINDEX = 20, TYPE_IFNAME = 41,
	TYPE_IFNAME_ETHER = 41 << 6 | 9, TYPE_TWO_IFNAMES = 41 << 6 | 41,
};

const struct vnm_frames_set_spec *vnm_frames_set_spec(enum vnm_frames_set set);
const struct vnm_frames_rule *vnm_frames_rule(size_t i, bool by_name);

const char *vnm_frames_set_name(enum vnm_frames_set set);
bool vnm_frames_has_set(enum vnm_frames_set set, bool by_name);
size_t vnm_frames_count_rules(bool by_name);
bool vnm_frames_is_rule(size_t index, bool by_name, const char *chain, const char *comment);
const struct vnm_nft_chain_spec *vnm_frames_chain(size_t i);

#endif
