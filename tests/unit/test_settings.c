/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_settings.c - network.conf: what it may contain, and what is reported of the rest. */
#include "runner.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "state/fw_record.h"
#include "state/settings.h"
#include "util/file.h"
#include "util/mem.h"

const char vnm_suite[] = "state/settings";

static const struct {
	const char *text, *is; /* the setting, or the error */
} rows[] = {
	{ "", "auto" },
	{ "\n\n# firewall_backend = \"legacy\"\n", "auto" },
	{ "firewall_backend = \"auto\"\n", "auto" },
	{ "firewall_backend = \"legacy\"", "legacy" },
	{ "firewall_backend='iptables-nft'\n", "iptables-nft" },
	{ "\tfirewall_backend\t=\t\"nftables\" # a comment\n", "nftables" },
	{ "firewall_backend = \"iptables\"\r\n", "iptables" },
	{ "#\nfirewall_backend = \"ebtables\"\n",
	  "n.conf:2: unrecognized value of firewall_backend: 'ebtables'; it is auto, iptables, "
	  "iptables-nft, legacy or nftables" },
	{ "firewall_backend = \"\"\n", "n.conf:1: unrecognized value of firewall_backend: ''..." },
	{ "firewall_backend = \"NFTables\"\n", "n.conf:1: unrecognized value..." },
	{ "firewall = \"legacy\"\n",
	  "n.conf:1: unrecognized key 'firewall'; the only one is firewall_backend" },
	{ "\n\nfirewall_backend legacy\n", "n.conf:3: expecting 'key = \"value\"'" },
	{ "firewall_backend\n", "n.conf:1: expecting 'key = \"value\"'" },
	{ "= \"legacy\"\n", "n.conf:1: expecting 'key = \"value\"'" },
	{ "firewall_backend = legacy\n", "n.conf:1: expecting a value in quotes" },
	{ "firewall_backend = 1\n", "n.conf:1: expecting a value in quotes" },
	{ "firewall_backend =\n\"legacy\"\n", "n.conf:1: expecting a value in quotes" },
	{ "firewall_backend = \"legacy\n\"\n", "n.conf:1: the value is not terminated by a quote" },
	{ "firewall_backend = 'legacy\"\n", "n.conf:1: the value is not terminated by a quote" },
	{ "firewall_backend = \"legacy\" x\n",
	  "n.conf:1: expecting the end of the line after the value" },
	{ "firewall_backend = \"legacy\"\nfirewall_backend = \"legacy\"\n",
	  "n.conf:2: firewall_backend is set a second time" },
};

static void test_parse(void)
{
	for (size_t i = 0; i < VNM_ARRAY_SIZE(rows); i++) {
		vnm_autofree char *text = vnm_strdup(rows[i].text);
		struct vnm_settings settings = { .firewall = VNM_FW_SETTING_COUNT };
		struct vnm_error err = { 0 };
		int r = vnm_settings_parse(text, "n.conf", &settings, &err);

		if (r < 0) {
			VNM_ASSERT_INT_EQ(err.code, VNM_ERR_STATE);
			VNM_ASSERT_INT_EQ(settings.firewall, VNM_FW_SETTING_COUNT);
		}
		VNM_ASSERT_STR_EQ(r < 0 ? err.msg
					: vnm_enum_name(&vnm_enum_fw_setting,
							(int)settings.firewall),
				  rows[i].is);
	}
}

static void test_file(void)
{
	vnm_autotestdir struct vnm_test_dir dir;
	struct vnm_paths paths = { 0 };
	struct vnm_settings settings = { .firewall = VNM_FW_SETTING_COUNT };
	struct vnm_error err = { 0 };

	vnm_test_dir_make(&dir);
	paths.settings = vnm_asprintf("%s/network.conf", dir.path);
	VNM_ASSERT_OK(vnm_settings_load(&paths, &settings, &err), err);
	VNM_ASSERT_INT_EQ(settings.firewall, VNM_FW_SETTING_AUTO);
	vnm_file_replace(dir.fd, "network.conf", "\0", 1, 0600, (gid_t)-1, VNM_VOLATILE);
	CU_ASSERT(vnm_settings_load(&paths, &settings, &err) < 0);
	VNM_ASSERT_STR_EQ(err.msg, "cannot read '...");
	free(paths.settings);
}

/* The record, alone and with a leftover; what cannot be understood is none. */
static void test_record(void)
{
	static const char *const odd[] = { "",		 "\n",
					   "ebtables\n", "legacy ebtables\n",
					   "legacy \n",	 "legacy nftables x\n" };
	vnm_autotestdir struct vnm_test_dir dir;
	struct vnm_fw_record record;

	vnm_test_dir_make(&dir);
	VNM_ASSERT_INT_EQ(vnm_fw_record_read(dir.fd, &record), -ENOENT);
	for (int b = 0; b < VNM_FW_BACKEND_COUNT; b++)
		for (int l = 0; l <= VNM_FW_RECORD_NONE; l++) {
			const struct vnm_fw_record written = { (enum vnm_fw_backend)b,
							       (enum vnm_fw_backend)l };

			VNM_ASSERT_INT_EQ(vnm_fw_record_write(dir.fd, &written), 0);
			VNM_ASSERT_INT_EQ(vnm_fw_record_read(dir.fd, &record), 0);
			VNM_ASSERT_INT_EQ(record.backend, b);
			VNM_ASSERT_INT_EQ(record.leftover, l);
		}
	for (size_t i = 0; i < VNM_ARRAY_SIZE(odd); i++) {
		vnm_file_replace(dir.fd, "firewall", odd[i], strlen(odd[i]), 0600, (gid_t)-1,
				 VNM_VOLATILE);
		VNM_ASSERT_INT_EQ(vnm_fw_record_read(dir.fd, &record), -ENOENT);
	}
	VNM_ASSERT_INT_EQ(vnm_fw_record_remove(dir.fd), 0);
	VNM_ASSERT_INT_EQ(vnm_fw_record_remove(dir.fd), 0);
	VNM_ASSERT_INT_EQ(vnm_fw_record_read(dir.fd, &record), -ENOENT);
}

const struct vnm_test vnm_tests[] = {
	{ "parse", test_parse },
	{ "file", test_file },
	{ "record", test_record },
	{ NULL, NULL },
};
