/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_port_reclaim.c - ports that guests have already: taken back after their network has lost them, and given other rates. */
#include "runner.h"

#include <stdlib.h>
#include <string.h>

#include "model/pool.h"
#include "model/port_allot.h"
#include "util/buf.h"
#include "util/mem.h"
#include "xml/network_xml.h"
#include "xml/port_xml.h"

const char vnm_suite[] = "port/reclaim";

#define OWNER "<owner><name>vm1</name><uuid>12ac5b8c-51de-11ea-8e5f-e3a2a2a2a2a2</uuid></owner>"
#define MAC "<mac address='52:54:00:00:00:01'/>"
#define PLUGGED "  <plug type='network' bridge='vba'/>\n</networkport>\n"
#define DIRECT(dev, mode)                                                                     \
	"<mac address='52:54:00:00:00:01'/>\n  <plug type='direct' dev='" dev "' mode='" mode \
	"'/>\n</networkport>\n"

/** struct world - a network, and the ports it has. */
struct world {
	struct vnm_network net;
	struct vnm_port ports[8];
	size_t n;
};

static void world_clear(struct world *world)
{
	for (size_t i = 0; i < world->n; i++)
		vnm_port_clear(&world->ports[i]);
	vnm_network_clear(&world->net);
}
#define autoworld __attribute__((cleanup(world_clear)))

static void read_network(const char *xml, struct vnm_network *net)
{
	struct vnm_error err = { 0 };

	VNM_ASSERT_OK_FATAL(vnm_network_xml_parse(xml, strlen(xml), "n.xml", net, &err), err);
}

/* A port that a guest has already. Return: what is printed of it from <mac> to the end, or the message; allocated. */
static char *reclaim(struct world *world, const char *part)
{
	vnm_autofree char *xml = vnm_asprintf("<networkport>" OWNER MAC "%s</networkport>", part);
	vnm_autoport struct vnm_port port = { 0 };
	vnm_autobuf struct vnm_buf out = { 0 };
	struct vnm_error err = { 0 };
	const struct vnm_port_users all = { world->ports, world->n, NULL, 0 };
	int r;

	VNM_ASSERT_OK_FATAL(vnm_port_xml_parse(xml, strlen(xml), NULL, &port, &err), err);
	r = vnm_port_validate(&port, true, &err);
	if (r == 0)
		r = vnm_port_reclaim(&world->net, &all, &port, &err);
	if (r < 0)
		return vnm_strdup(err.msg);
	vnm_port_xml_format(&port, &out);
	CU_ASSERT_FATAL(world->n < VNM_ARRAY_SIZE(world->ports));
	world->ports[world->n++] = port;
	port = (struct vnm_port){ 0 };
	return vnm_strdup(strstr(out.data, "</owner>\n  ") + strlen("</owner>\n  "));
}

static void gives_back(struct world *world, const char *part, const char *should)
{
	vnm_autofree char *is = reclaim(world, part);

	VNM_ASSERT_STR_EQ(is, should);
}

#define FLOOR(id) "<bandwidth classID='" id "'><inbound average='1' floor='1'/></bandwidth>"
#define PLUG_Q "<plug type='network' bridge='vbq'/>"
#define PLUG_A "<plug type='network' bridge='vba'/>"

static void test_reclaim(void)
{
	static const char *const others[] = { FLOOR("7") PLUG_A, FLOOR("2") PLUG_A,
					      FLOOR("65535") PLUG_A };
	struct world world autoworld = { 0 }, host autoworld = { 0 };

	read_network("<network><name>a</name><bridge name='vba'/><bandwidth>"
		     "<inbound average='1000'/></bandwidth><portgroup name='slow' default='yes'>"
		     "<bandwidth><inbound average='10'/></bandwidth></portgroup></network>",
		     &world.net);
	/* What it had is what it gets, and the class of its floor, too, unless that is taken. */
	gives_back(&world, PLUG_A, "<mac address='52:54:00:00:00:01'/>\n" PLUGGED);
	gives_back(&world, FLOOR("7") PLUG_A,
		   "<mac address='52:54:00:00:00:01'/>\n  <bandwidth classID='7'>\n"
		   "    <inbound average='1' floor='1'/>\n  </bandwidth>\n" PLUGGED);
	VNM_ASSERT_INT_EQ(world.ports[1].bandwidth.class_id.v, 7);
	for (size_t i = 0; i < VNM_ARRAY_SIZE(others); i++)
		free(reclaim(&world, others[i]));
	VNM_ASSERT_INT_EQ_FATAL(world.n, 5);
	VNM_ASSERT_INT_EQ(world.ports[2].bandwidth.class_id.v, 3);
	VNM_ASSERT_INT_EQ(world.ports[3].bandwidth.class_id.v, 4);
	VNM_ASSERT_INT_EQ(world.ports[4].bandwidth.class_id.v, 65535);
	gives_back(&world, "", "Port reclaim requested but plug type is none");
	gives_back(&world, "<plug type='network' bridge='vbold'/>",
		   "the port was plugged into bridge 'vbold', but that of network 'a' is 'vba': "
		   "plug the guest in again");
	gives_back(&world, "<plug type='bridge' bridge='vba'/>",
		   "Unexpectedly got plug type 'bridge': ports of network 'a' have 'network'");
	gives_back(&world, "<bandwidth><inbound average='1' floor='998'/></bandwidth>" PLUG_A,
		   "Requested operation is not valid: Cannot plug '52:54:00:00:00:01' interface "
		   "into 'vba' because new combined inbound floor=1002 would overcommit "
		   "average=1000 on network 'a'");
	read_network("<network><name>b</name><forward mode='bridge'/><bridge name='br0'/>"
		     "</network>",
		     &host.net);
	gives_back(&host, "<plug type='bridge' bridge='br0'/>",
		   "<mac address='52:54:00:00:00:01'/>\n  <plug type='bridge' bridge='br0'/>\n"
		   "</networkport>\n");
}

#define DIRECT_PLUG(dev, mode) "<plug type='direct' dev='" dev "' mode='" mode "'/>"

static void test_reclaim_direct(void)
{
	struct world world autoworld = { 0 }, single autoworld = { 0 };

	read_network("<network><name>p</name><forward mode='passthrough'><interface dev='d1'/>"
		     "<interface dev='d2'/></forward></network>",
		     &world.net);
	gives_back(&world, DIRECT_PLUG("d2", "passthrough"), DIRECT("d2", "passthrough"));
	gives_back(&world, DIRECT_PLUG("d2", "passthrough"),
		   "network 'p' claims dev='d2' is already in use by a different guest");
	gives_back(&world, DIRECT_PLUG("d3", "passthrough"),
		   "network 'p' doesn't have dev='d3' in its pool");
	read_network("<network><name>s</name><forward mode='vepa' dev='d1'/></network>",
		     &single.net);
	gives_back(&single, DIRECT_PLUG("d1", "vepa"), DIRECT("d1", "vepa"));
	gives_back(&single, DIRECT_PLUG("d2", "vepa"),
		   "network 's' doesn't have dev='d2' in its pool");
}

/* Other rates for a port. Return: what is printed of <bandwidth>, or the message; allocated. */
static char *set_rates(struct world *world, size_t i, const struct vnm_rate *in,
		       const struct vnm_rate *out)
{
	vnm_autoport struct vnm_port port = { 0 };
	vnm_autobuf struct vnm_buf text = { 0 };
	struct vnm_error err = { 0 };
	struct vnm_port others[2];
	const struct vnm_port_users all = { others, world->n - 1, NULL, 0 };
	char *start, *end;

	for (size_t k = 0, n = 0; k < world->n; k++)
		if (k != i)
			others[n++] = world->ports[k];
	vnm_port_copy(&world->ports[i], &port);
	if (vnm_port_set_rates(&world->net, &all, in, out, &port, &err) < 0)
		return vnm_strdup(err.msg);
	vnm_port_xml_format(&port, &text);
	start = strstr(text.data, "<mac ");
	end = strstr(text.data, "\n  <plug");
	CU_ASSERT_TRUE_FATAL(start && end);
	*end = '\0';
	return vnm_strdup(strstr(start, "'/>") + strlen("'/>"));
}

/* clang-format off */
#define RATES(a, p, b, f) { .average = { true, a }, .peak = { true, p }, .burst = { true, b }, \
			    .floor = { true, f } }
/* clang-format on */

static void test_rates(void)
{
	static const struct {
		struct vnm_rate in, out;
		const char *should;
	} cases[] = {
		{ RATES(0, 0, 0, 0), RATES(0, 0, 0, 0), "" },
		{ RATES(5, 0, 7, 0), RATES(0, 0, 0, 0),
		  "\n  <bandwidth>\n    <inbound average='5' burst='7'/>\n  </bandwidth>" },
		{ RATES(0, 0, 0, 0), RATES(9, 10, 0, 0),
		  "\n  <bandwidth>\n    <outbound average='9' peak='10'/>\n  </bandwidth>" },
		{ RATES(5, 0, 0, 800), RATES(0, 0, 0, 0),
		  "\n  <bandwidth classID='3'>\n    <inbound average='5' floor='800'/>\n"
		  "  </bandwidth>" },
		{ RATES(5, 0, 0, 801), RATES(0, 0, 0, 0),
		  "Requested operation is not valid: Cannot plug '52:54:00:00:00:01' interface "
		  "into 'vbq' because new combined inbound floor=1001 would overcommit "
		  "average=1000 on network 'q'" },
		{ RATES(5, 4, 0, 0), RATES(0, 0, 0, 0),
		  "a peak of 4 kilobytes a second is less than the average of 5" },
	};
	struct world world autoworld = { 0 };

	read_network("<network><name>q</name><bridge name='vbq'/><bandwidth>"
		     "<inbound average='1000'/></bandwidth></network>",
		     &world.net);
	free(reclaim(&world, "<bandwidth><inbound average='1' floor='600'/></bandwidth>" PLUG_Q));
	free(reclaim(&world, "<bandwidth><inbound average='1' floor='200'/></bandwidth>" PLUG_Q));
	VNM_ASSERT_INT_EQ_FATAL(world.n, 2);
	for (size_t i = 0; i < VNM_ARRAY_SIZE(cases); i++) {
		vnm_autofree char *is = set_rates(&world, 0, &cases[i].in, &cases[i].out);

		VNM_ASSERT_STR_EQ(is, cases[i].should);
	}
}

const struct vnm_test vnm_tests[] = {
	{ "reclaim", test_reclaim },
	{ "reclaim_direct", test_reclaim_direct },
	{ "rates", test_rates },
	{ 0 },
};
