/* SPDX-License-Identifier: GPL-2.0-or-later */
/* error.h - one error, set where it is detected and returned by value. */
#ifndef VNM_UTIL_ERROR_H
#define VNM_UTIL_ERROR_H

#include <stdbool.h>
#include <stddef.h>

#define VNM_ERROR_MAX 1024

/** enum vnm_err - what kind of failure it was; tests assert these, never the wording. */
enum vnm_err {
	VNM_ERR_NONE,
	VNM_ERR_SYSTEM,		/* a system call or kernel request failed */
	VNM_ERR_USAGE,		/* a wrong argument of the caller or the user */
	VNM_ERR_XML_SYNTAX,	/* not well-formed, or a DOCTYPE */
	VNM_ERR_XML_SCHEMA,	/* well-formed, but not what the vocabulary allows */
	VNM_ERR_XML_MEANING,	/* allowed by the vocabulary, but invalid */
	VNM_ERR_NO_NAME,	/* a definition without a name */
	VNM_ERR_NO_NETWORK,	/* no network of that name or UUID */
	VNM_ERR_NAME_IN_USE,
	VNM_ERR_UUID_IN_USE,
	VNM_ERR_BRIDGE_IN_USE,
	VNM_ERR_SUBNET_IN_USE,
	VNM_ERR_PORT_IN_USE,	/* forwarded by another network, or taken by a service of the host */
	VNM_ERR_ACTIVE,		/* the network is active and must not be */
	VNM_ERR_INACTIVE,	/* the network is not active and must be */
	VNM_ERR_INVALID,	/* the network as it is does not permit the operation */
	VNM_ERR_TRANSIENT,	/* the operation needs a persistent network */
	VNM_ERR_FOREIGN,	/* the object exists, and is foreign */
	VNM_ERR_NO_DEVICE,	/* a device that the definition names is missing */
	VNM_ERR_UNSUPPORTED,	/* this kernel or machine lacks something */
	VNM_ERR_PERMISSION,
	VNM_ERR_BUSY,		/* timeout of a lock */
	VNM_ERR_STATE,		/* a state file is damaged or not ours */
	VNM_ERR_DNSMASQ,	/* dnsmasq refused to start or died */
	VNM_ERR_HOOK,		/* a hook failed, or must not be run */
	VNM_ERR_NEWER,		/* the state of a newer version has something unknown */
	VNM_ERR_CHANGED,	/* changed by somebody else in the meantime */
	VNM_ERR_NO_PORT,	/* no port of that UUID */
	VNM_ERR_PORT_EXISTS,	/* a port of that UUID is there */
	VNM_ERR_COUNT
};

/**
 * struct vnm_error - an error on the caller's stack; zero-initialise it.
 * @code: the kind
 * @sys:  the errno behind it, 0 when there was none
 * @msg:  one line without "error:" and without a newline: what failed, on what, what to do
 */
struct vnm_error {
	enum vnm_err code;
	int sys;
	char msg[VNM_ERROR_MAX];
};

int vnm_error_set(struct vnm_error *err, enum vnm_err code, int sys, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
int vnm_error_prefix(struct vnm_error *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
int vnm_error_errno(const struct vnm_error *err);

/* For static analysers, which see one file at a time: an error is always a failure. */
#ifdef VNM_ANALYZE
#define vnm_error_set(...) (vnm_error_set(__VA_ARGS__), -1)
#define vnm_error_prefix(...) (vnm_error_prefix(__VA_ARGS__), -1)
#endif

/**
 * struct vnm_warnings - lines for the user that are no error: warnings of a pure function.
 * @items: the lines, without "warning:" and without a newline
 * @n:     how many
 */
struct vnm_warnings {
	char **items;
	size_t n;
};

void vnm_warnings_add(struct vnm_warnings *warnings, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
bool vnm_warnings_has(const struct vnm_warnings *warnings, const char *line);
void vnm_warnings_add_once(struct vnm_warnings *warnings, const char *line);
void vnm_warnings_clear(struct vnm_warnings *warnings);

#endif
