/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * add.c - ADD: a container gets an interface on a network.
 *
 * It is net-attach with an ID, by which DEL finds it again. A killed ADD is rolled back by the next command, like any other; one that
 * was killed when it was done, or whose result nobody has read, is detached by the DEL with which a runtime follows it, or by GC.
 */
#include "cni/add.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cni/output.h"
#include "cni/result.h"
#include "util/mem.h"
#include "xml/attach_xml.h"
#include "xml/network_xml.h"

#define SHORT_ID 12 /* as runtimes show it */
#define LABEL_MAX 63

/* The first that may be its name, and is nobody else's. */
static char *choose_name(struct vnm_driver *drv, const struct vnm_cni_call *call)
{
	vnm_autofree char *container = vnm_strndup(call->env.container, SHORT_ID);
	vnm_autofree char *pod = call->env.pod ? vnm_strndup(call->env.pod, LABEL_MAX) : NULL;
	const char *const names[] = { pod, container };

	for (size_t i = 0; i < VNM_ARRAY_SIZE(names); i++) {
		if (!names[i] || !vnm_hostname_valid(names[i]))
			continue;
		if (!vnm_driver_name_taken(drv, call->config.network, names[i]))
			return vnm_strdup(names[i]);
		fprintf(stderr,
			"warning: host name '%s' is already used on network '%s', and not "
			"given to the container\n",
			names[i], call->config.network);
	}
	return NULL;
}

/* Aliases may be shared with other aliases; not with the name of a guest. */
static void choose_aliases(struct vnm_driver *drv, const struct vnm_cni_call *call,
			   struct vnm_attachment *guest)
{
	size_t n = 0;

	for (size_t i = 0; i < guest->n_aliases; i++) {
		struct vnm_attach_alias *alias = &guest->aliases[i];
		bool own = guest->hostname && !strcasecmp(alias->name, guest->hostname);

		if (!own && !vnm_driver_name_taken(drv, call->config.network, alias->name)) {
			guest->aliases[n++] = *alias;
			continue;
		}
		if (!own)
			fprintf(stderr,
				"warning: alias '%s' is the name of another guest of network '%s', "
				"and left out\n",
				alias->name, call->config.network);
		free(alias->name);
	}
	guest->n_aliases = n;
}

/* A namespace with a default route gets no second one, unless it was asked for. */
static int choose_gateway(struct vnm_driver *drv, const struct vnm_cni_call *call,
			  struct vnm_attachment *guest, struct vnm_error *err)
{
	bool has = false;
	int r;

	if (guest->gateway != VNM_TRI_ABSENT) {
		guest->gateway = guest->gateway == VNM_TRI_NO ? VNM_TRI_NO : VNM_TRI_ABSENT;
		return 0;
	}
	r = vnm_driver_has_default_route(drv, call->env.netns, &has, err);
	if (r == 0 && has)
		guest->gateway = VNM_TRI_NO;
	return r;
}

/* How many addresses of each family are to be found: one, unless they are given, or the network has none. */
static int wanted_addresses(struct vnm_driver *drv, const struct vnm_cni_call *call, unsigned *ret,
			    struct vnm_error *err)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	int r = vnm_driver_load(drv, call->config.network, &net, err);

	*ret = r == 0 && call->config.guest.n_ips == 0 && net.n_ips > 0;
	return r;
}

static int refuse_second(struct vnm_driver *drv, const struct vnm_cni_call *call, const char *id,
			 struct vnm_error *err)
{
	vnm_autoattach struct vnm_attachment before = { 0 };
	int r = vnm_driver_find_id(drv, call->config.network, id, &before, err);

	if (r != 0)
		return r == -ENOENT ? 0 : r;
	return vnm_error_set(
		err, VNM_ERR_NAME_IN_USE, EEXIST,
		"%s of container %s is already attached to network '%s', by device '%s'",
		call->env.ifname, call->env.container, before.network, before.dev);
}

static int attach(struct vnm_driver *drv, const struct vnm_cni_call *call,
		  struct vnm_attachment *guest, struct vnm_error *err)
{
	unsigned wanted = 0;
	int r = vnm_driver_need_active(drv, call->config.network, err);

	if (r < 0)
		return r;
	vnm_driver_collect(drv, call->config.network);
	guest->kind = VNM_ATTACH_NETNS;
	guest->netns = vnm_strdup(call->env.netns);
	guest->ifname = vnm_strdup(call->env.ifname);
	guest->id = vnm_cni_id(call->env.container, call->env.ifname);
	r = refuse_second(drv, call, guest->id, err);
	if (r == 0)
		r = choose_gateway(drv, call, guest, err);
	if (r == 0)
		r = wanted_addresses(drv, call, &wanted, err);
	if (r < 0)
		return r;
	guest->hostname = choose_name(drv, call);
	choose_aliases(drv, call, guest);
	return vnm_driver_attach(drv, call->config.network, guest, wanted, err);
}

/* Return: the result, or NULL with call->failure. */
static json_t *attach_and_view(struct vnm_cni_call *call, struct vnm_attachment *guest)
{
	vnm_autodriver struct vnm_driver *drv = NULL;
	struct vnm_guest_view view = { 0 };
	struct vnm_error *err = &call->failure.cause;
	json_t *result;
	int r;

	if (vnm_cni_open(call, false, &drv) < 0)
		return NULL;
	r = attach(drv, call, guest, err);
	if (r == 0)
		r = vnm_driver_guest_view(drv, guest, &view, err);
	if (r < 0) {
		(void)vnm_cni_fail_cause(&call->failure,
					 "cannot attach container %s to network '%s'",
					 call->env.container, call->config.network);
		return NULL;
	}
	result = vnm_cni_result(&call->config, guest, &view);
	vnm_guest_view_clear(&view);
	return result;
}

/* Nobody knows of it. */
static void detach(struct vnm_cni_call *call, const struct vnm_attachment *guest)
{
	vnm_autodriver struct vnm_driver *drv = NULL;

	if (vnm_cni_open(call, false, &drv) == 0)
		(void)vnm_driver_detach_id(drv, guest->network, guest->id, &call->failure.cause);
}

/**
 * vnm_cni_add() - attach a container, and print the result
 * @call: the call; its guest is completed
 *
 * Return: 0, or -1 with call->failure; then nothing is attached.
 */
int vnm_cni_add(struct vnm_cni_call *call)
{
	vnm_autoattach struct vnm_attachment guest = { 0 };
	json_t *result;
	int r;

	vnm_attach_copy(&call->config.guest, &guest);
	if (vnm_cni_set_mac(&guest, call->env.mac, &call->failure) < 0 ||
	    (call->env.ip && guest.n_ips == 0 &&
	     vnm_cni_add_address(&guest, call->env.ip, &call->failure) < 0))
		return -1;
	result = attach_and_view(call, &guest);
	if (!result)
		return -1;
	r = vnm_cni_print(result);
	json_decref(result);
	if (r == 0)
		return 0;
	detach(call, &guest);
	return vnm_cni_fail(&call->failure, VNM_CNI_CODE_IO, "cannot write the result: %s",
			    strerror(-r));
}
