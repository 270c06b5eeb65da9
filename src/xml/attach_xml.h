/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attach_xml.h - attachments as XML text, as they are stored. */
#ifndef VNM_XML_ATTACH_XML_H
#define VNM_XML_ATTACH_XML_H

#include "model/attach.h"
#include "util/buf.h"

int vnm_attachments_parse(const char *text, size_t len, const char *file,
			  struct vnm_attachments *ret, struct vnm_error *err);
void vnm_attachments_format(const struct vnm_attachments *attachments, struct vnm_buf *out);
void vnm_attachments_copy(const struct vnm_attachments *from, struct vnm_attachments *to);
void vnm_attachments_clear(struct vnm_attachments *attachments);
void vnm_attach_copy(const struct vnm_attachment *from, struct vnm_attachment *to);
void vnm_attach_clear(struct vnm_attachment *attach);

#define vnm_autoattachments __attribute__((cleanup(vnm_attachments_clear)))
#define vnm_autoattach __attribute__((cleanup(vnm_attach_clear)))

#endif
