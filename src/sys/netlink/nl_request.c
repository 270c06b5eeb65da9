/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nl_request.c - netlink messages, put together attribute by attribute.
 *
 * libnl-route 3.7 has no setter for a bridge's STP and delay, and its objects do not distinguish "absent" from "zero".
 */
#include "sys/netlink/nl_request.h"

#include <linux/if_link.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <string.h>

#include "util/mem.h"

/**
 * vnm_nl_begin() - start a request
 * @req:   the request, any content; vnm_nl_req_clear() frees it
 * @type:  RTM_*
 * @flags: NLM_F_*, besides those that vnm_nl_do() and vnm_nl_dump() add
 * @head:  the family's header (struct ifinfomsg, ifaddrmsg, rtmsg)
 * @len:   its size
 */
void vnm_nl_begin(struct vnm_nl_req *req, int type, int flags, void *head, size_t len)
{
	req->extack[0] = '\0';
	req->msg = nlmsg_alloc_simple(type, flags);
	if (!req->msg || nlmsg_append(req->msg, head, len, NLMSG_ALIGNTO) < 0)
		vnm_oom();
}

/**
 * vnm_nl_req_clear() - free a request; a cleared or zeroed one is fine
 * @req: the request
 */
void vnm_nl_req_clear(struct vnm_nl_req *req)
{
	nlmsg_free(req->msg);
	*req = (struct vnm_nl_req){ 0 };
}

/**
 * vnm_nl_put() - add an attribute
 * @req:  the request
 * @attr: its number
 * @data: its value
 * @len:  bytes of @data
 *
 * A message has room for a page; the largest of ours needs a quarter of it, so running out of room is
 * running out of memory.
 */
void vnm_nl_put(struct vnm_nl_req *req, int attr, const void *data, size_t len)
{
	if (nla_put(req->msg, attr, (int)len, data) < 0)
		vnm_oom();
}

/**
 * vnm_nl_put_raw() - add a struct without an attribute around it
 * @req:  the request
 * @data: the struct
 * @len:  its length in bytes
 */
void vnm_nl_put_raw(struct vnm_nl_req *req, const void *data, size_t len)
{
	if (nlmsg_append(req->msg, (void *)data, len, NLMSG_ALIGNTO) < 0)
		vnm_oom();
}

/**
 * vnm_nl_put_u8() - add a number of one byte
 * @req:   the request
 * @attr:  its number
 * @value: its value
 */
void vnm_nl_put_u8(struct vnm_nl_req *req, int attr, uint8_t value)
{
	vnm_nl_put(req, attr, &value, sizeof(value));
}

/**
 * vnm_nl_put_u32() - add a number of four bytes, in host order
 * @req:   the request
 * @attr:  its number
 * @value: its value
 */
void vnm_nl_put_u32(struct vnm_nl_req *req, int attr, uint32_t value)
{
	vnm_nl_put(req, attr, &value, sizeof(value));
}

/**
 * vnm_nl_put_str() - add a string with its NUL
 * @req:   the request
 * @attr:  its number
 * @value: its value
 */
void vnm_nl_put_str(struct vnm_nl_req *req, int attr, const char *value)
{
	vnm_nl_put(req, attr, value, strlen(value) + 1);
}

/**
 * vnm_nl_nest() - open an attribute that holds attributes
 * @req:  the request
 * @attr: its number
 *
 * Return: the nest, for vnm_nl_nest_end().
 */
struct nlattr *vnm_nl_nest(struct vnm_nl_req *req, int attr)
{
	struct nlattr *nest = nla_nest_start(req->msg, attr);

	if (!nest)
		vnm_oom();
	return nest;
}

/**
 * vnm_nl_nest_end() - close what vnm_nl_nest() opened
 * @req:  the request
 * @nest: the nest
 */
void vnm_nl_nest_end(struct vnm_nl_req *req, struct nlattr *nest)
{
	nla_nest_end(req->msg, nest);
}

/**
 * vnm_nl_kind() - open IFLA_LINKINFO of one kind: what follows goes into IFLA_INFO_DATA
 * @req:  the request, about a device
 * @kind: "bridge", "veth"
 *
 * Return: the nests, for vnm_nl_kind_end().
 */
struct vnm_nl_kind vnm_nl_kind(struct vnm_nl_req *req, const char *kind)
{
	struct vnm_nl_kind nests = { .info = vnm_nl_nest(req, IFLA_LINKINFO) };

	vnm_nl_put_str(req, IFLA_INFO_KIND, kind);
	nests.data = vnm_nl_nest(req, IFLA_INFO_DATA);
	return nests;
}

/** vnm_nl_kind_end() - close what vnm_nl_kind() opened */
void vnm_nl_kind_end(struct vnm_nl_req *req, const struct vnm_nl_kind *nests)
{
	vnm_nl_nest_end(req, nests->data);
	vnm_nl_nest_end(req, nests->info);
}

/**
 * vnm_nl_get_addr() - the address in an attribute
 * @attr:   the attribute; NULL, or one of the wrong size, holds none
 * @family: AF_INET or AF_INET6
 * @ret:    the address; AF_UNSPEC when there is none
 */
void vnm_nl_get_addr(const struct nlattr *attr, int family, struct vnm_addr *ret)
{
	size_t size = vnm_addr_bits(family) / 8;

	*ret = (struct vnm_addr){ 0 };
	if (!attr || nla_len(attr) != (int)size)
		return;
	ret->family = family;
	memcpy(ret->b, nla_data(attr), size);
}
