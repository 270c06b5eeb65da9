/* cmd_define.c - definitions: net-define, net-create, net-undefine, net-autostart, net-dumpxml. */
#include "cli/cli_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "util/mem.h"
#include "xml/network_xml.h"

/* Up to one byte more than a definition may have. Return: 0 or -errno. */
static int read_some(int fd, struct vnm_buf *text)
{
	char chunk[16384];

	while (text->len <= VNM_XML_MAX) {
		ssize_t n = read(fd, chunk, sizeof(chunk));

		if (n == 0)
			return 0;
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0)
			vnm_buf_addn(text, chunk, (size_t)n);
	}
	return -EFBIG;
}

/*
 * The user's own file, or "-": any kind, by any path, but not without end. Done before the lock is taken, since
 * whoever feeds a pipe may take their time. @what: what would have come of it.
 */
static int read_definition(struct vnm_cli *cli, const char *what, struct vnm_buf *text)
{
	const char *file = vnm_cli_value(cli, VNM_OPT_FILE);
	const char *path = strcmp(file, "-") ? file : "/dev/stdin";
	vnm_autoclose int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	int r;

	if (fd < 0) {
		vnm_cli_error(cli, "Failed to open file '%s': %s", file, strerror(errno));
		return -1;
	}
	r = read_some(fd, text);
	if (r == -EFBIG) {
		vnm_cli_error(cli, "Failed to %s network from %s", what, file);
		vnm_cli_error(cli,
			      "'%s' has more than %d bytes, which is too much for a definition",
			      file, VNM_XML_MAX);
	} else if (r < 0) {
		vnm_cli_error(cli, "Failed to read file '%s': %s", file, strerror(-r));
	}
	return r;
}

/** struct from_file - what net-define and net-create do with a text, and what they call it. */
struct from_file {
	int (*run)(struct vnm_driver *drv, const char *text, size_t len, const char *file,
		   char **ret_name, struct vnm_error *err);
	const char *verb, *done;
};

static int run_from_file(struct vnm_cli *cli, const struct from_file *how)
{
	const char *file = vnm_cli_value(cli, VNM_OPT_FILE);
	vnm_autobuf struct vnm_buf text = { 0 };
	vnm_autofree char *name = NULL;
	struct vnm_error err = { 0 };
	int r;

	if (read_definition(cli, how->verb, &text) < 0 || vnm_cli_open(cli) < 0)
		return 1;
	r = how->run(cli->driver, vnm_buf_str(&text), text.len, strcmp(file, "-") ? file : "stdin",
		     &name, &err);
	vnm_cli_close(cli);
	if (r < 0) {
		vnm_cli_fail(cli, &err, "Failed to %s network from %s", how->verb, file);
		return 1;
	}
	vnm_cli_extra(cli, "Network %s %s from %s\n", name, how->done, file);
	return 0;
}

/** vnm_cmd_define() - net-define. Return: the exit status. */
int vnm_cmd_define(struct vnm_cli *cli)
{
	static const struct from_file how = { vnm_driver_define, "define", "defined" };

	return run_from_file(cli, &how);
}

/** vnm_cmd_create() - net-create. Return: the exit status. */
int vnm_cmd_create(struct vnm_cli *cli)
{
	static const struct from_file how = { vnm_driver_create, "create", "created" };

	return run_from_file(cli, &how);
}

static int undefine_one(struct vnm_cli *cli, const char *name, char **ret_detail,
			struct vnm_error *err)
{
	(void)ret_detail;
	return vnm_driver_undefine(cli->driver, name, err);
}

static void tell_undefined(struct vnm_cli *cli, const struct vnm_result *result)
{
	if (result->failed)
		vnm_cli_fail(cli, &result->err, "Failed to undefine network %s", result->name);
	else
		vnm_cli_extra(cli, "Network %s has been undefined\n", result->name);
}

/** vnm_cmd_undefine() - net-undefine. Return: the exit status. */
int vnm_cmd_undefine(struct vnm_cli *cli)
{
	static const struct vnm_bulk undefine = { .one = undefine_one, .tell = tell_undefined };

	return vnm_cli_bulk(cli, &undefine);
}

static bool is_persistent(const struct vnm_info *info)
{
	return info->persistent;
}

static int mark_one(struct vnm_cli *cli, const char *name, char **ret_detail, struct vnm_error *err)
{
	(void)ret_detail;
	return vnm_driver_set_autostart(cli->driver, name, !vnm_cli_seen(cli, VNM_OPT_DISABLE),
					err);
}

static void tell_marked(struct vnm_cli *cli, const struct vnm_result *result)
{
	const char *un = vnm_cli_seen(cli, VNM_OPT_DISABLE) ? "un" : "";

	if (result->failed)
		vnm_cli_fail(cli, &result->err, "failed to %smark network %s as autostarted", un,
			     result->name);
	else
		vnm_cli_extra(cli, "Network %s %smarked as autostarted\n", result->name, un);
}

/** vnm_cmd_net_autostart() - net-autostart. Return: the exit status. */
int vnm_cmd_net_autostart(struct vnm_cli *cli)
{
	static const struct vnm_bulk mark = {
		.wanted = is_persistent,
		.one = mark_one,
		.tell = tell_marked,
	};

	return vnm_cli_bulk(cli, &mark);
}

/** vnm_cmd_dumpxml() - net-dumpxml. Return: the exit status. */
int vnm_cmd_dumpxml(struct vnm_cli *cli)
{
	vnm_autofree char *name = NULL, *xml = NULL;
	struct vnm_error err = { 0 };
	int r;

	if (vnm_cli_lookup(cli, &name) < 0)
		return 1;
	r = vnm_driver_dumpxml(cli->driver, name, vnm_cli_seen(cli, VNM_OPT_INACTIVE), &xml, &err);
	vnm_cli_close(cli);
	if (r < 0) {
		vnm_cli_error(cli, "%s", err.msg);
		return 1;
	}
	fputs(xml, stdout);
	return 0;
}
