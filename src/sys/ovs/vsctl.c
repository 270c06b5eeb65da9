/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vsctl.c - Open vSwitch, asked and told by ovs-vsctl(8), as libvirt does.
 *
 * A call is one transaction of the switch's database, and takes some 10 ms. ovs-vsctl then waits until the switch has done it, for a
 * few seconds at most: a switch that does not run would keep it for ever.
 */
#include "sys/ovs/vsctl.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/child.h"
#include "util/mem.h"
#include "util/memory_file.h"
#include "util/parse.h"

#define TIMEOUT 5 /* seconds; libvirt's default */
#define TIMEOUT_MAX 3600
#define GRACE_MS 3000 /* until it has ended by itself */
#define OUTPUT_MAX (16 * 1024 * 1024)
#define NO_SUCH_BRIDGE 2 /* exit status of br-exists */

static const char *const program_paths[] = { "/usr/bin/ovs-vsctl", "/usr/local/bin/ovs-vsctl" };

static const char *find_program(void)
{
	for (size_t i = 0; i < VNM_ARRAY_SIZE(program_paths); i++)
		if (access(program_paths[i], X_OK) == 0 || errno != ENOENT)
			return program_paths[i];
	return NULL;
}

/**
 * vnm_vsctl_why() - what is wrong with the switch, without what was to be done
 * @err: of vnm_vsctl()
 */
const char *vnm_vsctl_why(const struct vnm_error *err)
{
	const char *at = strstr(err->msg, "Open vSwitch");

	return at ? at : err->msg;
}

static int no_answer(const char *what, struct vnm_error *err)
{
	return vnm_error_set(err, VNM_ERR_STATE, ETIMEDOUT,
			     "%s: Open vSwitch does not answer; systemctl status ovs-vswitchd",
			     what);
}

/* Its last line says what is wrong; those before it may be of its log. */
static const char *complaint(char *text)
{
	char *end = text + strlen(text), *line;

	while (end > text && end[-1] == '\n')
		*--end = '\0';
	line = strrchr(text, '\n');
	line = line ? line + 1 : text;
	return !strncmp(line, "ovs-vsctl: ", 11) ? line + 11 : line;
}

static int fail(const struct vnm_child_end *end, const char *what, struct vnm_error *err)
{
	vnm_autofree char *said = vnm_strdup(end->err ? end->err : "");
	const char *line = complaint(said);

	if (WIFSIGNALED(end->status) || strstr(said, "signal 14"))
		return no_answer(what, err);
	if (strstr(said, "database connection failed"))
		return vnm_error_set(err, VNM_ERR_STATE, EIO,
				     "%s: Open vSwitch does not run; systemctl start "
				     "openvswitch-switch",
				     what);
	return vnm_error_set(err, VNM_ERR_STATE, EIO, "%s: Open vSwitch says '%s'", what,
			     *line ? line : "(nothing)");
}

/* Seconds: those of Open vSwitch's own variable, for a machine on which it takes longer. */
static uint32_t timeout(void)
{
	const char *text = secure_getenv("OVS_CTL_TIMEOUT");
	uint32_t seconds;

	return text && vnm_parse_u32(text, 1, TIMEOUT_MAX, &seconds) == 0 ? seconds : TIMEOUT;
}

/* Return: its exit status; -errno. @out_fd: a file that gets what it prints; 0: none */
static int run(const struct vnm_ovs_words *words, const char *what, int out_fd,
	       struct vnm_child_end *end, struct vnm_error *err)
{
	vnm_autofree const char **argv = vnm_alloc((words->n + 3) * sizeof(*argv));
	const uint32_t seconds = timeout();
	vnm_autofree char *option = vnm_asprintf("--timeout=%u", seconds);
	const struct vnm_child_setup setup = { .argv = argv, .in_fd = -1, .out_fd = out_fd };
	vnm_autochild struct vnm_child child = VNM_CHILD_INIT;
	int r;

	argv[0] = find_program();
	argv[1] = option;
	memcpy(argv + 2, words->items, words->n * sizeof(*argv));
	if (!argv[0])
		return vnm_error_set(err, VNM_ERR_UNSUPPORTED, ENOENT,
				     "%s: Open vSwitch is not installed (ovs-vsctl); on Debian: "
				     "apt-get install openvswitch-switch",
				     what);
	r = vnm_child_fork_as(&setup, &child, err);
	if (r < 0)
		return r;
	r = vnm_child_finish(&child, (int)seconds * 1000 + GRACE_MS, end);
	if (r == -ETIMEDOUT)
		return no_answer(what, err);
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r, "%s: ovs-vsctl: %s", what,
				     strerror(-r));
	return WIFEXITED(end->status) ? WEXITSTATUS(end->status) : 1;
}

static int read_all(int fd, char **ret)
{
	const off_t size = lseek(fd, 0, SEEK_END);
	ssize_t n = -1;

	if (size < 0 || size > OUTPUT_MAX || lseek(fd, 0, SEEK_SET) < 0)
		return -EFBIG;
	*ret = vnm_alloc((size_t)size + 1);
	n = read(fd, *ret, (size_t)size);
	(*ret)[n > 0 ? n : 0] = '\0';
	return n < 0 ? -errno : 0;
}

/**
 * vnm_vsctl() - one call
 * @words: its arguments
 * @what:  is to be done, for messages: "cannot put 'vnet0' on switch 'ovs0'"
 * @ret:   gets what it prints, allocated; or NULL
 * @err:   VNM_ERR_UNSUPPORTED: it is not installed; VNM_ERR_STATE with its words
 *
 * Return: 0; -ETIMEDOUT: the database may have been changed, and the switch has not followed; -errno.
 */
int vnm_vsctl(const struct vnm_ovs_words *words, const char *what, char **ret,
	      struct vnm_error *err)
{
	struct vnm_child_end end __attribute__((cleanup(vnm_child_end_clear))) = { 0 };
	vnm_autoclose int out_fd = ret ? vnm_memory_file("ovs-vsctl", "", 0) : -1;
	int r;

	if (ret && out_fd < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, ENOMEM, "%s: no memory for a file", what);
	r = run(words, what, ret ? out_fd : 0, &end, err);
	if (r != 0)
		return r < 0 ? r : fail(&end, what, err);
	r = ret ? read_all(out_fd, ret) : 0;
	return r < 0 ? vnm_error_set(err, VNM_ERR_SYSTEM, -r, "%s: ovs-vsctl: %s", what,
				     strerror(-r))
		     : 0;
}

/**
 * vnm_vsctl_has_bridge() - is there such a switch?
 * @name: the switch
 * @err:  as vnm_vsctl()
 *
 * Return: 1, 0 or -errno.
 */
int vnm_vsctl_has_bridge(const char *name, struct vnm_error *err)
{
	struct vnm_child_end end __attribute__((cleanup(vnm_child_end_clear))) = { 0 };
	vnm_autofree char *what = vnm_asprintf("cannot look for switch '%s'", name);
	struct vnm_ovs_words words vnm_autowords = { 0 };
	int r;

	vnm_ovs_word(&words, "br-exists");
	vnm_ovs_word(&words, "%s", name);
	r = run(&words, what, 0, &end, err);
	if (r < 0)
		return r;
	return r == 0 ? 1 : r == NO_SUCH_BRIDGE ? 0 : fail(&end, what, err);
}
