/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check_overlay.c - what is wrong between the hosts of an overlay, as model/overlay_fault.c has found it. */
#include "doctor/check_overlay.h"

#include "model/overlay.h"

static void find(const struct vnm_case *c, enum vnm_overlay_fault_kind kind,
		 struct vnm_findings *found)
{
	char host[VNM_ADDR_STRLEN], dev[VNM_OVERLAY_DEV_SIZE];

	for (size_t i = 0; i < c->hosts.n; i++) {
		const struct vnm_overlay_fault *fault = &c->hosts.items[i];

		vnm_overlay_dev(&c->net->overlay, dev);
		if (fault->kind == kind)
			VNM_FOUND(found, .value = fault->text, .dev = dev,
				  .address = fault->host.family
						     ? vnm_addr_format(&fault->host, host)
						     : NULL);
	}
}

/** vnm_check_host_silent() - a host does not answer */
void vnm_check_host_silent(const struct vnm_case *c, struct vnm_findings *found)
{
	find(c, VNM_HOST_SILENT, found);
}

/** vnm_check_host_absent() - a host answers, but not on the network */
void vnm_check_host_absent(const struct vnm_case *c, struct vnm_findings *found)
{
	find(c, VNM_HOST_ABSENT, found);
}

/** vnm_check_host_gateway() - a host has the gateway with another MAC address */
void vnm_check_host_gateway(const struct vnm_case *c, struct vnm_findings *found)
{
	find(c, VNM_HOST_GATEWAY, found);
}

/** vnm_check_host_number() - two hosts have one number */
void vnm_check_host_number(const struct vnm_case *c, struct vnm_findings *found)
{
	find(c, VNM_HOST_NUMBER, found);
}

/** vnm_check_host_mtu() - large packets do not get to a host */
void vnm_check_host_mtu(const struct vnm_case *c, struct vnm_findings *found)
{
	find(c, VNM_HOST_PACKETS, found);
}

/** vnm_check_host_twin() - guests on two hosts have one address */
void vnm_check_host_twin(const struct vnm_case *c, struct vnm_findings *found)
{
	find(c, VNM_HOST_TWIN, found);
}

/** vnm_check_host_session() - with EVPN, a reflector has no session with this host */
void vnm_check_host_session(const struct vnm_case *c, struct vnm_findings *found)
{
	find(c, VNM_HOST_SESSION, found);
}

/** vnm_check_host_untold() - with EVPN, the other hosts are not told of this one */
void vnm_check_host_untold(const struct vnm_case *c, struct vnm_findings *found)
{
	find(c, VNM_HOST_UNTOLD, found);
}

/** vnm_check_host_unflooded() - with EVPN, the kernel does not send to a host that FRR knows */
void vnm_check_host_unflooded(const struct vnm_case *c, struct vnm_findings *found)
{
	find(c, VNM_HOST_UNFLOODED, found);
}

/** vnm_check_host_stale() - with EVPN, the kernel sends to a host that FRR does not know */
void vnm_check_host_stale(const struct vnm_case *c, struct vnm_findings *found)
{
	find(c, VNM_HOST_STALE, found);
}

/** vnm_check_host_unwatched() - with EVPN, BFD is wanted, and does not run */
void vnm_check_host_unwatched(const struct vnm_case *c, struct vnm_findings *found)
{
	find(c, VNM_HOST_UNWATCHED, found);
}

/** vnm_check_host_password() - with EVPN, FRR has another network's password */
void vnm_check_host_password(const struct vnm_case *c, struct vnm_findings *found)
{
	find(c, VNM_HOST_PASSWORD, found);
}
