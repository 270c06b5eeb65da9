/* SPDX-License-Identifier: GPL-2.0-or-later */
/* namespaces.h - which namespaces of the kernel this process is in, and whether others are in use. */
#ifndef VNM_UTIL_NAMESPACES_H
#define VNM_UTIL_NAMESPACES_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/** enum vnm_ns_kind - those on which records of devices and processes depend. */
enum vnm_ns_kind {
	VNM_NAMESPACE_NET, /* devices, rules, addresses */
	VNM_NAMESPACE_PID, /* process numbers */
	VNM_NAMESPACE_TIME, /* start times */
	VNM_NAMESPACE_COUNT
};

/**
 * struct vnm_namespaces - those of a process
 * @id:     the inode of each, as in "net:[4026531840]"; 0: this kernel has none of the kind
 * @cookie: of the network namespace; 0: unknown
 */
struct vnm_namespaces {
	uint64_t id[VNM_NAMESPACE_COUNT];
	uint64_t cookie;
};

extern const char *const vnm_namespace_words[VNM_NAMESPACE_COUNT]; /* "net", "pid", "time" */
extern const char *const vnm_namespace_names[VNM_NAMESPACE_COUNT]; /* "network", "process", "time" */

int vnm_namespace_enter(int fd, int type);
int vnm_namespace_cookie(uint64_t *ret); /* 0: this kernel has none */
bool vnm_namespace_cookies_match(uint64_t a, uint64_t b);
int vnm_namespaces_of(pid_t pid, struct vnm_namespaces *ret); /* 0: our own */
bool vnm_namespaces_first(const struct vnm_namespaces *ns);
int vnm_namespace_used(enum vnm_ns_kind kind, uint64_t id);

#endif
