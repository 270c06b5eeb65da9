/* SPDX-License-Identifier: GPL-2.0-or-later */
/* verbs.c - what CNI asks for beside ADD: DEL, CHECK, GC, STATUS. Each returns 0, or -1 with call->failure. */
#include "cni/verbs.h"

#include <errno.h>
#include <string.h>

#include "cni/result.h"
#include "util/mem.h"
#include "xml/attach_xml.h"

/**
 * vnm_cni_del() - DEL: detach a container's interface, whatever is left of it
 * @call: the call
 *
 * By the ID alone: the interface of that name in the namespace may be somebody else's. What is not there is no error, be it the
 * attachment, the namespace or the network.
 */
int vnm_cni_del(struct vnm_cni_call *call)
{
	vnm_autofree char *id = vnm_cni_id(call->env.container, call->env.ifname);
	vnm_autodriver struct vnm_driver *drv = NULL;

	if (vnm_cni_open(call, false, &drv) < 0)
		return -1;
	if (vnm_driver_detach_id(drv, call->config.network, id, &call->failure.cause) < 0)
		return vnm_cni_fail_cause(&call->failure,
					  "cannot detach container %s from network '%s'",
					  call->env.container, call->config.network);
	return 0;
}

static int check_result(struct vnm_cni_call *call, const struct vnm_attachment *guest)
{
	if (vnm_cni_result_has(call->config.previous, guest))
		return 0;
	return vnm_cni_fail(
		&call->failure, VNM_CNI_CODE_NOT_AS_IT_WAS,
		"container %s has other addresses on network '%s' than the result of its "
		"ADD says",
		call->env.container, call->config.network);
}

/** vnm_cni_check() - CHECK: is everything as ADD has left it? */
int vnm_cni_check(struct vnm_cni_call *call)
{
	vnm_autofree char *id = vnm_cni_id(call->env.container, call->env.ifname);
	vnm_autoattach struct vnm_attachment guest = { 0 };
	vnm_autodriver struct vnm_driver *drv = NULL;
	struct vnm_error *err = &call->failure.cause;
	int r;

	if (!json_is_object(call->config.previous))
		return vnm_cni_fail(&call->failure, VNM_CNI_CODE_CONFIG,
				    "CHECK needs \"prevResult\", the result of ADD");
	if (vnm_cni_open(call, true, &drv) < 0)
		return -1;
	r = vnm_driver_find_id(drv, call->config.network, id, &guest, err);
	if (r == -ENOENT)
		return vnm_cni_fail(&call->failure, VNM_CNI_CODE_UNKNOWN_CONTAINER,
				    "%s of container %s is not attached to network '%s'",
				    call->env.ifname, call->env.container, call->config.network);
	if (r == 0)
		r = vnm_driver_check_id(drv, &guest, err);
	if (r == 0)
		return check_result(call, &guest);
	(void)vnm_cni_fail_cause(&call->failure, "container %s on network '%s'",
				 call->env.container, call->config.network);
	if (err->code == VNM_ERR_STATE)
		call->failure.code = VNM_CNI_CODE_NOT_AS_IT_WAS;
	return -1;
}

static bool is_valid(const struct vnm_cni_config *config, const char *id)
{
	for (size_t i = 0; i < config->n_valid; i++)
		if (!strcmp(config->valid[i], id))
			return true;
	return false;
}

/**
 * vnm_cni_gc() - GC: detach what the runtime does not know of
 * @call: the call
 *
 * Those whose namespace is gone go in any case. Without a list nothing else does: runtimes leave out the key of an empty one, as if
 * nothing had been said.
 */
int vnm_cni_gc(struct vnm_cni_call *call)
{
	vnm_autodriver struct vnm_driver *drv = NULL;
	struct vnm_error *err = &call->failure.cause;
	const char *network = call->config.network;
	struct vnm_error why = { 0 };
	char **ids = NULL;
	size_t n = 0;
	int r, failed = 0;

	if (vnm_cni_open(call, false, &drv) < 0)
		return -1;
	vnm_driver_collect(drv, network);
	r = vnm_driver_ids(drv, network, VNM_CNI_PREFIX, &ids, &n, err);
	for (size_t i = 0; i < n && r == 0 && call->config.gc; i++)
		if (!is_valid(&call->config, ids[i]) &&
		    vnm_driver_detach_id(drv, network, ids[i], failed ? &why : err) < 0)
			failed++;
	vnm_names_free(ids, n);
	if (r == 0 && !failed)
		return 0;
	return vnm_cni_fail_cause(&call->failure, "cannot detach all stale containers from '%s'",
				  network);
}

/** vnm_cni_status() - STATUS: would an ADD succeed, as far as that depends on the network? */
int vnm_cni_status(struct vnm_cni_call *call)
{
	vnm_autodriver struct vnm_driver *drv = NULL;
	struct vnm_error *err = &call->failure.cause;
	const char *network = call->config.network;
	struct vnm_info info = { 0 };
	int r;

	if (vnm_cni_open(call, true, &drv) < 0)
		return -1;
	r = vnm_driver_need_active(drv, network, err);
	if (r < 0)
		return vnm_cni_fail(&call->failure, VNM_CNI_CODE_NOT_AVAILABLE,
				    "network '%s' is not available", network);
	r = vnm_driver_info(drv, network, true, &info, err);
	if (r == 0 && info.n_missing + info.n_faults > 0)
		r = vnm_error_set(err, VNM_ERR_STATE, ENOENT,
				  "it lacks %s; mend it with: vnetmgr net-repair %s",
				  info.n_missing ? info.missing[0] : info.faults[0], network);
	vnm_info_clear(&info);
	return r == 0 ? 0
		      : vnm_cni_fail(&call->failure, VNM_CNI_CODE_LIMITED,
				     "network '%s' is degraded", network);
}
