/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rpc_driver.c - a driver that answers whatever it may: any error, any text, lists of any length. What it is asked for depends on the
 * client, what it answers only on the input's salt. It is strict about how it is used: what is closed or paused answers nothing, a
 * session that reads changes nothing, and all that is opened is closed.
 */
#include "rpc_stub.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "driver/driver.h"
#include "fuzz.h"
#include "model/lease.h"
#include "util/mem.h"

/* No real function of the driver would take it for one. */
struct stub {
	bool reads, defines, paused;
};

static struct {
	unsigned state;
	int open;
} stub;

/** vnm_fuzz_driver_begin() - of a new input */
void vnm_fuzz_driver_begin(unsigned salt)
{
	stub.state = salt;
	stub.open = 0;
}

/** vnm_fuzz_driver_end() - its connection is at its end */
void vnm_fuzz_driver_end(void)
{
	vnm_fuzz_true(stub.open == 0, "a driver that was opened is closed", "");
}

/** vnm_fuzz_random() - a number below @n, by the input's salt */
unsigned vnm_fuzz_random(unsigned n)
{
	stub.state = stub.state * 1103515245u + 12345u;
	return (stub.state >> 12) % n;
}

/** vnm_fuzz_text() - what a driver may say. Return: allocated */
char *vnm_fuzz_text(void)
{
	static const char *const texts[] = { "net",	 "",	 "a b",	   "%s%n",
					     "\xc3\xa9", "<a/>", "line\n", "network:///system" };
	unsigned which = vnm_fuzz_random(VNM_ARRAY_SIZE(texts) + 1);
	char *text;

	if (which < VNM_ARRAY_SIZE(texts))
		return vnm_strdup(texts[which]);
	text = vnm_alloc(20000 + 1);
	memset(text, 'x', 1 + vnm_fuzz_random(20000));
	return text;
}

/* Of a call: the driver is one that may answer it. Return: 0 or -errno. */
static int answer(struct vnm_driver *drv, bool changes, struct vnm_error *err)
{
	const struct stub *session = (const struct stub *)drv;
	vnm_autofree char *text = NULL;

	vnm_fuzz_true(session && !session->paused, "the driver is open", "");
	vnm_fuzz_true(!changes || !session->reads || session->defines, "what reads changes nothing",
		      "");
	if (vnm_fuzz_random(4))
		return 0;
	text = vnm_fuzz_text();
	return vnm_error_set(err, 1 + vnm_fuzz_random(VNM_ERR_COUNT - 1), EINVAL, "%s", text);
}

int vnm_driver_open(const struct vnm_options *options, struct vnm_driver **ret,
		    struct vnm_error *err)
{
	struct stub session = { .reads = options->reads };
	struct stub *made;

	if (answer((struct vnm_driver *)&session, false, err) < 0)
		return -EINVAL;
	made = vnm_alloc(sizeof(*made));
	*made = session;
	*ret = (struct vnm_driver *)made;
	stub.open++;
	return 0;
}

void vnm_driver_close(struct vnm_driver *drv)
{
	stub.open -= drv ? 1 : 0;
	free(drv);
}

bool vnm_driver_begin_definition(struct vnm_driver *drv)
{
	struct stub *session = (struct stub *)drv;

	vnm_fuzz_true(session->reads && !session->paused && !session->defines, "it reads", "");
	session->defines = vnm_fuzz_random(4) > 0;
	return session->defines;
}

bool vnm_driver_pause(struct vnm_driver *drv)
{
	struct stub *session = (struct stub *)drv;

	vnm_fuzz_true(session->reads && !session->paused, "it can be paused", "");
	session->defines = false;
	session->paused = vnm_fuzz_random(4) > 0;
	return session->paused;
}

bool vnm_driver_resume(struct vnm_driver *drv)
{
	struct stub *session = (struct stub *)drv;

	vnm_fuzz_true(session->paused, "it was paused", "");
	if (vnm_fuzz_random(4) == 0)
		return false;
	session->paused = false;
	return true;
}

bool vnm_change_log(const struct vnm_logged *change)
{
	vnm_fuzz_true(change->user && change->action, "a change has a user", "");
	return true;
}

static struct vnm_uuid some_uuid(void)
{
	struct vnm_uuid uuid = { .set = true };

	memset(uuid.b, vnm_fuzz_random(2) ? '0' : 'x', sizeof(uuid.b));
	return uuid;
}

int vnm_driver_lookup_name(struct vnm_driver *drv, const char *name, struct vnm_uuid *ret,
			   struct vnm_error *err)
{
	vnm_fuzz_true(name != NULL, "a name", "");
	if (answer(drv, false, err) < 0)
		return -EINVAL;
	*ret = some_uuid();
	return 0;
}

int vnm_driver_lookup_uuid(struct vnm_driver *drv, const char *uuid, char **ret_name,
			   struct vnm_error *err)
{
	struct vnm_uuid parsed;

	vnm_fuzz_true(vnm_uuid_parse(uuid, &parsed) == 0, "a UUID", uuid);
	if (answer(drv, false, err) < 0)
		return -EINVAL;
	*ret_name = vnm_fuzz_text();
	return 0;
}

static void fill_info(struct vnm_info *info)
{
	*info = (struct vnm_info){
		.name = vnm_fuzz_text(),
		.uuid = some_uuid(),
		.active = vnm_fuzz_random(2),
		.persistent = vnm_fuzz_random(2),
		.autostart = vnm_fuzz_random(2),
		.bridge = vnm_fuzz_random(4) ? vnm_fuzz_text() : NULL,
	};
}

struct vnm_flags vnm_driver_flags(struct vnm_driver *drv, const char *name)
{
	struct vnm_error ignored = { 0 };

	vnm_fuzz_true(name != NULL, "a name", "");
	return (struct vnm_flags){ .active = answer(drv, false, &ignored) == 0 };
}

int vnm_driver_info(struct vnm_driver *drv, const char *name, bool check, struct vnm_info *ret,
		    struct vnm_error *err)
{
	vnm_fuzz_true(name && !check, "what is recorded is enough", "");
	if (answer(drv, false, err) < 0)
		return -EINVAL;
	fill_info(ret);
	return 0;
}

int vnm_driver_list(struct vnm_driver *drv, bool check, struct vnm_info **ret, size_t *ret_n,
		    struct vnm_error *err)
{
	vnm_fuzz_true(!check, "what is recorded is enough", "");
	if (answer(drv, false, err) < 0)
		return -EINVAL;
	*ret_n = vnm_fuzz_random(4);
	*ret = vnm_alloc(*ret_n * sizeof(**ret));
	for (size_t i = 0; i < *ret_n; i++)
		fill_info(&(*ret)[i]);
	return 0;
}

int vnm_driver_dumpxml(struct vnm_driver *drv, const char *name, const struct vnm_dumpxml *what,
		       char **ret, struct vnm_error *err)
{
	(void)what;
	vnm_fuzz_true(name != NULL, "a name", "");
	if (answer(drv, false, err) < 0)
		return -EINVAL;
	*ret = vnm_fuzz_text();
	return 0;
}

int vnm_driver_leases(struct vnm_driver *drv, const char *name, const struct vnm_mac *mac,
		      struct vnm_lease_entry **ret, unsigned **ret_prefix_len, size_t *ret_n,
		      struct vnm_error *err)
{
	vnm_fuzz_true(name && (!mac || mac->set), "a network, and any MAC or one", "");
	if (answer(drv, false, err) < 0)
		return -EINVAL;
	*ret_n = vnm_fuzz_random(4);
	*ret = vnm_alloc(*ret_n * sizeof(**ret));
	*ret_prefix_len = vnm_alloc(*ret_n * sizeof(**ret_prefix_len));
	for (size_t i = 0; i < *ret_n; i++)
		(*ret)[i] = (struct vnm_lease_entry){
			.expiry = (time_t)vnm_fuzz_random(2) << 40,
			.mac.set = vnm_fuzz_random(2),
			.addr.family = vnm_fuzz_random(2) ? AF_INET : AF_INET6,
			.hostname = vnm_fuzz_random(2) ? vnm_fuzz_text() : NULL,
			.client_id = vnm_fuzz_random(2) ? vnm_fuzz_text() : NULL,
			.iaid = vnm_fuzz_random(UINT16_MAX),
			.temporary = vnm_fuzz_random(2),
		};
	return 0;
}

/* Starts and stops. */
static int one(struct vnm_driver *drv, const char *const *names, size_t n, struct vnm_result **ret,
	       struct vnm_error *err)
{
	vnm_fuzz_true(n == 1 && names[0], "one network", "");
	if (answer(drv, true, err) < 0)
		return -EINVAL;
	*ret = vnm_alloc(sizeof(**ret));
	(*ret)->name = vnm_strdup(names[0]);
	(*ret)->failed = answer(drv, true, &(*ret)->err) < 0;
	return 0;
}

int vnm_driver_start(struct vnm_driver *drv, const char *const *names, size_t n,
		     struct vnm_result **ret, struct vnm_error *err)
{
	return one(drv, names, n, ret, err);
}

int vnm_driver_destroy(struct vnm_driver *drv, const char *const *names, size_t n,
		       struct vnm_result **ret, struct vnm_error *err)
{
	return one(drv, names, n, ret, err);
}

int vnm_driver_undefine(struct vnm_driver *drv, const char *name, struct vnm_error *err)
{
	vnm_fuzz_true(name != NULL, "a name", "");
	return answer(drv, true, err);
}

int vnm_driver_set_autostart(struct vnm_driver *drv, const char *name, bool on,
			     struct vnm_error *err)
{
	(void)on;
	return vnm_driver_undefine(drv, name, err);
}

static int applied(struct vnm_driver *drv, const char *text, size_t len, struct vnm_applied *ret,
		   struct vnm_error *err)
{
	vnm_fuzz_true(strlen(text) == len, "all of a definition", text);
	if (answer(drv, true, err) < 0)
		return -EINVAL;
	ret->name = vnm_fuzz_text();
	return 0;
}

int vnm_driver_define(struct vnm_driver *drv, const char *text, size_t len, const char *file,
		      struct vnm_applied *ret, struct vnm_error *err)
{
	(void)file;
	return applied(drv, text, len, ret, err);
}

int vnm_driver_create(struct vnm_driver *drv, const char *text, size_t len, const char *file,
		      struct vnm_applied *ret, struct vnm_error *err)
{
	(void)file;
	return applied(drv, text, len, ret, err);
}

int vnm_driver_update(struct vnm_driver *drv, const char *name, unsigned flags,
		      const struct vnm_update *update, unsigned *affected, struct vnm_steps *steps,
		      struct vnm_error *err)
{
	(void)steps;
	vnm_fuzz_true(name && !(flags & ~3u), "a network, and flags", "");
	vnm_fuzz_true(update->section >= vnm_sections && update->section < vnm_sections + 12 &&
			      strlen(update->xml) == update->len,
		      "a section, and what is in it", update->xml);
	*affected = flags;
	return answer(drv, true, err);
}

int vnm_driver_annotate(struct vnm_driver *drv, const char *name, unsigned flags,
			const struct vnm_note *note, struct vnm_error *err)
{
	(void)flags;
	vnm_fuzz_true(note->kind != VNM_NOTE_METADATA || (note->uri && (note->key || !note->text)),
		      "metadata have a namespace", "");
	return vnm_driver_undefine(drv, name, err);
}

int vnm_driver_annotation(struct vnm_driver *drv, const char *name, unsigned *flags,
			  const struct vnm_note *note, char **ret, struct vnm_error *err)
{
	(void)flags;
	vnm_fuzz_true(name && (note->kind != VNM_NOTE_METADATA || note->uri),
		      "metadata have a namespace", "");
	if (answer(drv, false, err) < 0)
		return vnm_fuzz_random(2) ? -ENOENT : -EINVAL;
	*ret = vnm_fuzz_random(3) ? vnm_fuzz_text() : NULL;
	return 0;
}

static char *uuid_text(void)
{
	struct vnm_uuid uuid = some_uuid();
	char text[VNM_UUID_STRLEN];

	return vnm_strdup(vnm_uuid_format(&uuid, text));
}

int vnm_driver_port_list(struct vnm_driver *drv, const char *name, char ***ret, size_t *ret_n,
			 struct vnm_error *err)
{
	vnm_fuzz_true(name != NULL, "a name", "");
	if (answer(drv, false, err) < 0)
		return -EINVAL;
	*ret_n = vnm_fuzz_random(4);
	*ret = vnm_alloc(*ret_n * sizeof(**ret));
	for (size_t i = 0; i < *ret_n; i++)
		(*ret)[i] = uuid_text();
	return 0;
}

int vnm_driver_port_create(struct vnm_driver *drv, const char *name, const char *text, size_t len,
			   const char *file, bool reclaim, char **ret_uuid, struct vnm_error *err)
{
	(void)file, (void)reclaim;
	vnm_fuzz_true(name && strlen(text) == len, "all of a port", text);
	if (answer(drv, true, err) < 0)
		return -EINVAL;
	*ret_uuid = uuid_text();
	return 0;
}

int vnm_driver_port_delete(struct vnm_driver *drv, const char *name, const char *ref,
			   char **ret_uuid, struct vnm_error *err)
{
	vnm_fuzz_true(name && ref, "a port", "");
	if (answer(drv, true, err) < 0)
		return -EINVAL;
	*ret_uuid = uuid_text();
	return 0;
}

int vnm_driver_port_dumpxml(struct vnm_driver *drv, const char *name, const char *ref, char **ret,
			    struct vnm_error *err)
{
	vnm_fuzz_true(ref != NULL, "a port", "");
	return vnm_driver_dumpxml(drv, name, false, ret, err);
}

int vnm_driver_port_rates(struct vnm_driver *drv, const char *name, const char *ref,
			  struct vnm_rate *ret_inbound, struct vnm_rate *ret_outbound,
			  struct vnm_error *err)
{
	vnm_fuzz_true(name && ref, "a port", "");
	ret_inbound->at.present = vnm_fuzz_random(2);
	ret_outbound->at.present = vnm_fuzz_random(2);
	return answer(drv, false, err);
}

int vnm_driver_port_set_rates(struct vnm_driver *drv, const char *name, const char *ref,
			      const struct vnm_rate *inbound, const struct vnm_rate *outbound,
			      struct vnm_error *err)
{
	vnm_fuzz_true(name && ref && inbound && outbound, "a port", "");
	return answer(drv, true, err);
}
