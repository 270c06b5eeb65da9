/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_xpath.c - parts of a printed definition, as virsh 9.0.0 prints them. */
#include "runner.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "util/buf.h"
#include "util/mem.h"
#include "xml/xpath.h"

const char vnm_suite[] = "xpath";

static const char network[] =
	"<network>\n"
	"  <name>a&amp;b</name>\n"
	"  <metadata>\n"
	"    <app:x xmlns:app='http://example.org/app' app:y='1'>text<app:z/></app:x>\n"
	"  </metadata>\n"
	"  <ip address='10.1.1.1' netmask='255.255.255.0'>\n"
	"    <dhcp>\n"
	"      <range start='10.1.1.2' end='10.1.1.9'/>\n"
	"    </dhcp>\n"
	"  </ip>\n"
	"  <ip address='10.1.2.1' prefix='24'>\n"
	"  </ip>\n"
	"</network>\n";

#define FIRST_IP                                                \
	"<ip address=\"10.1.1.1\" netmask=\"255.255.255.0\">\n" \
	"  <dhcp>\n"                                            \
	"    <range start=\"10.1.1.2\" end=\"10.1.1.9\"/>\n"    \
	"  </dhcp>\n"                                           \
	"</ip>\n"
/* Nothing but blanks in an element are its text, as in virsh. */
#define SECOND_IP "<ip address=\"10.1.2.1\" prefix=\"24\">\n  </ip>\n"

static void finds(const char *expression, bool wrap, const char *should)
{
	vnm_autobuf struct vnm_buf out = { 0 };
	struct vnm_error err = { 0 };

	VNM_ASSERT_INT_EQ(vnm_xpath_print(network, strlen(network), expression, wrap, &out, &err),
			  0);
	VNM_ASSERT_STR_EQ(vnm_buf_str(&out), should);
	VNM_ASSERT_STR_EQ(err.msg, "");
}

static void test_elements(void)
{
	finds("//ip", false, FIRST_IP SECOND_IP);
	finds("ip[2]", false, SECOND_IP);
	finds("//range", false, "<range start=\"10.1.1.2\" end=\"10.1.1.9\"/>\n");
	finds("//name", false, "<name>a&amp;b</name>\n");
	finds("/network/*[local-name()='ip']/dhcp/range[@end='10.1.1.9']/..", false,
	      "<dhcp>\n  <range start=\"10.1.1.2\" end=\"10.1.1.9\"/>\n</dhcp>\n");
}

static void test_what_is_no_element(void)
{
	finds("//ip/@address", false, " address=\"10.1.1.1\"\n address=\"10.1.2.1\"\n");
	finds("//name/text()", false, "a&amp;b\n");
	finds("//nosuch", false, "");
	finds("//*[local-name()='x']/@*", false, " app:y=\"1\"\n");
}

static void test_wrapped(void)
{
	finds("//range", true,
	      "<nodes>\n  <range start=\"10.1.1.2\" end=\"10.1.1.9\"/>\n</nodes>\n");
	finds("//name/text()", true, "<nodes>a&amp;b</nodes>\n");
	finds("//ip/@address", true, "<nodes address=\"10.1.2.1\"/>\n");
	finds("//nosuch", true, "<nodes/>\n");
	finds("//*[local-name()='z']", true,
	      "<nodes>\n  <app:z xmlns:app=\"http://example.org/app\"/>\n</nodes>\n");
}

/* Where virsh prints what no XML reader takes, or bytes of memory that is not its own any more. */
static void test_whole_documents_and_namespaces(void)
{
	vnm_autobuf struct vnm_buf plain = { 0 }, wrapped = { 0 };
	struct vnm_error err = { 0 };

	VNM_ASSERT_INT_EQ(vnm_xpath_print(network, strlen(network), "/", false, &plain, &err), 0);
	CU_ASSERT_EQUAL(strncmp(vnm_buf_str(&plain), "<?xml version=\"1.0\"", 19), 0);
	VNM_ASSERT_INT_EQ(vnm_xpath_print(network, strlen(network), "/", true, &wrapped, &err), 0);
	CU_ASSERT_EQUAL(strncmp(vnm_buf_str(&wrapped), "<nodes>\n  <network>\n", 20), 0);
	finds("//*[local-name()='z']/namespace::app", false,
	      " xmlns:app=\"http://example.org/app\"\n");
	finds("//*[local-name()='z']/namespace::app", true, "<nodes/>\n");
}

static void refused(const char *expression, const char *message)
{
	vnm_autobuf struct vnm_buf out = { 0 };
	struct vnm_error err = { 0 };

	CU_ASSERT(vnm_xpath_print(network, strlen(network), expression, false, &out, &err) < 0);
	VNM_ASSERT_INT_EQ(err.code, VNM_ERR_USAGE);
	VNM_ASSERT_STR_EQ(err.msg, message);
	VNM_ASSERT_STR_EQ(vnm_buf_str(&out), "");
}

static void refusals(void)
{
	refused("count(//ip)",
		"Incorrect xpath 'count(//ip)': it must name elements, attributes or text");
	refused("1 = 1", "Incorrect xpath '1 = 1': it must name elements, attributes or text");
	refused("//ip[", "Incorrect xpath '//ip[': Invalid expression");
	refused("", "Incorrect xpath '': Invalid expression");
	refused("//x:ip", "Incorrect xpath '//x:ip': Undefined namespace prefix");
	refused("nosuch()", "Incorrect xpath 'nosuch()': Unregistered function");
}

/* libxml2 would print errors itself. */
static void test_refusals_are_quiet(void)
{
	int file = memfd_create("stderr", MFD_CLOEXEC), saved = dup(STDERR_FILENO);

	fflush(stderr);
	dup2(file, STDERR_FILENO);
	refusals();
	fflush(stderr);
	dup2(saved, STDERR_FILENO);
	VNM_ASSERT_INT_EQ(lseek(file, 0, SEEK_END), 0);
	close(saved);
	close(file);
}

/* Each level takes as many times longer as there are elements: without a limit, twelve of them do not end. */
static void test_what_costs_too_much(void)
{
	vnm_autofree char *nested = vnm_strdup("//*");
	struct vnm_error err = { 0 };
	vnm_autobuf struct vnm_buf out = { 0 };

	for (int i = 0; i < 12; i++) {
		char *deeper = vnm_asprintf("//*[count(%s)>0]", nested);

		free(nested);
		nested = deeper;
	}
	CU_ASSERT(vnm_xpath_print(network, strlen(network), nested, false, &out, &err) < 0);
	VNM_ASSERT_INT_EQ(err.code, VNM_ERR_USAGE);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, ": the expression is too expensive"));
	VNM_ASSERT_STR_EQ(vnm_buf_str(&out), "");
	finds("//*[count(//*[count(//*)>0])>0]/range", false,
	      "<range start=\"10.1.1.2\" end=\"10.1.1.9\"/>\n");
}

const struct vnm_test vnm_tests[] = { { "elements", test_elements },
				      { "what_is_no_element", test_what_is_no_element },
				      { "wrapped", test_wrapped },
				      { "whole_documents_and_namespaces",
					test_whole_documents_and_namespaces },
				      { "refusals_are_quiet", test_refusals_are_quiet },
				      { "what_costs_too_much", test_what_costs_too_much },
				      { 0 } };
