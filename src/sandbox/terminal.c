/* SPDX-License-Identifier: GPL-2.0-or-later */
/* terminal.c - signals and terminal of the sandbox's processes. */
#include "sandbox/terminal.h"

#include <stddef.h>
#include <unistd.h>

/* The signals that we handle differently from the command, and their former actions. */
static const int borrowed[VNM_SANDBOX_SIGNALS] = { SIGINT, SIGQUIT, SIGCHLD };

/** vnm_sandbox_borrow_signals() - ignore a terminal's signals; @ret: gets the former actions and mask. */
void vnm_sandbox_borrow_signals(struct vnm_sandbox_signals *ret)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN }, dfl = { .sa_handler = SIG_DFL };

	for (size_t i = 0; i < VNM_SANDBOX_SIGNALS; i++)
		sigaction(borrowed[i], borrowed[i] == SIGCHLD ? &dfl : &ignore, &ret->before[i]);
	sigprocmask(SIG_BLOCK, NULL, &ret->mask);
}

/** vnm_sandbox_return_signals() - restore what vnm_sandbox_borrow_signals() saved. */
void vnm_sandbox_return_signals(const struct vnm_sandbox_signals *signals)
{
	for (size_t i = 0; i < VNM_SANDBOX_SIGNALS; i++)
		sigaction(borrowed[i], &signals->before[i], NULL);
	sigprocmask(SIG_SETMASK, &signals->mask, NULL);
}

/**
 * vnm_sandbox_give_terminal() - tcsetpgrp(3): make a process group the foreground job
 * @tty:   the terminal
 * @group: the group
 *
 * With SIGTTOU blocked a background job may do it, too: tcsetpgrp(3).
 */
void vnm_sandbox_give_terminal(int tty, pid_t group)
{
	sigset_t ttou, before;

	sigemptyset(&ttou);
	sigaddset(&ttou, SIGTTOU);
	sigprocmask(SIG_BLOCK, &ttou, &before);
	(void)tcsetpgrp(tty, group);
	sigprocmask(SIG_SETMASK, &before, NULL);
}
