/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nft_attr.c - attributes of expressions of nf_tables, as values. What is absent, or too short, is 0 or "". */
#include "sys/firewall/nft_attr.h"

#include <arpa/inet.h>
#include <endian.h>
#include <netlink/attr.h>

/** vnm_nft_attr_u16() - a number of 2 bytes, in the host's byte order */
uint16_t vnm_nft_attr_u16(const struct nlattr *attr)
{
	return attr && nla_len(attr) >= 2 ? ntohs(nla_get_u16(attr)) : 0;
}

/** vnm_nft_attr_u32() - a number of 4 bytes, in the host's byte order */
uint32_t vnm_nft_attr_u32(const struct nlattr *attr)
{
	return attr && nla_len(attr) >= 4 ? ntohl(nla_get_u32(attr)) : 0;
}

/** vnm_nft_attr_u64() - a number of 8 bytes, in the host's byte order */
uint64_t vnm_nft_attr_u64(const struct nlattr *attr)
{
	return attr && nla_len(attr) >= 8 ? be64toh(nla_get_u64(attr)) : 0;
}

/** vnm_nft_attr_string() - a name; it is valid as long as the attribute */
const char *vnm_nft_attr_string(const struct nlattr *attr)
{
	return attr && nla_len(attr) > 0 && !((const char *)nla_data(attr))[nla_len(attr) - 1]
		       ? nla_data(attr)
		       : "";
}
