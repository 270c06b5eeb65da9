/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz_cni.c - the configuration of the CNI plugin: JSON of container runtimes. */
#include "fuzz.h"

#include <string.h>

#include "cni/config.h"
#include "cni/env.h"

const char vnm_fuzz_name[] = "cni";

/** LLVMFuzzerTestOneInput() - a configuration. Return: 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct vnm_cni_config config = { 0 };
	struct vnm_cni_failure failure = { 0 };
	const struct vnm_attachment *guest = &config.guest;
	int r = vnm_cni_config_parse(text, size, &config, &failure);

	vnm_fuzz_true((r < 0) == (failure.code != VNM_CNI_CODE_OK), "a failure has a code",
		      failure.msg);
	vnm_fuzz_true((r < 0) == (*failure.msg != '\0'), "a failure has a message", failure.msg);
	if (r == 0) {
		vnm_fuzz_true(vnm_name_valid(config.network), "a network", config.network);
		for (size_t i = 0; i < guest->n_aliases; i++)
			vnm_fuzz_true(vnm_hostname_valid(guest->aliases[i].name), "an alias",
				      guest->aliases[i].name);
		for (size_t i = 0; i < guest->n_forwards; i++)
			vnm_fuzz_true(guest->forwards[i].port.first > 0 &&
					      guest->forwards[i].to_port.v > 0,
				      "a port", config.network);
		for (size_t i = 0; i < guest->n_ips; i++)
			vnm_fuzz_true(guest->ips[i].address.family != 0, "an address",
				      config.network);
		for (size_t i = 0; i < config.n_valid; i++)
			vnm_fuzz_true(!strncmp(config.valid[i], VNM_CNI_PREFIX,
					       strlen(VNM_CNI_PREFIX)),
				      "an ID", config.valid[i]);
	}
	vnm_cni_config_clear(&config);
	return 0;
}
