/* SPDX-License-Identifier: GPL-2.0-or-later */
/* networks.c - which networks there are, whether they are active, and their definitions. */
#include "state/networks.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "plan/conflict/outline.h"
#include "state/assume.h"
#include "state/session.h"
#include "util/mem.h"
#include "xml/network_xml.h"

static bool state_unreadable(const struct vnm_error *err)
{
	return err->code == VNM_ERR_SYSTEM || err->code == VNM_ERR_NEWER;
}

/**
 * vnm_driver_active() - is the network active, by its journal?
 *
 * A network whose journal cannot be read counts as active: nothing may ignore it, and whoever acts on it
 * reads the journal again, and reports why it cannot.
 */
bool vnm_driver_active(struct vnm_driver *drv, const char *name)
{
	vnm_autojournal struct vnm_journal journal = { 0 };
	struct vnm_error err = { 0 };
	int r;

	if (vnm_journal_cache_knows(&drv->journals, name) && !vnm_driver_assumes_plan(drv, name))
		return true;
	r = vnm_driver_journal(drv, name, false, &journal, &err);
	if (r < 0)
		return r != -ENOENT && state_unreadable(&err);
	return journal.state == VNM_JOURNAL_ACTIVE;
}

/**
 * vnm_driver_state_readable() - can the state of the network be read?
 * @drv:  the driver
 * @name: the network
 * @err:  why not
 *
 * To be called before a message that the network is active, or that parts of it are left.
 *
 * Return: 0 or -errno.
 */
int vnm_driver_state_readable(struct vnm_driver *drv, const char *name, struct vnm_error *err)
{
	vnm_autojournal struct vnm_journal journal = { 0 };
	struct vnm_error why = { 0 };
	int r = vnm_driver_journal(drv, name, false, &journal, &why);

	/* It is active; but can its plan be read? */
	if (r == 0 && vnm_journal_newer(&journal)) {
		vnm_journal_clear(&journal);
		r = vnm_driver_journal(drv, name, true, &journal, &why);
	}
	if (r == 0 || r == -ENOENT || !state_unreadable(&why))
		return 0;
	*err = why;
	return r;
}

/* The error for an inactive network. Return: -ENOENT, with VNM_ERR_INACTIVE. */
static int refuse_inactive(const char *name, struct vnm_error *err)
{
	return vnm_error_set(err, VNM_ERR_INACTIVE, ENOENT,
			     "Requested operation is not valid: network '%s' is not active", name);
}

/** vnm_driver_need_active() - refuse a network that is inactive, or whose state cannot be read. Return: 0 or -errno. */
int vnm_driver_need_active(struct vnm_driver *drv, const char *name, struct vnm_error *err)
{
	return vnm_driver_active(drv, name) ? vnm_driver_state_readable(drv, name, err)
					    : refuse_inactive(name, err);
}

/**
 * vnm_driver_read_active() - the plan of an active network
 * @drv:  the driver
 * @name: the network
 * @ret:  free with vnm_plan_clear()
 * @err:  VNM_ERR_INACTIVE
 *
 * Return: 0 or -errno.
 */
int vnm_driver_read_active(struct vnm_driver *drv, const char *name, struct vnm_plan *ret,
			   struct vnm_error *err)
{
	vnm_autojournal struct vnm_journal journal = { 0 };
	int r = vnm_driver_journal(drv, name, true, &journal, err);

	if (r == -ENOENT || (r == 0 && journal.state != VNM_JOURNAL_ACTIVE))
		return refuse_inactive(name, err);
	if (r < 0)
		return r;
	*ret = journal.plan;
	journal.plan = (struct vnm_plan){ 0 };
	return 0;
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

	/* Without the lock, the network may have been started or stopped meanwhile. */
	if (r == -ENOENT && drv->lock_fd < 0)
		r = vnm_store_load(active ? &drv->persistent : &drv->live, name, ret, &ignored);
	return r;
}

/** struct outlined - a definition in the index. @text: its outline; NULL: it must be read, and @stamp is its file's */
struct outlined {
	enum vnm_index_kind kind;
	struct vnm_stamp stamp;
	const char *text;
};

static struct outlined find_outline(struct vnm_driver *drv, const char *name)
{
	bool active = vnm_driver_active(drv, name);
	const struct vnm_store *store = active ? &drv->live : &drv->persistent;
	struct outlined ret = { active ? VNM_INDEX_LIVE : VNM_INDEX_PERSISTENT };

	/* What a dry run assumes is in memory anyway. */
	if (!store->shadow)
		ret.text = vnm_index_find(&drv->index, ret.kind, store->fd, name, &ret.stamp);
	return ret;
}

static void note_outline(struct vnm_driver *drv, const struct outlined *outlined,
			 const struct vnm_network *net)
{
	vnm_autooutline struct vnm_outline outline = { 0 };
	vnm_autobuf struct vnm_buf text = { 0 };

	if (!outlined->stamp.ino)
		return;
	vnm_outline_of(net, &outline);
	vnm_outline_format(&outline, &text);
	vnm_index_put(&drv->index, outlined->kind, net->name, &outlined->stamp, vnm_buf_str(&text));
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
	vnm_autooutline struct vnm_outline outline = { 0 };
	struct outlined outlined;
	int r;

	if (!vnm_name_valid(name))
		return vnm_error_set(err, VNM_ERR_NO_NETWORK, ENOENT, VNM_DRIVER_ERROR_NOT_FOUND,
				     name);
	outlined = find_outline(drv, name);
	if (outlined.text && vnm_outline_parse(outlined.text, &outline) == 0) {
		*ret = outline.uuid;
		return 0;
	}
	r = vnm_driver_load(drv, name, &net, err);
	if (r < 0)
		return r;
	note_outline(drv, &outlined, &net);
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
	struct vnm_other_nets others vnm_autoother_nets = { 0 };
	int r;

	if (vnm_uuid_parse(uuid, &wanted) < 0)
		return vnm_error_set(err, VNM_ERR_NO_NETWORK, EINVAL, "'%s' is not a UUID", uuid);
	r = vnm_other_nets_load(drv, NULL, &others, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < others.n; i++) {
		if (!vnm_uuid_equal(&others.nets[i].uuid, &wanted))
			continue;
		*ret_name = vnm_strdup(others.nets[i].name);
		return 0;
	}
	return vnm_error_set(err, VNM_ERR_NO_NETWORK, ENOENT,
			     "Network not found: no network with matching uuid '%s'", uuid);
}

/**
 * vnm_driver_lookup() - find a network by its name or UUID
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
 * struct wanted - which networks are to be loaded: all but @except; with @n, those that may conflict with one of @nets
 * @kept: a persistent definition that was just read; or without a name, or NULL
 */
struct wanted {
	const char *except;
	const struct vnm_network *const *nets;
	size_t n;
	const struct vnm_network *kept;
};

static bool is_wanted(const struct wanted *wanted, const char *name, const char *text)
{
	vnm_autooutline struct vnm_outline outline = { 0 };

	if (wanted->n == 0 || !text || vnm_outline_parse(text, &outline) < 0)
		return true;
	for (size_t i = 0; i < wanted->n; i++)
		if (!strcmp(wanted->nets[i]->name, name) ||
		    vnm_outline_may_conflict(wanted->nets[i], &outline))
			return true;
	return false;
}

/* vnm_driver_load() of a network that is wanted. Return: 1; 0: it is not; -errno. */
static int load_wanted(struct vnm_driver *drv, const struct wanted *wanted, const char *name,
		       struct vnm_network *ret, struct vnm_error *err)
{
	struct outlined outlined = find_outline(drv, name);
	int r;

	if (outlined.kind == VNM_INDEX_PERSISTENT && wanted->kept && wanted->kept->name &&
	    !strcmp(wanted->kept->name, name)) {
		vnm_network_copy(wanted->kept, ret);
		return 1;
	}
	if (!is_wanted(wanted, name, outlined.text))
		return 0;
	r = vnm_driver_load(drv, name, ret, err);
	if (r < 0)
		return r;
	if (!outlined.text)
		note_outline(drv, &outlined, ret);
	return 1;
}

static int load_others(struct vnm_driver *drv, const struct wanted *wanted,
		       struct vnm_other_nets *ret, struct vnm_error *err)
{
	char **names = NULL;
	size_t n_names = 0, n = 0, n_refs = 0;
	int r = vnm_driver_names(drv, &names, &n_names, err);

	if (r < 0)
		return r;
	for (size_t i = 0; i < n_names; i++) {
		struct vnm_network net = { 0 };
		struct vnm_error why = { 0 };

		if (wanted->except && !strcmp(wanted->except, names[i]))
			continue;
		r = load_wanted(drv, wanted, names[i], &net, &why);
		if (r < 0) {
			vnm_driver_report(drv, VNM_REPORT_WARNING, "network '%s' is left out: %s",
					  names[i], why.msg);
			ret->partial = true;
		}
		if (r <= 0)
			continue;
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
	vnm_index_save(&drv->index, true);
	return 0;
}

/**
 * vnm_other_nets_load() - load all networks, for conflicts and for UUIDs
 * @drv:    the driver
 * @except: a network to leave out, or NULL
 * @ret:    free with vnm_other_nets_clear()
 * @err:    set when the networks cannot be listed
 *
 * A file that cannot be read is left out with a warning: one broken definition stops nobody else.
 *
 * Return: 0 or -errno.
 */
int vnm_other_nets_load(struct vnm_driver *drv, const char *except, struct vnm_other_nets *ret,
			struct vnm_error *err)
{
	return load_others(drv, &(struct wanted){ .except = except }, ret, err);
}

/**
 * vnm_other_nets_near() - load the networks that may conflict with definitions, by vnm_outline_may_conflict()
 * @drv:    the driver
 * @except: a network to leave out, or NULL
 * @nets:   the definitions
 * @n:      how many
 * @kept:   the persistent definition of one of their names, if it was just read; or without a name, or NULL
 * @ret:    as vnm_other_nets_load(); a network of one of their names is among them
 * @err:    as there
 *
 * Return: 0 or -errno.
 */
int vnm_other_nets_near(struct vnm_driver *drv, const char *except,
			const struct vnm_network *const *nets, size_t n,
			const struct vnm_network *kept, struct vnm_other_nets *ret,
			struct vnm_error *err)
{
	return load_others(drv, &(struct wanted){ except, nets, n, kept }, ret, err);
}

/** vnm_other_nets_drop() - remove a network, if present; the last one takes its index */
void vnm_other_nets_drop(struct vnm_other_nets *nets, const char *name)
{
	for (size_t i = 0; i < nets->n; i++) {
		if (strcmp(nets->nets[i].name, name) != 0)
			continue;
		vnm_network_clear(&nets->nets[i]);
		nets->n--;
		nets->nets[i] = nets->nets[nets->n];
		nets->refs[i] = nets->refs[nets->n];
		nets->refs[i].net = &nets->nets[i];
		return;
	}
}

/** vnm_other_nets_clear() - free what vnm_other_nets_load() filled in. */
void vnm_other_nets_clear(struct vnm_other_nets *others)
{
	for (size_t i = 0; i < others->n; i++)
		vnm_network_clear(&others->nets[i]);
	free(others->nets);
	free(others->refs);
	*others = (struct vnm_other_nets){ 0 };
}
