/* SPDX-License-Identifier: GPL-2.0-or-later */
/* change_log.c - the log of changes, in the host's systemd journal; without libsystemd there is none. */
#include "sys/host/change_log.h"

#ifdef HAVE_SD_BUS

#include <inttypes.h>
#include <pwd.h>
#include <stdlib.h>
#include <syslog.h>
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>
#include <unistd.h>

#include "util/buf.h"

/* By it, journalctl(1) finds our entries: documented in vnetmgr(8). */
#define MESSAGE_ID "39ab16edc6da41d0ac4c8047d77bf5ca"
/* sd_journal_send() succeeds without it. */
#define JOURNAL_SOCKET "/run/systemd/journal/socket"

/* Whose command it is, where that is known: journald adds whose process. */
static const char *user_name(void)
{
	const char *sudo = secure_getenv("SUDO_USER");
	const struct passwd *user = sudo && *sudo ? NULL : getpwuid(getuid());

	if (sudo && *sudo)
		return sudo;
	return user ? user->pw_name : "unknown";
}

/* The line for people. */
static void describe(const struct vnm_logged *change, struct vnm_buf *out)
{
	vnm_buf_add(out, change->action);
	if (change->network)
		vnm_buf_printf(out, " of network '%s'", change->network);
	if (change->error)
		vnm_buf_printf(out, " failed: %s", change->error);
	else
		vnm_buf_printf(out, " done in %" PRId64 " ms", change->msec);
	if (change->detail)
		vnm_buf_printf(out, "; %s", change->detail);
	if (change->reason)
		vnm_buf_printf(out, "; %s", change->reason);
}

/**
 * vnm_change_log() - log a change; where nobody listens, that is all
 * @change: the change
 *
 * Return: whether somebody listens.
 */
bool vnm_change_log(const struct vnm_logged *change)
{
	int priority = change->error ? LOG_ERR : change->reason ? LOG_WARNING : LOG_INFO;
	vnm_autobuf struct vnm_buf message = { 0 }, network = { 0 };

	describe(change, &message);
	if (change->network)
		vnm_buf_printf(&network, "VNETMGR_NETWORK=%s", change->network);
	return sd_journal_send("MESSAGE=%s", vnm_buf_str(&message), "MESSAGE_ID=" MESSAGE_ID,
			       "PRIORITY=%d", priority, "SYSLOG_IDENTIFIER=vnetmgr",
			       "VNETMGR_ACTION=%s", change->action, "VNETMGR_RESULT=%s",
			       change->error ? "failed" : "done", "VNETMGR_DURATION_MS=%" PRId64,
			       change->msec, "VNETMGR_USER=%s",
			       change->user ? change->user : user_name(),
			       network.len ? "%s" : NULL, vnm_buf_str(&network), NULL) == 0 &&
	       access(JOURNAL_SOCKET, W_OK) == 0;
}

#else

bool vnm_change_log(const struct vnm_logged *change)
{
	(void)change;
	return false;
}

#endif
