/* SPDX-License-Identifier: GPL-2.0-or-later */
/* xt_text.c - what the options of matches and of targets have in common; see xt_text.h. */
#include "sys/firewall/xt_text.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/netfilter/ipset/ip_set.h>
#include <linux/netfilter/x_tables.h>

#include "util/mem.h"

#define SETS_VERSION 6 /* of the protocol, which kernels since 2.6.39 speak */

/**
 * vnm_xt_text() - print the options of a match or target
 * @rows:   those that are known
 * @family: of the table
 * @head:   its struct xt_entry_match, or xt_entry_target: they are alike
 * @out:    gets " --dport 53", or " ..." where they are not known
 */
void vnm_xt_text(const struct vnm_xt_row *rows, size_t n, int family, const void *head,
		 struct vnm_buf *out)
{
	const struct xt_entry_match *match = head;
	const char *name = match->u.user.name;
	struct vnm_xt xt = { .family = family,
			     .revision = match->u.user.revision,
			     .data = match->data,
			     .out = out,
			     .rest = true };

	for (size_t i = 0; i < n; i++) {
		const struct vnm_xt_row *row = &rows[i];

		if (strncmp(name, row->name, sizeof(match->u.user.name)) != 0 ||
		    xt.revision < row->revision_min || xt.revision > row->revision_max ||
		    match->u.match_size < sizeof(*match) + row->size)
			continue;
		xt.rest = false;
		if (row->fn)
			row->fn(&xt);
		break;
	}
	if (xt.rest)
		vnm_buf_add(out, " ...");
}

/** vnm_xt_bits() - print the words of the bits that are set: "NEW,RELATED"; "NONE" */
void vnm_xt_bits(const struct vnm_xt_bit *bits, size_t n, uint32_t value, struct vnm_buf *out)
{
	const char *separator = "";

	for (size_t i = 0; i < n; i++) {
		if (!(value & bits[i].bit))
			continue;
		vnm_buf_printf(out, "%s%s", separator, bits[i].word);
		separator = ",";
	}
	if (!*separator)
		vnm_buf_add(out, "NONE");
}

/** vnm_xt_word() - the word of a number; NULL: none */
const char *vnm_xt_word(const struct vnm_xt_bit *bits, size_t n, uint32_t value)
{
	for (size_t i = 0; i < n; i++)
		if (bits[i].bit == value)
			return bits[i].word;
	return NULL;
}

/** vnm_xt_string() - print an option with a text of at most @max bytes, in quotes if need be, as iptables does */
void vnm_xt_string(const char *option, const char *text, size_t max, struct vnm_buf *out)
{
	static const char plain[] = "_-0123456789abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	size_t len = strnlen(text, max);
	const char *quote = len == 0 || strspn(text, plain) < len ? "\"" : "";

	vnm_buf_printf(out, " %s %s", option, quote);
	for (size_t i = 0; i < len; i++) {
		if (strchr("\"\\'", text[i]))
			vnm_buf_addc(out, '\\');
		vnm_buf_addc(out, text[i]);
	}
	vnm_buf_add(out, quote);
}

/** vnm_xt_addr() - print an address of the table's family */
void vnm_xt_addr(int family, const void *addr, struct vnm_buf *out)
{
	char text[INET6_ADDRSTRLEN];

	vnm_buf_add(out, inet_ntop(family, addr, text, sizeof(text)) ? text : "?");
}

/* A rule knows the number of a set. Return: false: the kernel does not tell. */
static bool set_name(unsigned index, char ret[static IPSET_MAXNAMELEN])
{
	struct ip_set_req_get_set req = { .op = IP_SET_OP_GET_BYINDEX,
					  .version = SETS_VERSION,
					  .set.index = (ip_set_id_t)index };
	vnm_autoclose int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
	socklen_t len = sizeof(req);

	if (fd < 0 || getsockopt(fd, SOL_IP, SO_IP_SET, &req, &len) < 0 ||
	    !memchr(req.set.name, '\0', sizeof(req.set.name)))
		return false;
	memcpy(ret, req.set.name, IPSET_MAXNAMELEN);
	return *ret != '\0';
}

/**
 * vnm_xt_set() - print which set, and by what of the packet
 * @xt:     the match or target
 * @option: "--match-set"
 * @index:  the set's number
 * @dim:    how many parts its elements have
 * @flags:  IPSET_DIM_*_SRC
 */
void vnm_xt_set(struct vnm_xt *xt, const char *option, unsigned index, unsigned dim, unsigned flags)
{
	char name[IPSET_MAXNAMELEN];

	if (!set_name(index, name)) {
		xt->rest = true;
		return;
	}
	vnm_buf_printf(xt->out, " %s %s ", option, name);
	for (unsigned i = 1; i <= dim && i <= IPSET_DIM_MAX; i++)
		vnm_buf_printf(xt->out, "%s%s", i > 1 ? "," : "", flags & 1U << i ? "src" : "dst");
}
