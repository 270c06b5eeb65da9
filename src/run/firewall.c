/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * firewall.c - by which back end the rules of the networks are kept.
 *
 * The first network to start decides, all others follow, since the order of their rules counts, and only holds within one back
 * end. RUN/firewall and each journal record it, so that whatever is reverted or repaired is where it was made.
 */
#include "run/firewall.h"

#include <errno.h>
#include <string.h>

#include "state/fw_record.h"
#include "state/networks.h"
#include "state/session.h"
#include "state/settings.h"
#include "sys/firewall/firewall.h"
#include "sys/firewall/fw_host.h"
#include "sys/host/kmod.h"
#include "util/file.h"

static const char *word(enum vnm_fw_backend backend)
{
	return vnm_enum_name(&vnm_enum_fw_backend, (int)backend);
}

static int fail_record(const struct vnm_driver *drv, int r, const char *what, struct vnm_error *err)
{
	return vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot %s '%s/firewall': %s", what,
			     drv->paths.run, strerror(-r));
}

/* Of a network with rules, if there is one. Return: 0 or -ENOENT. */
static int recall_journal(struct vnm_driver *drv, char *const *names, size_t n,
			  enum vnm_fw_backend *ret)
{
	for (size_t i = 0; i < n; i++) {
		vnm_autojournal struct vnm_journal journal = { 0 };
		struct vnm_error ignored = { 0 };

		if (vnm_journal_cache_read(&drv->journals, names[i], false, &journal, &ignored) < 0)
			continue;
		*ret = journal.plan.firewall;
		if (*ret != VNM_FW_BACKEND_LEGACY) /* else it may have no rules */
			return 0;
	}
	return n ? 0 : -ENOENT;
}

/**
 * vnm_driver_recall_firewall() - use the back end that the active networks use
 * @drv: the driver
 * @err: set when the record cannot be read
 *
 * Return: 0 or -errno.
 */
int vnm_driver_recall_firewall(struct vnm_driver *drv, struct vnm_error *err)
{
	struct vnm_fw_record record = { VNM_FW_BACKEND_LEGACY, VNM_FW_RECORD_NONE };
	char **names;
	size_t n;
	int r = vnm_fw_record_read(drv->run_fd, &record);

	if (r < 0 && r != -ENOENT)
		return fail_record(drv, r, "read", err);
	if (r == -ENOENT) {
		r = vnm_driver_journal_names(drv, &names, &n, err);
		if (r < 0)
			return r;
		(void)recall_journal(drv, names, n, &record.backend);
		vnm_names_free(names, n);
	}
	vnm_fw_use_backend(&drv->sys, record.backend);
	return 0;
}

/* Has any network a journal? The run directory of a thousand is long, so the first one is enough. */
static int are_active(struct vnm_driver *drv, bool *ret, struct vnm_error *err)
{
	static const char suffix[] = ".journal";
	vnm_autodir DIR *dir = NULL;
	const char *name;
	int r;

	*ret = vnm_journal_cache_knows_any(&drv->journals);
	if (*ret)
		return 0;
	r = vnm_dir_list(drv->run_fd, ".", &dir);
	if (r == -ENOENT) /* a dry run creates none */
		return 0;
	while (r >= 0 && !*ret && (r = vnm_dir_next(dir, &name)) > 0) {
		const char *dot = strrchr(name, '.');

		*ret = dot && !strcmp(dot, suffix);
	}
	return r < 0 ? vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot list '%s': %s",
				     drv->paths.run, strerror(-r))
		     : 0;
}

/**
 * vnm_driver_decide_firewall() - the back end that suits the host and the settings
 * @drv: the driver
 * @move: whatever our rules are in now
 * @ret: gets it
 * @err: network.conf cannot be read
 *
 * Return: 0 or -errno.
 */
int vnm_driver_decide_firewall(struct vnm_driver *drv, bool move, struct vnm_fw_choice *ret,
			       struct vnm_error *err)
{
	struct vnm_settings settings;
	struct vnm_fw_host host = { 0 };
	int r = vnm_settings_load(&drv->paths, &settings, err);

	if (r < 0)
		return r;
	if (vnm_fw_depends(settings.firewall))
		vnm_fw_host_observe(&drv->sys, &host);
	if (move)
		host.ours = 0;
	*ret = vnm_fw_choose(&host, settings.firewall);
	return 0;
}

/* Those that are active decide; a setting that wants another one is reported. */
static int keep(struct vnm_driver *drv, struct vnm_error *err)
{
	struct vnm_settings settings;
	struct vnm_fw_choice wanted = { drv->sys.fw_backend, "", NULL };
	int r = vnm_settings_load(&drv->paths, &settings, err);

	if (r == 0 && settings.firewall != VNM_FW_SETTING_AUTO)
		r = vnm_driver_decide_firewall(drv, true, &wanted, err);
	if (r < 0)
		return r;
	vnm_driver_report(drv, VNM_REPORT_DETAIL,
			  "firewall back end: %s, as that of the active networks",
			  word(drv->sys.fw_backend));
	if (wanted.backend != drv->sys.fw_backend)
		vnm_driver_report(drv, VNM_REPORT_WARNING,
				  "the active networks use the firewall back end %s, and %s in %s "
				  "applies when none is active; change it now: vnetmgr "
				  "net-repair --firewall",
				  word(drv->sys.fw_backend), word(wanted.backend),
				  drv->paths.settings);
	return 0;
}

/* A missing piece of the kernel is worth a warning: another back end has other limits. */
static void report_choice(struct vnm_driver *drv, const struct vnm_fw_choice *choice)
{
	vnm_autobuf struct vnm_buf remedy = { 0 };

	if (!choice->missing) {
		vnm_driver_report(drv, VNM_REPORT_DETAIL, "firewall back end: %s, since %s",
				  word(choice->backend), choice->reason);
		return;
	}
	vnm_kmod_remedy(choice->missing, &remedy);
	vnm_driver_report(drv, VNM_REPORT_WARNING,
			  "firewall back end: %s, since %s; %s; or set it in %s",
			  word(choice->backend), choice->reason, remedy.data, drv->paths.settings);
}

/**
 * vnm_driver_choose_firewall() - choose the back end for networks that are about to start
 * @drv: the driver; uses it from now on
 * @err: network.conf cannot be read
 *
 * Return: 0 or -errno.
 */
int vnm_driver_choose_firewall(struct vnm_driver *drv, struct vnm_error *err)
{
	struct vnm_fw_choice choice;
	bool active = false;
	int r = are_active(drv, &active, err);

	if (r == 0 && active)
		return keep(drv, err);
	if (r == 0)
		r = vnm_driver_decide_firewall(drv, false, &choice, err);
	if (r < 0)
		return r;
	vnm_fw_use_backend(&drv->sys, choice.backend);
	report_choice(drv, &choice);
	return 0;
}

/** vnm_driver_record_firewall() - record the back end in use, before the first rule. Return: 0 or -errno. */
int vnm_driver_record_firewall(struct vnm_driver *drv, struct vnm_error *err)
{
	const struct vnm_fw_record now = { drv->sys.fw_backend, VNM_FW_RECORD_NONE };
	struct vnm_fw_record record;
	int r = vnm_fw_record_read(drv->run_fd, &record);

	if (r == 0 && record.backend == now.backend)
		return 0;
	r = vnm_fw_record_write(drv->run_fd, &now);
	return r < 0 ? fail_record(drv, r, "write", err) : 0;
}

/** vnm_driver_drop_firewall() - without networks nothing is recorded, and nothing indexed. Return: 0 or -errno. */
int vnm_driver_drop_firewall(struct vnm_driver *drv, struct vnm_error *err)
{
	bool active = false;
	int r = are_active(drv, &active, err);

	if (r < 0 || active)
		return r;
	vnm_index_drop(&drv->index);
	vnm_rules_record_drop(&drv->rules);
	r = vnm_fw_record_remove(drv->run_fd);
	return r < 0 ? fail_record(drv, r, "remove", err) : 0;
}
