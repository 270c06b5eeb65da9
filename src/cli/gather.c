/* SPDX-License-Identifier: GPL-2.0-or-later */
/* gather.c - for commands about the networks that are named, or all. */
#include "cli/gather.h"

#include <errno.h>
#include <string.h>

#include "cli/hint.h"
#include "cli/output.h"
#include "driver/driver.h"
#include "run/survey.h"
#include "util/mem.h"

static int add_all(struct vnm_cli *cli, vnm_gather_fn *add, void *all, struct vnm_error *err)
{
	struct vnm_info *infos;
	size_t n;
	int r = vnm_driver_list(cli->driver, false, &infos, &n, err);

	if (r < 0)
		return r;
	for (size_t i = 0; i < n && r == 0; i++) {
		r = add(cli, infos[i].name, all, err);
		if (r == -ENOENT && err->code == VNM_ERR_NO_NETWORK)
			r = 0; /* without the lock, it may have been removed meanwhile */
	}
	vnm_infos_free(infos, n);
	return r;
}

static bool is_among(char *const *names, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(names[i], name))
			return true;
	return false;
}

/* Each once. */
static int add_given(struct vnm_cli *cli, const struct vnm_values *given, vnm_gather_fn *add,
		     void *all)
{
	char **names = NULL;
	size_t n = 0;
	int r = 0;

	for (size_t i = 0; i < given->n && r == 0; i++) {
		vnm_autofree char *name = NULL;
		struct vnm_error err = { 0 };

		r = vnm_driver_lookup(cli->driver, given->items[i], &name, &err);
		if (r == 0 && is_among(names, n, name))
			continue;
		if (r == 0)
			r = add(cli, name, all, &err);
		if (r < 0) {
			vnm_cli_fail(cli, &err, "failed to get network '%s'", given->items[i]);
			vnm_hint_network(cli, given->items[i]);
			break;
		}
		names = vnm_array_add(names, &n, sizeof(*names));
		names[n - 1] = vnm_steal(&name);
	}
	vnm_names_free(names, n);
	return r;
}

/** vnm_cli_survey() - read at once what networks are compared with, if the command is about more than one */
void vnm_cli_survey(struct vnm_cli *cli)
{
	if (cli->values[VNM_OPT_NETWORK].n != 1)
		vnm_driver_survey(cli->driver, true, NULL);
}

/**
 * vnm_cli_gather() - collect something about the networks that are named, each once; without names, about all
 * @cli: the command, with an open driver
 * @add: is called for each
 * @all: is passed to it
 *
 * Return: 0, or -errno after an error message.
 */
int vnm_cli_gather(struct vnm_cli *cli, vnm_gather_fn *add, void *all)
{
	const struct vnm_values *given = &cli->values[VNM_OPT_NETWORK];
	struct vnm_error err = { 0 };
	int r;

	if (given->n > 0)
		return add_given(cli, given, add, all);
	r = add_all(cli, add, all, &err);
	if (r < 0)
		vnm_cli_error(cli, "%s", err.msg);
	return r;
}
