/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check_own.c - is the network whole, and is nothing of others in its way? What net-info calls degraded. */
#include "doctor/check_own.h"

#include <stdio.h>
#include <string.h>

#include "util/mem.h"

/** vnm_check_inactive() - the network is not active, and nothing is known that would keep it from starting */
void vnm_check_inactive(const struct vnm_case *c, struct vnm_findings *found)
{
	if (!c->active && !c->rival.port)
		VNM_FOUND(found, .dev = NULL);
}

/** vnm_check_port_taken() - the network is not active, and could not be started */
void vnm_check_port_taken(const struct vnm_case *c, struct vnm_findings *found)
{
	char pid[16];

	if (c->active || !c->rival.port)
		return;
	snprintf(pid, sizeof(pid), "%d", c->rival.pid);
	VNM_FOUND(found, .number = c->rival.port,
		  .value = c->rival.name ? c->rival.name : "another program",
		  .other = c->rival.pid ? pid : NULL);
}

/** vnm_check_part() - a part of the network is missing, or not in effect */
void vnm_check_part(const struct vnm_case *c, struct vnm_findings *found)
{
	for (size_t i = 0; i < c->missing.n; i++) {
		bool rules = strstr(c->missing.items[i], " firewall rule") != NULL;
		vnm_autofree char *text = vnm_asprintf(
			"%s%s", c->missing.items[i],
			rules ? ": they were flushed or deleted, and packets that need them are "
				"lost"
			      : "");

		VNM_FOUND(found, .value = text);
	}
}

/* A repair does not replace a file of somebody else. */
static char *mend_of(const struct vnm_case *c, const struct vnm_case_guest *guest)
{
	const char *name = guest->attach->netns_name ? guest->attach->netns_name : "";
	vnm_autofree char *file = vnm_asprintf("/etc/netns/%s/resolv.conf", name);
	bool in_the_way = strstr(guest->lacks, file) && strstr(guest->lacks, "somebody else's");

	return vnm_asprintf("%s%s%svnetmgr net-repair %s", in_the_way ? "rm " : "",
			    in_the_way ? file : "", in_the_way ? " && " : "", c->net->name);
}

/** vnm_check_attachment() - a guest lacks something, and no other check says why */
void vnm_check_attachment(const struct vnm_case *c, struct vnm_findings *found)
{
	for (size_t i = 0; i < c->n_guests; i++) {
		const struct vnm_case_guest *guest = &c->guests[i];
		vnm_autofree char *mend = guest->lacks ? mend_of(c, guest) : NULL;

		if (mend && !vnm_findings_about(found, guest))
			VNM_FOUND(found, .guest = guest, .value = guest->lacks, .mend = mend);
	}
}

/** vnm_check_obstacle() - rules of others drop packets that ours accept */
void vnm_check_obstacle(const struct vnm_case *c, struct vnm_findings *found)
{
	for (size_t i = 0; i < c->obstacles.n; i++)
		VNM_FOUND(found, .value = c->obstacles.items[i].text,
			  .path = c->obstacles.items[i].show, .mend = c->obstacles.items[i].mend);
}
