/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nft_field.h - the words of nft(8) for what rules look at, and for its values. */
#ifndef VNM_SYS_NFT_FIELD_H
#define VNM_SYS_NFT_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** enum vnm_nft_kind - how a value is printed. */
enum vnm_nft_kind {
	VNM_NFT_HEX, /* of the packet */
	VNM_NFT_NUMBER, /* of the packet */
	VNM_NFT_HOST_HEX, /* of the kernel's: in the byte order of the host */
	VNM_NFT_HOST_NUMBER,
	VNM_NFT_ADDRESS,
	VNM_NFT_MAC,
	VNM_NFT_NAME, /* of a device */
	VNM_NFT_INDEX, /* of a device */
	VNM_NFT_FAMILY,
	VNM_NFT_PROTOCOL,
	VNM_NFT_ETHERTYPE,
	VNM_NFT_ICMP, /* a type */
	VNM_NFT_ICMP6,
	VNM_NFT_ROUTE_TYPE, /* RTN_* */
	VNM_NFT_BITS, /* states of a connection */
	VNM_NFT_KIND_COUNT
};

/** struct vnm_nft_word - something that a rule looks at. */
struct vnm_nft_word {
	char text[32];
	enum vnm_nft_kind kind;
};

/** struct vnm_nft_packet - what the conditions so far say of the packet. @proto: IPPROTO_*, 0: nothing */
struct vnm_nft_packet {
	bool v6, icmp6;
	uint8_t proto;
};

struct vnm_nft_word vnm_nft_meta_word(uint32_t key);
struct vnm_nft_word vnm_nft_ct_word(uint32_t key);
struct vnm_nft_word vnm_nft_fib_word(uint32_t flags, uint32_t result);
struct vnm_nft_word vnm_nft_payload_word(const struct vnm_nft_packet *packet, uint32_t base,
					 uint32_t offset, uint32_t len);
void vnm_nft_learn(struct vnm_nft_packet *packet, const struct vnm_nft_word *word,
		   const uint8_t *value, size_t len);
void vnm_nft_value(const struct vnm_nft_word *word, const uint8_t *value, size_t len, char *ret,
		   size_t size);

#endif
