/* SPDX-License-Identifier: GPL-2.0-or-later */
/* result.h - the result of ADD. */
#ifndef VNM_CNI_RESULT_H
#define VNM_CNI_RESULT_H

#include <jansson.h>
#include <stdbool.h>

#include "cni/config.h"
#include "driver/driver.h"

json_t *vnm_cni_result(const struct vnm_cni_config *config, const struct vnm_attachment *attach,
		       const struct vnm_guest_view *view);
bool vnm_cni_result_has(const json_t *result, const struct vnm_attachment *attach);

#endif
