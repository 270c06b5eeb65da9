/* SPDX-License-Identifier: GPL-2.0-or-later */
/* terminal.h - signals and terminal of the sandbox's processes. */
#ifndef VNM_SANDBOX_TERMINAL_H
#define VNM_SANDBOX_TERMINAL_H

#include <signal.h>
#include <sys/types.h>

#define VNM_SANDBOX_SIGNALS 3

/** struct vnm_sandbox_signals - dispositions and the mask as they were, for the command and the caller. */
struct vnm_sandbox_signals {
	struct sigaction before[VNM_SANDBOX_SIGNALS];
	sigset_t mask;
};

void vnm_sandbox_borrow_signals(struct vnm_sandbox_signals *ret);
void vnm_sandbox_return_signals(const struct vnm_sandbox_signals *signals);
void vnm_sandbox_give_terminal(int tty, pid_t group);

#endif
