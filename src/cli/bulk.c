/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bulk.c - one command for many networks: by name, by UUID or all, each with its own result. */
#include "cli/bulk.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/document.h"
#include "cli/gather.h"
#include "cli/hint.h"
#include "cli/log.h"
#include "cli/option_checks.h"
#include "cli/output.h"
#include "cli/steps_output.h"
#include "util/mem.h"

/**
 * struct target - a network of the command line.
 * @given: what the user wrote; NULL with --all
 * @name:  its name; NULL: not found, see @err
 */
struct target {
	const char *given;
	char *name;
	struct vnm_error err;
};

/** struct targets - in the user's order, each network once. */
struct targets {
	struct target *items;
	size_t n;
};

static void targets_clear(struct targets *targets)
{
	for (size_t i = 0; i < targets->n; i++)
		free(targets->items[i].name);
	free(targets->items);
}

/* Takes ownership of @name. */
static void add_target(struct targets *targets, const char *given, char *name,
		       const struct vnm_error *err)
{
	for (size_t i = 0; name && i < targets->n; i++) {
		if (!targets->items[i].name || strcmp(targets->items[i].name, name) != 0)
			continue;
		free(name);
		return;
	}
	targets->items = vnm_array_add(targets->items, &targets->n, sizeof(*targets->items));
	targets->items[targets->n - 1] = (struct target){ given, name, *err };
}

static void find_given(struct vnm_cli *cli, struct targets *targets)
{
	const struct vnm_values *given = &cli->values[VNM_OPT_NETWORK];

	for (size_t i = 0; i < given->n; i++) {
		struct vnm_error err = { 0 };
		char *name = NULL;

		(void)vnm_driver_lookup(cli->driver, given->items[i], &name, &err);
		add_target(targets, given->items[i], name, &err);
	}
}

static int find_all(struct vnm_cli *cli, const struct vnm_bulk *bulk, struct targets *targets,
		    struct vnm_error *err)
{
	const struct vnm_error none = { 0 };
	struct vnm_info *infos;
	size_t n;
	int r = vnm_driver_list(cli->driver, false, &infos, &n, err);

	if (r < 0)
		return r;
	for (size_t i = 0; i < n; i++)
		if (bulk->wanted(&infos[i]) &&
		    (!bulk->needs || bulk->needs(cli->driver, infos[i].name)))
			add_target(targets, NULL, vnm_strdup(infos[i].name), &none);
	vnm_infos_free(infos, n);
	return 0;
}

static struct vnm_result *one_by_one(struct vnm_cli *cli, const struct vnm_bulk *bulk,
				     const char *const *names, size_t n)
{
	struct vnm_result *results = vnm_alloc(n * sizeof(*results));

	if (bulk->compares)
		vnm_cli_survey(cli);
	for (size_t i = 0; i < n; i++) {
		vnm_cli_progress(cli, names[i], i, n);
		results[i].name = vnm_strdup(names[i]);
		results[i].failed = bulk->one(cli, names[i], &results[i]) < 0;
	}
	return results;
}

static struct vnm_result *all_failed(const char *const *names, size_t n,
				     const struct vnm_error *err)
{
	struct vnm_result *results = vnm_alloc(n * sizeof(*results));

	for (size_t i = 0; i < n; i++)
		results[i] = (struct vnm_result){
			.name = vnm_strdup(names[i]),
			.failed = true,
			.err = *err,
		};
	return results;
}

/*
 * Hooks may take long, and the lock is held meanwhile. So with hooks, waiting commands get the lock between two
 * networks; without them all networks are one batch, which is faster.
 */
static struct vnm_result *in_turn(struct vnm_cli *cli, const struct vnm_bulk *bulk,
				  const char *const *names, size_t n)
{
	struct vnm_result *results = vnm_alloc(n * sizeof(*results));
	struct vnm_error err = { 0 };
	int r = 0;

	for (size_t i = 0; i < n; i++) {
		struct vnm_result *one;

		vnm_cli_progress(cli, names[i], i, n);
		if (i > 0 && r == 0)
			r = vnm_cli_yield(cli, &err);
		if (r < 0 || bulk->all(cli->driver, &names[i], 1, &one, &err) < 0)
			one = all_failed(&names[i], 1, &err);
		results[i] = *one;
		free(one);
	}
	return results;
}

/**
 * vnm_cli_all() - run a command on many networks
 * @cli:   the call, with its driver open
 * @bulk:  what: its @all
 * @names: the networks
 * @n:     how many
 *
 * Return: a result for each.
 */
struct vnm_result *vnm_cli_all(struct vnm_cli *cli, const struct vnm_bulk *bulk,
			       const char *const *names, size_t n)
{
	struct vnm_result *results;
	struct vnm_error err = { 0 };

	if (n > 1 && bulk->hooks && !cli->assumed && vnm_driver_has_hooks(cli->driver))
		return in_turn(cli, bulk, names, n);
	if (bulk->all(cli->driver, names, n, &results, &err) < 0)
		return all_failed(names, n, &err);
	return results;
}

/* Return: a result for each target that was found, in their order; NULL when none was. */
static struct vnm_result *run_targets(struct vnm_cli *cli, const struct vnm_bulk *bulk,
				      const struct targets *targets, size_t *ret_n)
{
	vnm_autofree const char **names = NULL;
	size_t n = 0;

	for (size_t i = 0; i < targets->n; i++) {
		if (!targets->items[i].name)
			continue;
		names = vnm_array_add(names, &n, sizeof(*names));
		names[n - 1] = targets->items[i].name;
	}
	*ret_n = n;
	if (n == 0)
		return NULL;
	if (bulk->one)
		return one_by_one(cli, bulk, names, n);
	return vnm_cli_all(cli, bulk, names, n);
}

/** vnm_bulk_print_steps() - the plan of --dry-run. It is a result, so that it is printed with --quiet, too. */
void vnm_bulk_print_steps(struct vnm_cli *cli, const struct vnm_result *result)
{
	if (cli->n_targets > 1 && !vnm_cli_seen(cli, VNM_OPT_JSON))
		printf("%s# network %s\n", cli->n_reported ? "\n" : "", result->name);
	vnm_cli_print_steps(cli, result->name, &result->steps);
}

static void report_one(struct vnm_cli *cli, const struct vnm_bulk *bulk, struct vnm_result *result)
{
	if (bulk->report)
		bulk->report(cli, result);
	else if (result->failed)
		vnm_cli_fail(cli, &result->err, "%s network %s", bulk->failed, result->name);
	else if (vnm_cli_seen(cli, VNM_OPT_DRY_RUN))
		vnm_bulk_print_steps(cli, result);
	else
		vnm_cli_extra(cli, "Network %s %s\n", result->name, bulk->done);
	vnm_cli_hints(cli, &result->hints);
}

/* Return: the exit status. */
static int report_all(struct vnm_cli *cli, const struct vnm_bulk *bulk,
		      const struct targets *targets, struct vnm_result *results)
{
	size_t k = 0;
	int status = 0;

	for (size_t i = 0; i < targets->n; i++) {
		const struct target *target = &targets->items[i];

		if (!target->name) {
			vnm_cli_fail(cli, &target->err, "failed to get network '%s'",
				     target->given);
			vnm_hint_network(cli, target->given);
			status = 1;
			continue;
		}
		report_one(cli, bulk, &results[k]);
		vnm_cli_log_result(cli, &results[k]);
		status |= results[k++].failed;
		cli->n_reported++;
	}
	return status;
}

/**
 * vnm_cli_bulk() - run a command on all networks that were named
 * @cli:  the call
 * @bulk: what
 *
 * Networks that are not found are reported in order; the others are not affected. A network that was named twice, or
 * by name and UUID, counts once.
 *
 * Return: the exit status: 0, or 1 when anything failed.
 */
int vnm_cli_bulk(struct vnm_cli *cli, const struct vnm_bulk *bulk)
{
	struct targets targets __attribute__((cleanup(targets_clear))) = { 0 };
	struct vnm_result *results;
	struct vnm_error err = { 0 };
	size_t n;
	int status;

	if (vnm_cli_refuse_both(cli, VNM_OPT_ALL, VNM_OPT_NETWORK) < 0 || vnm_cli_open(cli) < 0)
		return 1;
	if (!vnm_cli_seen(cli, VNM_OPT_ALL)) {
		find_given(cli, &targets);
	} else if (find_all(cli, bulk, &targets, &err) < 0) {
		vnm_cli_error(cli, "%s", err.msg);
		return 1;
	}
	cli->n_targets = targets.n;
	if (targets.n == 0) {
		vnm_cli_extra(cli, "Nothing to do\n");
		if (vnm_cli_seen(cli, VNM_OPT_JSON))
			vnm_document_list(cli, "networks");
	}
	results = run_targets(cli, bulk, &targets, &n);
	vnm_cli_close(cli);
	status = report_all(cli, bulk, &targets, results);
	vnm_results_free(results, n);
	return status;
}
