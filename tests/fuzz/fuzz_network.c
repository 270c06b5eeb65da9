/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz_network.c - a definition, from its bytes to the text of dnsmasq's configuration. */
#include "fuzz.h"

#include "model/validate.h"
#include "util/mem.h"

const char vnm_fuzz_name[] = "network";
const size_t vnm_fuzz_head = 0;

/** LLVMFuzzerTestOneInput() - an XML file. Return: 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	vnm_autofree char *text = vnm_strndup((const char *)data, size);
	vnm_autonetwork struct vnm_network net = { 0 };
	struct vnm_warnings warnings = { 0 };
	struct vnm_error err = { 0 };
	int r;

	/* The bytes as they are: a NUL among them must not end what is looked at. */
	r = vnm_network_xml_parse((const char *)data, size, "in.xml", &net, &err);
	if (r == 0)
		r = vnm_network_validate(&net, &warnings, &err);
	if (r == 0)
		r = vnm_network_xml_check((const char *)data, size, "in.xml", vnm_fuzz_schema(),
					  &err);
	vnm_warnings_clear(&warnings);
	vnm_fuzz_true((r < 0) == (err.code != VNM_ERR_NONE), "an error without a reason", text);
	if (r == 0)
		vnm_fuzz_accepted(&net, vnm_fuzz_salt(data, size));
	return 0;
}
