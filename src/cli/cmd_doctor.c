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
#include "run/survey.h"
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

#define ATTEMPTS 3
#define BATCH \
	16 /* networks that are read together, if nothing is waited for then: other commands wait meanwhile */

/** struct round - the networks that are looked at, one after the other. @findings, @unchecked: of all together; @below: the last one had some */
struct round {
	struct vnm_cli *cli;
	char **names;
	size_t n, findings, unchecked;
	bool below;
};

static void round_clear(struct round *round)
{
	vnm_names_free(round->names, round->n);
}
#define autoround __attribute__((cleanup(round_clear)))

/* What no check can tell: of use once they find nothing. */
static void add_hints(const struct vnm_doctor *doctor, struct vnm_warnings *ret)
{
	if (doctor->found.n > 0)
		return;
	for (size_t i = 0; i < doctor->hints.n; i++)
		vnm_warnings_add(ret, "%s", doctor->hints.items[i]);
	if (doctor->guest && doctor->c.active && doctor->c.bridge)
		vnm_warnings_add(ret,
				 "what stops one packet: vnetmgr net-explain %s %s ADDRESS:PORT",
				 doctor->net.name, doctor->guest);
}

static void print_document(const struct round *round, const struct vnm_doctor *doctor)
{
	struct vnm_warnings hints = { 0 };
	json_t *network = json_object(), *list = json_array();

	for (size_t i = 0; i < doctor->found.n; i++)
		json_array_append_new(list, vnm_columns_json(&columns, &doctor->found.items[i]));
	vnm_json_set(network, "name", vnm_json_string(doctor->net.name));
	vnm_json_set(network, "active", json_boolean(doctor->c.active));
	vnm_json_set(network, columns.key, list);
	vnm_json_set(network, "unchecked",
		     vnm_json_strings((const char *const *)doctor->c.unchecked.items,
				      doctor->c.unchecked.n));
	add_hints(doctor, &hints);
	vnm_json_set(network, "hints", vnm_json_strings((const char *const *)hints.items, hints.n));
	vnm_warnings_clear(&hints);
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

static void print_text(struct round *round, const struct vnm_doctor *doctor)
{
	const size_t n = count_roots(&doctor->found);
	const char *gap = round->cli->quiet ? "" : "\n";

	if (round->below)
		vnm_cli_extra(round->cli, "\n");
	round->below = n > 0;
	if (n == 0) {
		vnm_cli_extra(round->cli,
			      doctor->c.unchecked.n > 0
				      ? "Network %s: no findings in what could be checked\n"
				      : "Network %s is healthy\n",
			      doctor->net.name);
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

/* Return: 0; -errno after an error message; then @ret is empty. */
static int read_case(struct round *round, const char *name, struct vnm_case *host,
		     struct vnm_doctor *ret)
{
	struct vnm_error err = { 0 };
	int r = vnm_driver_doctor(round->cli->driver, host, name,
				  vnm_cli_value(round->cli, VNM_OPT_DEVICE),
				  vnm_cli_seen(round->cli, VNM_OPT_PASSIVE), ret, &err);

	if (r < 0) {
		vnm_cli_fail(round->cli, &err, "Failed to examine network %s", name);
		vnm_doctor_clear(ret);
	}
	return r;
}

/* With the lock, and the host once for all. Return: 0; -errno after an error message: not all of them. */
static int read_cases(struct round *round, char *const *names, size_t n, struct vnm_doctor *ret)
{
	vnm_autocase struct vnm_case host = { 0 };
	int r = vnm_cli_open(round->cli);

	if (r < 0)
		return r;
	vnm_driver_survey(round->cli->driver, true, NULL);
	for (size_t i = 0; i < n; i++) {
		int one = read_case(round, names[i], &host, &ret[i]);

		r = one < 0 ? one : r;
	}
	vnm_driver_survey_end(round->cli->driver);
	vnm_cli_close(round->cli);
	return r;
}

/* Without it: that waits for answers. Return: 1; 0: it is to be read once more; -errno after an error message. */
static int examine(struct round *round, struct vnm_doctor *doctor)
{
	int r = vnm_cli_look(round->cli);

	if (r == 0)
		r = vnm_doctor_examine(round->cli->driver, doctor);
	vnm_cli_close(round->cli);
	return r;
}

static void print_hints(struct round *round, const struct vnm_doctor *doctor)
{
	struct vnm_warnings hints = { 0 };

	add_hints(doctor, &hints);
	vnm_cli_hints(round->cli, &hints);
}

static void print_case(struct round *round, struct vnm_doctor *doctor)
{
	vnm_findings_relate(&doctor->found);
	round->findings += doctor->found.n;
	round->unchecked += doctor->c.unchecked.n;
	if (vnm_cli_seen(round->cli, VNM_OPT_JSON))
		print_document(round, doctor);
	else
		print_text(round, doctor);
	for (size_t i = 0; i < doctor->c.unchecked.n; i++)
		vnm_cli_error(round->cli, "network %s: could not be checked: %s", doctor->net.name,
			      doctor->c.unchecked.items[i]);
	if (!vnm_cli_seen(round->cli, VNM_OPT_JSON))
		print_hints(round, doctor);
}

/* A network that others change meanwhile is read anew. Return: 0; -errno after an error message. */
static int look_at(struct round *round, char *const *name, struct vnm_doctor *doctor)
{
	int r = examine(round, doctor);

	for (int i = 1; r == 0 && i < ATTEMPTS; i++) {
		vnm_doctor_clear(doctor);
		r = read_cases(round, name, 1, doctor);
		if (r == 0)
			r = examine(round, doctor);
	}
	if (r < 0)
		return r;
	if (r == 0) {
		vnm_findings_clear(&doctor->found);
		vnm_warnings_add(&doctor->c.unchecked, "other commands change it all the time");
	}
	print_case(round, doctor);
	return 0;
}

/* Some networks. Return: 0; -errno after an error message. */
static int look_at_some(struct round *round, char *const *names, size_t n)
{
	struct vnm_doctor doctors[BATCH] = { { .passive = false } };
	int r = read_cases(round, names, n, doctors);

	for (size_t i = 0; i < n; i++) {
		int one = doctors[i].net.name ? look_at(round, &names[i], &doctors[i]) : 0;

		r = one < 0 ? one : r;
		vnm_doctor_clear(&doctors[i]);
	}
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
	const size_t batch = vnm_cli_seen(cli, VNM_OPT_PASSIVE) ? BATCH : 1;
	struct round round autoround = { .cli = cli };
	bool failed = choose_networks(&round) < 0;

	if (vnm_cli_seen(cli, VNM_OPT_JSON) && !failed)
		(void)vnm_document_list(cli, "networks");
	for (size_t i = 0, n; i < round.n; i += n) {
		n = round.n - i < batch ? round.n - i : batch;
		failed |= look_at_some(&round, round.names + i, n) < 0;
	}
	if (round.n == 0 && !failed && !vnm_cli_seen(cli, VNM_OPT_JSON))
		vnm_cli_extra(cli, "No network is active\n");
	if (failed)
		return 1;
	return round.findings > 0 ? VNM_STATUS_FINDINGS : round.unchecked > 0;
}

static const struct vnm_option net_doctor_options[] = {
	{ VNM_OPT_NETWORK, VNM_OPT_ARGUMENT | VNM_OPT_PLACED,
	  "network name or uuid (default: all that are active)" },
	{ VNM_OPT_DEVICE, VNM_OPT_ARGUMENT | VNM_OPT_PLACED,
	  "a guest: its device on the host, or its namespace" },
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
