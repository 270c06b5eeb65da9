/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options.c - the options of all commands. */
#include "cli/options.h"

const char *const vnm_opt_names[] = {
#define NAME(id, name, type) [VNM_OPT_##id] = (name),
	/* clang-format off */
	VNM_OPT_LIST(NAME)
/* clang-format on */
#undef NAME
};

static const enum vnm_arg_type arg_types[] = {
#define TYPE(id, name, type) [VNM_OPT_##id] = VNM_ARG_##type,
	/* clang-format off */
	VNM_OPT_LIST(TYPE)
/* clang-format on */
#undef TYPE
};

/** vnm_option_value_name() - the name of the option's value in help. */
const char *vnm_option_value_name(const struct vnm_option *option)
{
	return option->flags & VNM_OPT_NUMBER ? "number" : "string";
}

/** vnm_option_arg_type() - what the option's value is one of. */
enum vnm_arg_type vnm_option_arg_type(const struct vnm_option *option)
{
	return option->type ? option->type : arg_types[option->id];
}
