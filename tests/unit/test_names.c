/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_names.c - whose a name is: with and without the domain, in both cases, of several owners. */
#include "runner.h"

#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "model/names.h"
#include "util/mem.h"
#include "xml/network_xml.h"

const char vnm_suite[] = "names";

static const char definition[] =
	"<network><name>n</name><domain name='Lab.test'/>"
	"<dns><host ip='10.1.1.9'><hostname>db.lab.test</hostname>"
	"<hostname>x.y</hostname></host></dns>"
	"<ip address='10.1.1.1' prefix='24'><dhcp>"
	"<host mac='52:54:00:00:00:01' name='DB' ip='10.1.1.2'/>"
	"<host mac='52:54:00:00:00:02' name='lab.test' ip='10.1.1.3'/>"
	"<host mac='52:54:00:00:00:03' ip='10.1.1.4'/></dhcp></ip>"
	"<ip family='ipv6' address='fd00::1' prefix='64'><dhcp>"
	"<host id='0:3:0:1:52:54:0:0:0:1' name='db' ip='fd00::2'/></dhcp></ip></network>";

static void owners(const struct vnm_names *names, const char *name, size_t should)
{
	size_t n = 99;
	const struct vnm_name *found = vnm_names_find(names, name, &n);

	VNM_ASSERT_INT_EQ(n, should);
	CU_ASSERT_EQUAL(found != NULL, should > 0);
	for (size_t i = 0; i < n; i++)
		CU_ASSERT_TRUE(found[i].len <= strlen(name) &&
			       !strncasecmp(found[i].text, name, found[i].len));
}

static void test_owners(void)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	vnm_autonames struct vnm_names names = { 0 };
	struct vnm_error err = { 0 };

	VNM_ASSERT_OK_FATAL(vnm_network_xml_parse(definition, strlen(definition), "t", &net, &err),
			    err);
	vnm_names_init(&names, &net);
	VNM_ASSERT_INT_EQ(names.n, 5);
	owners(&names, "db", 3);
	owners(&names, "Db.LAB.test", 3);
	owners(&names, "db.lab", 0);
	owners(&names, "d", 0);
	owners(&names, "dbx", 0);
	owners(&names, "x.y", 1);
	owners(&names, "x", 0);
	owners(&names, "lab.test", 1);
	owners(&names, "", 0);
}

static void test_nobody(void)
{
	struct vnm_network net = { 0 };
	vnm_autonames struct vnm_names names = { 0 };

	vnm_names_init(&names, &net);
	VNM_ASSERT_INT_EQ(names.n, 0);
	owners(&names, "db", 0);
}

const struct vnm_test vnm_tests[] = { { "owners", test_owners },
				      { "nobody", test_nobody },
				      { 0 } };
