/* SPDX-License-Identifier: GPL-2.0-or-later */
/* file_op.h - the operation of a file of dnsmasq's. */
#ifndef VNM_TESTS_UNIT_FILE_OP_H
#define VNM_TESTS_UNIT_FILE_OP_H

#include "plan/op/op.h"

/* The strings stay the caller's. @shared: other processes than the owner's may read it. */
static inline struct vnm_op file_op(const char *dir, const char *name, const char *content,
				    bool shared)
{
	return (struct vnm_op){
		.type = VNM_OP_FILE,
		.file = { .dir = (char *)dir,
			  .name = (char *)name,
			  .content = (char *)content,
			  .shared = shared },
	};
}

#endif
