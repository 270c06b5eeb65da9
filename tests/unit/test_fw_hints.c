/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_fw_hints.c - what is remembered of nf_tables from one command to the next: handles of rules, and base chains. */
#include "runner.h"

#include <string.h>
#include <sys/socket.h>

#include "sys/firewall/fw_nft_handles.h"
#include "sys/firewall/nft_chains.h"
#include "util/file.h"
#include "util/mem.h"

const char vnm_suite[] = "sys/firewall/hints";

static const struct vnm_fw_nft_place fwi = {
	.network = "a", .chain = "VNM_FWI", .family = AF_INET, .table = VNM_FW_FILTER, .hash = 0xabc
};

static uint64_t handle_of(struct vnm_sys *sys, struct vnm_fw_nft_place rule)
{
	return vnm_fw_nft_handle(sys, &rule);
}

static void write_handle(struct vnm_sys *sys, const char *network, uint64_t hash, uint64_t handle)
{
	struct vnm_fw_nft_place rule = fwi;

	rule.network = network;
	rule.hash = hash;
	rule.handle = handle;
	vnm_fw_nft_handles_write(sys, &rule, 1);
}

static void test_handles(void)
{
	vnm_autotestdir struct vnm_test_dir dir;
	struct vnm_sys sys = { .run_fd = -1 };
	struct vnm_fw_nft_place other = fwi;

	vnm_test_dir_make(&dir);
	sys.run_fd = dir.fd;
	CU_ASSERT_EQUAL(vnm_fw_nft_handle(&sys, &fwi), 0);
	CU_ASSERT_FALSE(vnm_fw_nft_handles_distrust(&sys));
	write_handle(&sys, "b", 0xabc, 5);
	write_handle(&sys, "a", 0xabc, 17);
	write_handle(&sys, "a", 0xabd, 18);
	CU_ASSERT_EQUAL(handle_of(&sys, (other.network = "b", other)), 5);
	CU_ASSERT_EQUAL(vnm_fw_nft_handle(&sys, &fwi), 17);
	other = fwi;
	other.hash = 0xabd;
	CU_ASSERT_EQUAL(handle_of(&sys, other), 18);
	other = fwi;
	other.family = AF_INET6;
	CU_ASSERT_EQUAL(handle_of(&sys, other), 0);
	other = fwi;
	other.chain = "VNM_FWO";
	CU_ASSERT_EQUAL(handle_of(&sys, other), 0);
	other = fwi;
	other.network = NULL; /* of all networks */
	CU_ASSERT_EQUAL(handle_of(&sys, other), 0);
	CU_ASSERT(vnm_fw_nft_handles_distrust(&sys));
	CU_ASSERT_EQUAL(vnm_fw_nft_handle(&sys, &fwi), 0);
	CU_ASSERT_FALSE(vnm_fw_nft_handles_distrust(&sys));
	vnm_fw_nft_handles_free(sys.fw_nft_handles);
}

static void test_handles_changed(void)
{
	vnm_autotestdir struct vnm_test_dir dir;
	struct vnm_sys sys = { .run_fd = -1 }, later = { .run_fd = -1 };
	const struct vnm_op rule = { .type = VNM_OP_RULE, .rule.network = "a" };
	const struct vnm_op *const ops[] = { &rule, &rule };

	vnm_test_dir_make(&dir);
	sys.run_fd = later.run_fd = dir.fd;
	write_handle(&sys, "a", 0xabc, 17);
	write_handle(&sys, "a", 0xabc, 40);
	CU_ASSERT_EQUAL(vnm_fw_nft_handle(&later, &fwi), 40); /* added again later */
	VNM_ASSERT_INT_EQ(vnm_file_append(dir.fd, "handles/a", "ip filter VNM_FWI"), 0);
	vnm_fw_nft_handles_free(vnm_steal(&later.fw_nft_handles));
	CU_ASSERT_EQUAL(vnm_fw_nft_handle(&later, &fwi), 40); /* one that was not written whole */
	vnm_fw_nft_handles_drop(&later, ops, VNM_ARRAY_SIZE(ops));
	vnm_fw_nft_handles_drop(&later, ops, VNM_ARRAY_SIZE(ops));
	vnm_fw_nft_handles_free(vnm_steal(&later.fw_nft_handles));
	CU_ASSERT_EQUAL(vnm_fw_nft_handle(&later, &fwi), 0);
	vnm_fw_nft_handles_free(later.fw_nft_handles);
}

static void test_bases(void)
{
	static const char lines[] = "base 2 2 0 1 filter filter FORWARD\n"
				    "base 1 4 -150 0 route mine out\n";
	struct vnm_sys sys = { .run_fd = -1, .nft_own = { .known = true } };
	vnm_autobuf struct vnm_buf text = { 0 };
	struct vnm_nft_chain *chain;

	CU_ASSERT_FALSE(vnm_nft_bases_parse(&sys, "17 4 2 n1"));
	CU_ASSERT(vnm_nft_bases_parse(&sys, "base 2 2 0 1 filter filter FORWARD"));
	CU_ASSERT(vnm_nft_bases_parse(&sys, "base damaged"));
	CU_ASSERT(vnm_nft_bases_parse(&sys, "base 1 4 -150 0 route mine out"));
	chain = vnm_nft_base_chain(&sys, 0);
	CU_ASSERT_FATAL(chain != NULL);
	VNM_ASSERT_STR_EQ(chain->name, "FORWARD");
	CU_ASSERT(chain->drops && chain->hook == 2 && !chain->read);
	chain = vnm_nft_base_chain(&sys, 1);
	CU_ASSERT_FATAL(chain != NULL);
	VNM_ASSERT_STR_EQ(chain->type, "route");
	VNM_ASSERT_INT_EQ(chain->priority, -150);
	CU_ASSERT_PTR_NULL(vnm_nft_base_chain(&sys, 2));
	vnm_nft_bases_format(&sys, &text);
	VNM_ASSERT_STR_EQ(vnm_buf_str(&text), lines);
	vnm_nft_free(sys.nft);
}

const struct vnm_test vnm_tests[] = { { "handles", test_handles },
				      { "handles changed", test_handles_changed },
				      { "base chains", test_bases },
				      { 0 } };
