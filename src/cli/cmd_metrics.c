/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_metrics.c - net-metrics. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/gather.h"
#include "cli/metrics_text.h"
#include "cli/output.h"
#include "cli/session.h"
#include "util/file.h"
#include "util/mem.h"
#include "util/opens.h"

#define FILE_MODE 0644 /* for node_exporter, which is not root */

/* struct gathered - the metrics of all networks that were asked for. */
struct gathered {
	struct vnm_metrics *items;
	size_t n;
};

static void gathered_clear(struct gathered *all)
{
	for (size_t i = 0; i < all->n; i++)
		vnm_metrics_clear(&all->items[i]);
	free(all->items);
}
#define autogathered __attribute__((cleanup(gathered_clear)))

static int add_network(struct vnm_cli *cli, const char *name, void *gathered, struct vnm_error *err)
{
	struct gathered *all = gathered;
	struct vnm_metrics metrics = { 0 };
	int r = vnm_driver_metrics(cli->driver, name, &metrics, err);

	if (r < 0)
		return r;
	all->items = vnm_array_add(all->items, &all->n, sizeof(*all->items));
	all->items[all->n - 1] = metrics;
	return 0;
}

/* Whoever reads the file finds the old one or the new one. */
static int write_file(const char *file, const struct vnm_buf *text)
{
	const char *slash = strrchr(file, '/');
	vnm_autofree char *path = slash ? vnm_strndup(file, (size_t)(slash - file) + 1) : NULL;
	const char *name = slash ? slash + 1 : file;
	vnm_autoclose int dir = vnm_open(AT_FDCWD, path ? path : ".", O_RDONLY | O_DIRECTORY, 0);

	if (dir < 0)
		return dir;
	if (!*name)
		return -EISDIR;
	return vnm_file_replace(dir, name, text->data, text->len, FILE_MODE, (gid_t)-1,
				VNM_VOLATILE);
}

static int net_metrics(struct vnm_cli *cli)
{
	const char *file = vnm_cli_value(cli, VNM_OPT_OUTPUT);
	struct gathered all autogathered = { 0 };
	vnm_autobuf struct vnm_buf text = { 0 };
	int r;

	if (vnm_cli_open(cli) < 0)
		return 1;
	vnm_cli_survey(cli);
	r = vnm_cli_gather(cli, add_network, &all);
	vnm_cli_close(cli);
	if (r < 0)
		return 1;
	vnm_metrics_print(all.items, all.n, &text);
	if (!file) {
		fputs(vnm_buf_str(&text), stdout);
		return 0;
	}
	r = write_file(file, &text);
	if (r < 0)
		vnm_cli_error(cli, "Failed to write file '%s': %s", file, strerror(-r));
	return r < 0;
}

static const struct vnm_option net_metrics_options[] = {
	{ VNM_OPT_NETWORK, VNM_OPT_ARGUMENT | VNM_OPT_MANY, VNM_NETWORK_HELP },
	{ VNM_OPT_OUTPUT, VNM_OPT_HAS_VALUE, "replace this file, whole, in place of printing" },
};

const struct vnm_command vnm_command_net_metrics = {
	.name = "net-metrics",
	.group = VNM_HELP_INFORMATION,
	.flags = VNM_COMMAND_BARE | VNM_COMMAND_PUBLIC,
	.summary = "print counters for monitoring",
	.description = "Prints the states and counters of networks, all or those that are "
		       "named, in the text format of OpenMetrics.",
	VNM_OPTIONS(net_metrics_options),
	.run = net_metrics,
};
