/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bulk.h - one command for many networks. */
#ifndef VNM_CLI_BULK_H
#define VNM_CLI_BULK_H

#include "cli/command.h"
#include "cli/session.h"

/* The networks that vnm_cli_bulk() is about. */
#define VNM_NETWORKS_FLAGS (VNM_OPT_OPERAND | VNM_OPT_MANY)
#define VNM_OPTION_NETWORKS                                           \
	{                                                             \
		VNM_OPT_NETWORK, VNM_NETWORKS_FLAGS, VNM_NETWORK_HELP \
	}
/* Those in a state: VNM_ARG_ACTIVE, ... */
#define VNM_OPTION_NETWORKS_OF(type)                                        \
	{                                                                   \
		VNM_OPT_NETWORK, VNM_NETWORKS_FLAGS, VNM_NETWORK_HELP, type \
	}
#define VNM_OPTION_NETWORKS_OR_ALL(type)                                                     \
	{                                                                                    \
		VNM_OPT_NETWORK, VNM_NETWORKS_FLAGS | VNM_OPT_OR_ALL, VNM_NETWORK_HELP, type \
	}

/**
 * struct vnm_bulk - a command for many networks: @all at once, or @one by one
 * @one:    fills in the result, all but @name and @failed; returns 0 or -errno
 * @wanted: the networks of --all
 * @needs:  asked of those; NULL: all of them
 * @report: prints the result of one; NULL: "@failed network NAME" and the error, "Network NAME @done", or, with
 *          --dry-run, the steps
 * @hooks:  @all runs hooks
 * @compares: @one compares the network with the system, and changes nothing
 */
struct vnm_bulk {
	bool (*wanted)(const struct vnm_info *info);
	bool (*needs)(struct vnm_driver *drv, const char *name);
	int (*all)(struct vnm_driver *drv, const char *const *names, size_t n,
		   struct vnm_result **ret, struct vnm_error *err);
	int (*one)(struct vnm_cli *cli, const char *name, struct vnm_result *result);
	void (*report)(struct vnm_cli *cli, const struct vnm_result *result);
	const char *failed, *done;
	bool hooks, compares;
};

void vnm_bulk_print_steps(struct vnm_cli *cli, const struct vnm_result *result);
int vnm_cli_bulk(struct vnm_cli *cli, const struct vnm_bulk *bulk);
struct vnm_result *vnm_cli_all(struct vnm_cli *cli, const struct vnm_bulk *bulk,
			       const char *const *names, size_t n);

#endif
