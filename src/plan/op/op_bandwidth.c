/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_bandwidth.c - the limit of a device's traffic in one direction. */
#include "plan/op/op_bandwidth.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "plan/op/op_kind.h"
#include "util/mem.h"

#define POLICE_BURST_MAX (UINT32_MAX / 1024)

static const char *const shape_names[] = {
	[VNM_SHAPE_IN] = "in",
	[VNM_SHAPE_OUT_POLICE] = "out-police",
	[VNM_SHAPE_OUT_NFT] = "out-nft",
	[VNM_SHAPE_OUT_IFB] = "out-ifb",
};
static_assert(VNM_ARRAY_SIZE(shape_names) == VNM_SHAPE_COUNT, "one name per shape");
static_assert(sizeof(enum vnm_shape) == sizeof(int), "a field of names is an int");
static const struct vnm_enum shapes = { shape_names, VNM_SHAPE_COUNT };

/**
 * vnm_op_police_burst() - the burst of a policer
 * @op: a limit
 *
 * The default is about a second's traffic, since TCP cannot reach the rate with much less.
 *
 * Return: the burst in units of 1024 bytes; the kernel counts bytes in 32 bits.
 */
uint32_t vnm_op_police_burst(const struct vnm_op_bandwidth *op)
{
	uint64_t burst = op->burst ? op->burst : op->average;

	return burst < POLICE_BURST_MAX ? (uint32_t)burst : POLICE_BURST_MAX;
}

/**
 * vnm_op_rest() - the guaranteed rate of all guests without a floor
 * @op: a limit
 *
 * Return: 1000 bytes a second; never 0, since a class must have a rate. They may borrow all that the others leave.
 */
uint64_t vnm_op_rest(const struct vnm_op_bandwidth *op)
{
	return op->average > op->reserved ? op->average - op->reserved : 1;
}

static void describe_bandwidth(const struct vnm_op *op, bool revert, struct vnm_buf *out)
{
	(void)revert;
	vnm_buf_printf(out, "%s bandwidth of %" PRIu64 " kilobytes a second on %s",
		       op->bandwidth.shape == VNM_SHAPE_IN ? "inbound" : "outbound",
		       op->bandwidth.average, op->bandwidth.dev);
}

/* tc's kbps are 1000 bytes a second, its kb are 1024 bytes. */
static void print_htb(const struct vnm_op_bandwidth *op, const char *dev, struct vnm_buf *out)
{
	uint64_t ceil = op->peak ? op->peak : op->average;

	vnm_buf_printf(out, "tc qdisc add dev %s root handle %x: htb default 2\n", dev, op->handle);
	for (int id = 1; id <= 2; id++) {
		vnm_buf_printf(out, "tc class add dev %s parent %x:%s classid %x:%d htb", dev,
			       op->handle, id == 2 ? "1" : "", op->handle, id);
		vnm_buf_printf(out, " rate %" PRIu64 "kbps ceil %" PRIu64 "kbps",
			       id == 2 ? vnm_op_rest(op) : op->average, ceil);
		if (op->burst && id == 2)
			vnm_buf_printf(out, " burst %ukb", op->burst);
		vnm_buf_addc(out, '\n');
	}
	if (op->fair)
		vnm_buf_printf(out, "tc qdisc add dev %s parent %x:2 sfq perturb 10\n", dev,
			       op->handle);
}

static void print_ingress(const struct vnm_op_bandwidth *op, struct vnm_buf *out)
{
	vnm_buf_printf(out,
		       "tc qdisc add dev %s ingress\n"
		       "tc filter add dev %s parent ffff: protocol all prio %u u32 match u32 0 0 ",
		       op->dev, op->dev, op->handle);
	if (op->shape == VNM_SHAPE_OUT_IFB)
		vnm_buf_printf(out, "action mirred egress redirect dev %s\n", op->ifb);
	else
		vnm_buf_printf(out, "action police rate %" PRIu64 "kbps burst %ukb mtu 64kb drop\n",
			       op->average, vnm_op_police_burst(op));
}

static void print_nft(const struct vnm_op_bandwidth *op, bool revert, struct vnm_buf *out)
{
	vnm_buf_printf(out,
		       revert ? "nft delete table netdev " VNM_NFT_POLICER_TABLE "\n"
			      : "nft 'table netdev " VNM_NFT_POLICER_TABLE " { chain in { ",
		       op->dev, op->handle);
	if (revert)
		return;
	vnm_buf_printf(out,
		       "type filter hook ingress device \"%s\" priority 0; limit rate over "
		       "%" PRIu64 "000 bytes/second",
		       op->dev, op->average);
	if (op->burst)
		vnm_buf_printf(out, " burst %u kbytes", op->burst);
	vnm_buf_add(out, " drop; } }'\n");
}

static void print_tc_revert(const struct vnm_op_bandwidth *op, struct vnm_buf *out)
{
	vnm_buf_printf(out, "tc qdisc del dev %s %s\n", op->dev,
		       op->shape == VNM_SHAPE_IN ? "root" : "ingress");
	if (op->shape == VNM_SHAPE_OUT_IFB)
		vnm_buf_printf(out, "ip link del %s\n", op->ifb);
}

static void print_bandwidth(const struct vnm_op *op, bool revert, struct vnm_buf *out)
{
	const struct vnm_op_bandwidth *limit = &op->bandwidth;

	if (limit->shape == VNM_SHAPE_OUT_NFT) {
		print_nft(limit, revert, out);
	} else if (revert) {
		print_tc_revert(limit, out);
	} else if (limit->shape == VNM_SHAPE_IN) {
		print_htb(limit, limit->dev, out);
	} else {
		if (limit->shape == VNM_SHAPE_OUT_IFB) {
			vnm_buf_printf(out, "ip link add %s up type ifb\n", limit->ifb);
			print_htb(limit, limit->ifb, out);
		}
		print_ingress(limit, out);
	}
}

static bool same_bandwidth(const struct vnm_op *a, const struct vnm_op *b)
{
	return a->bandwidth.shape == b->bandwidth.shape &&
	       !strcmp(a->bandwidth.dev, b->bandwidth.dev);
}

const struct vnm_op_kind vnm_op_kind_bandwidth = {
	.name = "bandwidth",
	.fields = {
		REQ("dev", STRING, bandwidth.dev),
		REQ_ENUM("shape", bandwidth.shape, &shapes),
		REQ("mark", U16, bandwidth.handle),
		REQ("average", U64, bandwidth.average),
		OPT("peak", U64, bandwidth.peak),
		OPT("burst", U32, bandwidth.burst),
		OPT("reserved", U64, bandwidth.reserved),
		OPT("fair", BOOL, bandwidth.fair),
		OPT("ifb", STRING, bandwidth.ifb),
		OPT("mac", MAC, bandwidth.mac),
	},
	.describe = { .print = describe_bandwidth },
	.apply = { .print = print_bandwidth },
	.revert = { .print = print_bandwidth },
	.same = same_bandwidth,
	.flags = VNM_OPF_GONE_WITH_NETWORK,
	.device = AT(bandwidth.ifb),
};
