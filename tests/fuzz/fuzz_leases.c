/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz_leases.c - dnsmasq's lease file: what guests sent is in it. */
#include "fuzz.h"

#include <string.h>

#include "sys/process/dnsmasq.h"
#include "sys/process/leases.h"
#include "util/mem.h"
#include "util/parse.h"

const char vnm_fuzz_name[] = "leases";

/** LLVMFuzzerTestOneInput() - a lease file. Return: 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	vnm_autofree char *text = vnm_strndup((const char *)data, size);
	struct vnm_lease_entry *leases = NULL;
	size_t n = 0;

	vnm_fuzz_true(vnm_leases_parse(text, &leases, &n) >= 0, "it is always read", text);
	for (size_t i = 0; i < n; i++) {
		vnm_fuzz_true(leases[i].addr.family != 0, "a lease of no address", text);
		vnm_fuzz_true(!leases[i].hostname || vnm_hostname_valid(leases[i].hostname),
			      "a host name", text);
		vnm_fuzz_true(!leases[i].client_id ||
				      leases[i].client_id[strspn(leases[i].client_id,
								 "0123456789abcdefABCDEF:")] == 0,
			      "a client identifier", text);
	}
	vnm_leases_free(leases, n);
	return 0;
}
