/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * driver.c - opening and closing the state, recovery, and looking networks up.
 *
 * Theory of operation. All state is files, and one lock covers them: a driver that changes anything exists only while
 * it holds the lock, so everything below may assume that nobody else does. A network is active when it has a
 * journal whose last state is "active" (journal.h). The first thing a driver does is to look for journals
 * that say otherwise: their commands were killed, and what they did is taken back before anything else
 * happens. Only a driver that reads may do without the lock (holder.h); to that one such journals are networks on
 * their way, and it recovers nothing.
 */
#include "driver/driver.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "driver/driver_internal.h"
#include "state/holder.h"
#include "run/hook.h"
#include "state/owner.h"
#include "util/file.h"
#include "util/mem.h"
#include "util/proc.h"

/** vnm_driver_report() - hand one line to the report. */
void vnm_driver_report(struct vnm_driver *drv, enum vnm_report_kind kind, const char *fmt, ...)
{
	char line[VNM_ERROR_MAX];
	va_list ap;

	if (!drv->report.line)
		return;
	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	drv->report.line(drv->report.data, kind, line);
}

/** vnm_driver_warn() - report the lines of @notes as warnings and clear them. */
void vnm_driver_warn(struct vnm_driver *drv, struct vnm_warnings *notes)
{
	for (size_t i = 0; i < notes->n; i++)
		vnm_driver_report(drv, VNM_REPORT_WARNING, "%s", notes->items[i]);
	vnm_warnings_clear(notes);
}

/**
 * vnm_driver_run_hook() - run the hooks of a network, if there are any
 * @drv:      the driver
 * @op:       what happens
 * @net:      the network, as it is now; of an active one, hooks see how many ports it has
 * @port_xml: the port that it is about, or NULL
 * @err:      VNM_ERR_HOOK
 *
 * Return: 0 or -errno.
 */
int vnm_driver_run_hook(struct vnm_driver *drv, enum vnm_hook_op op, const struct vnm_network *net,
			const char *port_xml, struct vnm_error *err)
{
	vnm_autonetwork struct vnm_network shown = { 0 };
	struct vnm_warnings warnings = { 0 };
	struct vnm_error ignored = { 0 };

	if (!vnm_hook_look(&drv->paths, &warnings))
		return 0;
	vnm_driver_warn(drv, &warnings);
	if (drv->assumed)
		return vnm_hook_check(&drv->paths, err);
	vnm_network_copy(net, &shown);
	if (vnm_driver_active(drv, net->name))
		(void)vnm_driver_show_ports(drv, &shown, &ignored);
	return vnm_hook_run(&drv->paths, net->name, op, &shown, port_xml, err);
}

/** vnm_driver_has_hooks() - are there any? Whoever starts or stops many networks lets others in between then. */
bool vnm_driver_has_hooks(struct vnm_driver *drv)
{
	struct vnm_warnings ignored = { 0 };
	bool found = vnm_hook_look(&drv->paths, &ignored);

	vnm_warnings_clear(&ignored);
	return found;
}

/** vnm_driver_notify_hook() - vnm_driver_run_hook() after the fact: its failure is a warning */
void vnm_driver_notify_hook(struct vnm_driver *drv, enum vnm_hook_op op,
			    const struct vnm_network *net, const char *port_xml)
{
	struct vnm_error err = { 0 };

	if (vnm_driver_run_hook(drv, op, net, port_xml, &err) < 0)
		vnm_driver_report(drv, VNM_REPORT_WARNING,
				  "the change of network '%s' is complete, but its hook failed: %s",
				  net->name, err.msg);
}

/* @make: it is made where it is not there. @ret: a descriptor, or VNM_DIR_ABSENT. */
static int open_dir(const char *path, mode_t mode, bool make, int *ret, struct vnm_error *err)
{
	struct stat st;

	if (!make && vnm_stat_at(AT_FDCWD, path, &st) == -ENOENT) {
		*ret = VNM_DIR_ABSENT;
		return 0;
	}
	*ret = vnm_dir_open(path, mode, err);
	return *ret < 0 ? *ret : 0;
}

/*
 * Has a power failure come between the steps of a change of the definitions? They must not be seen as they are. Where there is
 * a run directory, whoever takes its lock recovers.
 */
static bool is_unfinished(const struct vnm_driver *drv)
{
	static const char *const suffixes[] = { ".staged", ".undefined" };
	struct vnm_error ignored = { 0 };
	struct stat st;
	size_t total = 0;

	if (vnm_stat_at(AT_FDCWD, drv->paths.run, &st) != -ENOENT)
		return false;
	for (size_t i = 0; i < VNM_ARRAY_SIZE(suffixes); i++) {
		char **names = NULL;
		size_t n = 0;

		(void)vnm_store_names(&drv->persistent, suffixes[i], &names, &n, &ignored);
		vnm_names_free(names, n);
		total += n;
	}
	return total > 0;
}

/* @looks: nothing will be changed. */
static int open_dirs(struct vnm_driver *drv, bool looks, struct vnm_error *err)
{
	bool make = !looks;
	vnm_autofree char *autostart = vnm_asprintf("%s/autostart", drv->paths.config);
	vnm_autoclose int leases_fd = -1;
	int r = vnm_paths_check(&drv->paths, drv->root, err);

	if (r == 0)
		r = open_dir(drv->paths.config, 0700, make, &drv->persistent.fd, err);
	make = make || (r == 0 && is_unfinished(drv));
	if (r == 0)
		r = open_dir(autostart, 0700, make, &drv->autostart_fd, err);
	if (r == 0)
		r = open_dir(drv->paths.run, 0755, make, &drv->run_fd, err);
	if (r == 0)
		r = open_dir(drv->paths.leases, 0755, make, &leases_fd, err);
	return r;
}

/** vnm_driver_ask_for_root() - @err says what is not permitted; tell what to do about it. Return: @r. */
int vnm_driver_ask_for_root(int r, struct vnm_error *err)
{
	const struct vnm_error why = *err;

	return vnm_error_set(err, VNM_ERR_PERMISSION, -r,
			     "%.900s; run this as root, or try it out in: vnetmgr sandbox --uplink",
			     why.msg);
}

/* Whose is what stands in the run directory? Before anything is made of it. */
static int check_owner(struct vnm_driver *drv, struct vnm_error *err)
{
	enum vnm_ownership ownership;
	struct vnm_error ignored = { 0 };
	struct vnm_owner owner;
	int r = vnm_owner_look(drv->run_fd, &drv->paths, &ownership, &owner, err);

	if (r < 0)
		return r;
	drv->owned = ownership == VNM_OWNER_US;
	if (ownership == VNM_OWNER_ELSE || (ownership == VNM_OWNER_GONE && drv->lock_fd < 0))
		return vnm_owner_refuse(&drv->paths, &owner, err);
	if (ownership == VNM_OWNER_GONE)
		vnm_driver_forget_all(drv, &owner);
	/* A version that did not say so has started them; the next command tries again. */
	if (ownership == VNM_OWNER_NOBODY && drv->lock_fd >= 0 &&
	    vnm_owner_describes_something(drv->run_fd))
		(void)vnm_driver_own(drv, &ignored);
	return 0;
}

/** vnm_driver_own() - before something is recorded: the run directory describes the namespaces we are in. Return: 0 or -errno. */
int vnm_driver_own(struct vnm_driver *drv, struct vnm_error *err)
{
	int r = drv->owned || drv->assumed ? 0 : vnm_owner_claim(drv->run_fd, &drv->paths, err);

	drv->owned |= r == 0 && !drv->assumed;
	return r;
}

static void sweep_leases(struct vnm_driver *drv)
{
	vnm_autoclose int fd = vnm_open(AT_FDCWD, drv->paths.leases, O_RDONLY | O_DIRECTORY, 0);

	if (fd >= 0)
		(void)vnm_file_sweep_temp(fd);
}

static int open_state(struct vnm_driver *drv, const struct vnm_options *options,
		      struct vnm_error *err)
{
	struct vnm_hold hold = { -1, drv->paths.run, options->reads, options->again,
				 options->wait };
	int r = open_dirs(drv, options->reads || options->assumed, err);

	if (r == -EACCES || r == -EPERM)
		return vnm_driver_ask_for_root(r, err);
	if (r < 0)
		return r;
	hold.run_fd = drv->run_fd;
	drv->live.fd = drv->run_fd;
	vnm_sys_init(&drv->sys, drv->run_fd);
	vnm_driver_report_steps(drv);
	/* Where nothing is on record there is nothing to wait for. */
	r = drv->run_fd == VNM_DIR_ABSENT ? 0 : vnm_hold_take(&hold, &drv->lock_fd, err);
	if (r == 0)
		r = check_owner(drv, err);
	if (r < 0 || drv->lock_fd < 0)
		return r;
	vnm_file_sweep_temp(drv->persistent.fd);
	vnm_file_sweep_temp(drv->run_fd);
	sweep_leases(drv);
	return vnm_driver_recover(drv, err);
}

/**
 * vnm_driver_open() - take hold of the state
 * @options: where it lies and where lines for the user go; the strings are copied
 * @ret:     close with vnm_driver_close()
 * @err:     set on failure: VNM_ERR_PERMISSION, VNM_ERR_BUSY, VNM_ERR_SYSTEM
 *
 * Makes missing directories, waits for the lock, and takes back what a killed command left unfinished, with a
 * warning for each. One that only reads, or assumes what it does, makes none unless there is something to recover; where one
 * that reads finds another command at work, it does without the lock: then networks may be on their way up or down.
 * With @options->late, where nothing was ever defined, all that is left to vnm_driver_settle().
 *
 * Return: 0 or -errno.
 */
int vnm_driver_open(const struct vnm_options *options, struct vnm_driver **ret,
		    struct vnm_error *err)
{
	vnm_autodriver struct vnm_driver *drv = vnm_alloc(sizeof(*drv));
	struct stat st;
	int r;

	drv->lock_fd = drv->autostart_fd = drv->run_fd = drv->persistent.fd = drv->live.fd = -1;
	drv->report = options->report;
	drv->root = options->root ? vnm_strdup(options->root) : NULL;
	vnm_paths_init(&drv->paths, options->root);
	drv->persistent.path = drv->paths.config;
	drv->persistent.durability = VNM_DURABLE;
	drv->live.path = drv->paths.run;
	drv->live.durability = VNM_VOLATILE;
	r = vnm_hook_check_caller(err);
	drv->late = options->late && vnm_stat_at(AT_FDCWD, drv->paths.config, &st) == -ENOENT;
	drv->wait = options->wait;
	if (r == 0 && !drv->late)
		r = open_state(drv, options, err);
	if (r < 0)
		return r;
	/* What an earlier command left is taken back for real; so this comes after it. */
	drv->assumed = options->assumed;
	drv->persistent.shadow = drv->assumed ? &drv->assumed->config : NULL;
	drv->live.shadow = drv->assumed ? &drv->assumed->run : NULL;
	*ret = vnm_steal(&drv);
	return 0;
}

/**
 * vnm_driver_settle() - what vnm_driver_open() has left for later
 * @drv: the driver, from now on as any other
 * @err: as vnm_driver_open()
 *
 * Return: 0 or -errno.
 */
int vnm_driver_settle(struct vnm_driver *drv, struct vnm_error *err)
{
	const struct vnm_options options = { .wait = drv->wait };

	if (!drv->late)
		return 0;
	drv->late = false;
	return open_state(drv, &options, err);
}

static void close_fd(int fd)
{
	if (fd >= 0)
		close(fd);
}

/** vnm_driver_close() - let go of the state. @drv may be NULL. */
void vnm_driver_close(struct vnm_driver *drv)
{
	if (!drv)
		return;
	vnm_sys_clear(&drv->sys);
	vnm_schema_free(drv->schema);
	vnm_attachments_clear(&drv->guests);
	free(drv->guests_of);
	close_fd(drv->autostart_fd);
	close_fd(drv->persistent.fd);
	close_fd(drv->run_fd);
	close_fd(drv->lock_fd);
	vnm_paths_clear(&drv->paths);
	free(drv->root);
	free(drv);
}

/** vnm_cleanup_driver() - for vnm_autodriver. */
void vnm_cleanup_driver(struct vnm_driver **drv)
{
	vnm_driver_close(*drv);
}

static bool cannot_tell(const struct vnm_error *err)
{
	return err->code == VNM_ERR_SYSTEM || err->code == VNM_ERR_NEWER;
}

/**
 * vnm_driver_active() - is the network up, as far as its record goes?
 *
 * One whose record cannot be read counts as up: nothing may be done as if it were not there, and what is done with it
 * reads the record again, and says why it cannot.
 */
bool vnm_driver_active(struct vnm_driver *drv, const char *name)
{
	vnm_autojournal struct vnm_journal journal = { 0 };
	struct vnm_error err = { 0 };
	int r = vnm_driver_journal(drv, name, false, &journal, &err);

	if (r < 0)
		return r != -ENOENT && cannot_tell(&err);
	return journal.state == VNM_JOURNAL_ACTIVE;
}

/**
 * vnm_driver_state_readable() - can it be told whether the network is up?
 * @drv:  the driver
 * @name: the network
 * @err:  why not
 *
 * To be asked before somebody is told that it is, or that something of it is left.
 *
 * Return: 0 or -errno.
 */
int vnm_driver_state_readable(struct vnm_driver *drv, const char *name, struct vnm_error *err)
{
	vnm_autojournal struct vnm_journal journal = { 0 };
	struct vnm_error why = { 0 };
	int r = vnm_driver_journal(drv, name, false, &journal, &why);

	/* It is up; but is it made of what we know? */
	if (r == 0 && vnm_journal_newer(&journal)) {
		vnm_journal_clear(&journal);
		r = vnm_driver_journal(drv, name, true, &journal, &why);
	}
	if (r == 0 || r == -ENOENT || !cannot_tell(&why))
		return 0;
	*err = why;
	return r;
}

/** vnm_driver_refuse_inactive() - what needs an active network says so. Return: -ENOENT, with VNM_ERR_INACTIVE. */
int vnm_driver_refuse_inactive(const char *name, struct vnm_error *err)
{
	return vnm_error_set(err, VNM_ERR_INACTIVE, ENOENT,
			     "Requested operation is not valid: network '%s' is not active", name);
}

/** vnm_driver_need_active() - refuse a network that is not active, or of which that cannot be told. Return: 0 or -errno. */
int vnm_driver_need_active(struct vnm_driver *drv, const char *name, struct vnm_error *err)
{
	return vnm_driver_active(drv, name) ? vnm_driver_state_readable(drv, name, err)
					    : vnm_driver_refuse_inactive(name, err);
}

/** vnm_driver_journal_names() - the networks that have a journal, in any state; free with vnm_names_free(). */
int vnm_driver_journal_names(struct vnm_driver *drv, char ***ret, size_t *ret_n,
			     struct vnm_error *err)
{
	return vnm_store_names(&drv->live, ".journal", ret, ret_n, err);
}

/**
 * vnm_driver_names() - every network, active or defined
 * @drv:   the driver
 * @ret:   the names, sorted by bytes, each once; free with vnm_names_free()
 * @ret_n: how many
 * @err:   set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_driver_names(struct vnm_driver *drv, char ***ret, size_t *ret_n, struct vnm_error *err)
{
	char **defined, **active, **all = NULL;
	size_t n_defined, n_active, n = 0, d = 0, a = 0;
	int r;

	r = vnm_store_names(&drv->persistent, ".xml", &defined, &n_defined, err);
	if (r < 0)
		return r;
	r = vnm_driver_journal_names(drv, &active, &n_active, err);
	if (r < 0) {
		vnm_names_free(defined, n_defined);
		return r;
	}
	while (d < n_defined || a < n_active) {
		int order = d == n_defined ? 1 : a == n_active ? -1 : strcmp(defined[d], active[a]);

		all = vnm_array_add(all, &n, sizeof(*all));
		all[n - 1] = vnm_strdup(order <= 0 ? defined[d] : active[a]);
		d += order <= 0;
		a += order >= 0;
	}
	vnm_names_free(defined, n_defined);
	vnm_names_free(active, n_active);
	*ret = all;
	*ret_n = n;
	return 0;
}

/**
 * vnm_driver_load() - the definition in effect: the live one of an active network, else the persistent one
 *
 * Return: 0, or -ENOENT with VNM_ERR_NO_NETWORK, or another -errno.
 */
int vnm_driver_load(struct vnm_driver *drv, const char *name, struct vnm_network *ret,
		    struct vnm_error *err)
{
	bool active = vnm_driver_active(drv, name);
	struct vnm_error ignored = { 0 };
	int r = vnm_store_load(active ? &drv->live : &drv->persistent, name, ret, err);

	/* Without the lock: it may have come up or gone down by now. */
	if (r == -ENOENT && drv->lock_fd < 0)
		r = vnm_store_load(active ? &drv->persistent : &drv->live, name, ret, &ignored);
	return r;
}

/**
 * vnm_driver_lookup_name() - find a network by its name
 * @drv:  the driver
 * @name: the name, unchecked
 * @ret:  its UUID
 * @err:  VNM_ERR_NO_NETWORK
 *
 * Return: 0 or -errno.
 */
int vnm_driver_lookup_name(struct vnm_driver *drv, const char *name, struct vnm_uuid *ret,
			   struct vnm_error *err)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	int r;

	if (!vnm_name_valid(name))
		return vnm_error_set(err, VNM_ERR_NO_NETWORK, ENOENT, VNM_DRIVER_ERROR_NOT_FOUND,
				     name);
	r = vnm_driver_load(drv, name, &net, err);
	if (r < 0)
		return r;
	*ret = net.uuid;
	return 0;
}

/**
 * vnm_driver_lookup_uuid() - find a network by its UUID
 * @drv:      the driver
 * @uuid:     its text, unchecked, in any case
 * @ret_name: the name, allocated
 * @err:      VNM_ERR_NO_NETWORK
 *
 * Return: 0 or -errno.
 */
int vnm_driver_lookup_uuid(struct vnm_driver *drv, const char *uuid, char **ret_name,
			   struct vnm_error *err)
{
	struct vnm_uuid wanted = { 0 };
	struct vnm_other_nets peers vnm_autoother_nets = { 0 };
	int r;

	if (vnm_uuid_parse(uuid, &wanted) < 0)
		return vnm_error_set(err, VNM_ERR_NO_NETWORK, EINVAL, "'%s' is not a UUID", uuid);
	r = vnm_other_nets_load(drv, NULL, &peers, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < peers.n; i++) {
		if (!vnm_uuid_equal(&peers.nets[i].uuid, &wanted))
			continue;
		*ret_name = vnm_strdup(peers.nets[i].name);
		return 0;
	}
	return vnm_error_set(err, VNM_ERR_NO_NETWORK, ENOENT,
			     "Network not found: no network with matching uuid '%s'", uuid);
}

/**
 * vnm_driver_lookup() - find a network by what a person calls it
 * @drv:      the driver
 * @ref:      a name; or, 36 characters long, first a UUID and then a name
 * @ret_name: the name, allocated
 * @err:      VNM_ERR_NO_NETWORK
 *
 * Return: 0 or -errno.
 */
int vnm_driver_lookup(struct vnm_driver *drv, const char *ref, char **ret_name,
		      struct vnm_error *err)
{
	struct vnm_error ignored = { 0 };

	if (strlen(ref) == VNM_UUID_STRLEN - 1 &&
	    vnm_driver_lookup_uuid(drv, ref, ret_name, &ignored) == 0)
		return 0;
	if (!vnm_name_valid(ref) ||
	    (!vnm_driver_active(drv, ref) && !vnm_store_has(&drv->persistent, ref)))
		return vnm_error_set(err, VNM_ERR_NO_NETWORK, ENOENT, VNM_DRIVER_ERROR_NOT_FOUND,
				     ref);
	*ret_name = vnm_strdup(ref);
	return 0;
}

/**
 * vnm_other_nets_load() - load all networks, for conflicts and for UUIDs
 * @drv:    the driver
 * @except: a network to leave out, or NULL
 * @ret:    free with vnm_other_nets_clear()
 * @err:    set when the networks cannot be listed
 *
 * A file that cannot be read is reported as a warning and left out: one broken definition stops nobody else.
 *
 * Return: 0 or -errno.
 */
int vnm_other_nets_load(struct vnm_driver *drv, const char *except, struct vnm_other_nets *ret,
			struct vnm_error *err)
{
	char **names = NULL;
	size_t n_names = 0, n = 0, n_refs = 0;
	int r = vnm_driver_names(drv, &names, &n_names, err);

	if (r < 0)
		return r;
	for (size_t i = 0; i < n_names; i++) {
		struct vnm_network net = { 0 };
		struct vnm_error why = { 0 };

		if (except && !strcmp(names[i], except))
			continue;
		if (vnm_driver_load(drv, names[i], &net, &why) < 0) {
			vnm_driver_report(drv, VNM_REPORT_WARNING, "network '%s' is left out: %s",
					  names[i], why.msg);
			ret->partial = true;
			continue;
		}
		ret->nets = vnm_array_add(ret->nets, &n, sizeof(*ret->nets));
		ret->nets[n - 1] = net;
	}
	for (size_t i = 0; i < n; i++) {
		ret->refs = vnm_array_add(ret->refs, &n_refs, sizeof(*ret->refs));
		ret->refs[i] = (struct vnm_other_net){ &ret->nets[i],
						       vnm_driver_active(drv, ret->nets[i].name) };
	}
	ret->n = n;
	vnm_names_free(names, n_names);
	return 0;
}

/** vnm_other_nets_clear() - free what vnm_other_nets_load() filled in. */
void vnm_other_nets_clear(struct vnm_other_nets *peers)
{
	for (size_t i = 0; i < peers->n; i++)
		vnm_network_clear(&peers->nets[i]);
	free(peers->nets);
	free(peers->refs);
	*peers = (struct vnm_other_nets){ 0 };
}
