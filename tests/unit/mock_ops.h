/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mock_ops.h - operations that change nothing but a list of what is there, that log each step, and that fail at the step a test
 * asks for.
 *
 * A test that includes it defines vnm_op_impls[] by MOCK_OP_IMPLS(), so the linker takes that instead of the table in sys/ops.c,
 * and two functions: mock_name() and mock_text().
 */
#ifndef VNM_TESTS_UNIT_MOCK_OPS_H
#define VNM_TESTS_UNIT_MOCK_OPS_H

#include "runner.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "plan/op/op.h"
#include "sys/ops.h"
#include "util/buf.h"
#include "util/mem.h"

#define MOCK_MAX 256

/**
 * struct mock - what the operations have made, and what is asked of them.
 * @present: the texts of what is there, in the order in which it was made
 * @step: how many steps there were
 * @fail_at: the step that fails with EIO; 0: none
 * @stuck: reverting an operation of this kind fails with EBUSY; VNM_OP_COUNT: none
 * @log: "STEP:NAME" of each step, separated by blanks
 */
static struct {
	char *present[MOCK_MAX];
	size_t n;
	int step, fail_at;
	enum vnm_op_type stuck;
	struct vnm_buf log;
} mock = { .stuck = VNM_OP_COUNT };

/* What the log calls an operation; and the text by which it is the same as another one. */
static void mock_name(const struct vnm_op *op, struct vnm_buf *out);
static void mock_text(const struct vnm_op *op, struct vnm_buf *out);

static void mock_clear(void)
{
	while (mock.n)
		free(mock.present[--mock.n]);
	mock.step = mock.fail_at = 0;
	mock.stuck = VNM_OP_COUNT;
	vnm_buf_clear(&mock.log);
}

static int mock_find(const struct vnm_op *op)
{
	struct vnm_buf text = { 0 };
	int found = -1;

	mock_text(op, &text);
	for (size_t i = 0; i < mock.n && found < 0; i++)
		if (!strcmp(mock.present[i], vnm_buf_str(&text)))
			found = (int)i;
	vnm_buf_clear(&text);
	return found;
}

static void mock_put(const struct vnm_op *op)
{
	struct vnm_buf text = { 0 };

	CU_ASSERT_FATAL(mock.n < MOCK_MAX);
	if (mock_find(op) >= 0)
		return;
	mock_text(op, &text);
	mock.present[mock.n++] = vnm_buf_steal(&text);
}

static void mock_drop(const struct vnm_op *op)
{
	int at = mock_find(op);

	if (at < 0)
		return;
	free(mock.present[at]);
	mock.n--;
	memmove(&mock.present[at], &mock.present[at + 1], (mock.n - (size_t)at) * sizeof(char *));
}

/* One more step; nothing of it is done when it fails. */
static int mock_step(const char *what, const struct vnm_op *op, struct vnm_error *err)
{
	mock.step++;
	vnm_buf_printf(&mock.log, "%s%s:", mock.log.len ? " " : "", what);
	mock_name(op, &mock.log);
	if (mock.step == mock.fail_at)
		return vnm_error_set(err, VNM_ERR_SYSTEM, EIO, "step %d", mock.step);
	return 0;
}

static int mock_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
		      struct vnm_error *err)
{
	(void)sys, (void)err;
	*ret = mock_find(op) < 0 ? VNM_ABSENT : VNM_PRESENT;
	return 0;
}

static int mock_prepare(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	(void)sys;
	return mock_step("prepare", op, err);
}

static int mock_apply(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	int r = mock_step("apply", op, err);

	(void)sys;
	if (r == 0)
		mock_put(op);
	return r;
}

static int mock_wait_ready(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	(void)sys;
	return mock_step("ready", op, err);
}

static int mock_revert(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	int r = mock_step("revert", op, err);

	(void)sys;
	if (r == 0 && op->type == mock.stuck)
		return vnm_error_set(err, VNM_ERR_SYSTEM, EBUSY, "stuck");
	if (r == 0)
		mock_drop(op);
	return r;
}

static const struct vnm_op_impl mock_single = {
	.prepare = mock_prepare,
	.apply = mock_apply,
	.check = mock_check,
	.revert = mock_revert,
};

static int mock_apply_all(struct vnm_sys *sys, const struct vnm_op *const *ops, size_t n,
			  struct vnm_error *err)
{
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i++)
		r = mock_apply(sys, ops[i], err);
	return r;
}

static int mock_revert_all(struct vnm_sys *sys, const struct vnm_op *const *ops, size_t n,
			   struct vnm_error *err)
{
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i++)
		r = mock_revert(sys, ops[i], err);
	return r;
}

static const struct vnm_op_impl mock_many = {
	.apply_many = mock_apply_all,
	.check = mock_check,
	.revert_many = mock_revert_all,
};

/*
 * All kinds of operations: CHANGEABLE those that can be changed in place, RULES those that are carried out together, PROCESS the
 * one that is waited for, FRAMES the frames, mock_many others that have no function for a single one, and mock_single the rest.
 */
/* clang-format off */
#define MOCK_OP_IMPLS(CHANGEABLE, RULES, PROCESS, FRAMES) \
	{ \
		[VNM_OP_BRIDGE] = CHANGEABLE, [VNM_OP_BANDWIDTH] = CHANGEABLE, \
		[VNM_OP_FILE] = CHANGEABLE, [VNM_OP_FLOOR] = CHANGEABLE, \
		[VNM_OP_FRAMES] = FRAMES, [VNM_OP_STATION] = &mock_many, \
		[VNM_OP_VXLAN] = CHANGEABLE, [VNM_OP_OVERLAY_FILTER] = CHANGEABLE, \
		[VNM_OP_OVERLAY_PORT] = CHANGEABLE, [VNM_OP_FLOOD] = &mock_single, \
		[VNM_OP_RULE] = RULES, [VNM_OP_DNSMASQ] = PROCESS, \
		[VNM_OP_REQUIRE_DEVICE] = &mock_single, [VNM_OP_FORWARDING] = &mock_single, \
		[VNM_OP_SYSCTL] = &mock_single, [VNM_OP_ADDRESS] = &mock_single, \
		[VNM_OP_LINK_UP] = &mock_single, [VNM_OP_ROUTE] = &mock_single, \
		[VNM_OP_TAP] = &mock_single, [VNM_OP_NETNS] = &mock_single, \
		[VNM_OP_VETH] = &mock_single, [VNM_OP_MACVLAN] = &mock_single, \
		[VNM_OP_BRIDGE_PORT] = &mock_single, [VNM_OP_OVS_PORT] = &mock_single, \
		[VNM_OP_RESOLV] = &mock_single, \
		[VNM_OP_ROUTE_LOCALNET] = &mock_single, [VNM_OP_ZONE] = &mock_single, \
		[VNM_OP_NAMESERVER] = &mock_single, [VNM_OP_UPLINK] = &mock_single, \
		[VNM_OP_VIRTUAL_FUNCTION] = CHANGEABLE, \
		[VNM_OP_PROXY_NEIGHBOUR] = &mock_single, [VNM_OP_DHCP] = &mock_single, \
		[VNM_OP_VRF] = &mock_single, [VNM_OP_ROUTING_RULE] = &mock_single, \
		[VNM_OP_CT_ZONE] = CHANGEABLE, \
		[VNM_OP_ACCEPT_RA] = &mock_single, [VNM_OP_EVPN] = CHANGEABLE, \
	}
/* clang-format on */

#endif
