/* enums.h - the words of the vocabulary that stand for a choice; each has one table, both ways. */
#ifndef VNM_MODEL_ENUMS_H
#define VNM_MODEL_ENUMS_H

#include <stddef.h>

enum vnm_tristate { VNM_TRI_ABSENT, VNM_TRI_YES, VNM_TRI_NO, VNM_TRI_COUNT };
enum vnm_switch { VNM_SWITCH_ABSENT, VNM_SWITCH_ON, VNM_SWITCH_OFF, VNM_SWITCH_COUNT };

enum vnm_forward_mode {
	VNM_FORWARD_NONE,	/* no <forward>: isolated (host-only with an <ip>, internal without) */
	VNM_FORWARD_NAT,
	VNM_FORWARD_ROUTE,
	VNM_FORWARD_OPEN,
	VNM_FORWARD_BRIDGE,	/* an existing host bridge */
	VNM_FORWARD_COUNT
};

enum vnm_family { VNM_FAMILY_ABSENT, VNM_FAMILY_IPV4, VNM_FAMILY_IPV6, VNM_FAMILY_COUNT };

enum vnm_lease_unit {
	VNM_UNIT_ABSENT, VNM_UNIT_SECONDS, VNM_UNIT_MINUTES, VNM_UNIT_HOURS, VNM_UNIT_COUNT
};

/** struct vnm_enum - a table of words: index is the value, NULL has no word. */
struct vnm_enum {
	const char *const *words;
	int count;
};

extern const struct vnm_enum vnm_enum_tristate, vnm_enum_switch, vnm_enum_forward_mode,
			     vnm_enum_family, vnm_enum_lease_unit;

const char *vnm_enum_word(const struct vnm_enum *table, int value);
int vnm_enum_value(const struct vnm_enum *table, const char *word);	/* -EINVAL when unknown */

#endif
