/* SPDX-License-Identifier: GPL-2.0-or-later */
/* reason.c - the names of what can stop a packet. */
#include "plan/trace/reason.h"

#include <stddef.h>

/** vnm_reason_name() - "rule-drops"; NULL for VNM_REASON_NONE */
const char *vnm_reason_name(enum vnm_reason reason)
{
	static const char *const names[VNM_REASON_COUNT] = {
#define NAME(id, name) [VNM_REASON_##id] = (name),
		VNM_REASONS(NAME)
#undef NAME
	};

	return names[reason];
}
