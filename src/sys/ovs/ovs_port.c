/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ovs_port.c - a device on a switch of Open vSwitch.
 *
 * The switch's database has a record of each port, which stays when the device goes. A record of ours has the interface's number
 * (external_ids:iface-id) that the journal has: it is changed and deleted only then. What is there is asked in one call.
 */
#include "sys/op_impl.h"

#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/enums.h"
#include "sys/link/link.h"
#include "sys/link/link_set.h"
#include "sys/netlink/netlink.h"
#include "sys/ovs/vsctl.h"
#include "util/mem.h"

/** struct record - of a port. @there: there is one; @ours, @here: it has our number; it is on the switch; @text: what was said */
struct record {
	bool there, ours, here;
	char *text, *tag, *trunks, *mode, *error;
};

static void record_clear(struct record *record)
{
	free(record->text);
}
#define autorecord __attribute__((cleanup(record_clear)))

/* A string that is no plain word is in quotes. */
static bool has_number(const char *ids, const char *number)
{
	const char *at = strstr(ids, "iface-id=");

	at = at ? at + strlen("iface-id=") : "";
	at += *at == '"';
	return !strncmp(at, number, strlen(number));
}

static char *next_line(char **rest)
{
	char *line = strsep(rest, "\n");

	return line ? line : (char *)"";
}

/* A line each: tag, trunks, mode, UUID, IDs, error, if the port is there; and then the UUIDs of all ports of the switch, if that is. */
static void parse(const struct vnm_op_ovs_port *want, struct record *ret)
{
	char *rest = ret->text, *ids, *uuid;

	if (!strchr(rest, '{'))
		return;
	ret->there = true;
	ret->tag = next_line(&rest);
	ret->trunks = next_line(&rest);
	ret->mode = next_line(&rest);
	uuid = next_line(&rest);
	ids = next_line(&rest);
	ret->error = next_line(&rest);
	ret->ours = has_number(ids, want->interface);
	ret->here = *uuid && rest && strstr(rest, uuid);
}

static int read_record(const struct vnm_op_ovs_port *want, struct record *ret,
		       struct vnm_error *err)
{
	vnm_autofree char *what =
		vnm_asprintf("cannot look for '%s' on switch '%s'", want->dev, want->bridge);
	/* clang-format off */
	const char *const asks[] = {
		"--if-exists", "get", "Port", want->dev, "tag", "trunks", "vlan_mode", "_uuid",
		"--", "--if-exists", "get", "Interface", want->dev, "external_ids", "error",
		"--", "--if-exists", "get", "Bridge", want->bridge, "ports", NULL,
	};
	/* clang-format on */
	struct vnm_ovs_words words vnm_autowords = { 0 };
	int r;

	vnm_ovs_words_append(&words, asks);
	r = vnm_vsctl(&words, what, &ret->text, err);
	if (r == 0)
		parse(want, ret);
	return r;
}

/* "42,43" as it prints a set: "[42, 43]". */
static char *as_set(const char *list)
{
	vnm_autofree char *copy = vnm_strdup(list ? list : "");
	vnm_autobuf struct vnm_buf text = { 0 };
	char *rest = copy;

	vnm_buf_addc(&text, '[');
	for (const char *id; list && (id = strsep(&rest, ","));)
		vnm_buf_printf(&text, "%s%s", text.len > 1 ? ", " : "", id);
	vnm_buf_addc(&text, ']');
	return vnm_buf_steal(&text);
}

static bool has_vlans(const struct record *record, const struct vnm_op_ovs_port *want)
{
	vnm_autofree char *trunks = as_set(want->trunks), *mode = NULL, *tag = NULL;

	tag = want->tag ? vnm_asprintf("%u", want->tag) : vnm_strdup("[]");
	mode = want->native ? vnm_asprintf("native-%s",
					   vnm_enum_name(&vnm_enum_native_mode, want->native))
			    : vnm_strdup("[]");
	return !strcmp(record->tag, tag) && !strcmp(record->mode, mode) &&
	       !strcmp(record->trunks, trunks);
}

static int refuse_foreign(const struct vnm_op_ovs_port *want, struct vnm_error *err)
{
	return vnm_error_set(err, VNM_ERR_FOREIGN, EEXIST,
			     "Open vSwitch has a port '%s' of somebody else; if nothing needs it: "
			     "ovs-vsctl del-port %s",
			     want->dev, want->dev);
}

static int ovs_port_prepare(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	struct record record autorecord = { 0 };
	int r = read_record(&op->ovs_port, &record, err);

	(void)sys;
	return r == 0 && record.there && !record.ours ? refuse_foreign(&op->ovs_port, err) : r;
}

/* Up comes last: until it is a port, the host would receive its packets. */
static int ovs_port_apply(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const struct vnm_op_ovs_port *want = &op->ovs_port;
	vnm_autofree char *what =
		vnm_asprintf("cannot put '%s' on switch '%s'", want->dev, want->bridge);
	struct vnm_ovs_words words vnm_autowords = { 0 };
	struct record after autorecord = { 0 };
	struct vnm_link dev;
	int r = ovs_port_prepare(sys, op, err);

	if (r == 0)
		r = vnm_link_need(sys, want->dev, &dev, err);
	if (r < 0)
		return r;
	vnm_ovs_words_add(want, &words);
	r = vnm_vsctl(&words, what, NULL, err);
	if (r == 0)
		r = read_record(want, &after, err);
	if (r < 0)
		return r;
	if (after.error && strcmp(after.error, "[]") != 0)
		return vnm_error_set(err, VNM_ERR_STATE, EIO, "%s: Open vSwitch says %s", what,
				     after.error);
	return vnm_link_set_flags(sys, &dev, IFF_UP, IFF_UP, err);
}

static int ovs_port_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
			  struct vnm_error *err)
{
	const struct vnm_op_ovs_port *want = &op->ovs_port;
	struct record record autorecord = { 0 };
	struct vnm_link dev;
	int r = vnm_link_find(sys, want->dev, &dev, err);

	*ret = VNM_ABSENT;
	if (r <= 0)
		return r;
	r = read_record(want, &record, err);
	if (r < 0 && (err->code == VNM_ERR_STATE || err->code == VNM_ERR_UNSUPPORTED)) {
		snprintf(sys->why, sizeof(sys->why), "%.100s", vnm_vsctl_why(err));
		*err = (struct vnm_error){ 0 };
		return 0;
	}
	if (r < 0)
		return r;
	if (record.there && !record.ours)
		*ret = VNM_FOREIGN;
	else if (record.there && record.here && !has_vlans(&record, want))
		snprintf(sys->why, sizeof(sys->why), "it is in other VLANs");
	else if (record.there && record.here && dev.fact.up)
		*ret = VNM_PRESENT;
	return 0;
}

/* What the database no longer has is done, even if the switch has not followed. */
static int delete_port(const struct vnm_op_ovs_port *want, struct vnm_error *err)
{
	vnm_autofree char *what =
		vnm_asprintf("cannot take '%s' off switch '%s'", want->dev, want->bridge);
	struct vnm_ovs_words words vnm_autowords = { 0 };
	struct record after autorecord = { 0 };
	struct vnm_error ignored = { 0 };
	int r;

	vnm_ovs_words_del(want, &words);
	r = vnm_vsctl(&words, what, NULL, err);
	if (r == -ETIMEDOUT && read_record(want, &after, &ignored) == 0 && !after.there)
		return 0;
	return r;
}

/* Down before it is released, unless it was up before. A switch that is gone has no ports; it forgets ours when it is set up again. */
static int ovs_port_revert(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const struct vnm_op_ovs_port *want = &op->ovs_port;
	struct record record autorecord = { 0 };
	struct vnm_link dev;
	int r = vnm_link_find(sys, want->dev, &dev, err);

	if (r > 0 && !want->was_up)
		r = vnm_link_set_flags(sys, &dev, 0, IFF_UP, err);
	if (r < 0 && r != -ENODEV)
		return r;
	r = read_record(want, &record, err);
	if (r < 0 && (err->code == VNM_ERR_STATE || err->code == VNM_ERR_UNSUPPORTED)) {
		vnm_warnings_add(sys->warnings, "%s; if it is there: ovs-vsctl del-port %s",
				 err->msg, want->dev);
		*err = (struct vnm_error){ 0 };
		return 0;
	}
	return r == 0 && record.there && record.ours && record.here ? delete_port(want, err) : r;
}

static int ovs_port_change(struct vnm_sys *sys, const struct vnm_op *old, const struct vnm_op *new,
			   struct vnm_error *err)
{
	(void)old;
	return ovs_port_apply(sys, new, err);
}

const struct vnm_op_impl vnm_impl_ovs_port = {
	.prepare = ovs_port_prepare,
	.apply = ovs_port_apply,
	.check = ovs_port_check,
	.revert = ovs_port_revert,
	.change = ovs_port_change,
};
