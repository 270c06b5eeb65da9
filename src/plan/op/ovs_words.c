/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ovs_words.c - what ovs-vsctl(8) is told of a guest's port: the arguments, for what is done and for what is shown.
 *
 * The names are libvirt's, since controllers go by them. All of one call is one transaction of the switch's database. What the port is
 * not to have is cleared in the same one, so that a call can be repeated, and changes a port in place.
 */
#include "plan/op/ovs_words.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "model/enums.h"
#include "util/mem.h"

/** vnm_ovs_word() - add an argument */
void vnm_ovs_word(struct vnm_ovs_words *words, const char *fmt, ...)
{
	va_list ap;
	char text[512];

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	words->items = vnm_realloc(words->items, (words->n + 2) * sizeof(*words->items));
	words->items[words->n++] = vnm_strdup(text);
	words->items[words->n] = NULL;
}

/** vnm_ovs_words_append() - add arguments. @list: NULL ends it */
void vnm_ovs_words_append(struct vnm_ovs_words *words, const char *const *list)
{
	for (; *list; list++)
		vnm_ovs_word(words, "%s", *list);
}

/* A list of VLANs is long. */
static void add_text(struct vnm_ovs_words *words, char *text)
{
	words->items = vnm_realloc(words->items, (words->n + 2) * sizeof(*words->items));
	words->items[words->n++] = text;
	words->items[words->n] = NULL;
}

static void add_port(const struct vnm_op_ovs_port *port, struct vnm_ovs_words *ret)
{
	vnm_ovs_words_append(ret, (const char *const[]){ "--", "clear", "Port", port->dev, "tag",
							 "trunks", "vlan_mode", "--", "set", "Port",
							 port->dev, "other_config:transient=true",
							 NULL });
	if (port->native)
		vnm_ovs_word(ret, "vlan_mode=native-%s",
			     vnm_enum_name(&vnm_enum_native_mode, port->native));
	if (port->tag)
		vnm_ovs_word(ret, "tag=%u", port->tag);
	if (port->trunks)
		add_text(ret, vnm_asprintf("trunks=%s", port->trunks));
}

/**
 * vnm_ovs_words_add() - the arguments that put a guest's port on its switch, or change it
 * @port: the port
 * @ret:  gets them; free with vnm_ovs_words_clear()
 */
void vnm_ovs_words_add(const struct vnm_op_ovs_port *port, struct vnm_ovs_words *ret)
{
	char mac[VNM_MAC_STRLEN];

	vnm_ovs_words_append(ret, (const char *const[]){ "--", "--may-exist", "add-port",
							 port->bridge, port->dev, NULL });
	add_port(port, ret);
	vnm_ovs_words_append(ret,
			     (const char *const[]){ "--", "set", "Interface", port->dev, NULL });
	if (port->mac.set)
		vnm_ovs_word(ret, "external_ids:attached-mac=\"%s\"",
			     vnm_mac_format(&port->mac, mac));
	vnm_ovs_word(ret, "external_ids:iface-id=\"%s\"", port->interface);
	vnm_ovs_word(ret, "external_ids:vm-id=\"%s\"", port->interface);
	if (port->profile)
		vnm_ovs_word(ret, "external_ids:port-profile=\"%s\"", port->profile);
	vnm_ovs_word(ret, "external_ids:iface-status=active");
}

/** vnm_ovs_words_del() - the arguments that take it off. As vnm_ovs_words_add() */
void vnm_ovs_words_del(const struct vnm_op_ovs_port *port, struct vnm_ovs_words *ret)
{
	vnm_ovs_words_append(ret, (const char *const[]){ "--", "--if-exists", "del-port",
							 port->bridge, port->dev, NULL });
}

/** vnm_ovs_words_clear() - free them */
void vnm_ovs_words_clear(struct vnm_ovs_words *words)
{
	for (size_t i = 0; i < words->n; i++)
		free(words->items[i]);
	free(words->items);
	*words = (struct vnm_ovs_words){ 0 };
}
