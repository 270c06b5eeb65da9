/* SPDX-License-Identifier: GPL-2.0-or-later */
/* config.h - a plugin's configuration, which comes by standard input. */
#ifndef VNM_CNI_CONFIG_H
#define VNM_CNI_CONFIG_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "cni/failure.h"
#include "model/attach.h"

#define VNM_CNI_NEWEST "1.1.0"
#define VNM_CNI_TEXT_MAX (1024 * 1024)

/** enum vnm_cni_version - the versions that there are, the oldest first. */
enum vnm_cni_version {
	VNM_CNI_SPEC_0_3_0,
	VNM_CNI_SPEC_0_3_1,
	VNM_CNI_SPEC_0_4_0,
	VNM_CNI_SPEC_1_0_0,
	VNM_CNI_SPEC_1_1_0,
	VNM_CNI_SPEC_COUNT
};

extern const char *const vnm_cni_versions[VNM_CNI_SPEC_COUNT];

/**
 * struct vnm_cni_config - what is asked for
 * @network:   of ours: "network", or else the configuration's own name
 * @guest:     settings of the attachment: portgroup, isolated, VLANs, gateway, MAC and IP addresses, aliases, ports
 * @previous:  "prevResult", or NULL
 * @gc:        a list of valid attachments was given: @valid, by ID
 * @text:      the whole object, which owns @previous
 */
struct vnm_cni_config {
	enum vnm_cni_version version;
	char *network;
	struct vnm_attachment guest;
	const json_t *previous;
	bool gc;
	char **valid;
	size_t n_valid;
	json_t *text;
};

int vnm_cni_config_parse(const char *text, size_t len, struct vnm_cni_config *ret,
			 struct vnm_cni_failure *failure);
void vnm_cni_config_clear(struct vnm_cni_config *config);
int vnm_cni_add_address(struct vnm_attachment *guest, const char *text,
			struct vnm_cni_failure *failure);
int vnm_cni_set_mac(struct vnm_attachment *guest, const char *text,
		    struct vnm_cni_failure *failure);

#endif
