/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options.c - the options of all commands. */
#include "cli/options.h"

const char *const vnm_opt_names[] = {
#define NAME(id, name) [VNM_OPT_##id] = (name),
	/* clang-format off */
	VNM_OPT_LIST(NAME)
	/* clang-format on */
#undef NAME
};

/** vnm_option_value_name() - the name of the option's value in help. */
const char *vnm_option_value_name(const struct vnm_option *option)
{
	return option->flags & VNM_OPT_NUMBER ? "number" : "string";
}
