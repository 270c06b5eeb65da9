/* SPDX-License-Identifier: GPL-2.0-or-later */
/* failure.c - what went wrong, as CNI reports it: an object on standard output, and a line on standard error for people. */
#include "cni/failure.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>

#include "cni/output.h"

/**
 * vnm_cni_fail() - set what failed, where the code says why
 * @failure: set
 * @code:    its code
 * @fmt:     what failed
 *
 * Return: -1.
 */
int vnm_cni_fail(struct vnm_cni_failure *failure, enum vnm_cni_code code, const char *fmt, ...)
{
	va_list ap;

	failure->code = code;
	va_start(ap, fmt);
	vsnprintf(failure->msg, sizeof(failure->msg), fmt, ap);
	va_end(ap);
	return -1;
}

static enum vnm_cni_code code_of(const struct vnm_error *err)
{
	static const struct {
		enum vnm_err err;
		enum vnm_cni_code code;
	} codes[] = {
		{ VNM_ERR_SYSTEM, VNM_CNI_CODE_IO },
		{ VNM_ERR_NO_NETWORK, VNM_CNI_CODE_CONFIG },
		{ VNM_ERR_USAGE, VNM_CNI_CODE_CONFIG },
		{ VNM_ERR_XML_MEANING, VNM_CNI_CODE_CONFIG },
		{ VNM_ERR_NAME_IN_USE, VNM_CNI_CODE_IN_USE },
		{ VNM_ERR_PORT_IN_USE, VNM_CNI_CODE_IN_USE },
		{ VNM_ERR_INACTIVE, VNM_CNI_CODE_INACTIVE },
		{ VNM_ERR_NO_DEVICE, VNM_CNI_CODE_UNKNOWN_CONTAINER },
		{ VNM_ERR_BUSY, VNM_CNI_CODE_TRY_LATER },
	};

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (codes[i].err == err->code)
			return codes[i].code;
	return VNM_CNI_CODE_FAILED;
}

/**
 * vnm_cni_fail_cause() - set what failed, for the reason of @failure->cause
 * @failure: gets the code for that reason
 * @fmt:     what failed
 *
 * Return: -1.
 */
int vnm_cni_fail_cause(struct vnm_cni_failure *failure, const char *fmt, ...)
{
	va_list ap;

	failure->code = code_of(&failure->cause);
	va_start(ap, fmt);
	vsnprintf(failure->msg, sizeof(failure->msg), fmt, ap);
	va_end(ap);
	return -1;
}

/** vnm_cni_failure_print() - the error object. @version: of the request, or the newest. Return: 1, the exit status. */
int vnm_cni_failure_print(const struct vnm_cni_failure *failure, const char *version)
{
	json_t *object = json_object();

	fprintf(stderr, "error: %s%s%s\n", failure->msg, *failure->cause.msg ? ": " : "",
		failure->cause.msg);
	json_object_set_new(object, "cniVersion", json_string(version));
	json_object_set_new(object, "code", json_integer(failure->code));
	json_object_set_new(object, "msg", json_string(failure->msg));
	if (*failure->cause.msg)
		json_object_set_new(object, "details", json_string(failure->cause.msg));
	(void)vnm_cni_print(object);
	json_decref(object);
	return 1;
}
