/* SPDX-License-Identifier: GPL-2.0-or-later */
/* validate_lease.c - <lease>: lease times. */
#include "model/validate_lease.h"

#define LEASE_MIN 120 /* seconds; dnsmasq's minimum */
#define LEASE_MAX (UINT32_MAX - 1) /* seconds; one more is "for ever" (RFC 2131 3.3) */

/**
 * vnm_check_lease() - a lease time
 * @check: the validation
 * @lease: may be absent
 *
 * Return: 0 or -EINVAL.
 */
int vnm_check_lease(struct vnm_check *check, const struct vnm_lease *lease)
{
	uint64_t seconds;

	if (!lease->at.present || !lease->expiry.set)
		return 0;
	seconds = vnm_lease_seconds(lease);
	if (seconds > 0 && seconds < LEASE_MIN)
		return vnm_check_fail(check, &lease->at,
				      "The minimum lease time should be greater than 2 minutes");
	if (seconds > LEASE_MAX)
		return vnm_check_fail(check, &lease->at,
				      "the lease time is too long: DHCP has at most %u seconds; "
				      "expiry='0' never ends",
				      LEASE_MAX);
	return 0;
}
