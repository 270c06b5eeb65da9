/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * update.h - for the tests of net-update: a definition, and what comes of changing it.
 *
 * A change is printed as the lines that went and came, without their indentation: "-<mtu size='1400'/>".
 */
#ifndef VNM_TESTS_UNIT_UPDATE_H
#define VNM_TESTS_UNIT_UPDATE_H

#include "runner.h"
#include "schema.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model/enums.h"
#include "util/linediff.h"
#include "util/mem.h"
#include "xml/network_xml.h"
#include "xml/update/sections.h"
#include "xml/update/update.h"

static const char base[] =
	"<network><name>n</name>"
	"<forward mode='nat'><interface dev='eth0'/><interface dev='eth1'/></forward>"
	"<bridge name='br0' stp='on' delay='2'/>"
	"<dns>"
	"<forwarder addr='10.9.0.1'/><forwarder domain='x.test' addr='10.9.0.1'/>"
	"<forwarder domain='y.test'/>"
	"<txt name='a' value='1'/><txt name='b' value='2'/>"
	"<srv service='ldap' protocol='tcp' domain='x.test' target='t1' port='389'/>"
	"<srv service='ldap' protocol='tcp' domain='x.test' target='t2' port='389'/>"
	"<srv service='sip' protocol='udp'/>"
	"<host ip='10.0.0.11'><hostname>one</hostname><hostname>uno</hostname></host>"
	"<host ip='10.0.0.12'><hostname>two</hostname></host>"
	"</dns>"
	"<ip address='10.0.0.1' prefix='24'><dhcp>"
	"<range start='10.0.0.100' end='10.0.0.120'/><range start='10.0.0.130' end='10.0.0.140'/>"
	"<host mac='52:54:00:00:00:01' name='one' ip='10.0.0.11'/>"
	"<host mac='52:54:00:00:00:02' name='two' ip='10.0.0.12'/>"
	"</dhcp></ip>"
	"<ip family='ipv6' address='fd00::1' prefix='64'/>"
	"<route address='10.1.0.0' prefix='16' gateway='10.0.0.9'/>"
	"<route address='10.2.0.0' prefix='16' gateway='10.0.0.9'/>"
	"<portgroup name='g1' default='yes'/><portgroup name='g2'/>"
	"</network>";

static const char bare[] = "<network><name>n</name></network>";

static void parse(const char *xml, struct vnm_network *net)
{
	struct vnm_error err = { 0 };

	VNM_ASSERT_OK_FATAL(vnm_network_xml_parse(xml, strlen(xml), "t.xml", net, &err), err);
}

/* The lines that went and came, of the body of diff -u. */
static void only_changes(char *diff, struct vnm_buf *out)
{
	char *save = NULL;

	for (char *line = strtok_r(diff, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		if (*line == '+' || *line == '-')
			vnm_buf_printf(out, "%c%s", *line, line + 1 + strspn(line + 1, " "));
}

/* What comes of one change: the lines, or the message of its refusal. */
static void update(const char *xml, const struct vnm_update *change,
		   const struct vnm_schema *schema, struct vnm_buf *out)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	vnm_autobuf struct vnm_buf before = { 0 }, after = { 0 }, diff = { 0 };
	struct vnm_error err = { 0 };

	parse(xml, &net);
	vnm_network_xml_format(&net, &before);
	if (vnm_network_update(&net, change, &err) < 0 ||
	    vnm_network_update_check(change, "n", schema, &err) < 0) {
		CU_ASSERT(err.code != 0 && err.msg[0]);
		vnm_buf_add(out, err.msg);
		return;
	}
	vnm_network_xml_format(&net, &after);
	if (vnm_linediff(before.data, after.data, &diff))
		only_changes(diff.data, out);
}

/** struct change - one case; @section, @how: as on the command line. */
struct change {
	const char *section, *how, *xml, *outcome;
};

static int word(const struct vnm_enum *table, const char *text)
{
	int value = vnm_enum_value(table, text);

	CU_ASSERT_FATAL(value >= 0);
	return value;
}

static const struct vnm_section *section(const char *name)
{
	const struct vnm_section *found = vnm_section_find(name);

	CU_ASSERT_PTR_NOT_NULL_FATAL(found);
	return found;
}

static void run_changes(const char *xml, const struct change *changes, int parent)
{
	vnm_autoschema struct vnm_schema *schema = load_schema("network.rng");

	for (; changes->section; changes++) {
		vnm_autobuf struct vnm_buf out = { 0 };
		struct vnm_update change = {
			.how = (enum vnm_update_how)word(&vnm_enum_update_how, changes->how),
			.section = section(changes->section),
			.parent = parent,
			.xml = changes->xml,
			.len = strlen(changes->xml),
		};

		update(xml, &change, schema, &out);
		VNM_ASSERT_STR_EQ(vnm_buf_str(&out), changes->outcome);
	}
}

#define INVALID "Requested operation is not valid: "
#define NO_SUCH "Operation not supported: "

#endif
