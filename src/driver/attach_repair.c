/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attach_repair.c - net-repair, of a network's guests. */
#include "driver/attach_repair.h"

#include <string.h>

#include "driver/attach.h"
#include "run/guest_renumber.h"
#include "run/guest_restore.h"
#include "run/guest_state.h"
#include "state/guest_store.h"
#include "state/session.h"
#include "util/mem.h"
#include "xml/attach_xml.h"

/* Was it reported already what the guest lacks? */
static bool is_named(const struct vnm_buf *text, const struct vnm_attachment *attach)
{
	vnm_autofree char *guest = vnm_asprintf("guest %s", attach->dev);
	const char *at = vnm_buf_str(text);

	while ((at = strstr(at, guest))) {
		at += strlen(guest);
		if (!*at || strchr(" ,", *at))
			return true;
	}
	return false;
}

/* The first error is the result; the others are reported as warnings. */
static void note_failure(struct vnm_driver *drv, const struct vnm_attachment *attach, bool first,
			 struct vnm_error *this, struct vnm_error *err)
{
	vnm_autofree char *guest = vnm_attach_guest_name(attach);

	(void)vnm_error_prefix(this, "guest %s: ", guest);
	if (first)
		*err = *this;
	else
		vnm_driver_report(drv, VNM_REPORT_WARNING, "%s", this->msg);
}

/* Its namespace is gone. */
static int remove_gone(struct vnm_driver *drv, const struct vnm_attachment *attach,
		       struct vnm_steps *steps, struct vnm_error *err)
{
	vnm_autoplan struct vnm_plan plan = { 0 };
	int r;

	if (!drv->assumed)
		return vnm_driver_detach(drv, attach->network, attach->dev, err);
	r = vnm_driver_preview_detach(drv, attach->network, attach->dev, &plan, err);
	if (r == 0 && steps)
		vnm_steps_add_plan(steps, &plan, true);
	return r;
}

/**
 * vnm_driver_repair_attachments() - repair guests that lack something, remove those whose namespace is gone, unless it is awaited
 * @drv:  the driver
 * @net:  their network, active
 * @text: gets what was repaired, separated by ", "
 * @steps: gets the steps of a dry run; or NULL
 * @err:  the first failure, with the guest's name
 *
 * Return: 0 or -errno.
 */
int vnm_driver_repair_attachments(struct vnm_driver *drv, const struct vnm_network *net,
				  struct vnm_buf *text, struct vnm_steps *steps,
				  struct vnm_error *err)
{
	struct vnm_attachments all vnm_autoattachments = { 0 };
	int result = vnm_driver_renumber(drv, net, false, text, steps, err);

	if (result < 0)
		return result;

	vnm_attachments_load(drv, net->name, &all);
	for (size_t i = 0; i < all.n_items; i++) {
		const struct vnm_attachment *attach = &all.items[i];
		bool gone = vnm_attach_gone(attach);
		struct vnm_error this = { 0 };
		size_t n = 0;
		int r;

		if (gone && vnm_attach_awaited(&drv->paths, attach))
			continue;
		r = gone ? remove_gone(drv, attach, steps, &this)
			 : vnm_attach_restore(drv, net, attach, false, &n, steps, &this);

		if (r < 0) {
			note_failure(drv, attach, result == 0, &this, err);
			result = result ? result : r;
		} else if (gone || (n > 0 && !is_named(text, attach)))
			vnm_buf_printf(text, "%s%s%s", text->len ? ", " : "", attach->dev,
				       !gone	       ? ""
				       : attach->netns ? " (collected: its namespace is gone)"
						       : " (collected: its device is gone)");
	}
	return result;
}
