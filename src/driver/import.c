/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * import.c - net-import from libvirt: definitions, autostart links, leases and running networks; and back.
 *
 * Theory of operation. All networks are checked in a dry run before anything is changed, here or in libvirt. Then, one by one:
 *
 *   here        definition; leases, if it is inactive here
 *   takeover    of an active one (takeover.c); hand_back.c is the way back
 *   here        autostart link
 *   libvirt     its definition becomes a network of mode bridge of the same name, UUID and bridge, which starts and stops without
 *               an effect on the host; so domains that name the network still start, and a daemon that is started again takes
 *               nothing back. The original is kept in LIB/libvirt/NAME.xml, for the way back.
 *
 * A command that was killed leaves each network on one side or the other, and the same command again goes on. Networks without a
 * bridge of their own have nothing that both could claim, and stay in libvirt as they are.
 */
#include "driver/import.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "driver/define.h"
#include "driver/libvirt_host.h"
#include "driver/hand_back.h"
#include "driver/libvirt_leases.h"
#include "driver/start.h"
#include "driver/takeover.h"
#include "driver/undefine.h"
#include "model/network.h"
#include "run/definition.h"
#include "state/assume.h"
#include "state/guest_store.h"
#include "state/leases.h"
#include "state/networks.h"
#include "state/session.h"
#include "state/store.h"
#include "sys/process/virsh.h"
#include "util/dir.h"
#include "util/file.h"
#include "util/mem.h"
#include "xml/attach_xml.h"
#include "xml/network_xml.h"

/** struct importing - one call. @host: what was found; @wanted: of its networks, in its order */
struct importing {
	struct vnm_driver *drv;
	const struct vnm_import *how;
	struct vnm_virsh virsh;
	struct vnm_libvirt_host host;
	const struct vnm_libvirt_net **wanted;
	size_t n;
};

static void importing_clear(struct importing *all)
{
	vnm_libvirt_host_clear(&all->host);
	free(all->wanted);
}
#define autoimporting __attribute__((cleanup(importing_clear)))

static void set_virsh(struct importing *all)
{
	all->virsh.uri = all->how->uri ? all->how->uri : VNM_VIRSH_URI;
	all->virsh.run_fd = all->drv->run_fd;
}

/* A directory beside that of the leases. */
static char *originals_dir(const struct vnm_driver *drv)
{
	return vnm_asprintf("%.*s/libvirt",
			    (int)(strrchr(drv->paths.leases, '/') - drv->paths.leases),
			    drv->paths.leases);
}

static const struct vnm_libvirt_net *find_net(const struct vnm_libvirt_host *host, const char *name)
{
	for (size_t i = 0; i < host->n; i++)
		if (!strcmp(host->nets[i].name, name))
			return &host->nets[i];
	return NULL;
}

static int want_named(struct importing *all, struct vnm_error *err)
{
	for (size_t i = 0; i < all->how->n; i++) {
		const struct vnm_libvirt_net *net = find_net(&all->host, all->how->names[i]);

		if (!net)
			return vnm_error_set(err, VNM_ERR_NO_NETWORK, ENOENT,
					     "libvirt has no definition of a network '%s' in '%s'",
					     all->how->names[i],
					     all->how->dir ? all->how->dir : VNM_LIBVIRT_NETWORKS);
		all->wanted[all->n++] = net;
	}
	return 0;
}

/* The network of mode bridge that an earlier import left in libvirt: there is nothing to import. */
static bool is_shell(const struct importing *all, const struct vnm_libvirt_net *from)
{
	vnm_autofree char *dir = originals_dir(all->drv);
	vnm_autofree char *file = vnm_asprintf("%s/%s.xml", dir, from->name);
	vnm_autonetwork struct vnm_network net = { 0 };
	struct vnm_error ignored = { 0 };

	return all->host.here && access(file, F_OK) == 0 &&
	       vnm_network_xml_parse(from->text, strlen(from->text), from->file, &net, &ignored) ==
		       0 &&
	       net.forward.mode == VNM_FORWARD_BRIDGE;
}

static void drop_shells(struct importing *all)
{
	size_t n = 0;

	for (size_t i = 0; i < all->n; i++) {
		if (is_shell(all, all->wanted[i]))
			vnm_driver_report(all->drv, VNM_REPORT_DETAIL,
					  "network '%s' was imported before", all->wanted[i]->name);
		else
			all->wanted[n++] = all->wanted[i];
	}
	all->n = n;
}

static int choose(struct importing *all, struct vnm_error *err)
{
	const size_t most = all->host.n > all->how->n ? all->host.n : all->how->n;

	all->wanted = vnm_alloc((most + 1) * sizeof(struct vnm_libvirt_net *));
	if (all->how->n > 0)
		return want_named(all, err);
	for (size_t i = 0; i < all->host.n; i++)
		all->wanted[all->n++] = &all->host.nets[i];
	for (size_t i = 0; i < all->host.n_transient; i++)
		vnm_driver_report(
			all->drv, VNM_REPORT_WARNING,
			"network '%s' is transient in libvirt, and stays there; to take it "
			"over, define it first: virsh net-dumpxml %s >%s.xml && virsh "
			"net-define %s.xml",
			all->host.transient[i], all->host.transient[i], all->host.transient[i],
			all->host.transient[i]);
	return 0;
}

static bool has_own_bridge(const struct vnm_network *net)
{
	return net->bridge.name && net->mac.address.set;
}

/* Of the definition here. */
static int load(const struct importing *all, const char *name, struct vnm_network *ret,
		struct vnm_error *err)
{
	return vnm_store_load(&all->drv->persistent, name, ret, err);
}

static int define(const struct importing *all, const struct vnm_libvirt_net *from,
		  struct vnm_error *err)
{
	vnm_autoapplied struct vnm_applied applied = { 0 };

	return vnm_driver_define(all->drv, from->text, strlen(from->text), from->file, &applied,
				 err);
}

/* What is not taken over. */
static void warn_of_losses(const struct importing *all, const struct vnm_libvirt_net *from)
{
	if (!from->active)
		return;
	if (!all->how->start)
		vnm_driver_report(
			all->drv, VNM_REPORT_WARNING,
			"network '%s' is active in libvirt, and stays there; --start takes it "
			"over",
			from->name);
	else if (from->ports > 0)
		vnm_driver_report(
			all->drv, VNM_REPORT_WARNING,
			"network '%s': its %zu guests in libvirt keep their devices on the "
			"bridge; rate limits and port isolation that libvirt gave them are "
			"not taken over",
			from->name, from->ports);
}

static int check_one(const struct importing *all, const struct vnm_libvirt_net *from)
{
	struct vnm_error err = { 0 };
	int r = define(all, from, &err);

	if (r == 0 && from->active && all->how->start && vnm_driver_active(all->drv, from->name))
		r = vnm_error_set(&err, VNM_ERR_ACTIVE, EBUSY, "it is active here, too");
	if (r == 0)
		warn_of_losses(all, from);
	else
		vnm_driver_report(all->drv, VNM_REPORT_WARNING,
				  "network '%s' cannot be imported: %s", from->name, err.msg);
	return r;
}

/* libvirt must answer before one of its networks is touched. */
static int check_libvirt(const struct importing *all, struct vnm_error *err)
{
	const char *const words[] = { "uri", NULL };
	const bool needed = all->n > 0 && all->how->start && all->host.here;
	int r = needed ? vnm_virsh(&all->virsh, words, NULL, NULL, err) : 0;

	if (r < 0 && r != -ENOENT)
		vnm_error_prefix(err,
				 "libvirt does not answer, and must give up its networks; start "
				 "its daemon (systemctl start virtnetworkd.socket, or "
				 "libvirtd.socket): ");
	return r;
}

static int check_all(const struct importing *all, struct vnm_error *err)
{
	struct vnm_assumed *own = all->drv->assumed ? NULL : vnm_assumed_new();
	size_t bad = 0;
	int r = check_libvirt(all, err);

	if (own)
		vnm_driver_set_assumed(all->drv, own);
	for (size_t i = 0; i < all->n && r == 0; i++)
		bad += check_one(all, all->wanted[i]) < 0;
	if (own) {
		vnm_driver_set_assumed(all->drv, NULL);
		vnm_assumed_free(own);
	}
	if (r < 0)
		return r;
	return bad > 0 ? vnm_error_set(
				 err, VNM_ERR_USAGE, EINVAL,
				 "%zu of %zu networks cannot be imported, and nothing is changed; "
				 "name the others: --network NAME",
				 bad, all->n)
		       : 0;
}

static int keep_original(const struct importing *all, const struct vnm_libvirt_net *from,
			 struct vnm_error *err)
{
	vnm_autofree char *path = originals_dir(all->drv);
	vnm_autofree char *file = vnm_asprintf("%s.xml", from->name);
	vnm_autoclose int fd = vnm_dir_open(path, 0700, err);
	int r;

	if (fd < 0)
		return fd;
	r = vnm_file_replace(fd, file, from->text, strlen(from->text), 0600, (gid_t)-1,
			     VNM_DURABLE);
	return r < 0 ? vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot write '%s/%s': %s", path,
				     file, strerror(-r))
		     : 0;
}

static int take_leases(const struct importing *all, const struct vnm_network *net, size_t *ret_n,
		       struct vnm_error *err)
{
	vnm_autofree char *text = NULL;

	*ret_n = 0;
	if (!all->host.here || !net->bridge.name || vnm_driver_active(all->drv, net->name))
		return 0;
	text = vnm_libvirt_leases_read(net->bridge.name, ret_n);
	if (*ret_n == 0 || all->drv->assumed)
		return 0;
	return vnm_driver_put_leases(all->drv, net->name, text, err);
}

/* A network that does nothing, for domains that name it. */
static char *shell_text(const struct vnm_network *net)
{
	char uuid[VNM_UUID_STRLEN];

	return vnm_asprintf("<network>\n  <name>%s</name>\n  <uuid>%s</uuid>\n"
			    "  <forward mode='bridge'/>\n  <bridge name='%s'/>\n</network>\n",
			    net->name, vnm_uuid_format(&net->uuid, uuid), net->bridge.name);
}

static int give_up_in_libvirt(const struct importing *all, const struct vnm_libvirt_net *from,
			      const struct vnm_network *net, struct vnm_error *err)
{
	const char *const undefine[] = { "net-undefine", net->name, NULL };
	const char *const define_shell[] = { "net-define", "/dev/stdin", NULL };
	const char *const start_shell[] = { "net-start", net->name, NULL };
	vnm_autofree char *text = shell_text(net);
	int r;

	if (all->how->forget)
		return vnm_virsh(&all->virsh, undefine, NULL, NULL, err);
	r = vnm_virsh(&all->virsh, define_shell, text, NULL, err);
	return r < 0 || !from->active ? r : vnm_virsh(&all->virsh, start_shell, NULL, NULL, err);
}

/* Of another host's definitions, or of one without a bridge of its own. */
static int start_here(const struct importing *all, const char *name, struct vnm_error *err)
{
	struct vnm_result *results;
	int r;

	if (vnm_driver_active(all->drv, name))
		return 0;
	r = vnm_driver_start(all->drv, &name, 1, &results, err);
	return r < 0 ? r : vnm_results_take_one(results, err);
}

static bool is_wanted_up(const struct importing *all, const struct vnm_libvirt_net *from)
{
	return all->how->start && (all->host.here ? from->active : from->marked);
}

static bool is_taken(const struct importing *all, const struct vnm_network *net)
{
	return all->how->start && all->host.here && has_own_bridge(net);
}

static int bring_up(const struct importing *all, const struct vnm_libvirt_net *from,
		    const struct vnm_network *net, struct vnm_buf *detail, struct vnm_error *err)
{
	vnm_autobuf struct vnm_buf with = { 0 };
	int r;

	if (!is_wanted_up(all, from))
		return 0;
	if (!is_taken(all, net)) {
		r = start_here(all, net->name, err);
		vnm_buf_add(detail, r == 0 ? ", started" : "");
		return r;
	}
	r = vnm_driver_take_over(all->drv, &all->virsh, net->name, &with, err);
	if (r == 0)
		vnm_buf_printf(detail, ", taken over%s", vnm_buf_str(&with));
	return r;
}

/* What it warns of was reported when it was checked. */
static int define_checked(const struct importing *all, const struct vnm_libvirt_net *from,
			  struct vnm_error *err)
{
	const struct vnm_report report = all->drv->report;
	int r;

	all->drv->report.line = NULL;
	r = define(all, from, err);
	all->drv->report = report;
	return r;
}

static int import_one(const struct importing *all, const struct vnm_libvirt_net *from,
		      struct vnm_result *result)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	vnm_autobuf struct vnm_buf detail = { 0 };
	const bool had = vnm_store_has(&all->drv->persistent, from->name);
	const bool marks = from->marked && (all->how->start || !all->host.here);
	struct vnm_error ignored = { 0 }, *err = &result->err;
	size_t leases = 0;
	int r = keep_original(all, from, err);

	if (r == 0)
		r = define_checked(all, from, err);
	if (r == 0)
		r = load(all, from->name, &net, err);
	if (r == 0)
		r = take_leases(all, &net, &leases, err);
	vnm_buf_add(&detail, "definition");
	if (leases > 0)
		vnm_buf_printf(&detail, ", %zu lease%s", leases, leases == 1 ? "" : "s");
	if (r == 0)
		r = bring_up(all, from, &net, &detail, err);
	if (r < 0 && !had)
		(void)vnm_driver_undefine(all->drv, from->name, &ignored);
	if (r == 0 && marks)
		r = vnm_autostart_set(all->drv->autostart_fd, from->name, true, err);
	if (r == 0 && marks)
		vnm_buf_add(&detail, ", autostart");
	if (r == 0 && is_taken(all, &net))
		r = give_up_in_libvirt(all, from, &net, err);
	result->detail = vnm_buf_steal(&detail);
	return r;
}

/* Of a dry run, which has the definition as a shadow. */
static int preview_one(const struct importing *all, const struct vnm_libvirt_net *from,
		       struct vnm_result *result)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	struct vnm_steps *steps = &result->steps;
	size_t leases = 0;
	int r = load(all, from->name, &net, &result->err);

	if (r < 0)
		return r;
	vnm_steps_add(steps, VNM_STEP_ADD, "definition", "definition of network '%s' from '%s'",
		      net.name, from->file);
	r = take_leases(all, &net, &leases, &result->err);
	if (leases > 0)
		vnm_steps_add(steps, VNM_STEP_ADD, "lease", "%zu leases of bridge '%s'", leases,
			      net.bridge.name);
	if (is_wanted_up(all, from))
		vnm_steps_note(steps,
			       is_taken(all, &net)
				       ? "taken over from libvirt, with what is on bridge '%s'"
				       : "started",
			       net.bridge.name);
	if (from->marked && (all->how->start || !all->host.here))
		vnm_steps_note(steps, "marked as autostarted");
	if (is_taken(all, &net))
		vnm_steps_note(steps,
			       all->how->forget ? "libvirt forgets it"
						: "libvirt keeps a network '%s' of mode bridge",
			       net.name);
	return r;
}

static void import_all(const struct importing *all, struct vnm_result *results)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct vnm_libvirt_net *from = all->wanted[i];
		int r;

		results[i].name = vnm_strdup(from->name);
		vnm_driver_report(all->drv, VNM_REPORT_PROGRESS, "importing %s (%zu of %zu)",
				  from->name, i + 1, all->n);
		r = all->drv->assumed ? preview_one(all, from, &results[i])
				      : import_one(all, from, &results[i]);
		results[i].failed = r < 0;
	}
}

/**
 * vnm_driver_import() - take over networks of libvirt
 * @drv:   the driver
 * @how:   which, and whether libvirt gives them up
 * @ret:   a result per network; @detail says what was imported. Free with vnm_results_free()
 * @ret_n: how many
 * @err:   set on failure: then nothing is changed; each network that cannot be imported is a warning
 *
 * Return: 0 or -errno.
 */
int vnm_driver_import(struct vnm_driver *drv, const struct vnm_import *how, struct vnm_result **ret,
		      size_t *ret_n, struct vnm_error *err)
{
	struct importing all autoimporting = { .drv = drv, .how = how };
	int r = vnm_libvirt_host_read(how->dir, &all.host, err);

	set_virsh(&all);
	if (r == 0)
		r = choose(&all, err);
	if (r == 0) {
		drop_shells(&all);
		r = check_all(&all, err);
	}
	if (r < 0)
		return r;
	*ret = vnm_alloc((all.n + 1) * sizeof(**ret));
	*ret_n = all.n;
	import_all(&all, *ret);
	return 0;
}

static int refuse_guests(struct vnm_driver *drv, const char *name, struct vnm_error *err)
{
	vnm_autoattachments struct vnm_attachments guests = { 0 };
	int r = vnm_attachments_read(&drv->paths, name, &guests, err);

	if (r < 0 || guests.n_items == 0)
		return r;
	return vnm_error_set(
		err, VNM_ERR_ACTIVE, EBUSY,
		"network '%s' has guests of vnetmgr, which libvirt cannot have; detach "
		"them first: vnetmgr net-detach %s %s",
		name, name, guests.items[0].dev);
}

static int redefine_in_libvirt(const struct importing *all, const char *name, const char *text,
			       struct vnm_buf *detail, struct vnm_error *err)
{
	const char *const define_again[] = { "net-define", "/dev/stdin", NULL };

	vnm_buf_add(detail, "definition");
	if (!vnm_driver_active(all->drv, name))
		return vnm_virsh(&all->virsh, define_again, text, NULL, err);
	vnm_buf_add(detail, ", started");
	return vnm_driver_hand_back(all->drv, &all->virsh, name, text, detail, err);
}

static int undo_one(const struct importing *all, int originals, const char *name,
		    struct vnm_result *result)
{
	const char *const mark[] = { "net-autostart", name, NULL };
	vnm_autofree char *file = vnm_asprintf("%s.xml", name), *text = NULL;
	vnm_autobuf struct vnm_buf detail = { 0 };
	struct vnm_error *err = &result->err;
	int r = vnm_file_read(originals, file, VNM_XML_MAX, &text, NULL);

	if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r,
				     "its definition of libvirt cannot be read: "
				     "%s",
				     strerror(-r));
	r = refuse_guests(all->drv, name, err);
	if (r < 0 || all->drv->assumed)
		return r;
	r = redefine_in_libvirt(all, name, text, &detail, err);
	if (r == 0 && vnm_autostart_get(all->drv->autostart_fd, name)) {
		r = vnm_virsh(&all->virsh, mark, NULL, NULL, err);
		vnm_buf_add(&detail, ", autostart");
	}
	if (r == 0 && vnm_store_has(&all->drv->persistent, name))
		r = vnm_driver_undefine(all->drv, name, err);
	if (r == 0)
		(void)vnm_file_unlink(originals, file, VNM_DURABLE);
	result->detail = vnm_buf_steal(&detail);
	return r;
}

static bool is_named(const struct vnm_import *how, const char *name)
{
	for (size_t i = 0; i < how->n; i++)
		if (!strcmp(how->names[i], name))
			return true;
	return how->n == 0;
}

/**
 * vnm_driver_undo_import() - give networks back to libvirt
 * @drv:   the driver
 * @how:   which; @start and @forget do not matter
 * @ret:   a result per network; @detail says what libvirt got. Free with vnm_results_free()
 * @ret_n: how many
 * @err:   set on failure: then nothing is changed
 *
 * libvirt gets its own definitions again, as they were when they were imported. Active networks are stopped here and started there.
 *
 * Return: 0 or -errno.
 */
int vnm_driver_undo_import(struct vnm_driver *drv, const struct vnm_import *how,
			   struct vnm_result **ret, size_t *ret_n, struct vnm_error *err)
{
	struct importing all autoimporting = { .drv = drv, .how = how };
	vnm_autofree char *path = originals_dir(drv);
	vnm_autoclose int fd = vnm_open(AT_FDCWD, path, O_RDONLY | O_DIRECTORY, 0);
	const struct vnm_store store = { .fd = fd, .path = path };
	char **names = NULL;
	size_t n = 0, done = 0;
	int r = fd < 0 ? 0 : vnm_store_names(&store, ".xml", &names, &n, err);

	set_virsh(&all);
	*ret = vnm_alloc((n + 1) * sizeof(**ret));
	for (size_t i = 0; r == 0 && i < n; i++) {
		if (!is_named(how, names[i]))
			continue;
		(*ret)[done].name = vnm_strdup(names[i]);
		(*ret)[done].failed = undo_one(&all, fd, names[i], &(*ret)[done]) < 0;
		done++;
	}
	vnm_names_free(names, n);
	*ret_n = done;
	if (r == 0 && done == 0)
		r = vnm_error_set(err, VNM_ERR_NO_NETWORK, ENOENT,
				  "no network was imported from libvirt%s",
				  how->n ? " by that name" : "");
	if (r < 0)
		vnm_results_free(vnm_steal(ret), done);
	return r;
}
