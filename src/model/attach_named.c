/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attach_named.c - whose a name is that a guest could have, by the definition of its network. */
#include "model/attach_named.h"

static bool is_guest(const struct vnm_name *owner, const struct vnm_attachment *attach)
{
	if (owner->host && owner->host->mac.set && attach->mac.set &&
	    vnm_mac_equal(&owner->host->mac, &attach->mac))
		return true;
	for (size_t i = 0; i < attach->n_ips; i++)
		if (vnm_addr_equal(&attach->ips[i].address, &owner->ip))
			return true;
	return false;
}

/**
 * vnm_attach_named() - whose a name is
 * @names:  of the definition, without what attachments add to it
 * @attach: the guest, with its addresses
 * @name:   the name
 *
 * Return: the guest's, too, if the name leads to one of its addresses among others.
 */
enum vnm_attach_named vnm_attach_named(const struct vnm_names *names,
				       const struct vnm_attachment *attach, const char *name)
{
	size_t n;
	const struct vnm_name *first = vnm_names_find(names, name, &n);

	for (size_t i = 0; first && i < n; i++)
		if (is_guest(&first[i], attach))
			return VNM_ATTACH_NAMED_OWN;
	return first ? VNM_ATTACH_NAMED_OTHER : VNM_ATTACH_NAMED_FREE;
}
