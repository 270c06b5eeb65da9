/* SPDX-License-Identifier: GPL-2.0-or-later */
/* change.c - one change of a definition, within its section; and its errors. */
#include "xml/update/change.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "util/mem.h"
#include "xml/element.h"
#include "xml/scalar.h"

/* "add" is virsh's synonym of "add-last". */
static const char *const how_words[] = {
	[VNM_UPDATE_MODIFY] = "modify",
	[VNM_UPDATE_DELETE] = "delete",
	[VNM_UPDATE_ADD_LAST] = "add-last",
	[VNM_UPDATE_ADD_FIRST] = "add-first",
};
static_assert(VNM_ARRAY_SIZE(how_words) == VNM_UPDATE_HOW_COUNT, "one name per command");
const struct vnm_enum vnm_enum_update_how = { how_words, VNM_UPDATE_HOW_COUNT };

/** vnm_change_deletes() - is it a deletion? */
bool vnm_change_deletes(const struct vnm_change *change)
{
	return change->how == VNM_UPDATE_DELETE;
}

/**
 * vnm_change_refuse() - the definition does not permit the change
 * @change: the change
 * @fmt:    why, a format of printf(3)
 *
 * Return: -EINVAL, with VNM_ERR_INVALID.
 */
int vnm_change_refuse(const struct vnm_change *change, const char *fmt, ...)
{
	char text[VNM_ERROR_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return vnm_error_set(change->err, VNM_ERR_INVALID, EINVAL,
			     "Requested operation is not valid: %s", text);
}

/**
 * vnm_change_refuse_input() - the element that was given is invalid in itself
 * @change: the change
 * @fmt:    why, a format of printf(3)
 *
 * Return: -EINVAL, with VNM_ERR_XML_MEANING.
 */
int vnm_change_refuse_input(const struct vnm_change *change, const char *fmt, ...)
{
	char text[VNM_ERROR_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return vnm_error_set(change->err, VNM_ERR_XML_MEANING, EINVAL, "%s", text);
}

static void add_value(const struct vnm_field *field, const char *obj, struct vnm_buf *out)
{
	const struct vnm_scalar_ops *type = &vnm_scalars[field->scalar];
	bool text = field->scalar == VNM_SCALAR_STRING;
	const void *value = obj + field->offset;

	if (!type->has(field, value))
		vnm_buf_add(out, text ? "(null)" : "unknown"); /* as in libvirt's messages */
	else if (text)
		vnm_buf_add(out, *(char *const *)value);
	else
		type->print(field, value, out);
}

/**
 * vnm_change_expand() - a message of struct vnm_section with its values
 * @change:  the change
 * @message: the message, in which {network} and {ATTRIBUTE} stand for values
 * @given:   the element that was given; NULL for a message without attributes
 * @out:     gets the text
 */
void vnm_change_expand(const struct vnm_change *change, const char *message, const void *given,
		       struct vnm_buf *out)
{
	for (size_t len; message[len = strcspn(message, "{")]; message += len + 1) {
		vnm_buf_addn(out, message, len);
		message += len + 1;
		len = strcspn(message, "}");
		if (!strncmp(message, "network", len))
			vnm_buf_add(out, change->net->name);
		else
			add_value(vnm_element_row(change->field->element, message, len), given,
				  out);
	}
	vnm_buf_add(out, message);
}

static struct vnm_ip *first_ip(const struct vnm_network *net, int family)
{
	for (size_t i = 0; i < net->n_ips; i++)
		if (net->ips[i].address.family == family)
			return &net->ips[i];
	return NULL;
}

static struct vnm_ip *first_dhcp_ip(const struct vnm_network *net)
{
	for (size_t i = 0; i < net->n_ips; i++)
		if (vnm_dhcp_serves(&net->ips[i].dhcp))
			return &net->ips[i];
	return NULL;
}

/**
 * vnm_change_find_ip() - the <ip> that a DHCP entry belongs to
 * @change: the change; its @parent says which
 * @ret:    the <ip>
 *
 * Return: 0 or -EINVAL.
 */
int vnm_change_find_ip(const struct vnm_change *change, struct vnm_ip **ret)
{
	const struct vnm_network *net = change->net;
	struct vnm_ip *ip = NULL;

	if (change->parent >= 0 && (size_t)change->parent >= net->n_ips)
		return vnm_change_refuse(change,
					 "couldn't update dhcp host entry - no <ip> element found "
					 "at index %d in network '%s'",
					 change->parent, net->name);
	if (change->parent >= 0)
		ip = &net->ips[change->parent];
	if (!ip)
		ip = first_dhcp_ip(net);
	if (!ip)
		ip = first_ip(net, AF_INET);
	if (!ip)
		ip = first_ip(net, AF_INET6);
	if (!ip)
		return vnm_change_refuse(change,
					 "couldn't update dhcp host entry - no <ip> element found "
					 "in network '%s'",
					 net->name);
	*ret = ip;
	return 0;
}
