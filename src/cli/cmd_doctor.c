/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_doctor.c - net-doctor. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/columns.h"
#include "cli/document.h"
#include "cli/hint.h"
#include "cli/json.h"
#include "cli/output.h"
#include "cli/session.h"
#include "util/mem.h"

static json_t *json_root(const void *row)
{
	const struct vnm_finding *finding = row;

	return finding->root < 0 ? NULL : json_integer(finding->root);
}

/* clang-format off */
#define ROW struct vnm_finding
static const struct vnm_column items[] = {
	VNM_COLUMN("Finding", "cause", STRING, ROW, cause),
	VNM_COLUMN("Check", "check", STRING, ROW, check),
	VNM_COLUMN(NULL, "guest", STRING, ROW, guest),
	VNM_COLUMN("Evidence", "evidence", STRING, ROW, evidence),
	VNM_COLUMN("Command", "command", STRING, ROW, mend),
	VNM_COLUMN_LIST("Also", NULL, ROW, also, n_also),
	{ NULL, "follows_from", VNM_COLUMN_NONE, .json = json_root, .with = VNM_OPT_COUNT },
};
#undef ROW
/* clang-format on */

static const struct vnm_columns columns = {
	"findings",
	items,
	VNM_ARRAY_SIZE(items),
	sizeof(struct vnm_finding),
};

/** struct round - the networks that are looked at, one after the other. @findings: of all together */
struct round {
	struct vnm_cli *cli;
	char **names;
	size_t n, findings;
};

static void round_clear(struct round *round)
{
	vnm_names_free(round->names, round->n);
}
#define autoround __attribute__((cleanup(round_clear)))

static void print_document(const struct round *round, const struct vnm_doctor *doctor)
{
	json_t *network = json_object(), *list = json_array();

	for (size_t i = 0; i < doctor->found.n; i++)
		json_array_append_new(list, vnm_columns_json(&columns, &doctor->found.items[i]));
	vnm_json_set(network, "name", vnm_json_string(doctor->net.name));
	vnm_json_set(network, "active", json_boolean(doctor->c.active));
	vnm_json_set(network, columns.key, list);
	json_array_append_new(vnm_document_list(round->cli, "networks"), network);
}

/* Without those that follow from another one. */
static size_t count_roots(const struct vnm_findings *found)
{
	size_t n = 0;

	for (size_t i = 0; i < found->n; i++)
		n += found->items[i].root < 0;
	return n;
}

static void print_text(const struct round *round, const struct vnm_doctor *doctor)
{
	const size_t n = count_roots(&doctor->found);
	const char *gap = round->cli->quiet ? "" : "\n";

	if (n == 0) {
		vnm_cli_extra(round->cli, "Network %s is healthy\n", doctor->net.name);
		return;
	}
	vnm_cli_extra(round->cli, "Network %s: %zu finding%s\n", doctor->net.name, n,
		      n == 1 ? "" : "s");
	for (size_t i = 0; i < doctor->found.n; i++) {
		vnm_autobuf struct vnm_buf text = { 0 };

		if (doctor->found.items[i].root >= 0)
			continue;
		vnm_columns_lines(round->cli, &columns, &doctor->found.items[i], &text);
		printf("%s%s", gap, vnm_buf_str(&text));
		gap = "\n";
	}
}

/* Return: 0; -errno after an error message. */
static int look_at(struct round *round, const char *name, const char *guest)
{
	struct vnm_doctor doctor = { 0 };
	struct vnm_error err = { 0 };
	int r = vnm_cli_open(round->cli);

	if (r < 0)
		return r;
	r = vnm_driver_doctor(round->cli->driver, name, guest,
			      vnm_cli_seen(round->cli, VNM_OPT_PASSIVE), &doctor, &err);
	/* The probes wait for answers: no other command is to wait for them. */
	vnm_cli_close(round->cli);
	if (r == 0) {
		vnm_doctor_probe(&doctor);
		vnm_findings_relate(&doctor.found);
		round->findings += doctor.found.n;
		if (vnm_cli_seen(round->cli, VNM_OPT_JSON))
			print_document(round, &doctor);
		else
			print_text(round, &doctor);
	} else {
		vnm_cli_fail(round->cli, &err, "Failed to examine network %s", name);
	}
	vnm_doctor_clear(&doctor);
	return r;
}

static void add_name(struct round *round, const char *name)
{
	round->names = vnm_array_add(round->names, &round->n, sizeof(*round->names));
	round->names[round->n - 1] = vnm_strdup(name);
}

/* Those that are active, or should be. */
static int list_networks(struct round *round, struct vnm_error *err)
{
	struct vnm_info *infos;
	size_t n;
	int r = vnm_driver_list(round->cli->driver, false, &infos, &n, err);

	for (size_t i = 0; r == 0 && i < n; i++)
		if (infos[i].active || infos[i].autostart)
			add_name(round, infos[i].name);
	if (r == 0)
		vnm_infos_free(infos, n);
	return r;
}

/* The one that was named, or all. Return: 0; -errno after an error message. */
static int choose_networks(struct round *round)
{
	const char *given = vnm_cli_value(round->cli, VNM_OPT_NETWORK);
	vnm_autofree char *name = NULL;
	struct vnm_error err = { 0 };
	int r = vnm_cli_open(round->cli);

	if (r < 0)
		return r;
	r = given ? vnm_driver_lookup(round->cli->driver, given, &name, &err)
		  : list_networks(round, &err);
	vnm_cli_close(round->cli);
	if (r < 0 && given) {
		vnm_cli_fail(round->cli, &err, "failed to get network '%s'", given);
		vnm_hint_network(round->cli, given);
	} else if (r < 0) {
		vnm_cli_error(round->cli, "%s", err.msg);
	} else if (given) {
		add_name(round, name);
	}
	return r;
}

static int net_doctor(struct vnm_cli *cli)
{
	const char *guest = vnm_cli_value(cli, VNM_OPT_DEVICE);
	struct round round autoround = { .cli = cli };
	bool failed = choose_networks(&round) < 0;

	if (vnm_cli_seen(cli, VNM_OPT_JSON) && !failed)
		(void)vnm_document_list(cli, "networks");
	for (size_t i = 0; i < round.n; i++)
		failed |= look_at(&round, round.names[i], guest) < 0;
	if (round.n == 0 && !failed && !vnm_cli_seen(cli, VNM_OPT_JSON))
		vnm_cli_extra(cli, "No network is active\n");
	return failed ? 1 : round.findings > 0 ? VNM_STATUS_FINDINGS : 0;
}

static const struct vnm_option net_doctor_options[] = {
	{ VNM_OPT_NETWORK, VNM_OPT_ARGUMENT,
	  "network name or uuid (default: all that are active)" },
	{ VNM_OPT_DEVICE, VNM_OPT_ARGUMENT, "a guest: its device on the host, or its namespace" },
	{ VNM_OPT_PASSIVE, 0, "only read, send nothing" },
	VNM_OPTION_JSON,
};

const struct vnm_command vnm_command_net_doctor = {
	.name = "net-doctor",
	.group = VNM_HELP_DIAGNOSIS,
	.flags = VNM_COMMAND_CHANGES,
	.summary = "find out why a guest has no network",
	.description = "Checks everything that can keep guests from their network and from the "
		       "outside; if nothing is found, packets are followed and probes sent as a "
		       "guest would send them, which takes seconds. Each finding has a command "
		       "that mends it. The exit status is 3 if there are any.",
	VNM_OPTIONS(net_doctor_options),
	.run = net_doctor,
};
