/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * json.c - JSON for --json, by jansson.
 *
 * A document is an object with the number of its format and what the command prints. It is built in memory and printed when the
 * command is done, so that an error never leaves half of one. Numbers are numbers; what is absent is left out; a list without
 * items is []. Times are RFC 3339 in UTC. Keys that come from the journal ("group-fwd") are spelt with underscores.
 */
#include "cli/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/buf.h"
#include "util/mem.h"

#define FORMAT 1 /* of the documents; schemas/json/ */
#define UTF8_MAX 4 /* bytes of a character */

/* The length of the character at @s; 0: the byte is not UTF-8. */
static size_t char_len(const char *s)
{
	for (size_t len = 1; len <= UTF8_MAX && s[len - 1]; len++) {
		json_auto_t *one = json_stringn(s, len);

		if (one)
			return len;
	}
	return 0;
}

/** vnm_json_string() - a string; a byte that is not UTF-8 becomes \xNN, as in tables. @s NULL: absent */
json_t *vnm_json_string(const char *s)
{
	vnm_autobuf struct vnm_buf text = { 0 };
	json_t *value = s ? json_string(s) : NULL;
	size_t len;

	if (value || !s)
		return value;
	for (; *s; s += len ? len : 1) {
		len = char_len(s);
		if (len > 0)
			vnm_buf_addn(&text, s, len);
		else
			vnm_buf_printf(&text, "\\x%02x", (unsigned char)*s);
	}
	return json_string(vnm_buf_str(&text));
}

/** vnm_json_strings() - a list of strings */
json_t *vnm_json_strings(const char *const *items, size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, vnm_json_string(items[i]));
	return list;
}

/** vnm_json_lines() - the lines of a text, as a list of strings without newlines */
json_t *vnm_json_lines(const char *text)
{
	json_t *list = json_array();

	while (*text) {
		size_t len = strcspn(text, "\n");
		vnm_autofree char *line = vnm_strndup(text, len);

		json_array_append_new(list, vnm_json_string(line));
		text += len + (text[len] ? 1 : 0);
	}
	return list;
}

/** vnm_json_addr() - an address; absent without a family */
json_t *vnm_json_addr(const struct vnm_addr *addr)
{
	char text[VNM_ADDR_STRLEN];

	return addr->family ? json_string(vnm_addr_format(addr, text)) : NULL;
}

/** vnm_json_mac() - a MAC address; absent unless set */
json_t *vnm_json_mac(const struct vnm_mac *mac)
{
	char text[VNM_MAC_STRLEN];

	return mac->set ? json_string(vnm_mac_format(mac, text)) : NULL;
}

/** vnm_json_uuid() - a UUID */
json_t *vnm_json_uuid(const struct vnm_uuid *uuid)
{
	char text[VNM_UUID_STRLEN];

	return json_string(vnm_uuid_format(uuid, text));
}

/** vnm_json_number() - a whole number; JSON's readers have 63 bits at most, so greater ones saturate */
json_t *vnm_json_number(uint64_t number)
{
	return json_integer(number > INT64_MAX ? INT64_MAX : (json_int_t)number);
}

/** vnm_json_time() - a time as "2026-11-29T17:21:06Z"; @fraction: with milliseconds */
json_t *vnm_json_time(const struct timespec *at, bool fraction)
{
	char text[VNM_JSON_TIME_SIZE], ms[8] = "";
	struct tm tm;

	if (!gmtime_r(&at->tv_sec, &tm) ||
	    strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm) == 0)
		return NULL;
	if (fraction)
		snprintf(ms, sizeof(ms), ".%03u", (unsigned)(at->tv_nsec / 1000000) % 1000);
	return json_sprintf("%s%sZ", text, ms);
}

/** vnm_json_new() - an object that begins a document, or an event: with the number of its format */
json_t *vnm_json_new(void)
{
	json_t *document;

	json_set_alloc_funcs(vnm_alloc, free);
	document = json_object();
	vnm_json_set(document, "version", json_integer(FORMAT));
	return document;
}

/**
 * vnm_json_set() - set a member of an object
 * @object: the object
 * @key:    its name, with '_' for '-'
 * @value:  its value, taken over; NULL: it is left out
 */
void vnm_json_set(json_t *object, const char *key, json_t *value)
{
	vnm_autofree char *name = vnm_strdup(key);

	for (char *s = name; (s = strchr(s, '-'));)
		*s = '_';
	if (value)
		json_object_set_new(object, name, value);
}

/** vnm_json_set_ports() - set "port", and "port_last" for a range; nothing where the first is 0: all ports */
void vnm_json_set_ports(json_t *object, const struct vnm_port_range *ports)
{
	if (ports->first == 0)
		return;
	vnm_json_set(object, "port", json_integer(ports->first));
	if (ports->last != ports->first)
		vnm_json_set(object, "port_last", json_integer(ports->last));
}

/** vnm_json_print_line() - print an object as one line */
void vnm_json_print_line(const json_t *object)
{
	json_dumpf(object, stdout, JSON_COMPACT);
	putchar('\n');
}

/** vnm_json_print() - print a document */
void vnm_json_print(const json_t *document)
{
	json_dumpf(document, stdout, JSON_INDENT(2));
	putchar('\n');
}
