/* SPDX-License-Identifier: GPL-2.0-or-later */
/* frames.h - what of guests' frames a bridge does not pass on: our table of nf_tables' family "bridge". */
#ifndef VNM_SYS_FRAMES_H
#define VNM_SYS_FRAMES_H

#include "sys/firewall/nft_write.h"
#include "sys/ops.h"

#define VNM_FRAMES_TABLE "vnetmgr"
#define VNM_FRAMES_KEY 32	/* bytes of the longest element */
#define VNM_FRAMES_CHAINS 4

extern const struct vnm_op_impl vnm_impl_frames, vnm_impl_station;

/** enum vnm_frames_set - what the rules ask for. */
enum vnm_frames_set {
	VNM_SET_UPLINKS,	/* devices of the host on bridges of ours */
	VNM_SET_ROOTS,		/* such a device, and the bridge's MAC address */
	VNM_SET_BRIDGES,	/* MAC addresses of our bridges */
	VNM_SET_SERVED,		/* names of bridges on which we are the server */
	VNM_SET_SERVERS,	/* instead of those, where the kernel does not tell: their MAC addresses, */
	VNM_SET_STATIONS,	/* devices of attached guests on them, */
	VNM_SET_PORTS,		/* and ports on which such a bridge was seen to send */
	VNM_SET_HOMES,		/* a bridge, and the MAC address of a guest that is attached to it */
	VNM_SET_GUESTS,		/* instead of those, where the kernel does not tell: the MAC addresses */
	VNM_SET_AT_HOME,	/* the device of such a guest, and its MAC address */
	VNM_SET_HAIRPINS,	/* a port that sends back what came by it: its name, twice */
	VNM_SET_COUNT
};

/** struct vnm_frames_element - of a set; @key: padded with zeros. */
struct vnm_frames_element {
	enum vnm_frames_set set;
	uint8_t key[VNM_FRAMES_KEY];
};

/** struct vnm_frames_elements - zero-initialise; vnm_frames_elements_clear(). */
struct vnm_frames_elements {
	struct vnm_frames_element *items;
	size_t n;
};

/**
 * struct vnm_frames - the table as last read.
 * @there:    there is one
 * @whole:    with all that belongs to it, and nothing else
 * @by_name:  the kernel tells rules a bridge's name
 * @elements: of all sets but VNM_SET_PORTS
 * @learnt:   of that one
 */
struct vnm_frames {
	bool there, whole, by_name;
	struct vnm_frames_elements elements, learnt;
};

int vnm_frames_there(struct vnm_sys *sys, struct vnm_error *err);

/* frames_write.c */
void vnm_frames_add_structure(struct vnm_nl_batch *batch, bool by_name);
void vnm_frames_add_element(struct vnm_nl_batch *batch, const struct vnm_frames_element *element,
			    bool there);

/* frames_table.c */
size_t vnm_frames_key_len(enum vnm_frames_set set);
const char *vnm_frames_set_name(enum vnm_frames_set set);
bool vnm_frames_has_set(enum vnm_frames_set set, bool by_name);
size_t vnm_frames_count_rules(bool by_name);
bool vnm_frames_is_rule(size_t index, bool by_name, const char *chain, const char *comment);
const struct vnm_nft_chain_spec *vnm_frames_chain(size_t i);

/* frames_kernel.c */
bool vnm_frames_by_name(void);

/* frames_look.c */
int vnm_frames_look(struct vnm_sys *sys, const struct vnm_frames **ret);
void vnm_frames_forget(struct vnm_sys *sys);
void vnm_frames_elements_add(struct vnm_frames_elements *list, enum vnm_frames_set set,
			     const void *key, size_t len);
bool vnm_frames_elements_have(const struct vnm_frames_elements *list,
			      const struct vnm_frames_element *element);
void vnm_frames_elements_clear(struct vnm_frames_elements *list);

#endif
