/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_enums.c - every table of names is complete, and each name is that of the value it came from. */
#include "runner.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "plan/firewall/fw_backend.h"
#include "plan/firewall/fwrule.h"

const char vnm_suite[] = "enums";

/* Every table there is. @absent: the value 0 means that there is none, and has no word. */
static const struct {
	const struct vnm_enum *table;
	int count;
	bool absent;
} all[] = {
	{ &vnm_enum_tristate, VNM_TRI_COUNT, true },
	{ &vnm_enum_switch, VNM_SWITCH_COUNT, true },
	{ &vnm_enum_forward_mode, VNM_FORWARD_COUNT, true },
	{ &vnm_enum_family, VNM_FAMILY_COUNT, true },
	{ &vnm_enum_lease_unit, VNM_UNIT_COUNT, true },
	{ &vnm_enum_fw_backend, VNM_FW_BACKEND_COUNT, false },
	{ &vnm_enum_fw_table, VNM_FW_TABLE_COUNT, false },
	{ &vnm_enum_fw_chain, VNM_CHAIN_COUNT, false },
	{ &vnm_enum_fw_target, VNM_TARGET_COUNT, false },
	{ &vnm_enum_fw_state, VNM_STATE_COUNT, false },
};

#define N_TABLES (sizeof(all) / sizeof(all[0]))

static void complete(void)
{
	for (size_t i = 0; i < N_TABLES; i++) {
		VNM_ASSERT_INT_EQ(all[i].table->count, all[i].count);
		for (int v = 0; v < all[i].count; v++) {
			const char *word = vnm_enum_name(all[i].table, v);

			CU_ASSERT_EQUAL(word == NULL, v == 0 && all[i].absent);
			CU_ASSERT(!word || *word);
		}
	}
}

/* Two values of one name would not be distinguished by this. */
static void reversible(void)
{
	for (size_t i = 0; i < N_TABLES; i++)
		for (int v = 0; v < all[i].count; v++) {
			const char *word = vnm_enum_name(all[i].table, v);

			if (word)
				VNM_ASSERT_INT_EQ(vnm_enum_value(all[i].table, word), v);
		}
}

static void out_of_range(void)
{
	for (size_t i = 0; i < N_TABLES; i++) {
		CU_ASSERT_PTR_NULL(vnm_enum_name(all[i].table, -1));
		CU_ASSERT_PTR_NULL(vnm_enum_name(all[i].table, all[i].count));
		CU_ASSERT_PTR_NULL(vnm_enum_name(all[i].table, INT_MAX));
		CU_ASSERT_PTR_NULL(vnm_enum_name(all[i].table, INT_MIN));
	}
}

/* A word with anything before, behind or missing, or with other capitals, is another one. */
static void exact_words(void)
{
	for (size_t i = 0; i < N_TABLES; i++) {
		const struct vnm_enum *table = all[i].table;

		VNM_ASSERT_INT_EQ(vnm_enum_value(table, ""), -EINVAL);
		VNM_ASSERT_INT_EQ(vnm_enum_value(table, "frob"), -EINVAL);
		for (int v = 0; v < table->count; v++) {
			char word[64] = " ";
			size_t len;

			if (!table->names[v])
				continue;
			strncat(word, table->names[v], sizeof(word) - 3);
			VNM_ASSERT_INT_EQ(vnm_enum_value(table, word), -EINVAL);
			len = strlen(word);
			word[len] = ' ';
			VNM_ASSERT_INT_EQ(vnm_enum_value(table, word + 1), -EINVAL);
			word[len] = '\0';
			word[1] = (char)(isupper((unsigned char)word[1]) ? tolower(word[1])
									 : toupper(word[1]));
			VNM_ASSERT_INT_EQ(vnm_enum_value(table, word + 1), -EINVAL);
			word[len - 1] = '\0';
			VNM_ASSERT_INT_EQ(vnm_enum_value(table, word + 1), -EINVAL);
		}
	}
}

/* What users have in their files. */
static void words(void)
{
	VNM_ASSERT_STR_EQ(vnm_enum_name(&vnm_enum_tristate, VNM_TRI_YES), "yes");
	VNM_ASSERT_STR_EQ(vnm_enum_name(&vnm_enum_tristate, VNM_TRI_NO), "no");
	VNM_ASSERT_STR_EQ(vnm_enum_name(&vnm_enum_switch, VNM_SWITCH_ON), "on");
	VNM_ASSERT_STR_EQ(vnm_enum_name(&vnm_enum_switch, VNM_SWITCH_OFF), "off");
	VNM_ASSERT_STR_EQ(vnm_enum_name(&vnm_enum_forward_mode, VNM_FORWARD_NAT), "nat");
	VNM_ASSERT_STR_EQ(vnm_enum_name(&vnm_enum_forward_mode, VNM_FORWARD_ROUTE), "route");
	VNM_ASSERT_STR_EQ(vnm_enum_name(&vnm_enum_forward_mode, VNM_FORWARD_OPEN), "open");
	VNM_ASSERT_STR_EQ(vnm_enum_name(&vnm_enum_forward_mode, VNM_FORWARD_BRIDGE), "bridge");
	VNM_ASSERT_STR_EQ(vnm_enum_name(&vnm_enum_family, VNM_FAMILY_IPV4), "ipv4");
	VNM_ASSERT_STR_EQ(vnm_enum_name(&vnm_enum_family, VNM_FAMILY_IPV6), "ipv6");
	VNM_ASSERT_STR_EQ(vnm_enum_name(&vnm_enum_lease_unit, VNM_UNIT_SECONDS), "seconds");
	VNM_ASSERT_STR_EQ(vnm_enum_name(&vnm_enum_lease_unit, VNM_UNIT_MINUTES), "minutes");
	VNM_ASSERT_STR_EQ(vnm_enum_name(&vnm_enum_lease_unit, VNM_UNIT_HOURS), "hours");
}

const struct vnm_test vnm_tests[] = {
	{ "complete", complete },
	{ "reversible", reversible },
	{ "out of range", out_of_range },
	{ "exact words", exact_words },
	{ "words", words },
	{ 0 },
};
