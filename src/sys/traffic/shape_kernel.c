/* SPDX-License-Identifier: GPL-2.0-or-later */
/* shape_kernel.c - what limits need of the kernel, and what it has of that. */
#include <errno.h>

#include "sys/host/kmod.h"
#include "sys/traffic/limit.h"
#include "sys/traffic/shape.h"
#include "sys/traffic/tc.h"

static int missing(const struct vnm_op_bandwidth *op, const char *what, const char *option,
		   struct vnm_error *err)
{
	return vnm_error_set(err, VNM_ERR_UNSUPPORTED, EOPNOTSUPP,
			     "cannot limit the bandwidth of '%s': the kernel has no %s (%s); leave "
			     "<bandwidth> out, or %s",
			     op->dev, what, option,
			     vnm_kmod_disabled()
				     ? "have its module loaded at the next boot "
				       "(/etc/modules-load.d/): kernel.modules_disabled is 1, so "
				       "nothing can be loaded now"
				     : "use a kernel with it");
}

/**
 * vnm_shape_possible() - has the kernel what a limit needs?
 * @sys: the handles
 * @op:  the limit
 * @err: VNM_ERR_UNSUPPORTED, with the name of what it must be built with
 *
 * Return: 0 or -errno.
 */
int vnm_shape_possible(struct vnm_sys *sys, const struct vnm_op_bandwidth *op,
		       struct vnm_error *err)
{
	bool police = op->shape == VNM_SHAPE_OUT_POLICE;

	if (op->shape == VNM_SHAPE_OUT_NFT)
		return vnm_limit_possible()
			       ? 0
			       : missing(op, "police, and no limits by nf_tables either",
					 "CONFIG_NET_ACT_POLICE, or CONFIG_NF_TABLES_NETDEV with "
					 "CONFIG_NFT_LIMIT",
					 err);
	if (!police && !vnm_tc_has_qdisc(sys, "htb"))
		return missing(op, "HTB queue", "CONFIG_NET_SCH_HTB", err);
	if (op->fair && !vnm_tc_has_qdisc(sys, "sfq"))
		return missing(op, "SFQ queue", "CONFIG_NET_SCH_SFQ", err);
	if (op->shape == VNM_SHAPE_IN)
		return 0;
	if (!vnm_tc_has_qdisc(sys, "ingress"))
		return missing(op, "ingress queue", "CONFIG_NET_SCH_INGRESS", err);
	if (police)
		return vnm_tc_has_action(sys, "police", true)
			       ? 0
			       : missing(op, "police", "CONFIG_NET_ACT_POLICE", err);
	if (!vnm_tc_has_action(sys, "mirred", true))
		return missing(op, "redirecting action, and no police either",
			       "CONFIG_NET_ACT_MIRRED or CONFIG_NET_ACT_POLICE", err);
	return vnm_tc_has_ifb(sys) ? 0
				   : missing(op, "ifb device, and no police either",
					     "CONFIG_IFB or CONFIG_NET_ACT_POLICE", err);
}

/**
 * vnm_observe_bandwidth() - by what traffic can be limited here; only worth asking when something is to be limited
 * @sys:   the handles
 * @facts: gets the answers
 */
void vnm_observe_bandwidth(struct vnm_sys *sys, struct vnm_facts *facts)
{
	facts->bridge_nf = vnm_limit_needed();
	facts->police = vnm_tc_has_action(sys, "police", false);
	facts->sfq = vnm_tc_has_qdisc(sys, "sfq");
}
