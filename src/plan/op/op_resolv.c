/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_resolv.c - the resolv.conf of a guest's network namespace. */
#include "plan/op/op_kind.h"

const struct vnm_op_kind vnm_op_kind_resolv = {
	.name = "resolv",
	.fields = {
		REQ("path", STRING, resolv.path),
		REQ("content", STRING, resolv.content),
	},
	.describe = { "{path}" },
	.apply = { "write {path}\n" },
	.revert = { "rm {path}\n" },
};
