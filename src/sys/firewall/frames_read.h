/* SPDX-License-Identifier: GPL-2.0-or-later */
/* frames_read.h - our table of frames, as read. */
#ifndef VNM_SYS_FRAMES_READ_H
#define VNM_SYS_FRAMES_READ_H

#include "sys/firewall/frames_table.h"

/** struct vnm_frames_elements - zero-initialise; vnm_frames_elements_clear(). */
struct vnm_frames_elements {
	struct vnm_frames_element *items;
	size_t n;
};

/**
 * struct vnm_frames - the table as last read.
 * @there:    it exists
 * @whole:    it has all its chains, rules and sets, and nothing else
 * @by_name:  its rules match a bridge's name
 * @elements: of all sets but VNM_SET_PORTS
 * @learnt:   of that one
 */
struct vnm_frames {
	bool there, whole, by_name;
	struct vnm_frames_elements elements, learnt;
};

int vnm_frames_read(struct vnm_sys *sys, const struct vnm_frames **ret);
void vnm_frames_forget(struct vnm_sys *sys);
void vnm_frames_elements_add(struct vnm_frames_elements *list, enum vnm_frames_set set,
			     const void *key, size_t len);
void vnm_frames_elements_add_name(struct vnm_frames_elements *list, enum vnm_frames_set set,
				  const char *name);
void vnm_frames_elements_add_pair(struct vnm_frames_elements *list, enum vnm_frames_set set,
				  const char *name, const struct vnm_mac *mac);
bool vnm_frames_elements_have(const struct vnm_frames_elements *list,
			      const struct vnm_frames_element *element);
void vnm_frames_elements_clear(struct vnm_frames_elements *list);

#endif
