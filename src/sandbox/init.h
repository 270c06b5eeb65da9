/* SPDX-License-Identifier: GPL-2.0-or-later */
/* init.h - PID 1 of the sandbox. */
#ifndef VNM_SANDBOX_INIT_H
#define VNM_SANDBOX_INIT_H

#include <stdbool.h>

#include "sandbox/terminal.h"
#include "util/error.h"

enum vnm_sandbox_report_kind {
	VNM_SANDBOX_WARNING,
	VNM_SANDBOX_STOPPED,
	VNM_SANDBOX_ENDED,
	VNM_SANDBOX_FAILED
};

/** struct vnm_sandbox_report - of PID 1 to the outer process. */
struct vnm_sandbox_report {
	enum vnm_sandbox_report_kind kind;
	int status;		/* VNM_SANDBOX_ENDED */
	struct vnm_error err;	/* VNM_SANDBOX_FAILED; VNM_SANDBOX_WARNING: the message only */
};

/** struct vnm_sandbox_order - of the outer process to PID 1: let the command continue. */
struct vnm_sandbox_order {
	bool foreground;
};

/**
 * struct vnm_sandbox - one run
 * @uplink:  with an upstream network
 * @argv:    the command
 * @channel: to the other process; packets
 * @tty:     the terminal, if we are its foreground job; else -1
 * @signals: what the command gets
 */
struct vnm_sandbox {
	bool uplink;
	char *const *argv;
	int channel, tty;
	struct vnm_sandbox_signals signals;
};

_Noreturn void vnm_sandbox_init(const struct vnm_sandbox *box);

#endif
