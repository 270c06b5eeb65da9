/* SPDX-License-Identifier: GPL-2.0-or-later */
/* parse.h - strict parsers of small texts: numbers, MAC addresses, UUIDs, names. No locale, no blanks, no guessing. */
#ifndef VNM_UTIL_PARSE_H
#define VNM_UTIL_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VNM_MAC_STRLEN 18
#define VNM_UUID_STRLEN 37
#define VNM_NAME_MAX 64		/* bytes in a network's name */

/** struct vnm_mac - a hardware address, or none. */
struct vnm_mac {
	bool set;
	uint8_t b[6];
};

/** struct vnm_uuid - a UUID (RFC 4122), or none. */
struct vnm_uuid {
	bool set;
	uint8_t b[16];
};

/** struct vnm_uint - a number that may be absent. */
struct vnm_uint {
	bool set;
	uint32_t v;
};

/** struct vnm_uint64 - the same, of 64 bits. */
struct vnm_uint64 {
	bool set;
	uint64_t v;
};

/** struct vnm_port_range - ports from @first to @last; @first 0: none. */
struct vnm_port_range {
	uint16_t first, last;
};

int vnm_hex_value(char c); /* -1: no hex digit */
int vnm_parse_u64(const char *s, uint64_t min, uint64_t max, uint64_t *ret);
int vnm_parse_u32(const char *s, uint32_t min, uint32_t max, uint32_t *ret);
int vnm_port_range_parse(const char *s, struct vnm_port_range *ret);	/* "80" or "80-90"; also "90-80" */
int vnm_mac_parse(const char *s, struct vnm_mac *ret);
const char *vnm_mac_format(const struct vnm_mac *mac, char buf[static VNM_MAC_STRLEN]);
bool vnm_mac_equal(const struct vnm_mac *a, const struct vnm_mac *b);
bool vnm_mac_is_multicast(const struct vnm_mac *mac);
int vnm_uuid_parse(const char *s, struct vnm_uuid *ret);
const char *vnm_uuid_format(const struct vnm_uuid *uuid, char buf[static VNM_UUID_STRLEN]);
bool vnm_uuid_equal(const struct vnm_uuid *a, const struct vnm_uuid *b);

bool vnm_name_valid(const char *s);	/* a network: [A-Za-z0-9_][A-Za-z0-9_.+-]{0,63} */
bool vnm_ifname_valid(const char *s);	/* a device: [A-Za-z0-9_.-]{1,15}, not . .. all default lo, no leading - */
const char *vnm_hostname_fault(const char *s);
const char *vnm_domain_fault(const char *s);
bool vnm_hostname_valid(const char *s);	/* labels [A-Za-z0-9_-]{1,63} joined by dots, <= 253, first char alphanumeric or _ */
bool vnm_domain_valid(const char *s);	/* as hostname, a trailing dot allowed */
bool vnm_duid_valid(const char *s);	/* hex octets joined by colons, 2 to 130 octets */
size_t vnm_utf8_printable(const char *text);
bool vnm_path_valid(const char *s);	/* absolute, printable ASCII/UTF-8 without control characters, " \ and # , <= 512 bytes */

#endif
