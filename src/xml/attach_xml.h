/* attach_xml.h - attachments as XML text: how they are kept. */
#ifndef VNM_XML_ATTACH_XML_H
#define VNM_XML_ATTACH_XML_H

#include "model/attach.h"
#include "util/buf.h"

int vnm_attach_xml_parse(const char *text, size_t len, const char *file, struct vnm_attach *ret,
			 struct vnm_error *err);
void vnm_attach_xml_format(const struct vnm_attach *attach, struct vnm_buf *out);
void vnm_attach_clear(struct vnm_attach *attach);

#define vnm_autoattach __attribute__((cleanup(vnm_attach_clear)))

#endif
