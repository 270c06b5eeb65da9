/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz.c - what must be true of every definition and every plan, whatever it was made of. */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/validate.h"
#include "plan/conflict/conflict.h"
#include "plan/op/diff.h"
#include "plan/dnsmasq/dnsmasq_conf.h"
#include "plan/op/op_parse.h"
#include "plan/op/op_print.h"
#include "plan/op/op_text.h"
#include "plan/plan.h"
#include "util/mem.h"

#define DNSMASQ_TAKES 1024 /* characters of a line: MAXDNAME of dnsmasq is 1025, with the NUL */

/** vnm_fuzz_true() - or it is a finding. */
void vnm_fuzz_true(int condition, const char *what, const char *text)
{
	if (condition)
		return;
	fprintf(stderr, "broken promise: %s\n%s\n", what, text);
	abort();
}

/** vnm_fuzz_salt() - bits that differ from input to input: for the facts, which are no part of it. */
unsigned vnm_fuzz_salt(const uint8_t *data, size_t size)
{
	unsigned hash = 2166136261u;

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ data[i]) * 16777619u;
	return hash ^ hash >> 16;
}

/** vnm_fuzz_schema() - the schema of networks, loaded once. */
const struct vnm_schema *vnm_fuzz_schema(void)
{
	static struct vnm_schema *schema;
	const char *dir = getenv("VNETMGR_SCHEMAS");
	vnm_autofree char *path =
		vnm_asprintf("%s/network.rng", dir ? dir : VNM_TEST_SRCDIR "/schemas");
	struct vnm_error err = { 0 };

	if (!schema)
		vnm_fuzz_true(vnm_schema_load(path, &schema, &err) == 0, "no schema", err.msg);
	return schema;
}

static int is_blank(char c)
{
	return c && strchr(" \t\n\v\f\r", c);
}

/*
 * One line as dnsmasq takes it apart, written from its behaviour and not from plan/dnsmasq/dnsmasq_line.c: quotes vanish, with
 * backslashes that mean something inside of them, a # behind a blank ends the line, the name goes up to the first =,
 * without blanks around it. Return: the name; "" for no option at all.
 */
static const char *option_of(const char *line, size_t len, char name[static DNSMASQ_TAKES + 1])
{
	int quoted = 0, blank = 1;
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		char c = line[i];

		if (c == '"') {
			quoted = !quoted;
			blank = 0;
			continue;
		}
		if (!quoted && blank && c == '#')
			break;
		if (quoted && c == '\\' && i + 1 < len && strchr("\"tnebr\\", line[i + 1]))
			c = line[++i] == '"' || line[i] == '\\' ? line[i] : '\t';
		blank = !quoted && is_blank(c);
		name[n++] = c;
	}
	name[n] = '\0';
	name[strcspn(name, "=")] = '\0';
	n = strlen(name);
	while (n > 0 && is_blank(name[n - 1]))
		name[--n] = '\0';
	return name + strspn(name, " \t\n\v\f\r");
}

/* Options that we write. */
static const char *const ours[] = {
	"",
	"addn-hosts",
	"bind-dynamic",
	"bind-interfaces",
	"bogus-nxdomain",
	"dhcp-authoritative",
	"dhcp-boot",
	"dhcp-hostsfile",
	"dhcp-ignore-names",
	"dhcp-lease-max",
	"dhcp-leasefile",
	"dhcp-name-match",
	"dhcp-no-override",
	"dhcp-option",
	"dhcp-range",
	"domain",
	"domain-needed",
	"enable-ra",
	"enable-tftp",
	"except-interface",
	"expand-hosts",
	"group",
	"host-record",
	"interface",
	"local",
	"no-hosts",
	"no-ident",
	"no-resolv",
	"pid-file",
	"port",
	"ra-param",
	"server",
	"srv-host",
	"strict-order",
	"tftp-root",
	"txt-record",
	"user",
};

/* What must not be there, whoever wants it. */
static const char *const never[] = {
	"dhcp-script", "dhcp-luascript", "dhcp-scriptuser",  "conf-script", "conf-file",
	"conf-dir",    "log-facility",	 "dumpfile",	     "script-arp",  "no-daemon",
	"auth-server", "dhcp-relay",	 "bridge-interface", "enable-dbus",
};

static int is_in(const char *word, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(word, list[i]))
			return 1;
	return 0;
}

static int is_asked_for(const struct vnm_network *net, const char *option)
{
	size_t len = strlen(option);

	for (size_t i = 0; i < net->dnsmasq_options.n_items; i++) {
		const char *value = net->dnsmasq_options.items[i].value;

		if (!strncmp(value, option, len) && (!value[len] || value[len] == '='))
			return 1;
	}
	return 0;
}

static int count(const char *text, const char *start)
{
	int n = 0;

	for (; text && *text; text = strchr(text, '\n') ? strchr(text, '\n') + 1 : NULL)
		n += !strncmp(text, start, strlen(start));
	return n;
}

/* Each line is one line for dnsmasq, too, and none is an option that nobody asked for. */
static void check_conf(const struct vnm_network *net, const char *conf)
{
	char name[DNSMASQ_TAKES + 1];

	for (const char *line = conf; *line; line = strchr(line, '\n') + 1) {
		size_t len = strcspn(line, "\n");
		const char *option;

		vnm_fuzz_true(line[len] && len < DNSMASQ_TAKES, "a line is too long", line);
		option = option_of(line, len, name);
		vnm_fuzz_true(!is_in(option, never, VNM_ARRAY_SIZE(never)), "not allowed", line);
		vnm_fuzz_true(is_in(option, ours, VNM_ARRAY_SIZE(ours)) ||
				      is_asked_for(net, option),
			      "nobody asked for it", line);
	}
	vnm_fuzz_true(count(conf, "interface=") == 1 + (int)is_asked_for(net, "interface") &&
			      count(conf, "dhcp-leasefile=") <= 1 && count(conf, "pid-file=") == 1,
		      "an option that may stand there once", conf);
}

static void check_list(const char *text)
{
	for (const char *line = text; *line; line = strchr(line, '\n') + 1) {
		size_t len = strcspn(line, "\n");

		vnm_fuzz_true(line[len] && len < DNSMASQ_TAKES, "a line is too long", line);
	}
}

static void check_files(const struct vnm_network *net, const struct vnm_facts *facts,
			const struct vnm_dnsmasq_paths *places)
{
	struct vnm_dnsmasq_files files __attribute__((cleanup(vnm_dnsmasq_files_clear))) = { 0 };
	struct vnm_error err = { 0 };

	if (!vnm_network_wants_dnsmasq(net) ||
	    vnm_dnsmasq_files(
		    &(struct vnm_plan_input){ .net = net, .facts = facts, .paths = places }, &files,
		    &err) < 0)
		return;
	if (files.conf)
		check_conf(net, files.conf);
	if (files.hosts)
		check_list(files.hosts);
}

/** vnm_fuzz_plan() - the text of each operation is one line, and gives that operation back. */
void vnm_fuzz_plan(const struct vnm_plan *plan)
{
	vnm_autobuf struct vnm_buf print = { 0 };

	for (size_t i = 0; i < plan->n; i++) {
		vnm_autobuf struct vnm_buf is = { 0 }, again = { 0 };
		struct vnm_error err = { 0 };
		struct vnm_op op = { 0 };

		vnm_op_format(&plan->ops[i], &is);
		vnm_fuzz_true(!strchr(vnm_buf_str(&is), '\n'), "an operation of two lines",
			      is.data);
		vnm_fuzz_true(vnm_op_parse(is.data, &op, &err) == 0, err.msg, is.data);
		vnm_op_format(&op, &again);
		vnm_fuzz_true(!strcmp(is.data, again.data), "another operation", again.data);
		vnm_op_clear(&op);
	}
	vnm_plan_print(plan, false, &print);
	vnm_plan_print(plan, true, &print);
}

/* A definition that was printed is the same definition. */
static void check_printed(const struct vnm_network *net)
{
	vnm_autobuf struct vnm_buf is = { 0 }, again = { 0 };
	vnm_autonetwork struct vnm_network read = { 0 };
	struct vnm_warnings warnings = { 0 };
	struct vnm_error err = { 0 };

	vnm_network_xml_format_secret(net, &is);
	vnm_fuzz_true(vnm_network_xml_parse(is.data, is.len, "again", &read, &err) == 0, err.msg,
		      is.data);
	vnm_fuzz_true(vnm_network_xml_check(is.data, is.len, "again", vnm_fuzz_schema(), &err) == 0,
		      err.msg, is.data);
	vnm_fuzz_true(vnm_network_validate(&read, &warnings, &err) == 0, err.msg, is.data);
	vnm_network_xml_format_secret(&read, &again);
	vnm_fuzz_true(!strcmp(is.data, again.data), "printed otherwise the second time",
		      again.data);
	vnm_warnings_clear(&warnings);
}

static void make_facts(struct vnm_facts *facts, unsigned salt)
{
	facts->dnsmasq = vnm_strdup("/usr/sbin/dnsmasq");
	facts->police = salt & 1;
	facts->sfq = salt & 2;
	facts->forwarding4 = salt & 4;
	facts->forwarding6 = salt & 8;
	facts->single_uid = salt & 16;
	facts->dnsmasq_user = vnm_strdup(salt & 32 ? "nobody" : "dnsmasq");
	facts->dnsmasq_group = vnm_strdup("nogroup");
	facts->bridges = vnm_array_add(NULL, &facts->n_bridges, sizeof(*facts->bridges));
	facts->bridges[0] =
		(struct vnm_fact_bridge){ vnm_strdup("other"), vnm_strdup("virbr-other") };
}

/* What net-define adds. */
static void complete(struct vnm_network *net, const struct vnm_facts *facts)
{
	const char *name = net->bridge.name;
	char picked[VNM_IFNAME_SIZE];
	struct vnm_error err = { 0 };

	if (!net->mac.address.set)
		vnm_mac_parse("52:54:00:00:00:01", &net->mac.address);
	if ((name && *name && !strchr(name, '%')) ||
	    vnm_bridge_name_pick(name, facts, NULL, 0, picked, &err) < 0)
		return;
	free(net->bridge.name);
	net->bridge.name = vnm_strdup(picked);
}

/**
 * vnm_fuzz_accepted() - all that is made of a definition that was accepted, and what must be true of it
 * @net:  the definition; completed, as net-define does
 * @salt: chooses the facts
 */
void vnm_fuzz_accepted(struct vnm_network *net, unsigned salt)
{
	struct vnm_facts facts __attribute__((cleanup(vnm_facts_clear))) = { 0 };
	struct vnm_dnsmasq_paths places __attribute__((cleanup(vnm_dnsmasq_paths_clear))) = {
		.dnsmasq_dir = vnm_asprintf("/run/vnetmgr/dnsmasq/%s", net->name),
		.lease_file = vnm_asprintf("/var/lib/vnetmgr/leases/%s", net->name),
	};
	vnm_autoplan struct vnm_plan plan = { 0 };
	struct vnm_error err = { 0 };

	vnm_fuzz_true(net->name && vnm_name_valid(net->name), "name", net->name ? net->name : "");
	make_facts(&facts, salt);
	check_printed(net);
	complete(net, &facts);
	check_files(net, &facts, &places);
	if (vnm_plan_start(
		    &(struct vnm_plan_input){ .net = net, .facts = &facts, .paths = &places },
		    &plan, &err) < 0) {
		vnm_fuzz_true(err.code && err.msg[0], "refused without a reason", net->name);
		return;
	}
	vnm_fuzz_plan(&plan);
}
