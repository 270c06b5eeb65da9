/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * leases.c - the reader of dnsmasq's lease file.
 *
 * Every line is a lease of five words: expiry, hardware address, address, host name, client identifier;
 * "*" is unknown. A line "duid ..." (the server's own) opens the part for IPv6, where the second word is
 * an IAID, with a T before it for a temporary address, and the fifth the client's DUID. dnsmasq rewrites
 * the file in place, so a reader may meet half a line, and it has strings of guests: a line that is not
 * exactly this is skipped.
 */
#include "sys/process/leases.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "util/buf.h"
#include "util/mem.h"

#define WORDS 5
#define ID_MAX 256	/* octets of a client identifier: an option's length is one byte */

enum word { WORD_EXPIRY, WORD_LINK, WORD_ADDR, WORD_HOST, WORD_ID };

/* Split at single blanks. Return: false when there are not exactly five words, none of them empty. */
static bool split(char *line, char *words[static WORDS])
{
	for (size_t i = 0; i < WORDS; i++) {
		char *blank = strchr(line, ' ');

		words[i] = line;
		if (!blank != (i == WORDS - 1) || blank == line || !*line)
			return false;
		if (blank) {
			*blank = '\0';
			line = blank + 1;
		}
	}
	return true;
}

static bool is_hex(char c)
{
	return vnm_hex_value(c) >= 0;
}

/* Octets of two digits joined by colons. */
static bool is_octets(const char *s)
{
	size_t n = 0;

	for (;; s++) {
		if (!is_hex(s[0]) || !is_hex(s[1]) || ++n > ID_MAX)
			return false;
		s += 2;
		if (*s == '\0')
			return true;
		if (*s != ':')
			return false;
	}
}

/* Hardware type 1, Ethernet, has no prefix; others do: "20-...". Such a client has a lease, but no MAC address for us. */
static bool parse_link(const char *s, struct vnm_mac *ret)
{
	if (vnm_mac_parse(s, ret) == 0)
		return true;
	*ret = (struct vnm_mac){ 0 };
	if (!strcmp(s, "*"))
		return true;
	if (is_hex(s[0]) && is_hex(s[1]) && s[2] == '-')
		s += 3;
	return is_octets(s);
}

static bool parse_iaid(const char *s, struct vnm_lease_entry *ret)
{
	ret->temporary = s[0] == 'T';
	return vnm_parse_u32(ret->temporary ? s + 1 : s, 0, UINT32_MAX, &ret->iaid) == 0;
}

/*
 * The MAC address in a DUID of the kinds 1 (link-layer address plus time) and 3 (link-layer address),
 * hardware type 1: RFC 8415, sections 11.2 and 11.4.
 */
static struct vnm_mac duid_mac(const char *duid)
{
	static const struct {
		const char *start;
		size_t before, octets;
	} kinds[] = {
		{ "00:01:00:01:", 8, 14 },
		{ "00:03:00:01:", 4, 10 },
	};
	struct vnm_mac mac = { 0 };

	for (size_t i = 0; i < VNM_ARRAY_SIZE(kinds); i++)
		if (!strncmp(duid, kinds[i].start, strlen(kinds[i].start)) &&
		    strlen(duid) == kinds[i].octets * 3 - 1 &&
		    vnm_mac_parse(duid + kinds[i].before * 3, &mac) < 0)
			mac = (struct vnm_mac){ 0 };
	return mac;
}

static bool is_set(const char *word)
{
	return strcmp(word, "*") != 0;
}

static bool parse_words(char *const words[static WORDS], int family, struct vnm_lease_entry *ret)
{
	struct vnm_lease_entry entry = { 0 };
	uint64_t expiry;

	if (vnm_parse_u64(words[WORD_EXPIRY], 0, INT32_MAX * (uint64_t)1024, &expiry) < 0 ||
	    vnm_addr_parse(words[WORD_ADDR], &entry.addr) < 0 || entry.addr.family != family)
		return false;
	if (family == AF_INET ? !parse_link(words[WORD_LINK], &entry.mac)
			      : !parse_iaid(words[WORD_LINK], &entry))
		return false;
	if (is_set(words[WORD_HOST]) && !vnm_hostname_valid(words[WORD_HOST]))
		return false;
	if (is_set(words[WORD_ID]) && !is_octets(words[WORD_ID]))
		return false;
	if (family == AF_INET6)
		entry.mac = duid_mac(words[WORD_ID]);
	entry.expiry = (time_t)expiry;
	entry.hostname = is_set(words[WORD_HOST]) ? vnm_strdup(words[WORD_HOST]) : NULL;
	entry.client_id = is_set(words[WORD_ID]) ? vnm_strdup(words[WORD_ID]) : NULL;
	*ret = entry;
	return true;
}

static bool is_duid_line(const char *line)
{
	return !strncmp(line, "duid ", strlen("duid "));
}

/**
 * vnm_leases_parse() - read dnsmasq's lease file
 * @text:  its content
 * @ret:   the leases, in the file's order, expired ones included; free with vnm_leases_free()
 * @ret_n: how many
 *
 * Damaged lines are left out; so is a last line without a newline, which is still being written.
 *
 * Return: how many damaged lines there were.
 */
int vnm_leases_parse(const char *text, struct vnm_lease_entry **ret, size_t *ret_n)
{
	struct vnm_lease_entry *entries = NULL;
	int family = AF_INET;
	const char *newline;
	size_t n = 0;
	int left_out = 0;

	for (; (newline = strchr(text, '\n')); text = newline + 1) {
		vnm_autofree char *line = vnm_strndup(text, (size_t)(newline - text));
		struct vnm_lease_entry entry;
		char *words[WORDS];

		if (is_duid_line(line)) {
			family = AF_INET6;
			continue;
		}
		if (!split(line, words) || !parse_words(words, family, &entry)) {
			left_out++;
			continue;
		}
		entries = vnm_array_add(entries, &n, sizeof(*entries));
		entries[n - 1] = entry;
	}
	*ret = entries;
	*ret_n = n;
	return left_out;
}

/**
 * vnm_leases_server() - the server's own DUID, for DHCPv6 messages
 * @text: the lease file's content
 *
 * Return: octets of two digits joined by colons, allocated; NULL: there is none.
 */
char *vnm_leases_server(const char *text)
{
	const char *newline;

	for (; (newline = strchr(text, '\n')); text = newline + 1) {
		vnm_autofree char *line = vnm_strndup(text, (size_t)(newline - text));

		if (is_duid_line(line) && is_octets(line + strlen("duid ")))
			return vnm_strdup(line + strlen("duid "));
	}
	return NULL;
}

/* Is a line the lease of one of these addresses? */
static bool is_about(const char *line, const struct vnm_addr *addrs, size_t n)
{
	vnm_autofree char *copy = vnm_strdup(line);
	struct vnm_addr addr;
	char *words[WORDS];

	if (is_duid_line(line) || !split(copy, words) ||
	    vnm_addr_parse(words[WORD_ADDR], &addr) < 0)
		return false;
	for (size_t i = 0; i < n; i++)
		if (vnm_addr_equal(&addrs[i], &addr))
			return true;
	return false;
}

/**
 * vnm_leases_without() - the lease file without some leases
 * @text:  its content
 * @addrs: the addresses of those leases
 * @n:     how many
 *
 * All other lines are kept, damaged ones, too.
 *
 * Return: the content, allocated.
 */
char *vnm_leases_without(const char *text, const struct vnm_addr *addrs, size_t n)
{
	struct vnm_buf out = { 0 };
	const char *newline;

	for (; (newline = strchr(text, '\n')); text = newline + 1) {
		vnm_autofree char *line = vnm_strndup(text, (size_t)(newline - text));

		if (!is_about(line, addrs, n))
			vnm_buf_printf(&out, "%s\n", line);
	}
	vnm_buf_add(&out, text);
	return vnm_buf_steal(&out);
}

/**
 * vnm_leases_free() - free leases
 * @leases: the leases; NULL is fine
 * @n:      how many
 */
void vnm_leases_free(struct vnm_lease_entry *leases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(leases[i].hostname);
		free(leases[i].client_id);
	}
	free(leases);
}
