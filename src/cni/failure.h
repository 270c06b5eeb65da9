/* SPDX-License-Identifier: GPL-2.0-or-later */
/* failure.h - what went wrong, as CNI reports it. */
#ifndef VNM_CNI_FAILURE_H
#define VNM_CNI_FAILURE_H

#include "util/error.h"

/** enum vnm_cni_code - of an error object; by CNI's specification, and from 100 our own. */
enum vnm_cni_code {
	VNM_CNI_CODE_OK,
	VNM_CNI_CODE_VERSION = 1,
	VNM_CNI_CODE_UNKNOWN_CONTAINER = 3,
	VNM_CNI_CODE_ENVIRONMENT = 4,
	VNM_CNI_CODE_IO = 5,
	VNM_CNI_CODE_DECODE = 6,
	VNM_CNI_CODE_CONFIG = 7,
	VNM_CNI_CODE_TRY_LATER = 11,
	VNM_CNI_CODE_NOT_AVAILABLE = 50,
	VNM_CNI_CODE_LIMITED = 51, /* not available, and existing containers may lack something */
	VNM_CNI_CODE_FAILED = 100,
	VNM_CNI_CODE_IN_USE = 101, /* an ID, a name, an address or a port */
	VNM_CNI_CODE_INACTIVE = 102,
	VNM_CNI_CODE_NOT_AS_IT_WAS = 103, /* CHECK */
};

/** struct vnm_cni_failure - zeroed: none. @msg: what failed; @cause: why, and what to do */
struct vnm_cni_failure {
	enum vnm_cni_code code;
	char msg[VNM_ERROR_MAX];
	struct vnm_error cause;
};

int vnm_cni_fail(struct vnm_cni_failure *failure, enum vnm_cni_code code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
int vnm_cni_fail_cause(struct vnm_cni_failure *failure, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
int vnm_cni_failure_print(const struct vnm_cni_failure *failure, const char *version);

#endif
