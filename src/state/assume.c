/* SPDX-License-Identifier: GPL-2.0-or-later */
/* assume.c - the state that a dry run pretends; see assume.h. */
#include "state/assume.h"

#include <stdlib.h>
#include <string.h>

#include "plan/facts_assume.h"
#include "state/session.h"
#include "util/mem.h"

#define REPAIRED ".repaired" /* never a file, only in the shadow */

/** vnm_assumed_new() - an empty state of a dry run; free with vnm_assumed_free() */
struct vnm_assumed *vnm_assumed_new(void)
{
	return vnm_alloc(sizeof(struct vnm_assumed));
}

/** vnm_assumed_free() - @assumed may be NULL */
void vnm_assumed_free(struct vnm_assumed *assumed)
{
	if (!assumed)
		return;
	vnm_shadow_clear(&assumed->config);
	vnm_shadow_clear(&assumed->run);
	free(assumed);
}

static char *journal_file(const char *name)
{
	return vnm_asprintf("%s.journal", name);
}

/**
 * vnm_driver_set_assumed() - begin a dry run, or end it
 * @drv:     the driver
 * @assumed: what it will assume done; NULL: from now on, everything is real
 */
void vnm_driver_set_assumed(struct vnm_driver *drv, struct vnm_assumed *assumed)
{
	drv->assumed = assumed;
	drv->persistent.shadow = assumed ? &assumed->config : NULL;
	drv->live.shadow = assumed ? &assumed->run : NULL;
}

static const struct vnm_shadow_file *assumed_file(const struct vnm_driver *drv, const char *name,
						  const char *suffix)
{
	vnm_autofree char *file = vnm_asprintf("%s%s", name, suffix);

	return drv->assumed ? vnm_shadow_get(&drv->assumed->run, file) : NULL;
}

/** vnm_driver_assumes_plan() - has the dry run given the network another plan? */
bool vnm_driver_assumes_plan(const struct vnm_driver *drv, const char *name)
{
	return assumed_file(drv, name, ".journal") != NULL;
}

/**
 * vnm_driver_assume() - assume that a network is active
 * @drv:  the driver of a dry run
 * @net:  its live definition
 * @plan: its plan
 * @err:  set on failure: as if it were written to disk
 *
 * Return: 0 or -errno.
 */
int vnm_driver_assume(struct vnm_driver *drv, const struct vnm_network *net,
		      const struct vnm_plan *plan, struct vnm_error *err)
{
	vnm_autofree char *file = journal_file(net->name);
	vnm_autobuf struct vnm_buf text = { 0 };
	int r = vnm_journal_format(plan, VNM_JOURNAL_ACTIVE, file, &text, err);

	if (r == 0)
		r = vnm_store_save(&drv->live, net, err);
	if (r == 0)
		vnm_shadow_put(&drv->assumed->run, file, vnm_buf_str(&text));
	return r;
}

/** vnm_driver_assume_repaired() - assume that a network was repaired */
void vnm_driver_assume_repaired(struct vnm_driver *drv, const char *name)
{
	vnm_autofree char *file = vnm_asprintf("%s" REPAIRED, name);

	vnm_shadow_put(&drv->assumed->run, file, "");
}

/** vnm_driver_assumes_repaired() - has the dry run repaired the network? */
bool vnm_driver_assumes_repaired(const struct vnm_driver *drv, const char *name)
{
	return assumed_file(drv, name, REPAIRED) != NULL ||
	       (vnm_driver_assumes_plan(drv, name) && !vnm_journal_exists(drv->run_fd, name));
}

static int parse(const struct vnm_shadow_file *file, const char *name, bool with_plan,
		 struct vnm_journal *ret, struct vnm_error *err)
{
	vnm_autofree char *text = vnm_strdup(file->text);

	return vnm_journal_parse(text, name, with_plan, ret, err);
}

/**
 * vnm_driver_journal() - vnm_journal_read() of a network, as the dry run has it
 * @drv:       the driver
 * @name:      the network
 * @with_plan: read the operations, too
 * @ret:       free with vnm_journal_clear()
 * @err:       set on failure, but for -ENOENT
 *
 * Return: 0 or -errno.
 */
int vnm_driver_journal(struct vnm_driver *drv, const char *name, bool with_plan,
		       struct vnm_journal *ret, struct vnm_error *err)
{
	const struct vnm_shadow_file *file = assumed_file(drv, name, ".journal");

	return file ? parse(file, name, with_plan, ret, err)
		    : vnm_journal_cache_read(&drv->journals, name, with_plan, ret, err);
}

/**
 * vnm_driver_assumed_diff() - the assumed change of an active network
 * @drv:  the driver of a dry run that has changed it
 * @name: the network
 * @from: gets its real plan; clear it after @ret
 * @to:   gets its assumed plan; the same
 * @ret:  free with vnm_diff_clear()
 * @err:  set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_driver_assumed_diff(struct vnm_driver *drv, const char *name, struct vnm_journal *from,
			    struct vnm_journal *to, struct vnm_diff *ret, struct vnm_error *err)
{
	int r = vnm_journal_cache_read(&drv->journals, name, true, from, err);

	if (r == 0)
		r = vnm_driver_journal(drv, name, true, to, err);
	if (r == 0)
		vnm_diff_plans(&from->plan, &to->plan, ret);
	return r;
}

/** vnm_driver_assume_facts() - correct the facts by what the dry run has assumed */
void vnm_driver_assume_facts(struct vnm_driver *drv, struct vnm_facts *facts)
{
	const struct vnm_shadow *run = drv->assumed ? &drv->assumed->run : NULL;

	for (size_t i = 0; run && i < run->n; i++) {
		vnm_autojournal struct vnm_journal journal = { 0 };
		struct vnm_error ignored = { 0 };
		const char *file = run->items[i].file, *dot = strrchr(file, '.');

		if (dot && !strcmp(dot, ".journal") && run->items[i].text &&
		    parse(&run->items[i], file, true, &journal, &ignored) == 0)
			vnm_facts_assume(facts, &journal.plan);
	}
}
