/* SPDX-License-Identifier: GPL-2.0-or-later */
/* paths.h - the paths of the state directories; --root DIR (or VNETMGR_ROOT) puts all of them below DIR. */
#ifndef VNM_STATE_PATHS_H
#define VNM_STATE_PATHS_H

#include "plan/facts.h"
#include "util/error.h"

/**
 * struct vnm_paths - absolute directories, and two files
 * @public: those of the public summary, which is root's (public.h)
 * @old_attachments, @old_made: the places of @attachments and @made in earlier versions; NULL unless they exist
 */
struct vnm_paths {
	char *config; /* $sysconfdir/vnetmgr/networks: NAME.xml, autostart/NAME.xml */
	char *settings; /* $sysconfdir/vnetmgr/network.conf */
	char *host_conf; /* $sysconfdir/vnetmgr/host.conf */
	char *run; /* /run/vnetmgr: lock, NAME.journal, NAME.xml, dnsmasq/NAME/ */
	char *hooks; /* $sysconfdir/vnetmgr/hooks: network, network.d/ */
	char *attachments; /* $localstatedir/lib/vnetmgr/attachments: NETWORK.xml */
	char *made; /* /run/vnetmgr/attachments: NETWORK/DEV.journal */
	char *old_attachments; /* $localstatedir/lib/vnetmgr/ports */
	char *old_made; /* /run/vnetmgr/attached */
	char *frr_conf, *frr_sockets; /* FRR's: /etc/frr, with frr.conf; /run/frr */
	char *leases; /* $localstatedir/lib/vnetmgr/leases: NAME */
	bool public;
};

void vnm_paths_init(struct vnm_paths *paths, const char *root);
int vnm_paths_check(const struct vnm_paths *paths, const char *root, struct vnm_error *err);
void vnm_paths_find_old(struct vnm_paths *paths);
void vnm_paths_clear(struct vnm_paths *paths);
void vnm_paths_dnsmasq(const struct vnm_paths *paths, const char *name,
		       struct vnm_dnsmasq_paths *ret);

#endif
