/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_dnsmasq.c - the dnsmasq of a network. */
#include "plan/op/op_kind.h"

static void describe_dnsmasq(const struct vnm_op *op, struct vnm_buf *out)
{
	(void)op;
	vnm_buf_add(out, "dnsmasq");
}

static void dnsmasq_commands(const struct vnm_op *op, bool revert, struct vnm_buf *out)
{
	const struct vnm_op_dnsmasq *dnsmasq = &op->dnsmasq;

	if (revert)
		vnm_buf_printf(out, "stop %s --conf-file=%s/dnsmasq.conf\n", dnsmasq->program,
			       dnsmasq->dir);
	else
		vnm_buf_printf(out, "%s --keep-in-foreground --conf-file=%s/dnsmasq.conf &\n",
			       dnsmasq->program, dnsmasq->dir);
}

const struct vnm_op_kind vnm_op_kind_dnsmasq = {
	.name = "dnsmasq",
	.fields = {
		REQ("dir", STRING, dnsmasq.dir),
		REQ("program", STRING, dnsmasq.program),
		OPT("lease-file", STRING, dnsmasq.lease_file),
		OPT("single-uid", BOOL, dnsmasq.single_uid),
	},
	.describe = describe_dnsmasq,
	.commands = dnsmasq_commands,
	.flags = VNM_OPF_SINGLE | VNM_OPF_PREPARE_CHANGE,
};
