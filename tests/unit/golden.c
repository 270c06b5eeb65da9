/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * golden.c - every directory of tests/data: a definition, and what must come of it, byte for byte.
 *
 * in.xml is read, held against the schema and validated. Then whichever of these files are there are compared:
 *   out.xml       the definition as net-dumpxml prints it
 *   error.txt     the message with which it is refused (then nothing else is compared); "..." for what libxml2 has added
 *   warnings.txt  the warnings about what is accepted
 *   plan.txt      the plan, as --dry-run prints it, or why there can be none here
 *   rules         its firewall rules, one a line
 *   nftables      the same in the language of nft(8)
 *   dnsmasq.conf, hosts, addnhosts   dnsmasq's files
 * With VNM_GOLDEN_UPDATE=1 those that are there are written anew: then read the difference.
 */
#include "runner.h"
#include "input.h"
#include "schema.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "model/validate.h"
#include "plan/dnsmasq/dnsmasq_conf.h"
#include "plan/firewall/nftables_text.h"
#include "plan/firewall/plan_firewall.h"
#include "plan/op/op_print.h"
#include "plan/plan.h"
#include "util/file.h"
#include "util/mem.h"
#include "xml/network_xml.h"

const char vnm_suite[] = "golden";

/* The one network that is there beside the one of the case. */
#define OTHER_NETWORK "other"
#define OTHER_BRIDGE "virbr-other"

#define FILE_MAX (4 * 1024 * 1024)

/* The files that a case may hold. */
enum part { OUT, ERROR, WARNINGS, PLAN, RULES, NFTABLES, CONF, HOSTS, ADDNHOSTS, PART_COUNT };

static const char *const parts[PART_COUNT] = {
	"out.xml",  "error.txt",    "warnings.txt", "plan.txt",	 "rules",
	"nftables", "dnsmasq.conf", "hosts",	    "addnhosts",
};

/** struct outcome - what came of one in.xml: the text of each file. */
struct outcome {
	struct vnm_buf text[PART_COUNT];
};

static void outcome_clear(struct outcome *outcome)
{
	for (int i = 0; i < PART_COUNT; i++)
		vnm_buf_clear(&outcome->text[i]);
}

static void refuse(struct outcome *outcome, const struct vnm_error *err)
{
	vnm_buf_printf(&outcome->text[ERROR], "%s\n", err->msg);
}

static void print_rules(const struct vnm_network *net, const struct vnm_facts *facts,
			struct vnm_buf *out)
{
	vnm_autoplan struct vnm_plan plan = { 0 };

	vnm_plan_firewall(INPUT(net, facts, NULL), &plan);
	for (size_t i = 0; i < plan.n; i++) {
		const struct vnm_fwrule *rule = &plan.ops[i].rule;

		vnm_buf_printf(out, "%s %s ", rule->family == AF_INET ? "ipv4" : "ipv6",
			       vnm_enum_name(&vnm_enum_fw_table, vnm_fw_chains[rule->chain].table));
		vnm_fwrule_format(rule, out);
		vnm_buf_addc(out, '\n');
	}
}

static void print_nftables(const struct vnm_network *net, const struct vnm_facts *facts,
			   struct vnm_buf *out)
{
	vnm_autofree const struct vnm_op **rules = NULL;
	vnm_autoplan struct vnm_plan plan = { 0 };

	vnm_plan_firewall(INPUT(net, facts, NULL), &plan);
	rules = vnm_alloc(plan.n * sizeof(*rules));
	for (size_t i = 0; i < plan.n; i++)
		rules[i] = &plan.ops[i];
	vnm_nftables_text(rules, plan.n, out);
}

static void print_files(const struct vnm_network *net, const struct vnm_facts *facts,
			const struct vnm_dnsmasq_paths *places, struct outcome *outcome)
{
	struct vnm_dnsmasq_files files __attribute__((cleanup(vnm_dnsmasq_files_clear))) = { 0 };
	struct vnm_error err = { 0 };

	if (!vnm_network_wants_dnsmasq(net) ||
	    vnm_dnsmasq_files(INPUT(net, facts, places), &files, &err) < 0)
		return;
	vnm_buf_add(&outcome->text[CONF], files.conf ? files.conf : "");
	vnm_buf_add(&outcome->text[HOSTS], files.hosts ? files.hosts : "");
	vnm_buf_add(&outcome->text[ADDNHOSTS], files.addnhosts ? files.addnhosts : "");
}

/* Two addresses and a route; what is in them is of no matter to a plan. */
static void add_uplink(const char *dev, struct vnm_facts *facts)
{
	facts->links = vnm_array_add(NULL, &facts->n_links, sizeof(*facts->links));
	facts->links[0] = (struct vnm_fact_link){ .index = 2, .up = true };
	facts->links[0].mac = (struct vnm_mac){ true, { 2, 0, 0, 0, 0, 1 } };
	snprintf(facts->links[0].name, sizeof(facts->links[0].name), "%s", dev);
	facts->uplinks = vnm_array_add(NULL, &facts->n_uplinks, sizeof(*facts->uplinks));
	facts->uplinks[0] = (struct vnm_fact_uplink){ .carrier = true, .global = true };
	snprintf(facts->uplinks[0].dev, sizeof(facts->uplinks[0].dev), "%s", dev);
	facts->uplinks[0].addresses = vnm_strdup("00,11");
	facts->uplinks[0].routes = vnm_strdup("22");
	facts->uplinks[0].settings = vnm_array_add(NULL, &facts->uplinks[0].n_settings,
						   sizeof(*facts->uplinks[0].settings));
	facts->uplinks[0].settings[0] =
		(struct vnm_fact_setting){ "ipv4", "rp_filter", vnm_strdup("2") };
}

static void plan(const struct vnm_network *net, struct outcome *outcome)
{
	struct vnm_facts facts __attribute__((
		cleanup(vnm_facts_clear))) = {
			.dnsmasq = vnm_strdup("/usr/sbin/dnsmasq"),
			.dnsmasq_user = vnm_strdup("dnsmasq"),
			.dnsmasq_group = vnm_strdup("dnsmasq"),
		};
	struct vnm_dnsmasq_paths places __attribute__((cleanup(vnm_dnsmasq_paths_clear))) = {
		.dnsmasq_dir = vnm_asprintf("/run/vnetmgr/dnsmasq/%s", net->name),
		.lease_file = vnm_asprintf("/var/lib/vnetmgr/leases/%s", net->name),
	};
	vnm_autoplan struct vnm_plan ops = { 0 };
	struct vnm_error err = { 0 };

	facts.bridges = vnm_array_add(NULL, &facts.n_bridges, sizeof(*facts.bridges));
	facts.bridges[0] = (struct vnm_fact_bridge){ .network = vnm_strdup(OTHER_NETWORK),
						     .bridge = vnm_strdup(OTHER_BRIDGE),
						     .table = VNM_TABLE_MAIN };
	facts.bridges[0].subnets =
		vnm_array_add(NULL, &facts.bridges[0].n_subnets, sizeof(*facts.bridges[0].subnets));
	(void)vnm_prefix_parse("10.99.0.0/24", &facts.bridges[0].subnets[0]);
	if (vnm_network_has_uplink(net))
		add_uplink(net->uplink.dev, &facts);
	if (vnm_plan_start(INPUT(net, &facts, &places), &ops, &err) < 0) {
		if (err.code == VNM_ERR_UNSUPPORTED || err.code == VNM_ERR_STATE)
			vnm_buf_printf(&outcome->text[PLAN], "refused: %s\n", err.msg);
		else
			refuse(outcome, &err);
		return;
	}
	vnm_plan_print(&ops, false, &outcome->text[PLAN]);
	print_rules(net, &facts, &outcome->text[RULES]);
	print_nftables(net, &facts, &outcome->text[NFTABLES]);
	print_files(net, &facts, &places, outcome);
}

/* All that can be made of a definition. */
static void make(const char *text, size_t len, const struct vnm_schema *schema,
		 struct outcome *outcome)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	struct vnm_warnings warnings = { 0 };
	struct vnm_error err = { 0 };

	if (vnm_network_xml_parse(text, len, "in.xml", &net, &err) < 0 ||
	    vnm_network_validate(&net, &warnings, &err) < 0 ||
	    vnm_network_xml_check(text, len, "in.xml", schema, &err) < 0) {
		vnm_warnings_clear(&warnings);
		refuse(outcome, &err);
		return;
	}
	for (size_t i = 0; i < warnings.n; i++)
		vnm_buf_printf(&outcome->text[WARNINGS], "%s\n", warnings.items[i]);
	vnm_warnings_clear(&warnings);
	vnm_network_xml_format(&net, &outcome->text[OUT]);
	plan(&net, outcome);
}

static void compare(int dir, const char *name, enum part part, const struct outcome *outcome,
		    int *compared)
{
	vnm_autofree char *should = NULL;
	vnm_autofree char *what = vnm_asprintf("%s/%s", name, parts[part]);
	const char *is = vnm_buf_str(&outcome->text[part]);

	if (vnm_file_read(dir, parts[part], FILE_MAX, &should, NULL) < 0)
		return;
	(*compared)++;
	if (getenv("VNM_GOLDEN_UPDATE") && !vnm_text_matches(is, should))
		vnm_file_replace(dir, parts[part], is, strlen(is), 0644, (gid_t)-1, VNM_VOLATILE);
	else
		vnm_check_str(what, is, should, __FILE__, __LINE__, 0);
}

static void run_case(int data, const char *name, const struct vnm_schema *schema)
{
	vnm_autoclose int dir = openat(data, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct outcome outcome __attribute__((cleanup(outcome_clear))) = { 0 };
	vnm_autofree char *text = NULL;
	bool refused, expects_refusal;
	int compared = 0;
	size_t len;

	if (dir < 0 || vnm_file_read(dir, "in.xml", FILE_MAX, &text, &len) < 0) {
		printf("\n%s: no in.xml in it\n", name);
		CU_FAIL("a case without a definition");
		return;
	}
	make(text, len, schema, &outcome);
	refused = outcome.text[ERROR].len > 0;
	expects_refusal = faccessat(dir, "error.txt", F_OK, 0) == 0;
	if (refused && !expects_refusal)
		printf("\n%s: %s", name, outcome.text[ERROR].data);
	CU_ASSERT_EQUAL(refused, expects_refusal);
	for (int i = 0; i < PART_COUNT; i++)
		compare(dir, name, (enum part)i, &outcome, &compared);
	if (compared == 0)
		printf("\n%s: holds nothing to compare with\n", name);
	CU_ASSERT(compared > 0);
}

static void cases(void)
{
	vnm_autofree char *path = vnm_asprintf("%s/tests/data", vnm_test_srcdir());
	vnm_autoclose int data = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	vnm_autoschema struct vnm_schema *schema = load_schema("network.rng");
	struct dirent **entries;
	int n, found = 0;

	n = scandir(path, &entries, NULL, alphasort);
	CU_ASSERT_FATAL(n >= 0);
	for (int i = 0; i < n; i++) {
		if (entries[i]->d_name[0] != '.') {
			run_case(data, entries[i]->d_name, schema);
			found++;
		}
		free(entries[i]);
	}
	free(entries);
	printf(" %d cases", found);
	CU_ASSERT(found > 0);
}

const struct vnm_test vnm_tests[] = {
	{ "cases", cases },
	{ 0 },
};
