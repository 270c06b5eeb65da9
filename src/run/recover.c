/* recover.c - taking networks down, and taking back what a killed command left behind. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "run/driver_internal.h"
#include "sys/fw.h"
#include "util/file.h"
#include "util/mem.h"
#include "util/proc.h"

/**
 * vnm_driver_forget() - remove every trace of a network from the run directory, its journal last
 * @drv:  the driver
 * @name: the network, of which nothing is left in the kernel
 */
void vnm_driver_forget(struct vnm_driver *drv, const char *name)
{
	struct vnm_error err = { 0 };
	int fd = vnm_dir_openat(drv->run_fd, "dnsmasq", 0755, (gid_t)-1, &err);

	if (fd >= 0) {
		vnm_autoclose int dnsmasq_fd = fd;

		(void)vnm_dir_remove(dnsmasq_fd, name);
	}
	if (vnm_store_remove(&drv->live, name, &err) < 0 ||
	    vnm_journal_remove(drv->run_fd, name, &err) < 0)
		vnm_driver_say(drv, VNM_REPORT_WARNING, "%s", err.msg);
}

static bool in_jobs(const struct vnm_job *jobs, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(jobs[i].name, name))
			return true;
	return false;
}

/* Will no network be left when these are gone? */
static bool are_last(struct vnm_driver *drv, const struct vnm_job *jobs, size_t n)
{
	struct vnm_error err = { 0 };
	char **names;
	size_t n_names;
	bool last = true;

	if (vnm_driver_journal_names(drv, &names, &n_names, &err) < 0)
		return false;
	for (size_t i = 0; i < n_names && last; i++)
		last = in_jobs(jobs, n, names[i]);
	vnm_names_free(names, n_names);
	return last;
}

static bool have_rules(const struct vnm_job *jobs, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < jobs[i].plan.n; k++)
			if (jobs[i].plan.ops[k].type == VNM_OP_RULE)
				return true;
	return false;
}

/*
 * What networks share may have been put there for one that is long gone, of a kind that the last one is not: the
 * forwarding switches, and our chains. The last one tidies up.
 */
static void release_shared(struct vnm_driver *drv, const struct vnm_job *jobs, size_t n)
{
	struct vnm_error err = { 0 };
	vnm_autoplan struct vnm_plan plan = { 0 };
	struct vnm_job job = { 0 };

	vnm_plan_add(&plan, VNM_OP_FORWARDING)->forwarding.family = AF_INET;
	vnm_plan_add(&plan, VNM_OP_FORWARDING)->forwarding.family = AF_INET6;
	job.plan = plan;
	vnm_exec_revert(&drv->sys, &job, 1);
	if (job.failed)
		vnm_driver_say(drv, VNM_REPORT_WARNING, "%s", job.err.msg);
	if (!have_rules(jobs, n) && vnm_fw_release(&drv->sys, &err) < 0)
		vnm_driver_say(drv, VNM_REPORT_WARNING, "%s", err.msg);
}

/**
 * vnm_driver_take_down() - take networks back, by their records
 * @drv:  the driver
 * @jobs: the networks with their recorded plans, marked "stopping" (or never marked "active"); those that
 *        could not be taken back whole are marked failed, and keep their journal for the next command
 * @n:    how many
 *
 * Return: how many failed.
 */
int vnm_driver_take_down(struct vnm_driver *drv, struct vnm_job *jobs, size_t n)
{
	int failed = 0;

	if (n == 0)
		return 0;
	drv->sys.last_one = are_last(drv, jobs, n);
	vnm_exec_revert(&drv->sys, jobs, n);
	if (drv->sys.last_one)
		release_shared(drv, jobs, n);
	drv->sys.last_one = false;
	for (size_t i = 0; i < n; i++) {
		if (jobs[i].failed)
			failed++;
		else
			vnm_driver_forget(drv, jobs[i].name);
	}
	return failed;
}

/** vnm_driver_undo() - vnm_driver_take_down() of what was not finished; what is left of it is a warning. */
void vnm_driver_undo(struct vnm_driver *drv, struct vnm_job *jobs, size_t n)
{
	if (vnm_driver_take_down(drv, jobs, n) == 0)
		return;
	for (size_t i = 0; i < n; i++)
		if (jobs[i].failed)
			vnm_driver_say(
				drv, VNM_REPORT_WARNING,
				"parts of network '%s' are left: %s; the next command tries again",
				jobs[i].name, jobs[i].err.msg);
}

static void recover_one(struct vnm_driver *drv, const char *name, const struct vnm_journal *seen)
{
	vnm_autojournal struct vnm_journal journal = { 0 };
	struct vnm_job job = { .name = name };
	struct vnm_error err = { 0 };

	vnm_driver_say(
		drv, VNM_REPORT_WARNING,
		"network '%s': an earlier command was interrupted while %s it; taking it back",
		name, seen->state == VNM_JOURNAL_STARTING ? "starting" : "stopping");
	if (vnm_journal_read(drv->run_fd, name, true, &journal, &err) < 0) {
		vnm_driver_say(drv, VNM_REPORT_WARNING, "%s", err.msg);
		return;
	}
	job.plan = journal.plan;
	vnm_driver_undo(drv, &job, 1);
}

/**
 * vnm_driver_recover() - make good what an earlier command left unfinished
 * @drv: the driver, holding the lock
 * @err: set when the run directory cannot be read
 *
 * A journal of another boot describes nothing that still exists. One that is neither of another boot nor
 * active is taken back.
 *
 * Return: 0 or -errno; what could not be recovered is a warning, so that the other networks stay usable.
 */
int vnm_driver_recover(struct vnm_driver *drv, struct vnm_error *err)
{
	char boot_id[VNM_UUID_STRLEN] = "", **names;
	size_t n;
	int r;

	r = vnm_driver_journal_names(drv, &names, &n, err);
	if (r < 0)
		return r;
	(void)vnm_boot_id(boot_id);
	for (size_t i = 0; i < n; i++) {
		vnm_autojournal struct vnm_journal journal = { 0 };
		struct vnm_error why = { 0 };

		if (vnm_journal_read(drv->run_fd, names[i], false, &journal, &why) < 0)
			vnm_driver_say(drv, VNM_REPORT_WARNING, "%s; nothing was changed for it",
				       why.msg);
		else if (strcmp(journal.boot_id, boot_id) != 0)
			vnm_driver_forget(drv, names[i]);
		else if (journal.state != VNM_JOURNAL_ACTIVE)
			recover_one(drv, names[i], &journal);
	}
	vnm_names_free(names, n);
	return 0;
}
