/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * validate.h - for the tests of the validation: tables of definitions, and of the messages about them.
 *
 * The definitions come from text, without the schema. The exact words are compared by the cases in
 * tests/data; here it is the kind of error, the line, and a part of the message that only the right rule has.
 */
#ifndef VNM_TESTS_UNIT_VALIDATE_H
#define VNM_TESTS_UNIT_VALIDATE_H

#include "runner.h"
#include "input.h"
#include "schema.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "model/validate.h"
#include "plan/dnsmasq/dnsmasq_conf.h"
#include "util/buf.h"
#include "util/mem.h"
#include "xml/network_xml.h"

/* A network of which one part matters, in line 2. */
#define NET(part) "<network><name>t</name>\n" part "</network>"
#define IP4 "<ip address='192.168.77.1' prefix='24'>"
#define IP6 "<ip family='ipv6' address='fd00::1' prefix='64'>"
#define DHCP4(part) NET(IP4 "<dhcp>" part "</dhcp></ip>")
#define DHCP6(part) NET(IP6 "<dhcp>" part "</dhcp></ip>")
#define RANGE4(from, to) "<range start='192.168.77." from "' end='192.168.77." to "'/>"
#define HOST4(attributes) DHCP4("<host " attributes "/>")
#define HOST6(attributes) DHCP6("<host " attributes "/>")
#define DNS(part) NET("<dns>" part "</dns>" IP4 "</ip>")
#define FORWARD(forward) NET(forward IP4 "</ip>")
#define NAT(part) FORWARD("<forward><nat>" part "</nat></forward>")
#define ROUTE(attributes) NET("<route " attributes "/>" IP4 "</ip>" IP6 "</ip>")
#define BRIDGED(part) NET("<forward mode='bridge'/>" part)
#define X10 "xxxxxxxxxx"
#define X60 X10 X10 X10 X10 X10 X10

/** struct outcome - what came of a definition. */
struct outcome {
	int r;
	struct vnm_error err;
	struct vnm_warnings warnings;
};

static inline void outcome_clear(struct outcome *outcome)
{
	vnm_warnings_clear(&outcome->warnings);
}

#define autooutcome __attribute__((cleanup(outcome_clear)))

static inline void validate(const char *xml, struct outcome *outcome)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	struct vnm_error err = { 0 };

	outcome->r = vnm_network_xml_parse(xml, strlen(xml), "t.xml", &net, &err);
	if (outcome->r < 0)
		printf("\n%s\n", xml);
	VNM_ASSERT_OK_FATAL(outcome->r, err);
	outcome->r = vnm_network_validate(&net, &outcome->warnings, &outcome->err);
}

/** struct row - a definition, and a part of the message about it; NULL: none. @line: of what is at fault. */
struct row {
	const char *xml, *message;
	int line;
};

static inline void expect_text(const char *text, const struct row *row)
{
	vnm_autofree char *place = vnm_asprintf("t.xml:%d: ", row->line ? row->line : 2);

	if (!strncmp(text, place, strlen(place)) && strstr(text, row->message))
		return;
	printf("\n%s\n  says: %s\n  should be at %s and say: %s\n", row->xml, text, place,
	       row->message);
	CU_FAIL("another message");
}

static inline void expect_refused(const struct row *rows)
{
	for (; rows->xml; rows++) {
		struct outcome outcome autooutcome = { 0 };

		validate(rows->xml, &outcome);
		if (outcome.r == 0)
			printf("\naccepted: %s\n", rows->xml);
		VNM_ASSERT_INT_EQ(outcome.r, -EINVAL);
		VNM_ASSERT_INT_EQ(outcome.err.code, VNM_ERR_XML_MEANING);
		if (outcome.r < 0)
			expect_text(outcome.err.msg, rows);
	}
}

/* What is accepted when it is defined is not refused at the start for a value that dnsmasq cannot take. */
static inline void expect_served(const char *xml)
{
	struct vnm_dnsmasq_files files __attribute__((cleanup(vnm_dnsmasq_files_clear))) = { 0 };
	const struct vnm_dnsmasq_paths places = { (char *)"/run/t", (char *)"/run/t/leases" };
	const struct vnm_facts facts = { .single_uid = true };
	vnm_autonetwork struct vnm_network net = { 0 };
	struct vnm_error err = { 0 };

	VNM_ASSERT_OK_FATAL(vnm_network_xml_parse(xml, strlen(xml), "t.xml", &net, &err), err);
	if (!net.bridge.name)
		net.bridge.name = vnm_strdup("virbr0");
	if (vnm_network_wants_dnsmasq(&net))
		VNM_ASSERT_OK(vnm_dnsmasq_files(INPUT(&net, &facts, &places), &files, &err), err);
}

/* Accepted, by the schema too, with one warning where one is expected and none elsewhere. */
static inline void expect_accepted(const struct row *rows)
{
	vnm_autoschema struct vnm_schema *schema = load_schema("network.rng");
	struct vnm_error err = { 0 };

	for (; rows->xml; rows++) {
		struct outcome outcome autooutcome = { 0 };

		validate(rows->xml, &outcome);
		if (outcome.r < 0 || outcome.warnings.n != (rows->message ? 1 : 0))
			printf("\n%s\n", rows->xml);
		VNM_ASSERT_OK(outcome.r, outcome.err);
		VNM_ASSERT_OK(vnm_network_xml_check(rows->xml, strlen(rows->xml), rows->xml, schema,
						    &err), err);
		expect_served(rows->xml);
		VNM_ASSERT_INT_EQ(outcome.warnings.n, rows->message ? 1 : 0);
		if (outcome.warnings.n > 0 && !rows->message)
			printf("\nwarning: %s\n", outcome.warnings.items[0]);
		if (outcome.warnings.n > 0 && rows->message)
			expect_text(outcome.warnings.items[0], rows);
	}
}

/* A test of two tables. */
#define RULES(name) \
	static void name(void) \
	{ \
		expect_refused(name##_refused); \
		expect_accepted(name##_accepted); \
	}

#endif
