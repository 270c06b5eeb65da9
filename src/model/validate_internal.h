/* validate_internal.h - what the files of the validation share. Not for others. */
#ifndef VNM_MODEL_VALIDATE_INTERNAL_H
#define VNM_MODEL_VALIDATE_INTERNAL_H

#include "model/validate.h"

/** struct vnm_check - one validation on its way. */
struct vnm_check {
	const struct vnm_network *net;
	struct vnm_notes *warnings;
	struct vnm_error *err;
};

int vnm_check_fail(struct vnm_check *check, const struct vnm_at *at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void vnm_check_warn(struct vnm_check *check, const struct vnm_at *at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

int vnm_check_ips(struct vnm_check *check);
int vnm_check_routes(struct vnm_check *check);
int vnm_check_dhcp(struct vnm_check *check, const struct vnm_ip *ip);
int vnm_check_dns(struct vnm_check *check);
int vnm_check_range(struct vnm_check *check, const struct vnm_at *at, const struct vnm_addr *start,
		    const struct vnm_addr *end);
int vnm_check_prefix(struct vnm_check *check, const struct vnm_at *at, const struct vnm_addr *address,
		     const struct vnm_addr *netmask, const struct vnm_uint *prefix, const char *what);

#endif
