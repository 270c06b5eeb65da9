/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attach_named.h - whose a name is that a guest could have, by the definition of its network. */
#ifndef VNM_MODEL_ATTACH_NAMED_H
#define VNM_MODEL_ATTACH_NAMED_H

#include "model/attach.h"
#include "model/names.h"

/** enum vnm_attach_named - nobody's, the guest's own, somebody else's. */
enum vnm_attach_named { VNM_ATTACH_NAMED_FREE, VNM_ATTACH_NAMED_OWN, VNM_ATTACH_NAMED_OTHER };

enum vnm_attach_named vnm_attach_named(const struct vnm_names *names,
				       const struct vnm_attachment *attach, const char *name);

#endif
